"""The state of a case: what the fold computed, frozen, and the same on both sides.

Nothing local stands in it: no own remarks, no deliveries, no officers' accounts, no law as a node has verified it.
`as_json` is plain data in a fixed order; the SHA-256 of its canonical JSON is the *record digest*.
"""

from __future__ import annotations

import dataclasses
import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
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
from dedere.casework.owed import owed_in
from dedere.casework.teams import agreement_digest
from dedere.casework.transitions import PROCEDURE_VERSION

if TYPE_CHECKING:
    from dedere.casework.acts import JSON, JSONObject
    from dedere.casework.docket import Docket, OpenProceeding, Team
    from dedere.casework.owed import Owed

RECORD_VERSION = "dedere-record/1"


@dataclass(frozen=True, slots=True)
class TeamState:
    """A joint team's agreement.

    `until`, after extensions, and `extension`, proposed, are dates or empty; `agreement` is the digest to sign.
    """

    members: tuple[str, ...]
    clauses: tuple[Clause, ...]
    signed_by: tuple[str, ...]
    signed_digest: str
    agreed_until: str
    until: str
    extension: str
    extension_agreed_by: tuple[str, ...]
    ending_agreed_by: tuple[str, ...]
    persons: tuple[JSONObject, ...]
    agreement: str


@dataclass(frozen=True, slots=True)
class Proceeding:
    """One proceeding of a case. `sides` are pairs of State and side; `since` is the letter that set `status`."""

    id: str
    kind: str
    title: str
    status: str
    status_title: str
    final: bool
    since: str
    opened_in: str
    variant: str
    sides: tuple[tuple[str, str], ...]
    links: tuple[str, ...]
    references: tuple[tuple[str, str], ...]
    request: JSONObject
    measures: tuple[Measure, ...]
    questions: tuple[Question, ...]
    consultations: tuple[Consultation, ...]
    conditions: tuple[Condition, ...]
    assurances: tuple[Assurance, ...]
    consents: tuple[ConsentQuestion, ...]
    refusals: tuple[Refusal, ...]
    events: tuple[Event, ...]
    duties_met: tuple[str, ...]
    facts: JSONObject
    team: TeamState | None

    def side_of(self, state: str) -> str:
        """The side of this State, empty when it has none."""
        return dict(self.sides).get(state, "")

    def state_with(self, side: str) -> str:
        """The State with this side, empty when nobody has it."""
        return next((state for state, held in self.sides if held == side), "")

    def measure(self, identifier: str) -> Measure:
        """The measure of that id.

        Raises:
            InputError: there is none.
        """
        for measure in self.measures:
            if measure.id == identifier:
                return measure
        raise InputError("There is no such measure in this proceeding.")


@dataclass(frozen=True, slots=True)
class CaseState:
    """Everything both sides know about a case, in the order in which it happened."""

    case: str
    states: tuple[str, ...]
    proceedings: tuple[Proceeding, ...]
    items: tuple[Item, ...]
    timeline: tuple[Entry, ...]
    waiting: tuple[Waiting, ...]
    contradictions: tuple[Contradiction, ...]
    owed: tuple[Owed, ...]
    heads: tuple[tuple[str, str], ...] = field(metadata={"local": True})
    docket: Docket = field(repr=False, compare=False, metadata={"local": True})

    def proceeding(self, identifier: str) -> Proceeding:
        """The proceeding of that id.

        Raises:
            InputError: there is none.
        """
        for proceeding in self.proceedings:
            if proceeding.id == identifier:
                return proceeding
        raise InputError("There is no such proceeding in this case.")

    def item(self, identifier: str) -> Item:
        """The item of that id.

        Raises:
            InputError: there is none.
        """
        if identifier not in self.docket.items:
            raise InputError("There is no such item in this case.")
        return self.docket.items[identifier]

    def open_questions(self) -> tuple[Question, ...]:
        """The questions that wait for an answer, in the order in which they were asked."""
        return tuple(each for proceeding in self.proceedings for each in proceeding.questions if each.is_open)

    def conditions_of(self, item: str) -> tuple[Condition, ...]:
        """The conditions on an item, as they stand."""
        held = self.item(item)
        conditions = self.docket.proceedings[held.proceeding].conditions
        return tuple(conditions[name] for name in held.conditions)

    @property
    def ends(self) -> tuple[str, ...]:
        """The acts on which nothing builds yet, by the ids that copies share: what a circular act `follows`."""
        known = self.docket.known
        return tuple(sorted({known[letter][0] for letter, _ in self.heads if letter in known}))

    @property
    def closed(self) -> bool:
        """Whether nobody owes anything any more."""
        return bool(self.proceedings) and all(each.final for each in self.proceedings) and not self.owed

    def as_json(self) -> dict[str, JSON]:
        """The state as plain JSON: the same keys in the same order on every machine."""
        return {"version": RECORD_VERSION, "procedure": PROCEDURE_VERSION, **_object(self)}


