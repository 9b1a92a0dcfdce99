"""The clocks of recorded cases: under which law and practice they run, and what they tell, each thing once.

A clock never acts. What it tells is kept beside the case with the key that names it, in one transaction with its audit
entry, so that a crash leads neither to silence nor to a second telling.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Q

from dedere.base.errors import InputError
from dedere.casework.clocks import CaseClock, ClockSetting, Firing, clocks_of, firings, next_telling
from dedere.casework.fold import fold
from dedere.casework.state import CaseState
from dedere.node.audit.actions import Happening, record
from dedere.node.cases.actions.record import recorded_acts
from dedere.node.cases.models import Case, Telling
from dedere.node.office import office
from dedere.treaty.limits import Place
from dedere.treaty.parties import treaties_between
from dedere.treaty.requestfile import request_from_tables

WORKER = "system:worker"
_CONVENTION = ("lhc",)
# A case is looked at now and then although nothing happened: a review of the law, or another setting, may have started
# a clock.
_LOOK_EVERY, _LOOK_AT_CLOSED_EVERY = dt.timedelta(days=1), dt.timedelta(days=90)


def clocks_in(state: CaseState, partner: str) -> tuple[CaseClock, ...]:
    """Every clock of the case under the law of this office, in its place."""
    now = office().clock.now()
    law, own = office().law, office().state
    setting = ClockSetting(
        instruments=_instruments(state),
        place=Place(office().home.place, own),
        now=now,
        treaties=treaties_between(law, own, partner, on=now.date()),
    )
    return clocks_of(state, law, setting=setting)


def cases_to_look_at() -> list[str]:
    """The cases in which a clock may have something to tell now."""
    now = office().clock.now()
    due = Case.objects.filter(Q(clocks_due_at=None) | Q(clocks_due_at__lte=now))
    return list(due.order_by("changed_at").values_list("pk", flat=True))


@transaction.atomic
def tell_clocks(case_id: str) -> int:
    """Tell what the clocks of a case have to tell now and told nobody yet; how many things that was."""
    case = Case.objects.select_for_update().get(pk=case_id)
    now, times = office().clock.now(), office().home.practice
    state = fold(case.pk, recorded_acts(case))
    clocks = clocks_in(state, case.partner)
    standing = {firing.key: firing for firing in firings(state, clocks, now=now, times=times)}
    told = set(case.tellings.values_list("key", flat=True))
    new = [firing for key, firing in standing.items() if key not in told]
    for firing in new:
        _tell(case, firing, now)
    case.tellings.filter(ended_at=None).exclude(key__in=standing).update(ended_at=now)
    following = next_telling(state, clocks, now=now, times=times)
    latest = now + (_LOOK_AT_CLOSED_EVERY if state.closed else _LOOK_EVERY)
    Case.objects.filter(pk=case.pk).update(clocks_due_at=min(following, latest) if following else latest)
    return len(new)


def _tell(case: Case, firing: Firing, now: dt.datetime) -> None:
    Telling.objects.create(
        case=case,
        key=firing.key,
        stage=firing.stage.value,
        proceeding=firing.proceeding,
        sentence=firing.sentence,
        due=dt.date.fromisoformat(firing.due) if firing.due else None,
        provision=firing.provision,
        verified=firing.verified,
        told_at=now,
    )
    details = {"stage": firing.stage.value, "key": firing.key}
    record(Happening(actor=WORKER, action="clock-told", subject=case.pk, case=case.pk, details=details))


def _instruments(state: CaseState) -> tuple[str, ...]:
    """The instruments that the case's requests rely on and the law knows; the Convention where there are none."""
    found: dict[str, None] = {}
    for proceeding in state.proceedings:
        found.update(dict.fromkeys(_relied_on(proceeding.request)))
    return tuple(name for name in found if name in office().law.instruments) or _CONVENTION


def _relied_on(tables: Mapping[str, object]) -> tuple[str, ...]:
    try:
        return request_from_tables(tables, name="letter").instruments
    except InputError:
        # Another State's request in another form: its clocks are those of the Convention.
        return ()
