"""What each document without an act asks for: its members in reading order, what they are, which must be there.

Data may hold more than is asked: everything is printed. What is made from records (a list of annexes, a chain of
custody, a dossier's index, a card's sheet) asks for nothing that an officer types.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.papers.composing.sheets import SheetKind
from dedere.papers.errors import DocumentInputError
from dedere.papers.particulars import is_blank

if TYPE_CHECKING:
    from dedere.papers.particulars import Json


class FieldKind(enum.StrEnum):
    """What stands in a member."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    YES_NO = "yes-no"
    COUNT = "count"
    LINES = "lines"
    STATE = "state"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class SheetField:
    """One member. A dot in its path opens a group: `person.name`."""

    path: str
    kind: FieldKind = FieldKind.LINE
    required: bool = False


def _must(path: str, kind: FieldKind = FieldKind.LINE) -> SheetField:
    return SheetField(path, kind, required=True)


_PERSON = (
    _must("person.name"),
    SheetField("person.date_of_birth", FieldKind.DAY),
    SheetField("person.nationality", FieldKind.STATE),
)

SHEET_FIELDS: Mapping[SheetKind, tuple[SheetField, ...]] = {
    SheetKind.ACKNOWLEDGEMENT: (
        SheetField("title"),
        SheetField("reference"),
        _must("own_reference"),
        _must("received_on", FieldKind.DAY),
        SheetField("questions", FieldKind.LINES),
        SheetField("contact"),
    ),
    SheetKind.CONSENT_DECLARATION: (
        *_PERSON,
        _must("declaration", FieldKind.TEXT),
        SheetField("rights_explained", FieldKind.YES_NO),
        SheetField("revocable", FieldKind.YES_NO),
        SheetField("language", FieldKind.LANGUAGE),
        SheetField("counsel"),
        SheetField("interpreter"),
        _must("declared_on", FieldKind.DAY),
        _must("place"),
        _must("before"),
    ),
    SheetKind.HEARING_PROTOCOL: (
        _must("person"),
        _must("heard_on", FieldKind.DAY),
        _must("place"),
        SheetField("started"),
        SheetField("ended"),
        SheetField("mode"),
        _must("conducted_by"),
        SheetField("present", FieldKind.LINES),
        SheetField("interpreter"),
        SheetField("language", FieldKind.LANGUAGE),
        SheetField("rights_explained", FieldKind.YES_NO),
        SheetField("oath", FieldKind.YES_NO),
        _must("text", FieldKind.TEXT),
        SheetField("remarks", FieldKind.TEXT),
    ),
    SheetKind.INTERVIEW_PLAN: (
        _must("person"),
        _must("planned_on", FieldKind.DAY),
        SheetField("place"),
        SheetField("mode"),
        SheetField("technical_test", FieldKind.DAY),
        SheetField("participants", FieldKind.LINES),
        SheetField("language", FieldKind.LANGUAGE),
        SheetField("interpreter"),
        _must("topics", FieldKind.LINES),
        SheetField("protection", FieldKind.TEXT),
        SheetField("contact"),
    ),
    SheetKind.SAFE_CONDUCT: (
        *_PERSON,
        _must("purpose", FieldKind.TEXT),
        _must("immunity", FieldKind.TEXT),
        SheetField("place"),
        SheetField("enter_from", FieldKind.DAY),
        _must("leave_by", FieldKind.DAY),
        SheetField("contact"),
    ),
    SheetKind.SURRENDER_RECORD: (
        *_PERSON,
        _must("surrendered_on", FieldKind.DAY),
        _must("place"),
        _must("handed_over_by"),
        _must("received_by"),
        _must("detention_days", FieldKind.COUNT),
        SheetField("property", FieldKind.LINES),
        SheetField("remarks", FieldKind.TEXT),
    ),
    SheetKind.DESTRUCTION_CERTIFICATE: (
        _must("items", FieldKind.LINES),
        _must("method"),
        _must("destroyed_on", FieldKind.DAY),
        SheetField("place"),
        _must("by"),
        SheetField("witness"),
        SheetField("reason", FieldKind.TEXT),
    ),
    SheetKind.TEAM_AGREEMENT: (
        _must("purpose", FieldKind.TEXT),
        SheetField("members", FieldKind.LINES),
        SheetField("leader"),
        SheetField("from", FieldKind.DAY),
        SheetField("until", FieldKind.DAY),
        _must("clauses", FieldKind.LINES),
    ),
}


def require_complete(kind: SheetKind, data: Mapping[str, Json]) -> None:
    """Refuse data in which something is missing that the document cannot do without.

    Raises:
        DocumentInputError: every missing member is named.
    """
    missing = [each.path for each in SHEET_FIELDS.get(kind, ()) if each.required and is_blank(_at(data, each.path))]
    if missing:
        raise DocumentInputError(f"The document ({kind.value}) lacks {', '.join(missing)}.")


@functools.cache
def reading_order(name: str) -> tuple[str, ...]:
    """The members of a document in the order in which they are asked; nothing for one that asks for none."""
    fields = SHEET_FIELDS.get(SheetKind(name), ()) if name in {each.value for each in SheetKind} else ()
    return tuple(dict.fromkeys(each.path.partition(".")[0] for each in fields))


def _at(data: Mapping[str, Json], path: str) -> Json:
    name, _, rest = path.partition(".")
    found = data.get(name)
    if not rest:
        return found
    return _at(found, rest) if isinstance(found, Mapping) else None
