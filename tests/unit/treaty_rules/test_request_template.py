"""New request files: readable at once, commented from the data, honest about what nobody has verified."""

from __future__ import annotations

import pytest

from dedere.base.reference import Confidence, Reference, Status
from dedere.treaty.contents import Weight, check_contents
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.requestfile import parse_request_file
from dedere.treaty.requestfile_template import new_request_file, provenance
from dedere.treaty.words import Measure, RequestKind
from support.clocks import the_law
from support.requests import ON

KINDS = [kind.value for kind in RequestKind if kind is not RequestKind.ANY]


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_file_of_every_kind_is_read_at_once_and_lacks_what_it_asks_for(kind: str) -> None:
    request = parse_request_file(new_request_file(the_law(), kind).encode(), name="new.toml")

    findings = check_contents(the_law(), request, on=ON)

    assert request.kind == kind
    assert any(finding.weight is Weight.MISSING for finding in findings)
    assert any(finding.field == "request.requested_state" for finding in findings)


@pytest.mark.parametrize("measure", Measure)
def test_a_new_file_of_every_measure_has_the_details_of_that_measure(measure: Measure) -> None:
    law = the_law()
    text = new_request_file(law, "mla", measure.value, instruments=tuple(law.instruments))

    request = parse_request_file(text.encode(), name="new.toml")

    assert request.measures == (measure.value,)
    rows = [row for row in law.contents if row.request is RequestKind.MLA and row.measure is not None]
    asked = {row.field for row in rows if row.measure is not None and measure.refines(row.measure)}
    for path in asked:
        assert path.rpartition(".")[2] in text


def test_a_field_says_why_it_is_asked_and_how_far_that_is_known() -> None:
    text = new_request_file(the_law(), "mla", "search", instruments=("lhc", "uncac"))

    assert "# Why: The other State must know who is asking, and whom to answer." in text
    assert "# must: UNCAC Art. 46(15)." in text
    assert "not yet checked." in text
    assert "# Practice (practice.reference):" in text
    assert '[[measure.search]]\n# Ids of the items asked for that this describes.\nfor = ["item-1"]' in text
    assert "The Convention says" not in text


def test_only_what_concerns_the_kind_is_asked() -> None:
    text = new_request_file(the_law(), "extradition")

    assert "[request.assistance]" not in text
    assert "[measure" not in text
    assert "[extradition.offence]" in text
    assert "transnational" not in text
    assert "transnational" in new_request_file(the_law(), "mla", instruments=("untoc",))


@pytest.mark.parametrize(
    ("kind", "measure", "instruments", "words"),
    [
        ("wish", "", (), "no function"),
        ("mla", "torture", (), "no measure"),
        ("transfer", "search", (), "for assistance only"),
        ("mla", "", ("xyz",), "no instrument"),
    ],
)
def test_what_does_not_exist_is_refused(kind: str, measure: str, instruments: tuple[str, ...], words: str) -> None:
    with pytest.raises(LawQuestionError, match=words):
        new_request_file(the_law(), kind, measure, instruments=instruments)


@pytest.mark.parametrize(
    ("status", "verified_by", "demonstration", "said"),
    [
        (Status.READ, "", False, "ETS 24 Art. 12"),
        (Status.RECALLED, "A. Officer, 2 May 2026", False, "ETS 24 Art. 12, confirmed by A. Officer, 2 May 2026"),
        (Status.RECALLED, "", False, "ETS 24 Art. 12: recalled, memory, not yet checked"),
        (Status.READ, "", True, "ETS 24 Art. 12: demonstration data, memory, not yet checked"),
    ],
)
def test_provenance_in_words(status: Status, verified_by: str, demonstration: bool, said: str) -> None:  # noqa: FBT001 - a case
    reference = Reference(
        "ETS 24 Art. 12",
        datum="ets024/x",
        source="memory",
        status=status,
        confidence=Confidence.HIGH,
        verified_by=verified_by,
        demonstration=demonstration,
    )

    assert provenance(reference) == said


def test_provenance_without_a_source_says_so_little() -> None:
    reference = Reference("LHC", datum="lhc/x", source="", status=Status.MODELLED, confidence=Confidence.LOW)

    assert provenance(reference) == "LHC: expected, not yet checked"
