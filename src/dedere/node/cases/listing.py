"""What lists and Today read of a case without opening its record: kept beside the state whenever that is computed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.node.cases.models import Case, Debt
from dedere.node.office import office

if TYPE_CHECKING:
    from dedere.casework.state import CaseState, Proceeding

_LONGEST_REFERENCE = 300


def note_listing(case: Case, state: CaseState) -> None:
    """Put on the case, which the caller saves, where it stands, who began it and how the other side refers to it."""
    own = office().state
    current = _current(state)
    case.stage = current.status if current else "draft"
    case.began_here = not state.timeline or state.timeline[0].sender == own
    references = (dict(each.references).get(case.partner, "") for each in state.proceedings)
    case.their_reference = next((each for each in references if each), "")[:_LONGEST_REFERENCE]


def note_debts(case: Case, state: CaseState) -> None:
    """Keep what this side owes as the letters stand; in a closed case nothing is owed."""
    own = office().state
    case.debts.all().delete()
    Debt.objects.bulk_create(
        Debt(case=case, kind=owed.kind, what=owed.what, due=dt.date.fromisoformat(owed.by) if owed.by else None)
        for owed in ([] if state.closed else state.owed)
        if owed.state == own
    )


def _current(state: CaseState) -> Proceeding | None:
    """The case's first unfinished proceeding, else its last."""
    unfinished = next((each for each in state.proceedings if not each.final), None)
    return unfinished or (state.proceedings[-1] if state.proceedings else None)
