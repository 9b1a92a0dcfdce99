"""The docket: what the fold writes while it reads a case, and guards and effects look at. Internal to casework.

The only mutable thing in casework. It never leaves a fold: what others get is the frozen `state.CaseState`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from dedere.casework.acts import JSON, JSONObject, PartFacts, RecordedAct
    from dedere.casework.matters import (
        Assurance,
        Clause,
        Condition,
        ConsentQuestion,
        Consultation,
        Contradiction,
        Entry,
        Event,
        Item,
        Measure,
        Question,
        Refusal,
        Waiting,
    )
    from dedere.casework.owed import Owed
    from dedere.casework.state import Proceeding
    from dedere.casework.transitions import ProceedingForm, Transition


@dataclass(slots=True)
class Team:
    """A joint team's agreement while it is negotiated and after.

    `agreed_until` is the date in the agreement, `until` the date after extensions.
    """

    members: tuple[str, ...]
    clauses: dict[str, Clause] = field(default_factory=dict)
    signed_by: tuple[str, ...] = ()
    signed_digest: str = ""
    agreed_until: str = ""
    until: str = ""
    extension: str = ""
    extension_agreed_by: tuple[str, ...] = ()
    ending_agreed_by: tuple[str, ...] = ()
    persons: dict[str, JSONObject] = field(default_factory=dict)

    def copied(self) -> Team:
        """An agreement that can be written to without touching this one."""
        return replace(self, clauses=dict(self.clauses), persons=dict(self.persons))


@dataclass(slots=True)
class OpenProceeding:
    """One proceeding while the fold runs. `sides`: each State's side; `unanswered`: who asked each open question.

    `frozen` and `owed` keep what was worked out from all the others, until it is written to again.
    """

    id: str
    form: ProceedingForm
    status: str
    since: str
    opened_in: str
    opened_on: str
    set_by: str
    sides: dict[str, str]
    request: dict[str, JSON] = field(default_factory=dict)
    variant: str = ""
    links: tuple[str, ...] = ()
    references: dict[str, str] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    unanswered: dict[str, str] = field(default_factory=dict)
    consultations: dict[str, Consultation] = field(default_factory=dict)
    conditions: dict[str, Condition] = field(default_factory=dict)
    assurances: dict[str, Assurance] = field(default_factory=dict)
    consents: list[ConsentQuestion] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    met: list[str] = field(default_factory=list)
    facts: dict[str, list[JSONObject]] = field(default_factory=dict)
    status_asked: str = ""
    team: Team | None = None
    frozen: Proceeding | None = field(default=None, compare=False, repr=False)
    owed: tuple[Owed, ...] | None = field(default=None, compare=False, repr=False)

    def copied(self) -> OpenProceeding:
        """A proceeding that can be written to without touching this one."""
        return OpenProceeding(
            self.id,
            self.form,
            self.status,
            self.since,
            self.opened_in,
            self.opened_on,
            self.set_by,
            dict(self.sides),
            dict(self.request),
            self.variant,
            self.links,
            dict(self.references),
            dict(self.measures),
            dict(self.questions),
            dict(self.unanswered),
            dict(self.consultations),
            dict(self.conditions),
            dict(self.assurances),
            list(self.consents),
            list(self.refusals),
            list(self.events),
            list(self.met),
            {name: list(noted) for name, noted in self.facts.items()},
            self.status_asked,
            self.team.copied() if self.team else None,
        )

    @property
    def is_final(self) -> bool:
        """Whether the proceeding is over."""
        return self.form.is_final(self.status)

    def state_with(self, side: str) -> str:
        """The State that has this side, empty when nobody does."""
        return next((state for state, held in self.sides.items() if held == side), "")

    @property
    def law_kinds(self) -> frozenset[str]:
        """The kinds of request whose rules apply, some of them only after something happened."""
        happened = {event.event for event in self.events}
        later = {kind for event, kind in self.form.law_kinds_after.items() if event in happened}
        return self.form.law_kinds | later

    def latest(self, fact: str) -> JSONObject:
        """The body last noted under this name; empty when there was none."""
        noted = self.facts.get(fact)
        return noted[-1] if noted else {}

    def others(self, state: str) -> tuple[str, ...]:
        """The other States of the proceeding."""
        return tuple(other for other in self.sides if other != state)


@dataclass(slots=True)
class Docket:
    """One case while the fold runs. `shared`: the proceedings it has in common with the docket it was copied from."""

    case: str
    proceedings: dict[str, OpenProceeding] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    parts: set[str] = field(default_factory=set)
    entries: dict[str, Entry] = field(default_factory=dict)
    known: dict[str, tuple[str, str, dt.datetime]] = field(default_factory=dict)
    waiting: tuple[Waiting, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    heads: tuple[tuple[str, str], ...] = ()
    shared: set[str] = field(default_factory=set, compare=False, repr=False)

    def copied(self) -> Docket:
        """A docket that can be written to without touching this one, proceedings by `written` alone."""
        copy = self._with(dict(self.proceedings), dict(self.items), set(self.parts))
        copy.shared = set(self.proceedings)
        return copy

    def written(self, name: str) -> OpenProceeding | None:
        """The proceeding of that id, to be written to; nothing when there is none."""
        here = self.proceedings.get(name)
        if here is None:
            return None
        if name in self.shared:
            self.shared.discard(name)
            here = self.proceedings[name] = here.copied()
        here.frozen = here.owed = None
        return here

    def noting_only(self) -> Docket:
        """A docket in which letters can be noted without touching this one; nothing else may be written to it."""
        return self._with(self.proceedings, self.items, self.parts)

    def _with(self, proceedings: dict[str, OpenProceeding], items: dict[str, Item], parts: set[str]) -> Docket:
        return Docket(
            self.case,
            proceedings,
            items,
            parts,
            dict(self.entries),
            dict(self.known),
            self.waiting,
            self.contradictions,
            self.heads,
        )


@dataclass(frozen=True, slots=True)
class Situation:
    """An act about to be judged or applied: the docket, the proceeding, the step it takes, and the letter itself.

    For an act that opens a proceeding, `proceeding` is the new one, not yet in the docket.
    """

    docket: Docket
    proceeding: OpenProceeding
    step: Transition
    act: RecordedAct

    @property
    def sender(self) -> str:
        """The State that acts."""
        return self.act.sender

    @property
    def key(self) -> str:
        """The id under which the state names this act."""
        return self.act.circular

    @property
    def sealed_on(self) -> str:
        """The day (UTC) on which the act was made."""
        return self.act.written_at[:10]

    @property
    def sealed_at(self) -> str:
        """The instant at which the act was made."""
        return self.act.written_at

    def rows(self, name: str) -> list[JSONObject]:
        """The objects in a list of the body; none when it was left out. The shape has been checked."""
        rows = self.act.body.get(name)
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, (list, tuple)) else []

    def words(self, name: str) -> tuple[str, ...]:
        """The texts in a list of the body; none when it was left out."""
        return texts(self.act.body, name)

    def text(self, name: str) -> str:
        """A text of the body; empty when it was left out."""
        return text(self.act.body, name)

    def part(self, identifier: str) -> PartFacts | None:
        """The letter's part of that id."""
        return next((part for part in self.act.parts if part.id == identifier), None)

    def named_measures(self) -> tuple[str, ...]:
        """The ids of the measures that the body names, as a list of ids or of objects."""
        rows = self.act.body.get("measures")
        if not isinstance(rows, (list, tuple)):
            return ()
        return tuple(
            row if isinstance(row, str) else text(row, "measure") for row in rows if isinstance(row, (str, dict))
        )


def text(body: Mapping[str, object], name: str) -> str:
    """A text field, empty when it was left out."""
    value = body.get(name)
    return value if isinstance(value, str) else ""


def texts(body: Mapping[str, object], name: str) -> tuple[str, ...]:
    """A list of texts, empty when it was left out."""
    value = body.get(name)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, (list, tuple)) else ()
