"""Protective measures: which step may follow which, what may be said of them, how they bind the other State."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from dedere.base.errors import InputError
from dedere.casework.persons.protection import (
    FOLLOWS,
    Protection,
    Stage,
    as_condition,
    require_can_bind,
    require_sayable,
    require_step,
)

DAY = dt.date(2026, 11, 20)
TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(("now", "following"), [*itertools.product(Stage, Stage)])
def test_only_the_steps_that_may_follow_are_let_through(now: Stage, following: Stage) -> None:
    if following in FOLLOWS[now]:
        require_step(now, following, since=DAY, on=DAY, today=TODAY)
    else:
        with pytest.raises(InputError, match="cannot become"):
            require_step(now, following, since=DAY, on=DAY, today=TODAY)


def test_a_step_lies_between_the_one_before_it_and_today() -> None:
    with pytest.raises(InputError, match="before 2026-11-20"):
        require_step(Stage.ASKED, Stage.GRANTED, since=DAY, on=DAY - dt.timedelta(days=1), today=TODAY)
    with pytest.raises(InputError, match="lies ahead"):
        require_step(Stage.ASKED, Stage.GRANTED, since=DAY, on=TODAY + dt.timedelta(days=1), today=TODAY)


def test_of_a_relocation_nothing_is_written_and_no_state_is_told() -> None:
    require_sayable(Protection.RELOCATION, "  ")
    require_sayable(Protection.OTHER, "Escort to the court.")
    with pytest.raises(InputError, match="leave the description empty"):
        require_sayable(Protection.RELOCATION, "To the north.")
    with pytest.raises(InputError, match="not put to another State"):
        require_can_bind(Protection.RELOCATION)
    with pytest.raises(InputError, match="not put to another State"):
        as_condition("m", Protection.RELOCATION, person="Amber", text="")


def test_a_measure_becomes_a_condition_that_names_the_alias_alone() -> None:
    silent = as_condition("m1", Protection.NON_DISCLOSURE, person="Amber", text="")
    said = as_condition("m2", Protection.DISTORTION, person="Amber", text=" Also in the recording. ")

    assert (silent["id"], silent["kind"]) == ("m1", "confidentiality")
    assert silent["text"] == "Protection of Amber: the identity is disclosed to nobody who does not need it."
    assert said["kind"] == "handling"
    assert str(said["text"]).endswith("wherever the person is seen or heard. Also in the recording.")


def test_another_measure_says_itself_what_it_asks() -> None:
    with pytest.raises(InputError, match="Say what the measure asks"):
        as_condition("m", Protection.OTHER, person="Amber", text=" ")
