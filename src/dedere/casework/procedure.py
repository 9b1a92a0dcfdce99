"""Reads the shipped procedure from `data/*.toml`: strictly, once, or not at all."""

from __future__ import annotations

import enum
import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import resources
from typing import TypeVar

from dedere.casework.acts import ActKind, ProceedingKind, Role
from dedere.casework.errors import ProcedureDataError
from dedere.casework.shapes import Shapes, parse_shape
from dedere.casework.transitions import (
    ANY_SIDE,
    OTHER_SIDE,
    PROCEDURE_VERSION,
    ActForm,
    Choice,
    MeasureStep,
    Move,
    Procedure,
    ProceedingForm,
    Raise,
    Settlement,
    Start,
    StateForm,
    Then,
    Transition,
)

Kind = TypeVar("Kind", bound=enum.StrEnum)

_PREPARERS = (Role.CASE_OFFICER.value,)
_APPROVERS = (Role.APPROVER.value,)


@functools.cache
def load_procedure() -> Procedure:
    """The shipped procedure. Read once; later calls give the same object.

    Raises:
        ProcedureDataError: the shipped data contradicts itself.
    """
    folder = resources.files("dedere.casework") / "data"
    files = {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }
    return read_procedure(dict(sorted(files.items())))


def read_procedure(files: Mapping[str, Mapping[str, object]]) -> Procedure:
    """The procedure that parsed files describe: "acts", "common", and one a proceeding, by name.

    Raises:
        ProcedureDataError: a key is unknown or missing, or a name points nowhere.
    """
    acts = _Table("acts", files["acts"])
    if acts.text("version") != PROCEDURE_VERSION:
        raise ProcedureDataError(f"The acts are not those of {PROCEDURE_VERSION}.")
    shapes = {name: parse_shape(name, table) for name, table in acts.named("shape").items()}
    every = acts.mapping("every")
    forms: dict[ActKind, ActForm] = {}
    for row in acts.rows("act"):
        kind = _member(ActKind, row.text("kind"))
        body = parse_shape(f"the body of {kind.value}", {**row.mapping("body"), **every})
        forms[kind] = ActForm(kind, row.text("title"), row.number("first"), body)
        shapes[body.name] = body
        row.done()
    acts.done()
    missing = sorted(set(ActKind) - set(forms))
    if missing:
        raise ProcedureDataError(f"Acts without a form: {', '.join(missing)}.")
    readers = (_read_proceeding(_Table(name, files[name]), files["common"]) for name in files if name not in _SHARED)
    proceedings = {form.kind: form for form in readers}
    for form in proceedings.values():
        _check_moves(form, proceedings)
    names = [step.id for form in proceedings.values() for step in form.steps]
    names += [step.id for form in proceedings.values() for step in form.measure_steps]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ProcedureDataError(f"Two steps are called {twice[0]}.")
    finished = {kind: replace(form, raises=_raised(form, proceedings)) for kind, form in proceedings.items()}
    return Procedure(forms, Shapes(shapes), finished)


_SHARED = frozenset({"acts", "common"})


def _read_proceeding(table: _Table, common: Mapping[str, object]) -> ProceedingForm:
    kind = _member(ProceedingKind, table.text("kind"))
    states = _states(table, "state")
    provisions = table.mapping("common", optional=True)
    shared = [
        _step(row, prefix=f"{kind.value}.", provisions=provisions) for row in _Table("common", common).rows("step")
    ]
    strangers = sorted(set(provisions) - {step.id.removeprefix(f"{kind.value}.") for step in shared})
    if strangers:
        raise ProcedureDataError(f"In {kind}, no common step is called {', '.join(strangers)}.")
    left_out = table.texts("leaves_out", optional=True)
    own = [_step(row) for row in table.rows("step")]
    steps = tuple(_from_states(step, states) for step in (*own, *shared) if step.id not in left_out)
    form = ProceedingForm(
        kind=kind,
        title=table.text("title"),
        request_kinds=table.texts("request_kinds", optional=True),
        sides=table.texts("sides"),
        states=states,
        measure_states=_states(table, "measure_state"),
        steps=(),
        measure_steps=tuple(_measure_step(row) for row in table.rows("measure_step")),
        settlements=tuple(_settlement(row) for row in table.rows("settle")),
        notices=frozenset(table.texts("notices", optional=True)),
        law_kinds=frozenset(table.texts("law_kinds")),
        law_kinds_after={event: str(kind) for event, kind in table.mapping("law_kinds_after", optional=True).items()},
        ground_kinds=frozenset(table.texts("ground_kinds", optional=True) or table.texts("law_kinds")),
        raises=frozenset(),
        by_act={},
        by_status={},
    ).with_steps(steps)
    table.done()
    _check_names(form)
    return form


