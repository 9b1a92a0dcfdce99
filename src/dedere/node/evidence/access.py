"""Need to know for evidence: an item is seen with its case, or by the authority whose measure it came from."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from dedere.node.accounts.models import Officer
from dedere.node.cases.access import cases_of
from dedere.node.cases.models import Assignment
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence.models import Item


def require_item(officer: Officer, item_id: str) -> Item:
    """The item with its case, if this officer may see it.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    found = Item.objects.select_related("case").filter(pk=item_id).first()
    if found is None:
        raise UnknownObjectError
    given = Assignment.objects.filter(case=found.case_id, measure=found.measure, officer=officer)
    if not cases_of(officer).filter(pk=found.case_id).exists() and not (found.measure and given.exists()):
        raise UnknownObjectError
    return found


def items_called(name: str, *, case: str) -> QuerySet[Item]:
    """The item of a case that letters call by this name. There is one, unless two States gave the name to two parts."""
    return Item.objects.filter(Q(part=name) | Q(pk=name, part=""), case=case)
