"""The things a proceeding is made of: measures, questions, consultations, conditions, assurances, items, events.

Frozen values; the fold replaces them. Every one names, in `letter`, the act that made it. Dates are ISO dates and
instants RFC 3339 text, since all of it is written down as plain JSON.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedere.casework.acts import JSONObject


class ConditionStatus(enum.StrEnum):
    """How far a condition of use has come."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LIFTED = "lifted"


class AssuranceStatus(enum.StrEnum):
    """How far an assurance has come."""

    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"


class EntryStatus(enum.StrEnum):
    """What the fold made of a letter."""

    APPLIED = "applied"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class Measure:
    """One form of assistance asked for, and how far it has come. `status` is a measure state of the proceeding."""

    id: str
    kind: str
    title: str
    status: str
    letter: str
    authority: str = ""
    expected_on: str = ""
    postponed_until: str = ""
    result: str = ""
    carried_out_on: str = ""
    deadline: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, answered on its own. `answer` is empty until then; `dropped` when nobody need answer any more."""

    id: str
    text: str
    asked_by: str
    letter: str
    asked_at: str
    measure: str = ""
    field: str = ""
    provision: str = ""
    answer_by: str = ""
    answer: str = ""
    answered_in: str = ""
    dropped: bool = False

    @property
    def is_open(self) -> bool:
        """Whether an answer is still owed."""
        return not self.answered_in and not self.dropped


@dataclass(frozen=True, slots=True)
class Consultation:
    """One consultation. `measures` empty means the whole proceeding; `reply_by` is a date or empty."""

    id: str
    about: str
    by: str
    text: str
    letter: str
    opened_on: str
    measures: tuple[str, ...] = ()
    reply_by: str = ""
    reply: str = ""
    replied_in: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a reply is still owed."""
        return not self.replied_in


@dataclass(frozen=True, slots=True)
class Condition:
    """A limit on use that one side attached and the other accepts or declines."""

    id: str
    kind: str
    text: str
    set_by: str
    status: ConditionStatus
    letter: str
    purposes: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    by: str = ""
    provision: str = ""
    items: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    accepted_by: tuple[str, ...] = ()
    replied_in: str = ""

    def waits_for(self, state: str) -> bool:
        """Whether this State still has to accept or decline it."""
        return self.status is ConditionStatus.PROPOSED and state != self.set_by and state not in self.accepted_by

    @property
    def binds(self) -> bool:
        """Whether it must be kept: accepted, or proposed with an item that has already been sent."""
        return self.status in {ConditionStatus.ACCEPTED, ConditionStatus.PROPOSED}


@dataclass(frozen=True, slots=True)
class Assurance:
    """An assurance asked for, given or declined."""

    id: str
    kind: str
    text: str
    status: AssuranceStatus
    asked_by: str
    letter: str
    given_by: str = ""
    authority: str = ""
    provision: str = ""
    replied_in: str = ""


@dataclass(frozen=True, slots=True)
class ConsentQuestion:
    """A State asks another to lift conditions for a stated use. `granted` is empty, "yes" or "no"."""

    letter: str
    asked_by: str
    conditions: tuple[str, ...]
    use: str
    reply_by: str = ""
    granted: str = ""
    replied_in: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A part that was sent as evidence. `id` is the part's id, `size` in bytes, `sha256` of the plain file.

    `returned_in` is the letter that told of the last return.
    """

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    proceeding: str
    letter: str
    sent_by: str
    sent_to: tuple[str, ...]
    description: str = ""
    measure: str = ""
    conditions: tuple[str, ...] = ()
    derived_from: tuple[str, ...] = ()
    signed_for: tuple[str, ...] = ()
    damaged_for: tuple[str, ...] = ()
    returned_by: tuple[str, ...] = ()
    taken_back_from: tuple[str, ...] = ()
    returned_in: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something the law counts from: `event` in the law's own vocabulary, `on` a date, `by` the State it concerns."""

    event: str
    on: str
    at: str
    by: str
    letter: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal with everything it needs: what it refuses, on which grounds as quoted, why, and what was tried."""

    letter: str
    by: str
    measures: tuple[str, ...]
    offences: tuple[str, ...]
    consultation: str
    grounds: tuple[JSONObject, ...]
    reasons: str
    alternatives: tuple[JSONObject, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a team's agreement in its latest version, and which States agree to that version."""

    id: str
    title: str
    text: str
    version: int
    proposed_by: str
    agreed_by: tuple[str, ...]
    values: JSONObject | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline: a letter and what the fold made of it.

    `transitions` are the ids of the steps it took; when it took none, `rule` and `sentence` say why.
    """

    letter: str
    digest: str
    proceeding: str
    kind: str
    title: str
    sender: str
    recipients: tuple[str, ...]
    sequence: int
    sealed_at: str
    officer: str
    role: str
    approved_by: str
    status: EntryStatus
    transitions: tuple[str, ...] = ()
    provision: str = ""
    rule: str = ""
    sentence: str = ""
    corrected_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that came before something it answers or follows. It has no effect until that is here."""

    letter: str
    kind: str
    proceeding: str
    sender: str
    sequence: int
    sealed_at: str
    answers_missing: tuple[str, ...]
    sequence_missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two letters that cannot both be what their sender said: proof of equivocation. The first of the two counts."""

    sender: str
    about: str
    digests: tuple[str, ...]