def _states(table: _Table, key: str) -> dict[str, StateForm]:
    states = {}
    for row in table.rows(key):
        name = row.text("name")
        states[name] = StateForm(
            name=name,
            title=row.text("title"),
            owes=row.text("owes", optional=True),
            next=row.text("next", optional=True),
            final=row.flag("final"),
        )
        row.done()
    return states


def _step(row: _Table, *, prefix: str = "", provisions: Mapping[str, object] | None = None) -> Transition:
    identifier = row.text("id")
    provision = row.text("provision")
    if provisions and identifier in provisions:
        provision = str(provisions[identifier])
    step = Transition(
        id=prefix + identifier,
        act=_member(ActKind, row.text("act")),
        by=row.text("by"),
        opens=row.flag("opens"),
        sources=row.texts("from", optional=True),
        target=row.text("to", optional=True),
        choice=_choice(row),
        prepare=tuple(_member(Role, name) for name in row.texts("prepare", optional=True) or _PREPARERS),
        approve=tuple(_member(Role, name) for name in row.texts("approve", optional=True) or _APPROVERS),
        needs=row.texts("needs", optional=True),
        does=row.texts("does", optional=True),
        events=tuple(map(_raise, row.texts("events", optional=True))),
        meets=row.texts("meets", optional=True),
        notes=row.text("notes", optional=True),
        moves=tuple(map(_move, row.rows("moves"))),
        starts=_start(row),
        then=tuple(map(_then, row.rows("then"))),
        common=bool(prefix),
        provision=provision,
    )
    row.done()
    return step


def _move(row: _Table) -> Move:
    move = Move(
        _member(ProceedingKind, row.text("kind")),
        row.texts("from"),
        row.text("to"),
        tuple(map(_raise, row.texts("events", optional=True))),
    )
    row.done()
    return move


def _start(row: _Table) -> Start | None:
    table = row.part("starts")
    if table is None:
        return None
    kind = _member(ProceedingKind, table.text("kind"))
    sides = tuple((here, str(there)) for here, there in table.mapping("sides").items())
    table.done()
    return Start(kind, sides)


def _then(row: _Table) -> Then:
    then = Then(row.text("if"), row.text("to"), tuple(map(_raise, row.texts("events", optional=True))))
    row.done()
    return then


def _from_states(step: Transition, states: Mapping[str, StateForm]) -> Transition:
    match step.sources:
        case ("open",):
            sources = tuple(name for name, state in states.items() if not state.final)
        case ("any",):
            sources = tuple(states)
        case _:
            sources = step.sources
    return step.leaving(sources)


def _measure_step(row: _Table) -> MeasureStep:
    step = MeasureStep(
        id=row.text("id"),
        act=_member(ActKind, row.text("act")),
        sources=row.texts("from"),
        target=row.text("to"),
        choice=_choice(row),
        does=row.texts("does", optional=True),
        events=tuple(map(_raise, row.texts("events", optional=True))),
    )
    row.done()
    return step


def _settlement(row: _Table) -> Settlement:
    settlement = Settlement(
        row.texts("from"),
        row.texts("all_measures"),
        row.text("to"),
        tuple(map(_raise, row.texts("events", optional=True))),
    )
    row.done()
    return settlement


def _choice(row: _Table) -> Choice:
    when = {name: str(value) for name, value in row.mapping("when", optional=True).items()}
    return Choice(tuple(when.items()), row.text("having", optional=True), row.text("lacking", optional=True))


def _raise(text: str) -> Raise:
    event, _, date_field = text.partition("@")
    return Raise(event, date_field)


def _member(kinds: type[Kind], name: str) -> Kind:
    try:
        return kinds(name)
    except ValueError as error:
        raise ProcedureDataError(f"{name!r} is no {kinds.__name__}.") from error


def _check_names(form: ProceedingForm) -> None:
    for step in form.steps:
        _check_step(form, step)
    for part in form.measure_steps:
        if not {*part.sources, part.target} <= set(form.measure_states):
            raise ProcedureDataError(f"The step {part.id} names a measure state that {form.kind} does not have.")
    for state in form.states.values():
        if state.owes and state.owes not in (*form.sides, ANY_SIDE, OTHER_SIDE):
            raise ProcedureDataError(f"In {form.kind}, {state.name} is owed by no side of it.")
        if bool(state.owes) == state.final:
            raise ProcedureDataError(f"In {form.kind}, {state.name} is either final or owed by a side.")
    for settled in form.settlements:
        if not {*settled.sources, settled.target} <= set(form.states):
            raise ProcedureDataError(f"A settlement of {form.kind} names a state that it does not have.")


