"""Honest numbers: time in our hands and in theirs, counted from the letters of the officer's cases.

A measure's time is split at the letters: what passes while the requested side has not answered is the requested side's.
Days are whole days between the sealing of two letters; the median and the ninth decile are of the measures counted,
whose number is always shown beside them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from dedere.base.clock import parse_instant
from dedere.casework.acts import ActKind, Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import CASE_ROLES, require_role
from dedere.node.cases.access import cases_of
from dedere.node.cases.models import Case
from dedere.node.desk.recorded import proceedings, tables, text
from dedere.node.office import office


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One measure with one State. Days are None where nothing was finished on that side."""

    partner: str
    measure: str
    count: int
    median_days_ours: int | None
    p90_ours: int | None
    median_days_theirs: int | None
    p90_theirs: int | None
    open: int


@dataclass(frozen=True, slots=True)
class MonthRow:
    """Requests of one month, as "2026-11"."""

    month: str
    sent: int
    received: int
    closed: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything counted, and when."""

    rows: tuple[NumberRow, ...]
    by_month: tuple[MonthRow, ...]
    cases: int
    computed_at: dt.datetime


def numbers(officer: Officer) -> Numbers:
    """Figures over the cases in which the officer has part; an auditor counts over all, without seeing any.

    Raises:
        PermissionRefusedError: the officer neither works on cases nor audits.
    """
    require_role(officer, *CASE_ROLES, Role.AUDITOR)
    found = Case.objects.all() if officer.holds(Role.AUDITOR) else cases_of(officer)
    tally = _Tally()
    # Case by case: the records of all cases together may be larger than this machine's memory.
    for case in found.only("partner", "state", "began_here").iterator(chunk_size=_AT_A_TIME):
        tally.add(case)
    return Numbers(tally.by_measure(), tally.by_month(), tally.cases, office().clock.now())


_AT_A_TIME = 100
_Place = tuple[str, str]


@dataclass(slots=True)
class _Tally:
    """What was counted so far: days and measures by State and measure, requests by month."""

    cases: int = 0
    ours: dict[_Place, list[int]] = field(default_factory=lambda: defaultdict(list))
    theirs: dict[_Place, list[int]] = field(default_factory=lambda: defaultdict(list))
    count: dict[_Place, int] = field(default_factory=lambda: defaultdict(int))
    still: dict[_Place, int] = field(default_factory=lambda: defaultdict(int))
    months: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))

    def add(self, case: Case) -> None:
        """Count one case."""
        self.cases += 1
        self._add_measures(case)
        for entry in tables(case.state, "timeline"):
            month = text(entry, "sealed_at")[:7]
            if text(entry, "kind") == ActKind.REQUEST:
                self.months[month][0 if text(entry, "sender") == office().state else 1] += 1
            elif text(entry, "kind") == ActKind.CLOSURE and text(entry, "status") == "applied":
                self.months[month][2] += 1

    def _add_measures(self, case: Case) -> None:
        hands = self.theirs if case.began_here else self.ours
        sealed = {
            text(entry, "letter"): parse_instant(text(entry, "sealed_at")) for entry in tables(case.state, "timeline")
        }
        for proceeding in proceedings(case):
            asked = sealed.get(text(proceeding, "opened_in"))
            for measure in tables(proceeding, "measures"):
                place = (case.partner, text(measure, "kind"))
                answered = sealed.get(text(measure, "letter"))
                self.count[place] += 1
                if text(measure, "status") in _FINISHED and asked and answered:
                    hands[place].append((answered - asked).days)
                else:
                    self.still[place] += 1

    def by_measure(self) -> tuple[NumberRow, ...]:
        """The rows of the first table, by State and measure."""
        return tuple(
            NumberRow(
                partner=place[0],
                measure=place[1],
                count=self.count[place],
                median_days_ours=_quantile(self.ours[place], 50),
                p90_ours=_quantile(self.ours[place], 90),
                median_days_theirs=_quantile(self.theirs[place], 50),
                p90_theirs=_quantile(self.theirs[place], 90),
                open=self.still[place],
            )
            for place in sorted(self.count)
        )

    def by_month(self) -> tuple[MonthRow, ...]:
        """The rows of the second, the newest month first."""
        return tuple(MonthRow(month, *self.months[month]) for month in sorted(self.months, reverse=True))


_FINISHED = frozenset({"executed", "partly-executed", "not-executed", "refused"})


def _quantile(days: Sequence[int], percent: int) -> int | None:
    """The smallest value that at least `percent` of the values do not exceed."""
    if not days:
        return None
    ordered = sorted(days)
    place = -(-len(ordered) * percent // 100)
    return ordered[max(0, place - 1)]
