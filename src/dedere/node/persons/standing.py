"""An officer with part in a case: what every write about a person of that case starts from.

Persons stand below cases and cannot ask who has part in one. A `Standing` is made by `dedere.node.cases.access` after
it asked, and by nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass

from dedere.node.accounts.models import Officer
from dedere.node.errors import UnknownObjectError
from dedere.node.persons.models import Person


@dataclass(frozen=True, slots=True)
class Standing:
    """This officer has part in this case, and `partner` is the State on its other side."""

    officer: Officer
    case: str
    partner: str

    def person(self, person_id: str) -> Person:
        """One person of the case.

        Raises:
            UnknownObjectError: the case has no such person.
        """
        found = Person.objects.filter(case=self.case, pk=person_id).first()
        if found is None:
            raise UnknownObjectError
        return found
