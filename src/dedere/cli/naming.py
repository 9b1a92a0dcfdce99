"""Officers and cases as somebody at a terminal names them. Django is set up before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from dedere.base.errors import InputError
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import cases_of

if TYPE_CHECKING:
    from dedere.node.cases.models import Case


def officer_called(sign_in_name: str) -> Officer:
    """The officer at work who signs in under this name.

    Raises:
        InputError: there is none.
    """
    found = Officer.objects.filter(sign_in_name=sign_in_name, is_active=True).first()
    if found is None:
        raise InputError(f"No officer at work signs in as {sign_in_name!r}.")
    return found


def case_called(officer: Officer, name: str) -> Case:
    """The officer's case with this identifier, or under this reference of ours.

    Raises:
        InputError: there is none.
    """
    found = cases_of(officer).filter(Q(pk=name) | Q(reference=name)).first()
    if found is None:
        raise InputError(f"{officer.name} has part in no case called {name!r}.")
    return found
