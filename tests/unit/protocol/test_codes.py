"""The registry of codes: what is told, what is kept, what is done then."""

from __future__ import annotations

import pytest

from dedere.base.errors import DedereError, DefectError, FacilityError, InputError, MessageError
from dedere.protocol.codes import Then, answer_for, registry, what_then
from dedere.protocol.errors import (
    AddressRefusedError,
    ContainerRefusedError,
    ContentRefusedError,
    DoorRefusedError,
    Layer,
    OrderRefusedError,
    PartRefusedError,
    ProtocolRefusedError,
    SealRefusedError,
    SignatureRefusedError,
    TrustRefusedError,
)


def test_p090_every_code_has_a_sentence_and_a_status() -> None:
    for row in registry().values():
        assert row.sentence.endswith(".")
        assert 400 <= row.status < 600
        assert row.code == row.code.lower()


def test_p090_every_layer_has_its_error_and_its_codes() -> None:
    errors = (
        AddressRefusedError,
        ContainerRefusedError,
        ContentRefusedError,
        DoorRefusedError,
        OrderRefusedError,
        PartRefusedError,
        SealRefusedError,
        SignatureRefusedError,
        TrustRefusedError,
    )

    assert {error.layer for error in errors} == set(Layer)
    assert {row.layer for row in registry().values()} == set(Layer)
    assert all(issubclass(error, ProtocolRefusedError) for error in errors)


@pytest.mark.parametrize(
    ("error", "code", "then"),
    [
        (ContainerRefusedError("x", code="container-name"), "container-name", Then.STOP),
        (AddressRefusedError("x", code="sealed-in-future"), "sealed-in-future", Then.RETRY),
        (TrustRefusedError("x", code="card-compromised"), "refused", Then.STOP),
        (FacilityError("disk /secret/path full"), "facility", Then.RETRY),
        (FacilityError("database", code="database-locked"), "facility", Then.RETRY),
        (DefectError("ours"), "facility", Then.RETRY),
        (MessageError("never seen", code="never-registered"), "refused", Then.STOP),
        (InputError("an officer's"), "refused", Then.STOP),
    ],
)
def test_p091_only_registered_words_are_told(error: DedereError, code: str, then: Then) -> None:
    told = answer_for(error)

    assert (told.code, told.then) == (code, then)
    assert str(error) not in str(told.as_json()) or str(error) == "x"


def test_p092_a_hidden_code_of_the_door_keeps_its_status_only() -> None:
    told = answer_for(DoorRefusedError("x", code="request-replayed"))

    assert (told.code, told.status) == ("refused", 404)


def test_p093_an_unknown_code_is_tried_again() -> None:
    assert what_then("a-code-of-the-future") is Then.RETRY
    assert what_then("container-name") is Then.STOP
