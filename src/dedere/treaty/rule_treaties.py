"""Which treaties inside an instrument bind both States: what contents, grounds and clocks have to know of protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.base.finding import Outcome, all_hold
from dedere.treaty.parties import bound

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from dedere.treaty.law import Law


def treaties_between(law: Law, states: Sequence[str], *, on: dt.date) -> Mapping[str, Outcome]:
    """For each protocol of each instrument, whether it binds all of these States on a day.

    Conventions that give an instrument its name are left out: whether they carry a request is the legal basis, which
    is found and stated elsewhere.

    Raises:
        LawQuestionError: an unknown State.
    """
    return {
        treaty.id: all_hold(bound(law, state, treaty=treaty.id, on=on).outcome for state in states)
        for treaty in law.treaties.values()
        if treaty.id != treaty.instrument
    }
