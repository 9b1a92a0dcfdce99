"""Links to the content of an item: made after a look or a copy was logged, for one officer, and short-lived."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.core import signing
from django.urls import reverse

from dedere.node.errors import UnknownObjectError

if TYPE_CHECKING:
    from dedere.node.accounts.queries import Officer

LIFETIME = 60 * 60
"""Seconds: as long as somebody looks at a film; then the look is logged anew."""

SALT = "dedere.evidence.content"


def make_link(officer: Officer, item_id: str, *, save: bool = False) -> str:
    """The address of an item's content for this officer; `save`: as a file to keep."""
    token = signing.dumps({"item": item_id, "officer": officer.identifier, "save": save}, salt=SALT)
    return reverse("evidence:content", args=[token])


def read_link(officer: Officer, token: str) -> tuple[str, bool]:
    """Which item a link leads to, and whether it is to be saved.

    Raises:
        UnknownObjectError: the link was not made here, not for this officer, or is over.
    """
    try:
        # What `make_link` put in; the signature vouches for its form.
        said = cast("dict[str, object]", signing.loads(token, salt=SALT, max_age=LIFETIME))
    except signing.BadSignature as error:
        raise UnknownObjectError("This link is over. Open the item again; the look is logged.") from error
    if said["officer"] != officer.identifier:
        raise UnknownObjectError
    return str(said["item"]), bool(said["save"])
