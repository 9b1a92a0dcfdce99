"""Acts and transitions as data: the shape of what `data/*.toml` says, which `procedure` reads. No law stands in code.

A *step* moves a proceeding, a *measure step* moves one measure of it. Each names who may take it, from where, what it
needs (guards, by name), what it does (effects, by name), the events of the law it raises and the provision it rests
on. Clocks and duties follow from the events through the rows of the instrument (`clocks`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dedere.base.errors import InputError
from dedere.casework.acts import ActKind, JSONObject, ProceedingKind, Role
from dedere.casework.shapes import Shape, Shapes

PROCEDURE_VERSION = "procedure/1"
ANY_SIDE = "any"
# In a state that any side may have brought about: owed by whoever did not.
OTHER_SIDE = "other"


@dataclass(frozen=True, slots=True)
class ActForm:
    """One kind of act: its title, its body's shape, and its place among acts that crossed (lower goes first)."""

    kind: ActKind
    title: str
    first: int
    body: Shape


@dataclass(frozen=True, slots=True)
class StateForm:
    """One state of a proceeding or a measure. `owes` is the side that owes `next`; empty when nobody does."""

    name: str
    title: str
    owes: str = ""
    next: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class Raise:
    """An event of the law that a step raises, dated by the body's `date_field`, else by the sealing."""

    event: str
    date_field: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """When a step is meant rather than another for the same act: fields with values, present, or absent."""

    when: tuple[tuple[str, str], ...] = ()
    having: str = ""
    lacking: str = ""

    def fits(self, body: JSONObject) -> bool:
        """Whether the body chooses this step."""
        if any(body.get(name) != value for name, value in self.when):
            return False
        if self.having and not body.get(self.having):
            return False
        return not (self.lacking and body.get(self.lacking))


@dataclass(frozen=True, slots=True)
class Move:
    """What a step does to a linked proceeding: if that one is of `kind` and in `sources`, it moves to `target`."""

    kind: ProceedingKind
    sources: tuple[str, ...]
    target: str
    events: tuple[Raise, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """A proceeding that a step opens of itself. `sides` are pairs: the side here, and the side there."""

    kind: ProceedingKind
    sides: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Then:
    """Where a step leads in the end when what is named by `test` has come about through it."""

    test: str
    target: str
    events: tuple[Raise, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of a proceeding. `target` empty: it stays where it is. `notes` names the fact that the body becomes."""

    id: str
    act: ActKind
    by: str
    opens: bool
    sources: tuple[str, ...]
    target: str
    choice: Choice
    prepare: tuple[Role, ...]
    approve: tuple[Role, ...]
    needs: tuple[str, ...]
    does: tuple[str, ...]
    events: tuple[Raise, ...]
    meets: tuple[str, ...]
    notes: str
    moves: tuple[Move, ...]
    starts: Start | None
    then: tuple[Then, ...]
    common: bool
    provision: str

    def leaving(self, sources: tuple[str, ...]) -> Transition:
        """The same step from other states."""
        return replace(self, sources=sources)


@dataclass(frozen=True, slots=True)
class MeasureStep:
    """One step of a measure, taken for each entry of `body.measures` of its act."""

    id: str
    act: ActKind
    sources: tuple[str, ...]
    target: str
    choice: Choice
    does: tuple[str, ...]
    events: tuple[Raise, ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    """When all measures stand in `all_measures`, a proceeding in `sources` moves to `target`."""

    sources: tuple[str, ...]
    all_measures: tuple[str, ...]
    target: str
    events: tuple[Raise, ...]


@dataclass(frozen=True, slots=True)
class ProceedingForm:
    """One kind of proceeding: its sides, states, steps and what it may give notice of.

    `law_kinds` are the kinds of request whose rules apply to it, `law_kinds_after` those that apply once an event has
    happened, `ground_kinds` those whose grounds of refusal it knows; `raises` all events that can happen in it.
    """

    kind: ProceedingKind
    title: str
    request_kinds: tuple[str, ...]
    sides: tuple[str, ...]
    states: Mapping[str, StateForm]
    measure_states: Mapping[str, StateForm]
    steps: tuple[Transition, ...]
    measure_steps: tuple[MeasureStep, ...]
    settlements: tuple[Settlement, ...]
    notices: frozenset[str]
    law_kinds: frozenset[str]
    law_kinds_after: Mapping[str, str]
    ground_kinds: frozenset[str]
    raises: frozenset[str]
    by_act: Mapping[ActKind, tuple[Transition, ...]]
    by_status: Mapping[str, tuple[Transition, ...]]

    def with_steps(self, steps: tuple[Transition, ...]) -> ProceedingForm:
        """The same kind of proceeding with these steps."""
        by_act: dict[ActKind, tuple[Transition, ...]] = {}
        for step in steps:
            by_act[step.act] = (*by_act.get(step.act, ()), step)
        by_status = {name: tuple(step for step in steps if name in step.sources) for name in self.states}
        return replace(self, steps=steps, by_act=by_act, by_status=by_status)

    def is_final(self, status: str) -> bool:
        """Whether nothing more is owed in this state."""
        return self.states[status].final


@dataclass(frozen=True, slots=True)
class Procedure:
    """All of it: the acts, the shapes of their bodies, and the proceedings."""

    acts: Mapping[ActKind, ActForm]
    shapes: Shapes
    proceedings: Mapping[ProceedingKind, ProceedingForm]

    def transition(self, identifier: str) -> Transition:
        """The step of that id (the ids of common steps are prefixed with the proceeding's kind).

        Raises:
            InputError: there is none.
        """
        for form in self.proceedings.values():
            for step in form.steps:
                if step.id == identifier:
                    return step
        raise InputError(f"There is no step called {identifier[:60]!r}.")
