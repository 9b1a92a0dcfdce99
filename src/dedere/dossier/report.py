"""The report of a verification: numbered checks, each passed, indeterminate or failed, with what was found.

Where a signature is concerned the words are those of ETSI EN 319 102-1 (TOTAL-PASSED, INDETERMINATE, TOTAL-FAILED and
their sub-indications).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

REPORT_VERSION = "dedere-verification/1"


class Verdict(enum.StrEnum):
    """The three answers, from best to worst."""

    PASSED = "passed"
    INDETERMINATE = "indeterminate"
    FAILED = "failed"


_RANK = {verdict: rank for rank, verdict in enumerate(Verdict)}
EXIT_CODES = {Verdict.PASSED: 0, Verdict.FAILED: 1, Verdict.INDETERMINATE: 2}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of them; passed when there is none."""
    return max(verdicts, key=_RANK.__getitem__, default=Verdict.PASSED)


class Subject(enum.StrEnum):
    """What was verified."""

    DOSSIER = "dossier"
    LETTER = "letter"
    RECEIPT = "receipt"
    CARD = "card"
    CHECKPOINT = "checkpoint"
    COUNTERSIGNATURE = "countersignature"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something found by a check.

    `verdict` passed is a remark that does no harm. `member` names the file concerned, empty for the whole; `code` is a
    registered word where a rule of the protocol was broken; the indications are ETSI's, where they apply.
    """

    verdict: Verdict
    sentence: str
    member: str = ""
    code: str = ""
    indication: str = ""
    sub_indication: str = ""

    def as_json(self) -> dict[str, object]:
        """Plain data, always the same keys."""
        return {
            "verdict": self.verdict.value,
            "member": self.member,
            "sentence": self.sentence,
            "code": self.code,
            "indication": self.indication,
            "sub_indication": self.sub_indication,
        }


@dataclass(frozen=True, slots=True)
class Check:
    """One numbered check of the plan and what it found. `counted` is how many things it looked at."""

    number: int
    name: str
    question: str
    remarks: tuple[Remark, ...]
    counted: int = 0

    @property
    def verdict(self) -> Verdict:
        """The worst of its remarks."""
        return worst(remark.verdict for remark in self.remarks)

    def as_json(self) -> dict[str, object]:
        """Plain data, always the same keys."""
        return {
            "number": self.number,
            "name": self.name,
            "question": self.question,
            "verdict": self.verdict.value,
            "counted": self.counted,
            "findings": [remark.as_json() for remark in self.remarks],
        }


@dataclass(frozen=True, slots=True)
class Anchor:
    """A first card on which everything of a State rests. `compared`: its fingerprint was given by who verifies."""

    state: str
    name: str
    fingerprint: str
    compared: bool

    def as_json(self) -> dict[str, object]:
        """Plain data, always the same keys."""
        return {
            "state": self.state,
            "name": self.name,
            "fingerprint": self.fingerprint,
            "compared": self.compared,
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that the exporter left out and said so: its kind, identifier, SHA-256 and the reason given."""

    kind: str
    id: str
    sha256: str
    reason: str

    def as_json(self) -> dict[str, object]:
        """Plain data, always the same keys."""
        return {"kind": self.kind, "id": self.id, "sha256": self.sha256, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """The whole. `facts` are what the subject says of itself, for the reader, as far as it could be read."""

    subject: Subject
    name: str
    at: dt.datetime
    checks: tuple[Check, ...]
    anchors: tuple[Anchor, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The worst of its checks."""
        return worst(check.verdict for check in self.checks)

    def as_json(self) -> dict[str, object]:
        """Plain data, always the same keys."""
        return {
            "version": REPORT_VERSION,
            "kind": self.subject.value,
            "name": self.name,
            "at": format_instant(self.at),
            "verdict": self.verdict.value,
            "facts": dict(self.facts),
            "checks": [check.as_json() for check in self.checks],
            "anchors": [anchor.as_json() for anchor in self.anchors],
            "left_out": [item.as_json() for item in self.left_out],
        }
