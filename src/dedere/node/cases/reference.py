"""Our own reference of a case: what stands on paper, e.g. `NL-2026-00017`."""

from __future__ import annotations

from dedere.node.cases.models import Case
from dedere.node.office import office


def next_reference(partner: str) -> str:
    """The next free reference of this year; the partner's code shows with whom, never about what.

    Cases on paper count for themselves (`…-P0001`). Call it inside the transaction that opens the case: the database
    serialises the writers.
    """
    year = office().clock.now().year
    prefix = f"{office().state}-{partner}-{year}-"
    found = Case.objects.filter(reference__startswith=prefix).exclude(reference__startswith=f"{prefix}P")
    last = found.order_by("-reference").first()
    number = int(last.reference.removeprefix(prefix)) + 1 if last else 1
    return f"{prefix}{number:05d}"
