"""The clocks of a case: which limit runs because of what, until when, and what happens at its end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.fold import fold
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_case
from dedere.node.cases.actions.record import recorded_acts
from dedere.node.cases.clocks import clocks_in

if TYPE_CHECKING:
    from dedere.base.reference import Reference
    from dedere.treaty.limits import Clock


@dataclass(frozen=True, slots=True)
class ClockRow:
    """One clock. `due` is the last day only where a verified number says so; `warn` the earliest it may be.

    `standing` is a code of the law's own; `over` says that it no longer matters.
    """

    gist: str
    event: str
    began: dt.date
    due: dt.date | None
    warn: dt.date | None
    standing: str
    over: bool
    consequence: str
    reason: str
    reference: Reference


def case_clocks(officer: Officer, case_id: str) -> tuple[ClockRow, ...]:
    """Every clock of the case, those that still run first, the soonest first.

    Raises:
        UnknownObjectError: the case is not this officer's.
    """
    case = require_case(officer, case_id)
    state = fold(case.pk, recorded_acts(case))
    rows = [clock_row(each.clock, over=each.over) for each in clocks_in(state, case.partner)]
    return tuple(sorted(rows, key=lambda row: (row.over, row.warn or dt.date.max)))


def clock_row(clock: Clock, *, over: bool) -> ClockRow:
    """A clock as pages show it."""
    at = clock.started.at
    return ClockRow(
        gist=clock.gist,
        event=clock.started.name,
        began=at.date() if isinstance(at, dt.datetime) else at,
        due=clock.due_day,
        warn=clock.warn_day,
        standing=clock.standing.value,
        over=over,
        consequence=clock.consequence,
        reason=clock.reason,
        reference=clock.reference,
    )
