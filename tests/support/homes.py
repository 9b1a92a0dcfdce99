"""Homes for tests: made once in a run with all their keys, then copied, since keys take their time. All fictional."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import shutil
import tempfile
from pathlib import Path

from dedere.base.clock import FixedClock
from dedere.base.identifiers import SeededIdentifiers
from dedere.node.founding import Plan, found
from dedere.node.home import Home
from dedere.node.office import Office

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
FOUNDED = NOW - dt.timedelta(days=30)
NAMES = {
    "NL": "Fictional central authority of the Netherlands",
    "SN": "Fictional central authority of Senegal",
}


def plan_of(state: str, **changes: object) -> Plan:
    """What a fictional node is to be."""
    plan = Plan(
        state=state,
        name=NAMES.get(state, f"Fictional central authority of {state}"),
        languages=("en", "fr"),
        place="Europe/Amsterdam",
        demonstration=True,
    )
    return dataclasses.replace(plan, **changes)  # type: ignore[arg-type]  # the caller names fields of a plan


def fresh_home(folder: Path, state: str = "NL") -> Home:
    """A home of its own at `folder`, founded thirty days before `NOW`; without a database."""
    template = _template(state)
    shutil.copytree(template.folder, folder)
    return dataclasses.replace(template, folder=folder)


def fresh_office(folder: Path, state: str = "NL", *, now: dt.datetime = NOW) -> Office:
    """An office in a home of its own, whose clock stands at `now`."""
    return Office(fresh_home(folder, state), FixedClock(now), SeededIdentifiers(f"{state} at work"))


@functools.cache
def _template(state: str) -> Home:
    folder = Path(tempfile.mkdtemp(prefix="dedere-test-home-")) / state.lower()
    return found(
        folder,
        plan_of(state),
        clock=FixedClock(FOUNDED),
        identifiers=SeededIdentifiers(state),
        migrate=lambda _folder: None,
    )
