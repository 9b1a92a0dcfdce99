"""Honest numbers: time in our hands and in theirs, counted from the letters of the officer's cases.

A measure's time is split at the letters: what passes while the requested side has not answered is the requested side's.
Days are whole days between the sealing of two letters; the median and the ninth decile are of the measures counted,
whose number is always shown beside them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

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
    cases = list(found.only("partner", "state", "began_here"))
    return Numbers(_by_measure(cases), _by_month(cases), len(cases), office().clock.now())


def _by_measure(cases: Sequence[Case]) -> tuple[NumberRow, ...]:
    ours: dict[tuple[str, str], list[int]] = defaultdict(list)
    theirs: dict[tuple[str, str], list[int]] = defaultdict(list)
    count: dict[tuple[str, str], int] = defaultdict(int)
    still: dict[tuple[str, str], int] = defaultdict(int)
    for case in cases:
        hands = theirs if case.began_here else ours
        sealed = {
            text(entry, "letter"): parse_instant(text(entry, "sealed_at")) for entry in tables(case.state, "timeline")
        }
        for proceeding in proceedings(case):
            asked = sealed.get(text(proceeding, "opened_in"))
            for measure in tables(proceeding, "measures"):
                place = (case.partner, text(measure, "kind"))
                answered = sealed.get(text(measure, "letter"))
                count[place] += 1
                if text(measure, "status") in _FINISHED and asked and answered:
                    hands[place].append((answered - asked).days)
                else:
                    still[place] += 1
    return tuple(
        NumberRow(
            partner=place[0],
            measure=place[1],
            count=count[place],
            median_days_ours=_quantile(ours[place], 50),
            p90_ours=_quantile(ours[place], 90),
            median_days_theirs=_quantile(theirs[place], 50),
            p90_theirs=_quantile(theirs[place], 90),
            open=still[place],
        )
        for place in sorted(count)
    )


_FINISHED = frozenset({"executed", "partly-executed", "not-executed", "refused"})


def _by_month(cases: Sequence[Case]) -> tuple[MonthRow, ...]:
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for case in cases:
        for entry in tables(case.state, "timeline"):
            month = text(entry, "sealed_at")[:7]
            if text(entry, "kind") == ActKind.REQUEST:
                counted[month][0 if text(entry, "sender") == office().state else 1] += 1
            elif text(entry, "kind") == ActKind.CLOSURE and text(entry, "status") == "applied":
                counted[month][2] += 1
    return tuple(MonthRow(month, *counted[month]) for month in sorted(counted, reverse=True))


def _quantile(days: Sequence[int], percent: int) -> int | None:
    """The smallest value that at least `percent` of the values do not exceed."""
    if not days:
        return None
    ordered = sorted(days)
    place = -(-len(ordered) * percent // 100)
    return ordered[max(0, place - 1)]
