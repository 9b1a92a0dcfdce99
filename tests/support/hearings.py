"""A hearing planned, an interview noted and custodians asked, in an office of tests; everybody is fictional."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.casework.persons.hearings import Plan
from dedere.node.cases.access import standing
from dedere.node.persons.actions import hearings, interviews

if TYPE_CHECKING:
    from support.offices import Bureau


def planned_and_asked(bureau: Bureau, case: str, person: str, *, days: int = 10) -> dict[str, str]:
    """A hearing in some days with its technical test behind it, and a question to the custodians: their identifiers."""
    by, now = standing(bureau["anna"], case), bureau.clock.now().replace(second=0, microsecond=0)
    plan = Plan(
        mode="video",
        zone_here="Europe/Amsterdam",
        zone_there="Africa/Dakar",
        place="Court room 3, Rotterdam",
        place_there="Salle 4, Palais de justice",
        summoned_by="District Court of Rotterdam (fictional)",
        interpreter="Fatou Sy (fictional)",
        present=("The investigating judge, facing the camera", "Counsel, on the left"),
        test_at=format_instant(now - dt.timedelta(hours=1)),
    )
    new = hearings.NewHearing(starts_at=now + dt.timedelta(days=days), minutes=90, plan=plan)
    hearing = hearings.plan_hearing(by=by, person_id=person, new=new)
    reason = "The court wants to spare the witness another interview."
    inquiry = interviews.ask_history(by=by, person_id=person, reason=reason)
    return {"hearing": hearing.pk, "inquiry": inquiry.pk}
