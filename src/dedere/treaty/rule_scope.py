"""Which rows of an instrument concern a request: its kind, its measures, and the protocols that bind both States."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from dedere.base.finding import Outcome
from dedere.base.reference import Reference
from dedere.treaty.words import Measure, RequestKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dedere.treaty.law import Law
    from dedere.treaty.model import Check, Content, Duty, Ground, Limit
    from dedere.treaty.requestfile import RequestFile

    _AnyRow = TypeVar("_AnyRow", Content, Duty, Ground, Limit)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a rule must fit: kinds of request (empty: all), measures (empty: all), and which treaties bind.

    `treaties` says of a protocol inside an instrument whether it binds both States; what is absent is not known. What
    it says of an instrument's own convention is not looked at: where the instrument is relied on, the convention is
    taken to bind, since whether it does is the question of the legal basis, and a check of contents must not pass
    because a list of parties is old.
    """

    kinds: frozenset[str] = frozenset()
    measures: tuple[Measure, ...] = ()
    treaties: Mapping[str, Outcome] = field(default_factory=dict)

    def binds(self, row: _AnyRow) -> Outcome:
        """Whether the treaty that carries the row binds both States."""
        if not row.source_treaty or row.source_treaty == row.instrument:
            return Outcome.HOLDS
        return self.treaties.get(row.source_treaty, Outcome.UNSETTLED)

    def wants(self, row: _AnyRow) -> bool:
        """Whether the row concerns the kind of request and one of its measures, and may bind."""
        if self.kinds and row.request is not RequestKind.ANY and row.request.value not in self.kinds:
            return False
        if self.binds(row) is Outcome.DOES_NOT_HOLD:
            return False
        return concerns_measure(row, self.measures)


def treaties_relied_on(law: Law, request: RequestFile) -> dict[str, Outcome]:
    """Each treaty that the request names as its basis, taken to bind: whether it does is for the legal basis to say."""
    return {name: Outcome.HOLDS for name in request.instruments if name in law.treaties}


def concerns_measure(row: Content | Duty | Ground | Limit, measures: tuple[Measure, ...]) -> bool:
    """Whether a row without a measure, or for one of these or a wider one, concerns them; no measures means all."""
    wanted = getattr(row, "measure", None)
    return wanted is None or not measures or any(measure.refines(wanted) for measure in measures)


def measures_named(names: Iterable[str]) -> tuple[Measure, ...]:
    """The measures of these names; the request file's schema has the same words as the law."""
    return tuple(Measure(name) for name in names)


def replacing(row: Ground | Limit, rows: Iterable[_AnyRow]) -> Iterator[_AnyRow]:
    """The rows that carry a protocol's newer rule on the same point, told by the provision's id.

    `ext.lapse.ets212` replaces `ext.lapse`; `ext.fiscal` replaces `ext.fiscal.original` (law data, ids of provisions).
    """
    for other in rows:
        if other.instrument != row.instrument or other.provision == row.provision:
            continue
        newer = other.provision == f"{row.provision}.{other.source_treaty}"
        if (newer or row.provision == f"{other.provision}.original") and _same_point(row, other):
            yield other


def _same_point(row: Ground | Limit, other: object) -> bool:
    starts = getattr(row, "starts_on", None)
    return row.request == getattr(other, "request", None) and starts == getattr(other, "starts_on", None)


def check_reference(check: Check) -> Reference:
    """What a finding that rests on a practice check cites; its place says that it is practice, not law."""
    return Reference(
        place="practice", datum=check.id, source=check.source, status=check.status, confidence=check.confidence
    )


def treaty_name(law: Law, treaty: str) -> str:
    """What a lawyer calls a treaty inside an instrument, e.g. "CETS 212"."""
    found = law.treaties.get(treaty)
    return found.abbreviation if found is not None else treaty
