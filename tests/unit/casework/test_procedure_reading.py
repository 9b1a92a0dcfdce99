"""The shipped procedure is read strictly: what contradicts itself is refused when it is read."""

from __future__ import annotations

import copy
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from dedere.base.errors import InputError
from dedere.casework.applying import EFFECTS, ON_MEASURES, TESTS
from dedere.casework.errors import ProcedureDataError
from dedere.casework.judge import GUARDS
from dedere.casework.procedure import load_procedure, read_procedure
from dedere.casework.prospects import PROSPECTS
from dedere.treaty.loading import load_law

if TYPE_CHECKING:
    from collections.abc import Callable

Files = dict[str, Any]  # tables as tomllib gives them; the reader under test is what types them


@pytest.fixture
def files() -> Files:
    folder = resources.files("dedere.casework") / "data"
    return {
        entry.name.removesuffix(".toml"): copy.deepcopy(tomllib.loads(entry.read_text(encoding="utf-8")))
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }


def test_the_shipped_procedure_is_read_once() -> None:
    assert load_procedure() is load_procedure()
    assert len(load_procedure().proceedings) == 11


def test_a_step_is_found_by_its_id() -> None:
    assert load_procedure().transition("mla.accept").act == "acceptance"
    with pytest.raises(InputError):
        load_procedure().transition("mla.dream")


def test_every_name_in_the_data_points_to_something() -> None:
    for form in load_procedure().proceedings.values():
        for step in form.steps:
            assert set(step.needs) <= set(GUARDS), step.id
            assert set(step.does) <= set(EFFECTS), step.id
            assert {then.test for then in step.then} <= set(TESTS), step.id
        for part in form.measure_steps:
            assert set(part.does) <= set(ON_MEASURES), part.id
    assert set(PROSPECTS) <= set(GUARDS)


def test_every_provision_duty_and_event_is_one_of_the_law() -> None:
    law = load_law()
    duties = {duty.id for duty in law.instruments["lhc"].duties}
    events = set(law.vocabulary.events)
    kinds = {kind.value for kind in type(next(iter(law.limits)).request)}
    for form in load_procedure().proceedings.values():
        assert form.raises <= events, form.raises - events
        assert form.law_kinds | set(form.request_kinds) <= kinds
        for step in form.steps:
            assert step.provision in law.instruments["lhc"].provisions, step.id
            assert set(step.meets) <= duties, step.id


def spoil_step(**change: object) -> Callable[[Files], None]:
    def spoil(files: Files) -> None:
        files["mla"]["step"][1].update(change)

    return spoil


SPOILT: list[tuple[str, Callable[[Files], None]]] = [
    ("not those of", lambda files: files["acts"].update(version="procedure/0")),
    ("Acts without a form", lambda files: files["acts"]["act"].pop()),
    ("unknown keys: colour", lambda files: files["acts"].update(colour="red")),
    ("is no ActKind", spoil_step(act="dance")),
    ("is no Role", spoil_step(prepare=["king"])),
    ("names a state", spoil_step(to="nowhere")),
    ("Two steps are called mla.accept", spoil_step(id="mla.accept")),
    ("names a side", spoil_step(by="observing")),
    ("must either open or start", spoil_step(opens=True)),
    ("must be true or false", spoil_step(opens="yes")),
    ("must be text", spoil_step(id=3)),
    ("must be text", spoil_step(id="")),
    ("list of texts", spoil_step(needs=3)),
    ("list of texts", spoil_step(needs=[3])),
    ("must be a table", spoil_step(when=3)),
    ("every then must be a table", spoil_step(then=[3])),
    ("whole number", lambda files: files["acts"]["act"][0].update(first="soon")),
    ("either final or owed", lambda files: files["mla"]["state"][0].pop("owes")),
    ("owed by no side", lambda files: files["mla"]["state"][0].update(owes="observing")),
    ("measure state", lambda files: files["mla"]["measure_step"][0].update(to="nowhere")),
    ("A settlement", lambda files: files["mla"]["settle"][0].update(to="nowhere")),
    ("no common step is called sing", lambda files: files["mla"].update(common={"sing": "x"})),
    ("moves to a state", lambda files: files["extradition"]["step"][0]["moves"][0].update(to="nowhere")),
    ("sides that do not fit", spoil_step(starts={"kind": "prosecution", "sides": {"requested": "prosecuting"}})),
]


@pytest.mark.parametrize(
    ("says", "spoil"), SPOILT, ids=[f"{number}: {says}" for number, (says, _) in enumerate(SPOILT)]
)
def test_data_that_contradicts_itself_is_refused(files: Files, says: str, spoil: Callable[[Files], None]) -> None:
    read_procedure(files)
    spoil(files)
    with pytest.raises(ProcedureDataError, match=says):
        read_procedure(files)
