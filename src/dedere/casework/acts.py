"""The acts of procedure: their kinds, and an act as the record of a case holds it.

An act is what one letter carries. Nothing here judges an act; `permitted` and `fold` do.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from dedere.base.clock import parse_instant, require_utc
from dedere.base.errors import InputError

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"
JSONObject: TypeAlias = Mapping[str, JSON]

ACT_VERSION = "dedere-act/1"


class Role(enum.StrEnum):
    """What an officer is in the office; permissions follow from it."""

    CASE_OFFICER = "case-officer"
    APPROVER = "approver"
    REGISTRAR = "registrar"
    EXECUTING_AUTHORITY = "executing-authority"
    CUSTODIAN = "custodian"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class ActKind(enum.StrEnum):
    """Every kind of act; `data/acts.toml` gives the body of each."""

    REQUEST = "request"
    ACKNOWLEDGEMENT = "acknowledgement"
    QUESTIONS = "questions"
    ANSWERS = "answers"
    SUPPLEMENT = "supplement"
    ACCEPTANCE = "acceptance"
    CONDITIONS = "conditions"
    CONDITIONS_REPLY = "conditions-reply"
    CONSULTATION = "consultation"
    CONSULTATION_REPLY = "consultation-reply"
    ASSURANCE_REQUEST = "assurance-request"
    ASSURANCE = "assurance"
    CONSENT_REQUEST = "consent-request"
    CONSENT = "consent"
    STATUS_QUESTION = "status-question"
    PROGRESS = "progress"
    RESULT = "result"
    CUSTODY_RECEIPT = "custody-receipt"
    RETURN = "return"
    RETURN_RECEIPT = "return-receipt"
    REFUSAL = "refusal"
    POSTPONEMENT = "postponement"
    RESUMPTION = "resumption"
    WITHDRAWAL = "withdrawal"
    CLOSURE = "closure"
    CORRECTION = "correction"
    NOTICE = "notice"
    INFORMATION = "information"
    NOTIFICATION = "notification"
    ARREST = "arrest"
    RELEASE = "release"
    PERSON_CONSENT = "person-consent"
    DECISION = "decision"
    SURRENDER_ARRANGEMENT = "surrender-arrangement"
    SURRENDER = "surrender"
    PROPERTY_HANDOVER = "property-handover"
    REFERRAL = "referral"
    OUTCOME = "outcome"
    TRANSIT_REPORT = "transit-report"
    INTEREST = "interest"
    CONSENT_VERIFICATION = "consent-verification"
    TRANSFER_ARRANGEMENT = "transfer-arrangement"
    TRANSFER = "transfer"
    ENFORCEMENT = "enforcement"
    REPORT = "report"
    PROPOSAL = "proposal"
    AMENDMENT = "amendment"
    CLAUSE_AGREEMENT = "clause-agreement"
    SIGNATURE = "signature"
    MEMBER_CHANGE = "member-change"
    EXTENSION = "extension"
    EXTENSION_AGREEMENT = "extension-agreement"
    TEAM_EVIDENCE = "team-evidence"
    EVALUATION = "evaluation"
    TEAM_END = "team-end"


class ProceedingKind(enum.StrEnum):
    """Every kind of proceeding; one file of `data/` describes each."""

    MLA = "mla"
    SPONTANEOUS_INFORMATION = "spontaneous-information"
    CONSULTATION = "consultation"
    NOTIFICATION = "notification"
    PROVISIONAL_ARREST = "provisional-arrest"
    EXTRADITION = "extradition"
    PROSECUTION = "prosecution"
    CONSENT = "consent"
    TRANSIT = "transit"
    TRANSFER = "transfer"
    JOINT_TEAM = "joint-team"


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What a letter says about one of its parts. `size` in bytes of the plain file, `sha256` of the plain file, hex."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    conditions: tuple[JSONObject, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedAct:
    """One letter of a case as the fold eats it: who, to whom, in answer to what, and the act itself.

    `answers` are pairs of letter id and container digest. `sequence` counts, from 1, the letters of this sender to
    this recipient in this case. `officer` is `{"name", "role", "approved_by": {"name", "role"} | None}`.
    """

    letter: str
    digest: str
    case: str
    proceeding: str
    sender: str
    recipient: str
    sequence: int
    answers: tuple[tuple[str, str], ...]
    sealed_at: dt.datetime
    kind: ActKind
    officer: JSONObject
    body: JSONObject
    parts: tuple[PartFacts, ...] = field(default=())
    # What follows from the fields above, worked out once because every reading of the letter asks for it.
    circular: str = field(init=False, compare=False, repr=False)
    is_copy: bool = field(init=False, compare=False, repr=False)
    acted_at: dt.datetime = field(init=False, compare=False, repr=False)
    written_at: str = field(init=False, compare=False, repr=False)
    # What reading the letter found out about it alone, empty until then: the digest of what its copies have in common,
    # and the shapes that its contents have been found to have.
    common: str = field(init=False, default="", compare=False, repr=False)
    shaped: object = field(init=False, default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Work out what follows from the fields.

        `circular` is the id that copies of one act to several States share, the letter's own id when there is one
        copy; the sender is part of it, so that nobody can take another's place. `is_copy`: whether the act went to
        more than one State. `acted_at`: when the act was made, that is when its letter was sealed, or as its copies
        say, which are sealed one by one; `written_at` is the same as text, as `base.clock.format_instant` writes it.

        Raises:
            InputError: the letter was sealed at an instant without a zone.
        """
        shared = self.body.get("circular")
        copied = isinstance(shared, str) and bool(shared)
        circular = f"{self.sender.lower()}.{shared}" if copied else self.letter
        is_copy = circular != self.letter
        object.__setattr__(self, "circular", circular)
        object.__setattr__(self, "is_copy", is_copy)
        acted_at = _said(self.body) if is_copy else self.sealed_at
        object.__setattr__(self, "acted_at", acted_at)
        object.__setattr__(self, "written_at", require_utc(acted_at).isoformat(timespec="seconds")[:19] + "Z")

    def note(self, *, common: str = "", shaped: object = None) -> None:
        """Keep what reading found out about the letter alone, so that it need not be found out again."""
        object.__setattr__(self, "common", common or self.common)
        object.__setattr__(self, "shaped", shaped or self.shaped)


def _said(body: JSONObject) -> dt.datetime:
    try:
        return parse_instant(str(body.get("circulated_at", "")))
    except InputError:
        return _NEVER


# The instant of a circular act that names none; the fold refuses such an act.
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def parse_kind(text: str) -> ActKind:
    """The kind of act called `text`.

    Raises:
        InputError: there is none of that name.
    """
    try:
        return ActKind(text)
    except ValueError as error:
        raise InputError(f"There is no kind of act called {text[:40]!r}.", code="act-kind-unknown") from error
