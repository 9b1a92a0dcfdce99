"""`dedere law show`: one datum, an instrument or a State, with everything known about it."""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import enum
from typing import TYPE_CHECKING

from dedere.cli.commands.law.options import add_command, law_of, print_json
from dedere.cli.commands.law.paper import cited, wrapped
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.model import Instrument, Provision, Row
from dedere.treaty.quantity import Candidate, Quantity
from dedere.treaty.register import PartyRow
from dedere.treaty.wording import say_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.treaty.law import Law

_HIDDEN = {
    "instrument",
    "id",
    "verified_by",
    "absent",
    "status",
    "confidence",
    "source",
    "model",
    "origin",
    "abbreviation",
}


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    show = add_command(commands, "show", "show a datum, an instrument or a State", run=_show)
    show.add_argument("id", metavar="ID", help="e.g. lhc, lhc/ext.ground.national, or NL")


def _show(arguments: argparse.Namespace) -> int:
    law = law_of(arguments)
    wanted = arguments.id
    row = law.rows.get(wanted)
    if wanted.lower() in law.instruments:
        row = law.instruments[wanted.lower()]
    if row is None and wanted.upper() in law.states:
        return _state(law, wanted.upper(), as_json=arguments.json)
    if row is None:
        raise LawQuestionError(
            f"There is no datum, instrument or State {wanted!r}; a datum is named like lhc/ext.scope."
        )
    if arguments.json:
        print_json(_as_json(law, row))
    else:
        print("\n".join(_page(law, row)))
    return 0


def _as_json(law: Law, row: Row | PartyRow) -> dict[str, object]:
    return {
        "version": "dedere-datum/1",
        "datum": row.datum,
        "values": {name: _plain(value) for name, value in _attributes(row)},
        "reference": law.reference_of(row).as_json(),
        "rests_on_it": list(_resting(law, row)),
    }


def _page(law: Law, row: Row | PartyRow) -> Iterator[str]:
    yield row.datum
    yield wrapped(f"[{cited(law.reference_of(row))}]", indent="   ")
    yield wrapped(f"Source: {law.reference_of(row).source}", indent="   ")
    for name, value in _attributes(row):
        yield wrapped(_said(value), indent="   ", first=f"{name.replace('_', ' ')}: ")
    resting = tuple(_resting(law, row))
    if resting:
        yield wrapped(f"Rules that rest on it: {', '.join(resting)}", indent="   ")


def _attributes(row: Row | PartyRow) -> Iterator[tuple[str, object]]:
    for field in dataclasses.fields(row):
        value = getattr(row, field.name)
        if field.name in _HIDDEN or value in (None, "", (), {}, False):
            continue
        if isinstance(row, Instrument) and not isinstance(value, str | int | dt.date | enum.Enum):
            yield field.name, len(value) if hasattr(value, "__len__") else value.datum
            continue
        yield field.name, value


def _plain(value: object) -> object:
    match value:
        case enum.Enum():
            return value.value
        case dt.date():
            return value.isoformat()
        case Quantity() | Candidate():
            return value.as_json()
        case tuple():
            return [_plain(part) for part in value]
        case dict():
            return {key: _plain(part) for key, part in value.items()}
        case _:
            return value


def _said(value: object) -> str:
    """A value as a person reads it."""
    match value:
        case dt.date():
            return say_day(value)
        case Candidate():
            return f"{value.quantity} ({value.source})"
        case (int() as number, str() as source):
            return f"{number} ({source})"
        case tuple():
            return ", ".join(_said(part) for part in value)
        case dict():
            return "; ".join(f"{key}: {_said(part)}" for key, part in value.items())
        case _:
            return str(value)


def _resting(law: Law, row: Row | PartyRow) -> Iterator[str]:
    if isinstance(row, Provision):
        for other in law.rows.values():
            if isinstance(other, Row) and other.instrument == row.instrument and other.provision == row.id:
                yield other.datum


def _state(law: Law, code: str, *, as_json: bool) -> int:
    acts = {treaty: rows for (treaty, state), rows in law.by_state.items() if state == code}
    if as_json:
        print_json(
            {
                "version": "dedere-state/1",
                "state": code,
                "name": law.states[code].name,
                "acts": {treaty: [_as_json(law, row) for row in rows] for treaty, rows in sorted(acts.items())},
            }
        )
        return 0
    print(f"{code}  {law.states[code].name}")
    for treaty in law.treaties:
        for row in acts.get(treaty, ()):
            day = say_day(row.date) if row.date else "day not established"
            print(wrapped(f"{row.action.value}, {day}. {row.gist}", indent="   ", first=f"{row.abbreviation}: "))
            print(wrapped(f"[{cited(row.reference())}]", indent="      "))
    return 0
