"""Victims: what they are to be told of what happened, and how a claim goes on."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from dedere.base.errors import InputError
from dedere.casework.persons.victims import (
    CLAIM_FOLLOWS,
    EVENTS,
    ClaimStage,
    News,
    Topic,
    is_about_property,
    require_claim_step,
    to_tell,
)
from dedere.casework.procedure import load_procedure

DAY = dt.date(2026, 11, 20)
ARREST = News("arrest.provisional", DAY)
RELEASE = News("person.released", DAY + dt.timedelta(days=2))


def test_a_victim_is_told_of_what_they_want_to_hear_once_the_oldest_first() -> None:
    news = [RELEASE, ARREST, ARREST, News("documents.received", DAY)]

    assert to_tell(news, topics=["release", "arrest"], told=[]) == (ARREST, RELEASE)
    assert to_tell(news, topics=["arrest", "a topic of a later version"], told=[]) == (ARREST,)
    assert to_tell(news, topics=["release", "arrest"], told=[ARREST.key]) == (RELEASE,)
    assert to_tell(news, topics=[], told=[]) == ()


def test_the_same_on_another_day_is_news_again() -> None:
    again = News("person.released", DAY + dt.timedelta(days=9))

    assert to_tell([RELEASE, again], topics=["release"], told=[RELEASE.key]) == (again,)


def test_every_topic_is_about_events_that_a_record_can_hold() -> None:
    known = {each for form in load_procedure().proceedings.values() for each in form.raises}

    assert {topic: EVENTS[topic] - known for topic in Topic if EVENTS[topic] - known} == {}


def test_measures_on_property_are_known_by_their_kind() -> None:
    assert is_about_property("freezing")
    assert is_about_property("confiscation-enforcement")
    assert not is_about_property("hearing-video")
    assert not is_about_property("a measure of another State")


@pytest.mark.parametrize(("now", "following"), [*itertools.product(ClaimStage, ClaimStage)])
def test_a_claim_goes_on_by_its_steps_alone(now: ClaimStage, following: ClaimStage) -> None:
    if following in CLAIM_FOLLOWS[now]:
        require_claim_step(now, following, since=DAY, on=DAY, today=DAY)
    else:
        with pytest.raises(InputError, match="cannot become"):
            require_claim_step(now, following, since=DAY, on=DAY, today=DAY)


def test_a_step_of_a_claim_lies_between_the_last_one_and_today() -> None:
    later = DAY + dt.timedelta(days=1)
    with pytest.raises(InputError, match="before 2026-11-21"):
        require_claim_step(ClaimStage.MADE, ClaimStage.ORDERED, since=later, on=DAY, today=later)
    with pytest.raises(InputError, match="lies ahead"):
        require_claim_step(ClaimStage.MADE, ClaimStage.ORDERED, since=DAY, on=later, today=DAY)
