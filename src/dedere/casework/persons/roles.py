"""What a person can be in a case, and what each role brings about by law.

The rights of a person stand in treaties as duties of States. Which events a role stands for is said here; which duties
those events bring about, owed by whom and how well that is known, comes from the law's data alone.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from dedere.treaty.duties import DutyQuestion, OwedDuty, duties_owed
from dedere.treaty.limits import Event

if TYPE_CHECKING:
    from dedere.treaty.law import Law


class PersonRole(enum.StrEnum):
    """A person's role in a case."""

    SUSPECT = "suspect"
    ACCUSED = "accused"
    PERSON_SOUGHT = "person-sought"
    CONVICTED = "convicted"
    VICTIM = "victim"
    WITNESS = "witness"
    EXPERT = "expert"
    INFORMANT = "informant"
    RELATIVE = "relative"
    THIRD_PARTY = "third-party"


_AT_RISK = ("witness.at-risk",)
_PROCEEDED_AGAINST = ("suspect.present", "suspect.in-custody", "proceedings.against-person")
EVENTS: Mapping[PersonRole, tuple[str, ...]] = {
    PersonRole.SUSPECT: _PROCEEDED_AGAINST,
    PersonRole.ACCUSED: _PROCEEDED_AGAINST,
    PersonRole.PERSON_SOUGHT: (*_PROCEEDED_AGAINST, "arrest.provisional-requested"),
    PersonRole.CONVICTED: ("person.sentenced", "transfer.interest-expressed", "transfer.step-taken"),
    PersonRole.VICTIM: ("victim.involved", *_AT_RISK),
    PersonRole.WITNESS: (*_AT_RISK, "hearing.held"),
    PersonRole.EXPERT: (*_AT_RISK, "hearing.held"),
    PersonRole.INFORMANT: _AT_RISK,
    PersonRole.RELATIVE: _AT_RISK,
    PersonRole.THIRD_PARTY: (),
}


def duties_to(
    law: Law, roles: Iterable[str], *, instruments: tuple[str, ...], on: dt.date, kinds: frozenset[str] = frozenset()
) -> tuple[OwedDuty, ...]:
    """What the instruments make States owe to a person with these roles, each duty once, in the order of the roles.

    A role of another State's that is not known here brings nothing about.
    """
    known = [PersonRole(role) for role in roles if role in set(PersonRole)]
    events = [Event(name, on) for name in dict.fromkeys(name for role in known for name in EVENTS[role])]
    found: dict[str, OwedDuty] = {}
    for duty in duties_owed(law, events, question=DutyQuestion(instruments=instruments, kinds=kinds)):
        found.setdefault(duty.datum, duty)
    return tuple(found.values())
