"""What is written to the index, and an officer's own views."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from dedere.base.errors import InputError
from dedere.node.persons.guard import require_clean
from dedere.node.persons.refusals import logs_refusals
from dedere.node.search.models import Passage, SavedView
from dedere.node.search.words import indexed, texts_in

if TYPE_CHECKING:
    from dedere.node.accounts.models import Officer

VIEWS_AT_MOST = 30
# What the list of cases can be narrowed by; a view holds nothing else.
VIEW_MEMBERS = ("text", "partner", "direction", "stage")
_LONGEST_VALUE = 200
_LONGEST_QUERY = 600


def index_passage(*, source: str, case: str, content: object) -> None:
    """Make every text in `content` (plain data, any depth) findable as part of a case; again replaces it.

    It belongs into the transaction that writes the content. What must not be found (a protected name) is not given.
    """
    passage = Passage(source=source, case=case, words=indexed(list(texts_in(content))))
    Passage.objects.bulk_create(
        [passage], update_conflicts=True, unique_fields=["source"], update_fields=["case", "words"]
    )


def forget_passage(*, source: str) -> None:
    """Take a thing out of the index."""
    Passage.objects.filter(source=source).delete()


@logs_refusals
@transaction.atomic
def save_view(*, by: Officer, name: str, query: str) -> None:
    """Keep a search under a name; the same name again replaces it.

    Raises:
        InputError: no name, nothing that narrows the list, too many views, or it gives a protected person away.
    """
    name = " ".join(name.split())[:80]
    given = dict(parse_qsl(query[: _LONGEST_QUERY * 4]))
    narrowed = {member: given[member][:_LONGEST_VALUE] for member in VIEW_MEMBERS if given.get(member)}
    text = urlencode(narrowed)
    if not name:
        raise InputError("Give the view a name.")
    if not narrowed or len(text) > _LONGEST_QUERY:
        raise InputError("Narrow the list first: a view keeps what narrows it.")
    if by.views.count() >= VIEWS_AT_MOST and not by.views.filter(name=name).exists():
        raise InputError(f"You keep {VIEWS_AT_MOST} views: remove one first.")
    typed = {"The name of the view": name, "What is searched for": narrowed.get("text", "")}
    require_clean(by=by, case="", texts=typed, leaving=True)
    SavedView.objects.update_or_create(officer=by, name=name, defaults={"query": text})


@transaction.atomic
def remove_view(*, by: Officer, name: str) -> None:
    """Forget one of the officer's views."""
    by.views.filter(name=name).delete()
