"""The reading order of data members. Canonical JSON sorts them by alphabet; a reader wants them by sense."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from dedere.papers.sheet_fields import reading_order
from dedere.papers.wording import load_wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.papers.particulars import Json

# Where the general order of the labels does not suit: what stands inside → its members, first to last.
_SPECIAL: Mapping[str, tuple[str, ...]] = {
    "request": (
        "title", "kind", "reference", "dated", "requesting_state", "requesting_authority", "requested_state",
        "addressee", "channel", "fictional", "urgent", "deadline", "confidentiality", "legal_basis", "scope",
        "proceeding", "facts", "crime", "offence", "persons", "protection_needs", "assistance", "use_limits",
        "assurances", "informal_contacts", "related", "considered", "left_out", "annexes", "language",
        "translation", "written_record", "authenticity", "signature", "contact",
    ),
    "refusal": ("measures", "consultation", "grounds", "reasons", "alternatives"),
    "ledger": ("sequence", "event", "at", "by", "place"),
}  # fmt: skip


def in_reading_order(data: Mapping[str, Json], *, inside: str) -> list[tuple[str, Json]]:
    """The members of a mapping as a reader wants them, whatever their order in the data; its identifier first."""
    special = _SPECIAL.get(inside) or reading_order(inside)
    known = _known()
    last = len(known)

    def rank(member: tuple[str, Json]) -> tuple[bool, int, int, str]:
        name = member[0]
        place = special.index(name) if name in special else len(special)
        return (name != "id", place, known.get(name, last), name)

    return sorted(data.items(), key=rank)


@functools.cache
def _known() -> dict[str, int]:
    """Members in the order in which the English catalogue labels them."""
    names = (key.removeprefix("label.") for key in load_wording("en").texts if key.startswith("label."))
    return {name: place for place, name in enumerate(dict.fromkeys(names)) if "." not in name}