def _check_step(form: ProceedingForm, step: Transition) -> None:
    known = {*step.sources, step.target, *(then.target for then in step.then)} - {""}
    if not known <= set(form.states):
        raise ProcedureDataError(f"The step {step.id} names a state that {form.kind} does not have.")
    if step.by not in (*form.sides, ANY_SIDE):
        raise ProcedureDataError(f"The step {step.id} names a side that {form.kind} does not have.")
    if step.opens == bool(step.sources):
        raise ProcedureDataError(f"The step {step.id} must either open or start from a state.")


def _check_moves(form: ProceedingForm, proceedings: Mapping[ProceedingKind, ProceedingForm]) -> None:
    for step in form.steps:
        for move in step.moves:
            if not {*move.sources, move.target} <= set(proceedings[move.kind].states):
                raise ProcedureDataError(f"The step {step.id} moves to a state that {move.kind} does not have.")
        if step.starts:
            here, there = (set(sides) for sides in zip(*step.starts.sides, strict=True))
            if here != set(form.sides) or there != set(proceedings[step.starts.kind].sides):
                raise ProcedureDataError(f"The step {step.id} starts a proceeding with sides that do not fit.")


# What effects raise by themselves.
_RAISED_BY_EFFECTS = ("supplement.requested", "supplement.received", "conditions.accepted", "evidence.other-use-wanted")


def _raised(form: ProceedingForm, proceedings: Mapping[ProceedingKind, ProceedingForm]) -> frozenset[str]:
    raised = {*form.notices, *_RAISED_BY_EFFECTS}
    own = (
        *(step.events for step in form.steps),
        *(step.events for step in form.measure_steps),
        *(settled.events for settled in form.settlements),
    )
    raised.update(each.event for events in own for each in events)
    raised.update(each.event for step in form.steps for then in step.then for each in then.events)
    for other in proceedings.values():
        for step in other.steps:
            raised.update(each.event for move in step.moves if move.kind is form.kind for each in move.events)
            if step.starts and step.starts.kind is form.kind:
                raised.update(each.event for each in step.events)
    return frozenset(raised)


class _Table:
    """One TOML table, read key by key; what was not asked for is refused at the end."""

    def __init__(self, name: str, data: Mapping[str, object]) -> None:
        self._name = name
        self._data = data
        self._read: set[str] = set()

    def _take(self, key: str) -> object | None:
        self._read.add(key)
        return self._data.get(key)

    def text(self, key: str, *, optional: bool = False) -> str:
        value = self._take(key)
        if value is None and optional:
            return ""
        if not isinstance(value, str) or not value:
            raise ProcedureDataError(f"In {self._name}, {key} must be text.")
        return value

    def number(self, key: str) -> int:
        value = self._take(key)
        if type(value) is not int:
            raise ProcedureDataError(f"In {self._name}, {key} must be a whole number.")
        return value

    def flag(self, key: str) -> bool:
        value = self._take(key)
        if value not in (None, True, False):
            raise ProcedureDataError(f"In {self._name}, {key} must be true or false.")
        return bool(value)

    def texts(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        value = self._take(key)
        if value is None and optional:
            return ()
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            raise ProcedureDataError(f"In {self._name}, {key} must be a list of texts.")
        return tuple(str(entry) for entry in value)

    def mapping(self, key: str, *, optional: bool = False) -> dict[str, object]:
        value = self._take(key)
        if value is None and optional:
            return {}
        if not isinstance(value, dict):
            raise ProcedureDataError(f"In {self._name}, {key} must be a table.")
        return value

    def part(self, key: str) -> _Table | None:
        table = self.mapping(key, optional=True)
        return _Table(f"{self._name}.{key}", table) if table else None

    def named(self, key: str) -> dict[str, dict[str, object]]:
        tables = self.mapping(key)
        return {name: _Table(f"{self._name}.{key}", tables).mapping(name) for name in tables}

    def rows(self, key: str) -> Iterator[_Table]:
        value = self._take(key)
        for index, row in enumerate(value if isinstance(value, list) else ()):
            if not isinstance(row, dict):
                raise ProcedureDataError(f"In {self._name}, every {key} must be a table.")
            yield _Table(f"{self._name}.{key}[{index}] {row.get('id', row.get('name', ''))}".strip(), row)

    def done(self) -> None:
        unknown = sorted(set(self._data) - self._read)
        if unknown:
            raise ProcedureDataError(f"In {self._name}, unknown keys: {', '.join(unknown)}.")
