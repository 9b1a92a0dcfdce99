"""Pages of lists: a slice of what a query finds, and how many pages there are, at a cost that does not grow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

# So far a list is counted and can be turned over; whoever looks for more narrows it.
COUNTED = 10_000

_Row = TypeVar("_Row", bound="Model")


@dataclass(frozen=True, slots=True)
class Paged(Generic[_Row]):
    """One page of a list. `total` is exact up to `COUNTED`, and one more where there is more."""

    rows: tuple[_Row, ...]
    page: int
    pages: int
    total: int


def paged(found: QuerySet[_Row], page: int, *, size: int) -> Paged[_Row]:
    """The page of that number, the nearest one there is; `found` is in the order of the list."""
    total = found.order_by()[: COUNTED + 1].count()
    pages = max(1, -(-min(total, COUNTED) // size))
    page = min(max(1, page), pages)
    start = (page - 1) * size
    # Which rows, first: what is sorted is then no heavier than their keys.
    keys = list(found.values_list("pk", flat=True)[start : start + size])
    return Paged(tuple(found.filter(pk__in=keys)), page, pages, total)
