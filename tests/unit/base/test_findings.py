"""Findings: three answers, never without reasons, and the logic by which they are put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedere.base.errors import DefectError
from dedere.base.finding import Finding, Outcome, all_hold, any_holds
from dedere.base.reference import Confidence, Reference, Status

OUTCOMES = st.sampled_from(Outcome)
MANY = st.lists(OUTCOMES, max_size=6)
HOLDS, FAILS, OPEN = Outcome.HOLDS, Outcome.DOES_NOT_HOLD, Outcome.UNSETTLED
TRUTH = {HOLDS: {True}, FAILS: {False}, OPEN: {True, False}}


def reference(
    datum: str = "lhc/temporal",
    *,
    status: Status = Status.READ,
    verified_by: str = "",
    demonstration: bool = False,
) -> Reference:
    place = "LHC (fictional provision)"
    return Reference(place, datum, "fictional", status, Confidence.HIGH, verified_by, demonstration)


def finding(outcome: Outcome = HOLDS, *, question: str = "Is it so?", **changes: object) -> Finding:
    words: dict[str, object] = {"references": (reference(),), **changes}
    return Finding(question, outcome, "Because.", **words)  # type: ignore[arg-type]  # the caller names fields of a finding


@pytest.mark.parametrize(("outcome", "opposite"), [(HOLDS, FAILS), (FAILS, HOLDS), (OPEN, OPEN)])
def test_the_opposite_of_a_doubt_is_a_doubt(outcome: Outcome, opposite: Outcome) -> None:
    assert outcome.negated() is opposite


@given(MANY)
def test_and_is_what_every_settling_of_the_doubts_agrees_on(outcomes: list[Outcome]) -> None:
    assert TRUTH[all_hold(outcomes)] == _settled(outcomes, all)


@given(MANY)
def test_or_is_what_every_settling_of_the_doubts_agrees_on(outcomes: list[Outcome]) -> None:
    assert TRUTH[any_holds(outcomes)] == _settled(outcomes, any)


@given(MANY)
def test_and_and_or_mirror_each_other(outcomes: list[Outcome]) -> None:
    assert all_hold(outcomes).negated() is any_holds(outcome.negated() for outcome in outcomes)


@given(MANY, MANY)
def test_order_and_grouping_change_nothing(one: list[Outcome], other: list[Outcome]) -> None:
    for together in (all_hold, any_holds):
        assert together([*one, *other]) is together([*other, *one]) is together([together(one), together(other)])


def test_nothing_asked_holds_and_nothing_offered_does_not() -> None:
    assert all_hold([]) is HOLDS
    assert any_holds([]) is FAILS


@pytest.mark.parametrize(("question", "reason"), [("", "Because."), ("Is it so?", ""), ("", "")])
def test_a_finding_without_question_or_reason_is_a_defect(question: str, reason: str) -> None:
    with pytest.raises(DefectError, match="question and its reason"):
        Finding(question, HOLDS, reason, (reference(),))


def test_a_finding_that_rests_on_nothing_is_a_defect() -> None:
    with pytest.raises(DefectError, match="at least one reference"):
        Finding("Is it so?", HOLDS, "Because.")
    assert Finding("Is it so?", HOLDS, "Because.", because=(finding(),)).all_references() == (reference(),)


def test_references_and_open_questions_come_once_in_reading_order() -> None:
    inner = finding(OPEN, references=(reference("b"), reference("a")), open_question="Which text?")
    again = finding(OPEN, references=(reference("c"),), open_question="Which day?")
    outer = finding(OPEN, references=(reference("a"),), because=(inner, again, inner), open_question="Which day?")
    assert [each.datum for each in outer.all_references()] == ["a", "b", "c"]
    assert outer.open_questions() == ("Which day?", "Which text?")
    assert finding().open_questions() == ()


def test_one_demonstration_row_anywhere_below_marks_the_whole() -> None:
    rests = finding(references=(reference(demonstration=True),))
    assert finding(because=(finding(because=(rests,)),)).demonstration
    assert not finding(because=(finding(),)).demonstration


def test_the_plain_form_has_always_the_same_keys() -> None:
    plain = finding(OPEN, because=(finding(),), open_question="Which?").as_json()
    assert list(plain) == [
        "question", "outcome", "reason", "references", "because", "open_question", "demonstration",
    ]  # fmt: skip
    assert (plain["outcome"], plain["open_question"], plain["demonstration"]) == ("unsettled", "Which?", False)


@pytest.mark.parametrize(
    ("made", "verified"),
    [
        (reference(), [True]),
        (reference(status=Status.RECALLED), [False]),
        (reference(status=Status.RECALLED, verified_by="review-1"), [True]),
        (reference(demonstration=True), [False]),
        (reference(verified_by="review-1", demonstration=True), [False]),
    ],
)
def test_verified_means_read_or_compared_and_never_demonstration(made: Reference, verified: list[bool]) -> None:
    assert [made.verified] == verified
    assert [made.as_json()["verified"]] == verified
    assert list(made.as_json()) == [
        "place", "datum", "source", "status", "confidence", "verified", "verified_by", "demonstration",
    ]  # fmt: skip


def _settled(outcomes: list[Outcome], together: object) -> set[bool]:
    """Every answer that some way of settling the doubts would give."""
    worlds: list[list[bool]] = [[]]
    for outcome in outcomes:
        worlds = [[*world, value] for world in worlds for value in TRUTH[outcome]]
    return {together(world) for world in worlds}  # type: ignore[operator]  # `all` or `any`
