"""A case written letter by letter: the shortest way to a record for the fold. All names are fictional."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from dedere.casework.acts import ActKind, PartFacts, RecordedAct
from dedere.casework.fold import fold
from dedere.casework.permitted import check_act

if TYPE_CHECKING:
    from dedere.casework.acts import JSON, JSONObject
    from dedere.casework.state import CaseState

CASE = "case-of-the-fictional-mill"
START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)

OFFICERS: dict[str, tuple[str, str]] = {
    "NL": ("Officer Van Dijk (fictional)", "Officer Bakker (fictional)"),
    "SN": ("Officer Diop (fictional)", "Officer Fall (fictional)"),
    "SI": ("Officer Novak (fictional)", "Officer Kos (fictional)"),
    "MN": ("Officer Bat (fictional)", "Officer Saran (fictional)"),
}


def officer_of(state: str, role: str = "case-officer") -> dict[str, JSON]:
    """An officer of a State with the approval of a second one."""
    name, second = OFFICERS[state]
    return {"name": name, "role": role, "approved_by": {"name": second, "role": "approver"}}


def digest_of(text: str) -> str:
    """The SHA-256 of a text, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def part(name: str, *, conditions: tuple[JSONObject, ...] = (), identifier: str = "") -> PartFacts:
    """A part whose digest is that of its name."""
    return PartFacts(identifier or f"part-{name}", f"{name}.pdf", "application/pdf", 1000, digest_of(name), conditions)


class Correspondence:
    """Writes letters between States; every letter answers everything its sender has seen, unless told otherwise."""

    def __init__(self, *, case: str = CASE, at: dt.datetime = START) -> None:
        self.case = case
        self.at = at
        self.letters: list[RecordedAct] = []
        self.proceeding = "p1"
        self._sequences: dict[tuple[str, str], int] = {}

    def compose(
        self,
        kind: str,
        body: JSONObject,
        *,
        by: str,
        to: str,
        seen: tuple[RecordedAct, ...] | None = None,
        parts: tuple[PartFacts, ...] = (),
        role: str = "case-officer",
        officer: JSONObject | None = None,
        after: dt.timedelta = dt.timedelta(days=1),
        proceeding: str = "",
    ) -> RecordedAct:
        """A letter that is not yet part of the case."""
        seen = tuple(self.letters) if seen is None else seen
        answered = {name for letter in seen for name, _ in letter.answers}
        number = len(self.letters) + 1
        return RecordedAct(
            letter=f"letter-{number}-{by.lower()}",
            digest=digest_of(f"letter-{number}-{by}-{kind}"),
            case=self.case,
            proceeding=proceeding or self.proceeding,
            sender=by,
            recipient=to,
            sequence=self._sequences.get((by, to), 0) + 1,
            answers=tuple((each.letter, each.digest) for each in seen if each.letter not in answered),
            sealed_at=self.at + after,
            kind=ActKind(kind),
            officer=officer if officer is not None else officer_of(by, role),
            body=body,
            parts=parts,
        )

    def add(self, letter: RecordedAct) -> RecordedAct:
        """Make the letter part of the case."""
        self.letters.append(letter)
        self._sequences[letter.sender, letter.recipient] = letter.sequence
        self.at = max(self.at, letter.sealed_at)
        return letter

    # The keywords are those of `compose`.
    def write(self, kind: str, body: JSONObject, *, by: str, to: str, **more: object) -> RecordedAct:
        """Write a letter that the procedure must permit, and make it part of the case."""
        letter = self.compose(kind, body, by=by, to=to, **more)  # type: ignore[arg-type] # checked by compose itself
        check_act(self.state(), letter)
        return self.add(letter)

    def state(self) -> CaseState:
        """The case as it stands."""
        return fold(self.case, self.letters)
