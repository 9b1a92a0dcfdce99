"""Reviews: what counts, what waits, what lapses, and records that were tampered with. All reviewers are invented."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest

from dedere.base.reference import Confidence, Status
from dedere.treaty.errors import LawDataError, ReviewError
from dedere.treaty.loading import load_law
from dedere.treaty.register import PartyRow
from dedere.treaty.review import (
    Review,
    ReviewKind,
    ReviewResult,
    parse_review,
)
from dedere.treaty.reviewing import Statement, Weight, make_review, make_second, make_withdrawal, weigh
from dedere.treaty.words import Force
from support.lawbook import NOW
from support.reviewers import CITE, FIRST, OTHER, Reviewers, rows

PROVISION, GROUND, LIMIT = "lhc/ext.scope", "lhc/ext.ground.national", "lhc/limit.withdrawal"


@pytest.fixture
def reviewers() -> Reviewers:
    return Reviewers()


def weights(*reviews: Review) -> list[Weight]:
    return [each.weight for each in weigh(reviews, rows())]


def test_a_confirmed_provision_is_cited_as_verified_without_the_mark_of_a_working_number(reviewers: Reviewers) -> None:
    law = load_law(reviews=[reviewers.review(PROVISION)])
    reference = law.reference("lhc", "ext.scope")
    assert reference.verified
    assert reference.verified_by == f"A. Jansen, 24 November 2026 ({CITE})"
    assert reference.status is Status.READ
    assert reference.confidence is Confidence.CERTAIN
    assert reference.place == "LHC Art. 49"


def test_a_corrected_value_takes_the_place_of_the_shipped_one(reviewers: Reviewers) -> None:
    review = reviewers.review(PROVISION, "50(1)")
    assert review.result is ReviewResult.CORRECTED
    assert load_law(reviews=[review]).reference("lhc", "ext.scope").place == "LHC Art. 50(1)"


def test_the_shipped_value_said_again_is_a_confirmation(reviewers: Reviewers) -> None:
    assert reviewers.review(PROVISION, "49").result is ReviewResult.CONFIRMED


def test_a_ground_of_refusal_counts_only_with_a_second_person(reviewers: Reviewers) -> None:
    review = reviewers.review(GROUND, "may")
    assert weights(review) == [Weight.WAITS_FOR_SECOND]
    waiting = load_law(reviews=[review])
    assert not waiting.reference_of(waiting.rows[GROUND]).verified
    second = reviewers.second(review)
    assert weights(review, second) == [Weight.COUNTS]
    law = load_law(reviews=[review, second])
    ground = next(row for row in law.grounds if row.datum == GROUND)
    assert ground.force is Force.MAY
    assert law.reference_of(ground).verified_by.endswith("; second: B. Diop")


def test_nobody_seconds_a_review_of_their_own(reviewers: Reviewers) -> None:
    review = reviewers.review(GROUND, "may")
    with pytest.raises(ReviewError, match=r"The second person must be another than A\. Jansen"):
        reviewers.second(review, by=FIRST)
    with pytest.raises(ReviewError, match="another"):
        reviewers.second(review, by=" ")
    with pytest.raises(ReviewError, match="another"):
        reviewers.second(review, by="a.  JANSEN ")
    forged = replace(reviewers.second(review), by=FIRST)
    assert weights(review, forged) == [Weight.WAITS_FOR_SECOND]


def test_a_withdrawn_review_restores_the_mark(reviewers: Reviewers) -> None:
    review = reviewers.review(PROVISION)
    withdrawal = reviewers.withdrawal(review)
    assert weights(review, withdrawal) == [Weight.WITHDRAWN]
    assert not load_law(reviews=[review, withdrawal]).reference("lhc", "ext.scope").verified


def test_what_was_withdrawn_cannot_be_withdrawn_or_seconded(reviewers: Reviewers) -> None:
    review = reviewers.review(GROUND, "may")
    found = (review, reviewers.withdrawal(review))
    with pytest.raises(ReviewError, match="withdrawn already"):
        make_withdrawal(found, review.id, by=FIRST, note="", review_id="x", at=NOW)
    with pytest.raises(ReviewError, match="was withdrawn"):
        make_second(found, review.id, by=OTHER, review_id="x", at=NOW)
    with pytest.raises(ReviewError, match="There is no review 'y'"):
        make_second(found, "y", by=OTHER, review_id="x", at=NOW)
    with pytest.raises(ReviewError, match="needs the name of the person"):
        make_withdrawal((review,), review.id, by="", note="", review_id="x", at=NOW)


def test_a_rule_that_does_not_exist_is_left_out(reviewers: Reviewers) -> None:
    review = reviewers.review(GROUND, result=ReviewResult.DOES_NOT_EXIST)
    law = load_law(reviews=[review, reviewers.second(review)])
    assert GROUND not in {row.datum for row in law.grounds}
    act = reviewers.review("lhc/party.fr.reservation", result=ReviewResult.DOES_NOT_EXIST)
    assert "lhc/party.fr.reservation" not in load_law(reviews=[act]).rows


def test_unclear_changes_nothing_and_needs_no_citation(reviewers: Reviewers) -> None:
    statement = Statement(by=FIRST, cite="", result=ReviewResult.UNCLEAR)
    review = make_review(rows()[PROVISION], statement, review_id="x", at=NOW)
    assert weights(review) == [Weight.UNCLEAR]
    assert not load_law(reviews=[review]).reference("lhc", "ext.scope").verified


def test_a_review_lapses_when_its_row_changes_or_goes(reviewers: Reviewers) -> None:
    review = reviewers.review(PROVISION)
    changed = replace(review, row_digest="0" * 64)
    gone = replace(review, datum="lhc/gone")
    assert weights(changed, gone) == [Weight.LAPSED, Weight.LAPSED]
    assert not load_law(reviews=[changed]).reference("lhc", "ext.scope").verified


def test_the_last_review_of_a_datum_counts(reviewers: Reviewers) -> None:
    first, last = reviewers.review(PROVISION, "50"), reviewers.review(PROVISION, "51")
    assert weights(first, last) == [Weight.REPLACED, Weight.COUNTS]
    assert load_law(reviews=[first, last]).reference("lhc", "ext.scope").place == "LHC Art. 51"


def test_a_settled_number_of_instruments_settles_entry_into_force(reviewers: Reviewers) -> None:
    review = reviewers.review("lhc/entry-into-force", "3")
    law = load_law(reviews=[review, reviewers.second(review)])
    assert law.treaties["lhc"].entry_into_force.instruments == 3


def test_a_day_is_a_day_again_when_it_is_applied(reviewers: Reviewers) -> None:
    review = reviewers.review("lhc/entry-into-force", "2026-05-01", field="since")
    assert review.value == "2026-05-01"
    law = load_law(reviews=[review, reviewers.second(review)])
    assert law.treaties["lhc"].entry_into_force.since == dt.date(2026, 5, 1)


def test_a_protocol_and_an_act_of_a_state_can_be_reviewed(reviewers: Reviewers) -> None:
    protocol = reviewers.review("ets024/treaty.ets086")
    act = reviewers.review("lhc/party.fr.reservation", "2026-03-01")
    law = load_law(reviews=[protocol, reviewers.second(protocol), act])
    assert law.treaties["ets086"].entry_into_force.verified_by
    row = law.rows["lhc/party.fr.reservation"]
    assert law.reference_of(row).verified
    assert law.reference_of(row).place.endswith("reservation of 2026-03-01")


@pytest.mark.parametrize(
    ("datum", "field", "text", "value"),
    [
        (LIMIT, "", "45 days", {"days": 45}),
        (LIMIT, "", "1 year", {"years": 1}),
        (LIMIT, "", "{ months = 3 }", {"months": 3}),
        (GROUND, "", "must", "must"),
        ("lhc/entry-into-force", "", "15", 15),
        ("lhc/function.transit", "", "false", False),
        ("lhc/GEN", "acts", "killing, other", ["killing", "other"]),
        ("lhc/reservation.presence", "", "until-changed", "until-changed"),
        ("lhc/party.lv.ratification", "expires", "2030-01-01", "2030-01-01"),
        ("lhc/party.lv.ratification", "action", "accession", "accession"),
        ("lhc/party.lv.ratification", "gist", "Deposited.", "Deposited."),
    ],
)
def test_values_are_read_as_their_key_wants_them(
    reviewers: Reviewers, datum: str, field: str, text: str, value: object
) -> None:
    assert reviewers.review(datum, text, field=field).value == value


@pytest.mark.parametrize(
    ("datum", "field", "text", "expected"),
    [
        (LIMIT, "", "soon", r"length: expected one quantity such as .*, found 'soon'"),
        (GROUND, "", "perhaps", "force: expected one of must"),
        ("lhc/entry-into-force", "", "three", "whole number"),
        ("lhc/entry-into-force", "since", "May", "a day"),
        ("lhc/party.lv.ratification", "", "May", "a day such as"),
        ("lhc/party.lv.ratification", "gist", "", ""),
        (PROVISION, "colour", "red", "has no 'colour' to review; it has article"),
        (PROVISION, "status", "read", "has no 'status' to review"),
    ],
)
def test_values_of_the_wrong_kind_are_refused(
    reviewers: Reviewers, datum: str, field: str, text: str, expected: str
) -> None:
    if not expected:
        assert reviewers.review(datum, text, field=field).value == ""
        return
    with pytest.raises(ReviewError, match=expected):
        reviewers.review(datum, text, field=field)


@pytest.mark.parametrize(
    ("datum", "statement", "expected"),
    [
        (PROVISION, Statement(by=" ", cite=CITE), "name of the person"),
        (PROVISION, Statement(by=FIRST, cite=""), "place in the authentic text"),
        (PROVISION, Statement(by=FIRST, cite="Article 5\n+++ b/other"), "written on one line"),
        (PROVISION, Statement(by="A\x1b[2J", cite=CITE), "written on one line"),
        (GROUND, Statement(by=FIRST, cite=CITE), "has no settled force; say what the text has"),
        ("lhc/entry-into-force", Statement(by=FIRST, cite=CITE), "has no settled instruments"),
        (PROVISION, Statement(by=FIRST, cite=CITE, value="50", result=ReviewResult.CONFIRMED), "is a correction"),
        (PROVISION, Statement(by=FIRST, cite=CITE, value="49", result=ReviewResult.CORRECTED), "other than '49'"),
        (PROVISION, Statement(by=FIRST, cite=CITE, result=ReviewResult.CORRECTED), "needs the value that the text has"),
        ("lhc/temporal", Statement(by=FIRST, cite=CITE, result=ReviewResult.DOES_NOT_EXIST), "cannot be absent"),
        (
            "ets024/treaty.ets086",
            Statement(by=FIRST, cite=CITE, result=ReviewResult.DOES_NOT_EXIST),
            "cannot be absent",
        ),
    ],
)
def test_a_statement_that_says_nothing_is_refused(datum: str, statement: Statement, expected: str) -> None:
    with pytest.raises(ReviewError, match=expected):
        make_review(rows()[datum], statement, review_id="x", at=NOW)


def test_a_stored_value_of_the_wrong_kind_is_refused_when_the_law_is_loaded(reviewers: Reviewers) -> None:
    review = reviewers.review(GROUND, "may")
    broken = replace(review, value="perhaps")
    with pytest.raises(ReviewError, match=r"The review .* of lhc/ext.ground.national: expected one of must"):
        load_law(reviews=[broken, reviewers.second(review)])


def test_a_stored_value_that_is_no_text_is_refused_for_an_act(reviewers: Reviewers) -> None:
    review = replace(reviewers.review("lhc/party.lv.ratification", "Deposited.", field="gist"), value=3)
    with pytest.raises(ReviewError, match=r"lhc/party.lv.ratification: expected a text"):
        load_law(reviews=[review])


def test_a_review_that_makes_the_register_contradict_itself_is_refused_by_line(reviewers: Reviewers) -> None:
    review = reviewers.review("lhc/party.lv.ratification", "2020-01-01")
    with pytest.raises(LawDataError, match=r"lhc.csv, line \d+, date: expected a day after the adoption"):
        load_law(reviews=[review])


def test_a_record_reads_back_byte_for_byte(reviewers: Reviewers) -> None:
    for review in (reviewers.review(LIMIT, "45 days"), reviewers.review(PROVISION)):
        assert parse_review(review.to_bytes(), name="a.json") == review


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xff",
        b"{}",
        b"[" * 100_000,
    ],
)
def test_other_bytes_than_a_record_are_refused(data: bytes) -> None:
    with pytest.raises(ReviewError, match=r"a\.json: expected a review record of version dedere-review/1"):
        parse_review(data, name="a.json")


@pytest.mark.parametrize(
    "change",
    [
        {"version": "dedere-review/2"},
        {"kind": "opinion"},
        {"result": "perhaps"},
        {"at": "yesterday"},
        {"revision": "new"},
        {"id": "x"},
        {"by": 1},
        {"extra": 1},
    ],
)
def test_a_record_with_another_content_is_refused(reviewers: Reviewers, change: dict[str, object]) -> None:
    raw = {**reviewers.review(PROVISION).as_json(), **change}
    with pytest.raises(ReviewError, match="expected a review record"):
        parse_review(json.dumps(raw, ensure_ascii=False, indent=2).encode() + b"\n", name="a.json")


def test_a_record_in_another_layout_is_refused(reviewers: Reviewers) -> None:
    with pytest.raises(ReviewError, match="found another layout"):
        parse_review(json.dumps(reviewers.review(PROVISION).as_json()).encode(), name="a.json")


def test_the_kinds_of_record_are_told_apart(reviewers: Reviewers) -> None:
    review = reviewers.review(GROUND, "may")
    assert reviewers.second(review).kind is ReviewKind.SECOND
    assert reviewers.withdrawal(review).kind is ReviewKind.WITHDRAWAL
    assert review.said == f"A. Jansen, 24 November 2026 ({CITE})"
    assert reviewers.second(review).said == "B. Diop, 24 November 2026"


def test_what_a_review_counts_for_is_plain_data(reviewers: Reviewers) -> None:
    review = reviewers.review(GROUND, "may")
    alone, seconded = weigh([review], rows()), weigh([review, reviewers.second(review)], rows())
    assert alone[0].as_json()["second"] is None
    assert seconded[0].as_json()["second"] == OTHER
    assert seconded[0].as_json()["withdrawn"] is False


def test_corrections_of_two_keys_of_a_row_both_count(reviewers: Reviewers) -> None:
    made = reviewers.review("lhc/party.fr.reservation", "2024-06-01")
    effective = reviewers.review("lhc/party.fr.reservation", "2024-07-01", field="effective", by=OTHER)
    again = reviewers.review("lhc/party.fr.reservation", "2024-06-02")
    assert weights(made, effective, again) == [Weight.REPLACED, Weight.COUNTS, Weight.COUNTS]
    row = load_law(reviews=[made, effective, again]).rows["lhc/party.fr.reservation"]
    assert isinstance(row, PartyRow)
    assert (row.date, row.effective) == (dt.date(2024, 6, 2), dt.date(2024, 7, 1))
    assert row.verified_by == f"B. Diop, 24 November 2026 ({CITE}); A. Jansen, 24 November 2026 ({CITE})"


def test_a_row_that_does_not_exist_and_a_correction_of_it_replace_each_other(reviewers: Reviewers) -> None:
    datum = "lhc/party.fr.reservation"
    one, two = reviewers.review(datum, "2024-06-01"), reviewers.review(datum, "2024-07-01", field="effective")
    gone = reviewers.review(datum, result=ReviewResult.DOES_NOT_EXIST)
    back = reviewers.review(datum, "2024-06-03")
    assert weights(one, two, gone) == [Weight.REPLACED, Weight.REPLACED, Weight.COUNTS]
    assert datum not in load_law(reviews=[one, two, gone]).rows
    assert weights(one, two, gone, back)[2:] == [Weight.REPLACED, Weight.COUNTS]
    assert datum in load_law(reviews=[one, two, gone, back]).rows


def test_the_length_of_a_reservation_needs_a_second_person_and_a_length(reviewers: Reviewers) -> None:
    review = reviewers.review("lhc/reservation.presence", "5 years")
    assert weights(review) == [Weight.WAITS_FOR_SECOND]
    assert weights(review, reviewers.second(review))[0] is Weight.COUNTS
    with pytest.raises(ReviewError, match=r"duration: expected one quantity .* or one of until-withdrawn"):
        reviewers.review("lhc/reservation.presence", "2024-01-01")
