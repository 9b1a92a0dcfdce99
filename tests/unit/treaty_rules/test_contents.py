"""The contents check: what it judges by, how remarks on one field become one, and what the officer can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dedere.base.errors import DefectError
from dedere.base.finding import Outcome
from dedere.treaty import requestfile_schema
from dedere.treaty.contents import ContentFinding, Weight, check_contents
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.parties import treaties_between
from dedere.treaty.requestfile_schema import fields, schema
from support.clocks import the_law
from support.lawbook import with_acts
from support.planted import both, put, without
from support.requests import COMPLETE, ON, Tables, request_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _check(name: str, *changes: Callable[[Tables], None], **asked: Any) -> tuple[ContentFinding, ...]:  # Any: options
    tables = COMPLETE[name]()
    both(*changes)(tables)
    return check_contents(the_law(), request_of(tables), on=ON, **asked)


def _fields(findings: tuple[ContentFinding, ...], weight: Weight) -> list[str]:
    return [finding.field for finding in findings if finding.weight is weight]


def test_a_request_is_judged_by_the_instruments_it_relies_on_or_by_those_named() -> None:
    change = without("request.crime.0.convention_paragraph")

    assert _fields(_check("mla-statement", change), Weight.MISSING) == ["request.crime[1].convention_paragraph"]
    assert _check("mla-corruption", change) == ()
    assert _fields(_check("mla-corruption", change, instruments=("LHC",)), Weight.MISSING) == [
        "request.crime[1].convention_paragraph"
    ]
    with pytest.raises(LawQuestionError):
        _check("mla-statement", instruments=("nothing",))


def test_one_field_asked_for_by_two_treaties_and_practice_is_one_finding_resting_on_all() -> None:
    (finding,) = _check("mla-two-treaties", without("request.assistance.procedure_wanted"))

    assert [reference.datum for reference in finding.references] == [
        "lhc/mla.contents.procedure",
        "uncac/mla.contents.procedure",
        "practice.formalities-wanted",
    ]
    assert finding.verified
    assert finding.consequence == "Executed in the local way only; evidence may be inadmissible."
    assert finding.as_json()["weight"] == "missing"


def test_a_finding_on_the_convention_alone_says_that_nobody_has_verified_it() -> None:
    (finding,) = _check("mla-search", without("measure.search.0.location"))

    assert not finding.verified
    assert finding.reason.startswith("Not given: place to be searched.")


def test_an_annexed_crime_needs_no_paragraph() -> None:
    findings = _check(
        "mla-statement", without("request.crime.0.convention_paragraph"), put("request.crime.0.annex", "F")
    )

    assert _fields(findings, Weight.MISSING) == []
    assert _fields(findings, Weight.WEAK) == ["request.crime[1].annex"]


def test_an_annex_under_a_treaty_without_annexes_is_not_judged() -> None:
    assert _check("mla-corruption", put("request.crime.0.annex", "F")) == ()
    unknown = _check("mla-statement", put("request.crime.0.annex", "F"), put("request.requested_state", "QQ"))
    assert _fields(unknown, Weight.WEAK) == ["request.requested_state"]


def test_a_field_left_out_with_its_reason_is_no_longer_weak_but_stays_missing() -> None:
    def left_out(field: str) -> Callable[[Tables], None]:
        return put("request.left_out", [{"field": field, "reason": "Nobody knows where he lives."}])

    path = "request.persons.location"
    assert _check("mla-statement", without("request.persons.0.location"), left_out(path)) == ()
    assert _check("mla-statement", without("request.persons.0.location"), left_out("request.persons[1].location")) == ()
    missing = _check("mla-statement", without("request.reference"), left_out("request.reference"))
    assert _fields(missing, Weight.MISSING) == ["request.reference"]
    wrong = _check("mla-statement", left_out("request.persons[1].shoe_size"))
    assert _fields(wrong, Weight.WEAK) == ["request.left_out[1].field"]


def test_advice_stays_until_it_is_considered_and_unknown_advice_is_told() -> None:
    advice = _check("mla-statement", put("request.considered", []))

    assert {finding.field for finding in advice} == {
        "request.considered[practice.police-first]",
        "request.considered[practice.first-account]",
        "request.considered[practice.survivor-centred]",
    }
    assert {finding.weight for finding in advice} == {Weight.ADVICE}
    unknown = _check("transfer-sentencing", put("request.considered", ["practice.prayer"]))
    assert _fields(unknown, Weight.WEAK) == ["request.considered"]


def test_advice_about_links_can_be_considered_too() -> None:
    ticked = put(
        "request.considered", [*COMPLETE["mla-statement"]()["request"]["considered"], "practice.nexus.person-fact"]
    )

    assert _check("mla-statement", without("request.persons.0.part"), without("request.persons.0.facts"), ticked) == ()


def test_findings_come_heaviest_first_then_in_the_order_of_the_format() -> None:
    findings = _check(
        "mla-search", without("request.use_limits"), without("measure.search.0.items"), without("request.reference"),
        without("request.signature"),
    )  # fmt: skip

    assert [finding.field for finding in findings] == [
        "request.reference",
        "measure.search[1].items",
        "request.signature",
        "request.use_limits",
    ]


def test_an_item_without_details_of_its_measure_lacks_each_of_them() -> None:
    missing = _fields(_check("mla-search", without("measure")), Weight.MISSING)

    assert missing == ["measure.search.location", "measure.search.items", "measure.search.grounds"]


def test_a_measure_is_described_even_where_no_treaty_asks_for_it() -> None:
    assert _fields(_check("mla-organised-crime", without("measure")), Weight.WEAK) == [
        "measure.search.location",
        "measure.search.items",
    ]


def test_a_request_without_any_item_asks_for_nothing() -> None:
    findings = _check("mla-statement", without("request.assistance.items"))

    assert "request.assistance.items" in _fields(findings, Weight.MISSING)
    assert not any(finding.field.startswith("measure.") for finding in findings)


def test_service_needs_no_summary_of_facts_and_other_measures_do() -> None:
    assert "request.facts.summary" not in _fields(
        _check("mla-service", without("request.facts.summary")), Weight.MISSING
    )
    records = COMPLETE["mla-service"]()["request"]["assistance"]["items"][0] | {"id": "item-2", "measure": "records"}

    def mixed(tables: Tables) -> None:
        tables["request"]["assistance"]["items"].append(records)

    assert "request.facts.summary" in _fields(
        _check("mla-service", without("request.facts.summary"), mixed), Weight.MISSING
    )


def test_an_oral_request_is_confirmed_in_writing() -> None:
    oral = put("request.urgent", {"made_orally": True})

    assert _fields(_check("mla-corruption", oral), Weight.MISSING) == ["request.urgent.written_confirmation"]


@pytest.mark.parametrize(
    ("name", "change", "field"),
    [
        ("mla-statement", put("request.confidentiality", {"wanted": True}), "request.confidentiality.reason"),
        ("mla-statement", put("request.contact.telephone", "12"), "request.contact.telephone"),
        ("mla-video", without("measure.hearing_video.0.plan"), "measure.hearing_video[1].plan"),
        ("mla-statement", put("request.persons.1.legal_person", value=True), "request.assistance.items[1].persons"),
        ("mla-video-accused", put("request.persons.0.role", "third-party"), "request.assistance.items[1].persons"),
        ("mla-statement", put("request.persons.0.nationality", ["QQ"]), "request.persons[1].nationality"),
        ("re-extradition", put("re_extradition.third_state", "QQ"), "re_extradition.third_state"),
        ("transit", put("request.persons.0.role", "witness"), "transit.person.person"),
        ("extradition-accused", put("extradition.assurances.offered.0.kind", "assurance.of-love"), (
            "extradition.assurances.offered[1].kind"
        )),
        ("mla-statement", put("request.translation.language", "en"), "request.translation.language"),
        ("mla-statement", put("request.facts.summary", "大量虐殺" * 3), "request.facts.summary"),
    ],
)  # fmt: skip
def test_one_weak_place(name: str, change: Callable[[Tables], None], field: str) -> None:
    assert _fields(_check(name, change), Weight.WEAK) == [field]


def test_facts_in_a_script_without_spaces_are_counted_by_their_characters() -> None:
    assert (
        _check(
            "mla-statement", put("request.facts.summary", "北衛隊が三月十一日にドルの村を囲み男性と少年を撃った。" * 4)
        )
        == ()
    )


def test_a_request_without_single_facts_has_nothing_to_point_to() -> None:
    findings = _check(
        "mla-statement",
        without("request.facts.statements"),
        put("request.crime.0.facts", []),
        put("request.persons.0.facts", []),
        put("request.persons.1.facts", []),
        put("request.assistance.items.0.facts", []),
    )

    assert _fields(findings, Weight.WEAK) == ["request.facts.statements"]
    assert _fields(findings, Weight.MISSING) == ["request.assistance.items[1].facts"]


def test_a_channel_for_urgent_cases_needs_urgency() -> None:
    interpol = put("request.channel", "channel.interpol")

    assert _fields(_check("mla-statement", interpol), Weight.MISSING) == ["request.channel"]
    assert _check("mla-statement", interpol, put("request.urgent", {"claimed": True})) == ()


def test_urgency_without_a_date_is_weak_in_the_date() -> None:
    findings = _check("mla-statement", put("request.urgent", {"claimed": True}), without("request.deadline.date"))

    assert _fields(findings, Weight.WEAK) == ["request.deadline.date"]


def test_a_request_about_nobody_and_no_crime_is_weak() -> None:
    nobody = _check("joint-team", put("request.persons", []), put("request.crime", []))

    assert _fields(nobody, Weight.WEAK) == ["request.crime", "request.persons"]
    unknown_person = _check(
        "mla-examination",
        put("request.persons", []),
        put("request.assistance.items.0.persons", []),
        put("request.assistance.items.0.person_unknown", value=True),
        without("request.protection_needs"),
    )
    assert _fields(unknown_person, Weight.WEAK) == []


def test_urgent_requests_may_go_without_translation_where_somebody_agreed() -> None:
    waived = put("request.translation", {"waiver": "Agreed by telephone with K. Diop (fictional) on 20 November 2026."})

    assert _check("mla-statement", waived) == ()


def test_a_request_in_the_declared_language_needs_no_translation() -> None:
    assert (
        _check(
            "mla-statement",
            put("request.requested_state", "LV"),
            put("request.language", "lv"),
            without("request.translation"),
        )
        == ()
    )


def test_transit_for_a_transfer_asks_for_the_agreement_and_not_for_extradition_papers() -> None:
    for_transfer = (
        put("transit.purpose", "transfer"),
        without("transit.documents"),
        without("transit.document_exists"),
    )

    findings = _check("transit-european", *for_transfer, instruments=("ets112", "ets024"))

    assert _fields(findings, Weight.MISSING) == ["transit.transfer_agreed"]


def test_a_flight_without_landing_needs_a_certificate_and_no_papers() -> None:
    flight = (put("transit.by_air_without_landing", value=True), without("transit.documents"))

    assert _fields(_check("transit-european", *flight), Weight.MISSING) == ["transit.air_certificate"]


def test_a_death_penalty_that_could_apply_asks_for_its_assurance() -> None:
    findings = _check("extradition-european", put("extradition.offence.death_penalty_possible", value=True))

    assert _fields(findings, Weight.ADVICE) == ["extradition.assurances.death_penalty"]


def test_a_sentence_without_end_needs_no_days_left() -> None:
    endless = put("transfer.sentence", {"nature_length_start": "Life from 2026", "indeterminate": True, "final": True})

    assert _check("transfer-sentencing", endless) == ()
    assert _fields(_check("transfer-sentencing", without("transfer.sentence.days_left")), Weight.WEAK) == [
        "transfer.sentence.days_left"
    ]


def test_what_is_known_of_the_convention_itself_never_thins_out_its_check() -> None:
    known = treaties_between(the_law(), "NL", "SN", on=ON)

    assert known["ets024"] is Outcome.UNSETTLED
    findings = _check("extradition-european", without("extradition.documents.warrant"), treaties=known)
    assert _fields(findings, Weight.MISSING) == ["extradition.documents.warrant"]


def test_a_damaged_schema_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, words in (("[]", "not a table"), ('{"properties": {"x": {}}}', "without a shape")):
        schema.cache_clear()
        fields.cache_clear()
        monkeypatch.setattr(requestfile_schema, "schema_text", lambda text=text: text)
        with pytest.raises(DefectError, match=words):
            fields()
    monkeypatch.undo()
    schema.cache_clear()
    fields.cache_clear()


def test_the_channels_that_the_requested_state_declared_are_the_ones_it_wants(tmp_path: Path) -> None:
    law = with_acts(
        tmp_path, "lhc,sn.channel,SN,declaration,2026-01-10,,channel=channel.diplomatic,declaration.channel,"
    )
    request = request_of(COMPLETE["mla-statement"]())

    (finding,) = check_contents(law, request, on=ON)

    assert (finding.weight, finding.field) == (Weight.MISSING, "request.channel")
    assert finding.reason == "The requested State has declared that it wants channel.diplomatic."
    through_it = COMPLETE["mla-statement"]()
    put("request.channel", "channel.diplomatic")(through_it)
    assert check_contents(law, request_of(through_it), on=ON) == ()
