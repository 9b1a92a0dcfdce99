"""Errors by whose fault it is."""

from __future__ import annotations

import pytest

from dedere.base.errors import (
    DedereError,
    DefectError,
    FacilityError,
    InputError,
    MessageError,
    PermissionRefusedError,
)


@pytest.mark.parametrize(
    ("family", "code"),
    [
        (DefectError, "defect"),
        (InputError, "input"),
        (PermissionRefusedError, "not-permitted"),
        (MessageError, "message"),
        (FacilityError, "facility"),
    ],
)
def test_each_family_has_its_code_until_a_word_is_given(family: type[DedereError], code: str) -> None:
    error = family("What is wrong, and what to do.")
    assert (error.code, error.sentence) == (code, "What is wrong, and what to do.")
    assert family("Another.", code="card-unknown").code == "card-unknown"
    assert family("Again.").code == code


def test_a_refused_permission_is_the_officers_to_read() -> None:
    assert issubclass(PermissionRefusedError, InputError)
    assert not issubclass(InputError, MessageError)
