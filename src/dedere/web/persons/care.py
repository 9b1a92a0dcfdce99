"""What is done for a person, in short: for the person's own page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.persons.protection import BINDING, Stage
from dedere.node.desk.attendance import attendances_of
from dedere.node.desk.protection import protection_of
from dedere.web.persons.words import ATTENDANCES, MEASURES, RISKS, Marked, marked, word

if TYPE_CHECKING:
    from dedere.node.accounts.queries import Officer
    from dedere.node.desk.attendance import AttendanceRow
    from dedere.node.persons.queries import PersonView


@dataclass(frozen=True, slots=True)
class Care:
    """The last assessment, the measures that stand, whether the person is a victim, where they come to."""

    risk: Marked | None
    measures: tuple[str, ...]
    victim: bool
    attendances: tuple[tuple[AttendanceRow, str], ...]


def care_of(officer: Officer, person: PersonView) -> Care:
    """What is done for one person of a case of this officer."""
    found = protection_of(officer, person.case_id, person.id)
    return Care(
        risk=marked(RISKS, found.assessments[0].level) if found.assessments else None,
        measures=tuple(word(MEASURES, each.kind) for each in found.measures if Stage(each.stage) in BINDING),
        victim="victim" in person.roles,
        attendances=tuple(
            (each, word(ATTENDANCES, each.kind)) for each in attendances_of(officer, person.case_id, person.id)
        ),
    )