def freeze(docket: Docket) -> CaseState:
    """The state that a docket holds. The docket must not be written to afterwards."""
    states = sorted({state for here in docket.proceedings.values() for state in here.sides})
    return CaseState(
        case=docket.case,
        states=tuple(states),
        proceedings=tuple(map(_frozen, docket.proceedings.values())),
        items=tuple(docket.items.values()),
        timeline=tuple(docket.entries.values()),
        waiting=docket.waiting,
        contradictions=docket.contradictions,
        owed=owed_in(docket),
        heads=docket.heads,
        docket=docket,
    )


def _frozen(here: OpenProceeding) -> Proceeding:
    if here.frozen is None:
        here.frozen = _froze(here)
    return here.frozen


def _froze(here: OpenProceeding) -> Proceeding:
    state = here.form.states[here.status]
    return Proceeding(
        id=here.id,
        kind=here.form.kind.value,
        title=here.form.title,
        status=here.status,
        status_title=state.title,
        final=state.final,
        since=here.since,
        opened_in=here.opened_in,
        variant=here.variant,
        sides=tuple(sorted(here.sides.items())),
        links=here.links,
        references=tuple(sorted(here.references.items())),
        request=here.request,
        measures=tuple(here.measures.values()),
        questions=tuple(here.questions.values()),
        consultations=tuple(here.consultations.values()),
        conditions=tuple(here.conditions.values()),
        assurances=tuple(here.assurances.values()),
        consents=tuple(here.consents),
        refusals=tuple(here.refusals),
        events=tuple(here.events),
        duties_met=tuple(here.met),
        facts={name: list(noted) for name, noted in here.facts.items()},
        team=_team(here.team) if here.team else None,
    )


def _team(team: Team) -> TeamState:
    return TeamState(
        members=team.members,
        clauses=tuple(team.clauses.values()),
        signed_by=team.signed_by,
        signed_digest=team.signed_digest,
        agreed_until=team.agreed_until,
        until=team.until,
        extension=team.extension,
        extension_agreed_by=team.extension_agreed_by,
        ending_agreed_by=team.ending_agreed_by,
        persons=tuple(team.persons.values()),
        agreement=agreement_digest(team),
    )


def _object(value: CaseState) -> dict[str, JSON]:
    return {each.name: _plain(getattr(value, each.name)) for each in _shared_fields(type(value))}


def _plain(value: object) -> JSON:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return value.value if isinstance(value, enum.Enum) else value
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return {each.name: _plain(getattr(value, each.name)) for each in _shared_fields(type(value))}


def _shared_fields(kind: type) -> tuple[dataclasses.Field[object], ...]:
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(each for each in dataclasses.fields(kind) if not each.metadata.get("local"))
    return _FIELDS[kind]


# Which fields of which class are written down; filled on first use, never changes.
_FIELDS: dict[type, tuple[dataclasses.Field[object], ...]] = {}
