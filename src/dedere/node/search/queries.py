"""Finding cases by words. The caller narrows what is found to the cases that one officer may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.node.search.indexing import passages_with
from dedere.node.search.models import Passage
from dedere.node.search.words import asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from dedere.node.accounts.models import Officer


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A kept search: its name, and the query of the list's address."""

    name: str
    query: str


def cases_with(text: str) -> Iterator[tuple[str, QuerySet[Passage, str]]]:
    """Each word that somebody typed, and the cases in which a word begins so."""
    for typed, words in asked(text):
        yield typed, Passage.objects.filter(pk__in=passages_with(words)).values_list("case", flat=True)


def views(officer: Officer) -> tuple[ViewRow, ...]:
    """The officer's kept searches, by name."""
    return tuple(ViewRow(each.name, each.query) for each in officer.views.all())
