"""Complete requests of every kind give no finding; each planted defect gives exactly one of its weight."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pytest

from dedere.base.finding import Outcome
from dedere.cli.commands.law.files import treaties_of
from dedere.treaty.contents import ContentFinding, check_contents
from dedere.treaty.loading import load_law
from support.planted import PLANTED, Planted, both, put, without
from support.requests import COMPLETE, ON, Tables, request_of

if TYPE_CHECKING:
    from dedere.treaty.law import Law


@functools.cache
def _law() -> Law:
    return load_law()


def _findings(tables: Tables, *, protocols: Outcome | None = None) -> tuple[ContentFinding, ...]:
    """What `dedere law check` finds; with `protocols`, as if the register knew that of every protocol."""
    request = request_of(tables)
    treaties = treaties_of(_law(), request, on=ON)
    if protocols is not None:
        treaties = {treaty.id: protocols for treaty in _law().treaties.values() if treaty.id != treaty.instrument}
    return check_contents(_law(), request, on=ON, treaties=treaties)


@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.parametrize("protocols", list(Outcome))
def test_a_complete_request_gives_no_finding_whichever_protocols_bind(name: str, protocols: Outcome) -> None:
    assert [finding.as_json() for finding in _findings(COMPLETE[name](), protocols=protocols)] == []


@pytest.mark.parametrize(
    ("name", "convention", "field"),
    [
        ("transfer-expulsion", "ets112", "transfer.documents.person_opinion"),
        ("joint-team-european", "ets030", "jit.period"),
    ],
)
def test_a_protocol_that_may_not_bind_and_is_not_relied_on_never_makes_a_field_missing(
    name: str, convention: str, field: str
) -> None:
    tables = COMPLETE[name]()
    both(put("request.legal_basis.instruments", [convention]), without(field))(tables)

    unknown = _findings(tables, protocols=Outcome.UNSETTLED)

    assert [(finding.weight.value, finding.field) for finding in unknown] == [("advice", field)]
    assert "not known" in unknown[0].reason
    assert _findings(tables, protocols=Outcome.DOES_NOT_HOLD) == ()


@pytest.mark.parametrize("protocols", [*Outcome, None], ids=str)
def test_a_protocol_that_is_relied_on_binds_whatever_the_register_says(protocols: Outcome | None) -> None:
    tables = COMPLETE["joint-team-european"]()
    without("jit.period")(tables)

    found = _findings(tables, protocols=protocols)

    assert [(finding.weight.value, finding.field) for finding in found] == [("missing", "jit.period")]


def test_a_protocol_is_named_beside_its_convention() -> None:
    tables = COMPLETE["transfer-sentencing"]()
    put("request.legal_basis.instruments", ["ets112", "ets182"])(tables)

    finding = next(each for each in _findings(tables) if each.field == "request.legal_basis.instruments")

    assert finding.weight == "weak"
    assert "ETS 182 is a protocol to ETS 30, which is to be named too (ets030)." in finding.reason


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_a_planted_defect_gives_one_finding_at_its_field(planted: Planted) -> None:
    findings = _findings(planted.tables())

    assert [finding.field for finding in findings if finding.weight == planted.weight] == [planted.field]
    assert {finding.weight for finding in findings if finding.weight != "advice"} <= {planted.weight}
    for finding in findings:
        assert finding.reason
        assert finding.consequence
        assert finding.references


def test_at_least_forty_defects_are_planted_across_all_kinds() -> None:
    assert len(PLANTED) >= 40
    assert {COMPLETE[planted.complete]()["request"]["kind"] for planted in PLANTED} >= {
        "mla",
        "extradition",
        "provisional-arrest",
        "transit",
        "speciality-consent",
        "re-extradition-consent",
        "prosecution-of-national",
        "transfer",
        "transfer-interest",
        "transfer-provisional",
        "jit",
        "spontaneous-information",
    }
