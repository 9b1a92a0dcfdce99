"""Assurances: what can follow what, what cures, and that a stored one reads back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from dedere.treaty.assurances import (
    Assurance,
    AssuranceTerms,
    Standing,
    StepKind,
    assurance_from_json,
    lacking_in,
    offer_assurance,
    offers_in,
)
from dedere.treaty.errors import AssuranceError
from support.requests import COMPLETE, assistance, request_of

START = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
TERMS = AssuranceTerms(
    kind="assurance.death-penalty",
    text="The death penalty will not be carried out.",
    given_by="Minister of Justice",
    authority="Section 4 of the Act on assurances (fictional)",
    persons=("person-1",),
    monitoring="The embassy is told of every judgment.",
)


def _offered() -> Assurance:
    return offer_assurance("assurance-1", TERMS, state="NL", at=START, by="NL")


def _after(*kinds: StepKind) -> Assurance:
    assurance = _offered()
    for hours, kind in enumerate(kinds, start=1):
        assurance = assurance.recorded(kind, at=START + dt.timedelta(hours=hours), by="SN", note="because")
    return assurance


def test_an_offered_assurance_cures_nothing_until_it_is_accepted() -> None:
    assert _offered().standing is Standing.OFFERED
    assert not _offered().cures
    assert _after(StepKind.ACCEPTED).cures


def test_a_breach_takes_the_cure_away_and_its_settlement_brings_it_back() -> None:
    breached = _after(StepKind.ACCEPTED, StepKind.MONITORED, StepKind.BREACH_REPORTED)

    assert breached.standing is Standing.BREACHED
    assert not breached.cures
    settled = breached.recorded(StepKind.BREACH_SETTLED, at=START + dt.timedelta(days=2), by="NL", note="explained")
    assert settled.cures
    assert settled.recorded(StepKind.ENDED, at=START + dt.timedelta(days=3), by="NL").standing is Standing.ENDED


@pytest.mark.parametrize(
    ("before", "step", "words"),
    [
        ((StepKind.ACCEPTED,), StepKind.WITHDRAWN, "accepted cannot be withdrawn"),
        ((StepKind.ACCEPTED,), StepKind.ACCEPTED, "accepted cannot be accepted"),
        ((StepKind.DECLINED,), StepKind.ACCEPTED, "declined cannot be accepted"),
        ((StepKind.WITHDRAWN,), StepKind.ACCEPTED, "withdrawn cannot be accepted"),
        ((), StepKind.MONITORED, "offered cannot be monitored"),
        ((), StepKind.BREACH_REPORTED, "offered cannot be reported as breached"),
        ((StepKind.ACCEPTED, StepKind.ENDED), StepKind.MONITORED, "ended cannot be monitored"),
        ((), StepKind.OFFERED, "offered cannot be offered again"),
    ],
)
def test_a_step_that_cannot_follow_is_refused(before: tuple[StepKind, ...], step: StepKind, words: str) -> None:
    with pytest.raises(AssuranceError, match=words):
        _after(*before, step)


def test_a_step_lies_after_the_one_before_and_says_why() -> None:
    with pytest.raises(AssuranceError, match="before the step"):
        _offered().recorded(StepKind.ACCEPTED, at=START - dt.timedelta(seconds=1), by="SN")
    with pytest.raises(AssuranceError, match="without a reason"):
        _offered().recorded(StepKind.DECLINED, at=START, by="SN", note=" ")


def test_an_assurance_without_text_promises_nothing() -> None:
    with pytest.raises(AssuranceError, match="needs its text"):
        offer_assurance("assurance-1", AssuranceTerms("assurance.treatment"), state="NL", at=START, by="NL")


def test_what_an_assurance_still_needs_is_said_in_words() -> None:
    assert lacking_in(TERMS) == ()
    assert lacking_in(AssuranceTerms("assurance.treatment", text="Fair trial.")) == (
        "who gives it",
        "why that office may bind the State",
        "how its keeping can be checked",
    )


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (StepKind.WITHDRAWN,),
        (StepKind.ACCEPTED, StepKind.MONITORED, StepKind.BREACH_REPORTED, StepKind.BREACH_SETTLED, StepKind.ENDED),
    ],
)
def test_a_stored_assurance_reads_back(steps: tuple[StepKind, ...]) -> None:
    assurance = _after(*steps)

    assert assurance_from_json(assurance.as_json()) == assurance


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("version", "dedere-assurance/2", "version dedere-assurance/1 was expected"),
        ("text", 5, "lacks a field"),
        ("persons", "person-1", "lacks a field"),
        ("history", [], "lacks a field"),
        ("history", ["x"], "lacks a field"),
        ("history", [{"kind": "sung", "at": "2026-11-24T09:00:00Z", "by": "NL", "note": ""}], "lacks a field"),
        ("text", "", "needs its text"),
    ],
)
def test_a_stored_assurance_of_another_form_is_refused(key: str, value: object, words: str) -> None:
    data: dict[str, Any] = _offered().as_json()  # Any: plain JSON

    with pytest.raises(AssuranceError, match=words):
        assurance_from_json({**data, key: value})


def test_a_request_offers_assurances_wherever_its_kind_has_them() -> None:
    tables = COMPLETE["extradition-accused"]()
    tables["extradition"]["assurances"]["death_penalty"] = "It will not be carried out."
    tables["extradition"]["assurances"]["retrial"] = "A new trial."
    help_asked = assistance("records", "lhc")
    help_asked["request"]["assurances"] = [{"kind": "assurance.use-limitation", "text": "Only here."}]

    assert [terms.kind for terms in offers_in(request_of(tables))] == [
        "assurance.life-review",
        "assurance.death-penalty",
        "assurance.retrial",
    ]
    assert [terms.kind for terms in offers_in(request_of(help_asked))] == ["assurance.use-limitation"]


def test_a_short_form_does_not_repeat_a_full_one() -> None:
    tables = COMPLETE["extradition-accused"]()
    tables["extradition"]["assurances"]["offered"][0]["kind"] = "assurance.death-penalty"
    tables["extradition"]["assurances"]["death_penalty"] = "It will not be carried out."

    assert len(offers_in(request_of(tables))) == 1
