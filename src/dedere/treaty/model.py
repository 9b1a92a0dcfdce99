"""The rows of an instrument as frozen values, as the data files hold them: see docs/law/schema.md for every key.

Every row knows its instrument, its provision, how far it is known (`status`, `confidence`) and, when a legal officer
has compared it with the authentic text, by whom (`verified_by`). A gist is a paraphrase, never the text.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.base.reference import Confidence, Status
    from dedere.treaty.quantity import Candidate, Quantity
    from dedere.treaty.words import (
        Alternative,
        Applies,
        ConductBefore,
        Effect,
        Force,
        Lasting,
        Measure,
        Need,
        Phase,
        RequestKind,
        Requires,
        Rounding,
        SetBy,
        Severity,
        Side,
        StatementKind,
        Urgency,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What all rows share. `provision` is the id of the provision that carries the rule, in the same instrument."""

    instrument: str
    id: str
    status: Status
    confidence: Confidence
    provision: str = ""
    source_treaty: str = ""
    source: str = ""
    model: str = ""
    note: str = ""
    verified_by: str = ""
    absent: bool = False

    @property
    def datum(self) -> str:
        """The stable id across all files, e.g. `lhc/ext.ground.national`."""
        return f"{self.instrument}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision(Row):
    """One article or part of one. `article` is as cited; for the LHC a working number unless reported."""

    article: str
    title: str
    gist: str
    article_status: Status | None = None
    article_confidence: Confidence | None = None
    read_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crime(Row):
    """A crime within the scope of an instrument. `id` is its code, `word` its name in commands and files.

    `defined_by` are facts without which conduct does not fall under it, whatever it is called.
    """

    word: str
    name: str
    definition_article: str
    annex: str = ""
    model_definition: str = ""
    acts: tuple[str, ...] = ()
    defined_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct(Row):
    """Conduct called by one name (`crime`, a code, a label, or `*`) that may fall under another crime (`under`).

    `facts` must all be true for that; `question` asks for them.
    """

    crime: str
    under: str
    facts: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element(Row):
    """A condition of scope that a fact of the case decides. Empty `requests` or `crimes` mean all."""

    requests: tuple[RequestKind, ...] = ()
    crimes: tuple[str, ...] = ()
    fact: str
    question: str
    if_yes: str
    if_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Row):
    """A kind of request that the instrument can carry (`carries`), and the Part it stands in."""

    request: RequestKind
    carries: bool
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content(Row):
    """What a request must contain."""

    request: RequestKind
    need: Need
    field: str
    ask: str
    why: str
    if_missing: str
    measure: Measure | None = None
    except_measures: tuple[Measure, ...] = ()
    applies_to: Applies | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(Row):
    """A ground of refusal or postponement, or one that may not be used. `curable_by` is an assurance's id or ""."""

    request: RequestKind
    force: Force
    effect: Effect
    title: str
    gist: str
    curable_by: str
    alternatives: tuple[Alternative, ...]
    measure: Measure | None = None
    force_candidates: tuple[Force, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assurance(Row):
    """What a State can promise, and for which requests."""

    given_by: Side
    requests: tuple[RequestKind, ...]
    gist: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Row):
    """A time limit between two events. No `length`: a standard without a number, or not settled (`candidates`)."""

    request: RequestKind
    gist: str
    starts_on: str
    ends: str
    if_passed: str
    set_by: SetBy
    length: Quantity | None = None
    candidates: tuple[Candidate, ...] = ()
    rounding: Rounding | None = None
    adjustable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold(Row):
    """A quantity that is not a time limit."""

    request: RequestKind
    what: str
    if_below: str
    value: Quantity | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Row):
    """What a State must do when an event happens."""

    request: RequestKind
    gist: str
    on_event: str
    owed_by: Side
    measure: Measure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Row):
    """A form of cooperation. `coercive`: force against a person, place or property is typical."""

    request: RequestKind
    name: str
    gist: str
    coercive: bool
    conditions: tuple[str, ...]
    measure: Measure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel(Row):
    """A way by which requests travel. `functions` are request kinds, also `police-cooperation`."""

    name: str
    gist: str
    urgency: Urgency
    requires: Requires
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationKind(Row):
    """A reservation, declaration or notification that the instrument allows. `reciprocal` None: not established."""

    kind: StatementKind
    to: str
    gist: str
    when: str
    duration: Quantity | Lasting
    renewable: bool
    reciprocal: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryIntoForce(Row):
    """When a treaty enters into force: in general, and for a State that comes later.

    `since` is the general date where it is settled. `instruments` None: the number is not settled (`candidates`)
    or another rule applies. `later` is the time after a State's own deposit.
    """

    rule: str
    instruments: int | None = None
    candidates: tuple[tuple[int, str], ...] = ()
    since: dt.date | None = None
    since_status: Status | None = None
    after: Quantity | None = None
    later: Quantity | None = None
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal(Row):
    """How long after notice a withdrawal takes effect."""

    after: Quantity
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyList(Row):
    """How far the list of parties is known: complete as copied on `as_of`, or not at all.

    `statements`: whether it includes reservations and declarations.
    """

    complete: bool
    statements: bool
    as_of: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Temporal(Row):
    """Whether conduct before entry into force is covered."""

    conduct_before: ConductBefore


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexRule(Row):
    """How annexed crimes come to bind. `notice` is the provision on the notice."""

    rule: str
    notice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Treaty:
    """One treaty. An instrument is one treaty, or a convention with its protocols."""

    id: str
    instrument: str
    abbreviation: str
    title: str
    adopted: dt.date
    entry_into_force: EntryIntoForce
    withdrawal: Withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument(Row):
    """An instrument with all its rows. Rows that a review found not to exist are left out."""

    abbreviation: str
    short: str
    title: str
    adopted: dt.date
    opened_for_signature: dt.date | None = None
    depositary: str
    authentic_languages: tuple[str, ...]
    authentic_languages_status: Status
    text_source: str
    crimes_covered: str
    revision: int
    articles_total: int | None = None
    parts_total: int | None = None
    annexes_total: int | None = None
    treaties: Mapping[str, Treaty]
    party_list: PartyList
    temporal: Temporal
    annexes: AnnexRule | None = None
    provisions: Mapping[str, Provision]
    functions: tuple[Function, ...] = ()
    crimes: Mapping[str, Crime] = field(default_factory=dict)
    conduct: tuple[Conduct, ...] = ()
    elements: tuple[Element, ...] = ()
    contents: tuple[Content, ...] = ()
    grounds: tuple[Ground, ...] = ()
    assurances: Mapping[str, Assurance] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    duties: tuple[Duty, ...] = ()
    forms: tuple[Form, ...] = ()
    channels: tuple[Channel, ...] = ()
    reservation_kinds: Mapping[str, ReservationKind] = field(default_factory=dict)

    @property
    def datum(self) -> str:
        """The stable id of the table that describes the instrument itself."""
        return f"{self.id}/instrument"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check that comes from practice, never from the law; its reference says so."""

    id: str
    applies_to: tuple[str, ...]
    phase: Phase
    check: str
    why: str
    severity: Severity
    fields: tuple[str, ...]
    source: str
    status: Status
    confidence: Confidence
