"""The worklist: unverified data by how much rests on it, so that a lawyer's next hour settles as much as possible.

A datum *carries* every rule that names it as its provision, and every finding of legal basis whose tree cites it,
counted over all kinds of request and all crimes of the instrument for one pair of States.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.reference import Status
from dedere.treaty.basis import instrument_basis
from dedere.treaty.model import Provision, Row
from dedere.treaty.question import BasisQuestion, checked
from dedere.treaty.register import PartyRow

if TYPE_CHECKING:
    import datetime as dt

    from dedere.treaty.law import Law
    from dedere.treaty.model import Instrument

_ANY_OFFENCE = ("GEN",)
_GISTS = ("gist", "ask", "what", "question", "name", "note", "rule")


@dataclass(frozen=True, slots=True)
class Work:
    """One datum to verify: `findings` and `rules` rest on it."""

    datum: str
    place: str
    status: Status
    confidence: str
    findings: int
    rules: int
    gist: str

    @property
    def weight(self) -> int:
        """What rests on it altogether."""
        return self.findings + self.rules

    def as_json(self) -> dict[str, object]:
        """As plain data."""
        return {
            "datum": self.datum,
            "place": self.place,
            "status": self.status.value,
            "confidence": self.confidence,
            "findings": self.findings,
            "rules": self.rules,
            "gist": self.gist,
        }


def worklist(law: Law, *, pair: tuple[str, str], on: dt.date, instrument: str = "") -> tuple[Work, ...]:
    """Unverified data, what carries most first.

    Args:
        law: the law; data that a review has verified are not listed.
        pair: the two States over whom findings are counted.
        on: the day.
        instrument: only this instrument; all when empty.

    Raises:
        LawQuestionError: an unknown State or instrument.
    """
    chosen = (law.instrument(instrument),) if instrument else tuple(law.instruments.values())
    found: list[Work] = []
    for each in chosen:
        cited = _cited(law, each, pair=pair, on=on)
        rules = _rules(law, each)
        found.extend(
            _work(law, row, findings=cited[row.datum], rules=rules[row.datum])
            for row in law.rows.values()
            if row.instrument == each.id and _unverified(row) and row is not each
        )
    found.sort(key=lambda work: (-work.weight, work.datum))
    return tuple(found)


def _unverified(row: Row | PartyRow) -> bool:
    demonstration = isinstance(row, PartyRow) and row.demonstration
    return row.status is not Status.READ and not row.verified_by and not demonstration


def _cited(law: Law, instrument: Instrument, *, pair: tuple[str, str], on: dt.date) -> Counter[str]:
    cited: Counter[str] = Counter()
    for function in instrument.functions:
        for crime in instrument.crimes or _ANY_OFFENCE:
            question = BasisQuestion(
                requesting=pair[0], requested=pair[1], function=function.request, crimes=(crime,), on=on
            )
            finding = instrument_basis(law, instrument, checked(law, question)).finding
            cited.update({reference.datum for reference in finding.all_references()})
    return cited


def _rules(law: Law, instrument: Instrument) -> Counter[str]:
    rules: Counter[str] = Counter()
    for row in law.rows.values():
        if isinstance(row, Row) and row.instrument == instrument.id and not isinstance(row, Provision):
            rules[row.datum] += 1
            rules[f"{instrument.id}/{row.provision}"] += 1
    return rules


def _work(law: Law, row: Row | PartyRow, *, findings: int, rules: int) -> Work:
    reference = law.reference_of(row)
    gist = next((str(getattr(row, name)) for name in _GISTS if getattr(row, name, "")), "")
    return Work(row.datum, reference.place, row.status, row.confidence.value, findings, rules, gist)
