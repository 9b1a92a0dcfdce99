"""Finding cases by words. The caller narrows what is found to the cases that one officer may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models.expressions import RawSQL

from dedere.node.search.models import Passage
from dedere.node.search.words import asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from dedere.node.accounts.models import Officer

# The index is SQLite's FTS5 (see the first migration); its own table name stands for the match.
_MATCHING = "SELECT rowid FROM search_index WHERE search_index MATCH %s"


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A kept search: its name, and the query of the list's address."""

    name: str
    query: str


def cases_with(text: str) -> Iterator[tuple[str, QuerySet[Passage, str]]]:
    """Each word that somebody typed, and the cases in which a word begins so."""
    for typed, words in asked(text):
        phrase = '"' + " ".join(words) + '" *'
        matching = RawSQL(_MATCHING, [phrase])  # noqa: S611 - the words are a parameter, and hold only letters and digits
        yield typed, Passage.objects.filter(pk__in=matching).values_list("case", flat=True)


def views(officer: Officer) -> tuple[ViewRow, ...]:
    """The officer's kept searches, by name."""
    return tuple(ViewRow(each.name, each.query) for each in officer.views.all())
