"""Typed views of the rows of a request: persons, facts, crimes, items asked for, attachments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Person:
    """One person concerned. A protected person has an alias and nothing that identifies."""

    id: str
    role: str
    part: str
    facts: tuple[str, ...]
    protected: bool
    alias: str
    legal_person: bool
    name: str
    location: str
    nationality: tuple[str, ...]
    row: Mapping[str, object]

    @property
    def label(self) -> str:
        """The name to show: the alias of a protected person, otherwise the name, otherwise the id."""
        return (self.alias if self.protected else self.name) or self.id


@dataclass(frozen=True, slots=True)
class FactStatement:
    """One fact that persons, crimes, items and attachments point to."""

    id: str
    text: str
    begins: dt.date | None
    ends: dt.date | None
    place: str


@dataclass(frozen=True, slots=True)
class Crime:
    """One crime, with the conduct and the facts that make it out."""

    code: str
    convention_paragraph: str
    annex: str
    conduct: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemAsked:
    """One thing asked for: a measure, described, with the facts and persons it rests on."""

    id: str
    measure: str
    description: str
    purpose: str
    facts: tuple[str, ...]
    persons: tuple[str, ...]
    person_unknown: bool
    begins: dt.date | None
    ends: dt.date | None
    place: str
    coercion_reason: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file sent with the request; `path` is relative to the request file."""

    id: str
    path: str
    title: str
    media_type: str
    language: str
    facts: tuple[str, ...]
    role: str


def person_of(row: Mapping[str, object]) -> Person:
    """The typed view of a row of `request.persons`."""
    identity = row.get("identity")
    return Person(
        id=_text(row, "id"),
        role=_text(row, "role"),
        part=_text(row, "part"),
        facts=_words(row, "facts"),
        protected=row.get("protected") is True,
        alias=_text(row, "alias"),
        legal_person=row.get("legal_person") is True,
        name=_text(identity, "name"),
        location=_text(row, "location"),
        nationality=_words(row, "nationality"),
        row=row,
    )


def fact_of(row: Mapping[str, object]) -> FactStatement:
    """The typed view of a row of `request.facts.statements`."""
    begins, ends = _day(row, "from"), _day(row, "until")
    return FactStatement(_text(row, "id"), _text(row, "text"), begins=begins, ends=ends, place=_text(row, "place"))


def crime_of(row: Mapping[str, object]) -> Crime:
    """The typed view of a row of `request.crime`."""
    return Crime(
        code=_text(row, "code"),
        convention_paragraph=_text(row, "convention_paragraph"),
        annex=_text(row, "annex"),
        conduct=_text(row, "conduct"),
        facts=_words(row, "facts"),
    )


def item_of(row: Mapping[str, object]) -> ItemAsked:
    """The typed view of a row of `request.assistance.items`."""
    period = row.get("period")
    return ItemAsked(
        id=_text(row, "id"),
        measure=_text(row, "measure"),
        description=_text(row, "description"),
        purpose=_text(row, "purpose"),
        facts=_words(row, "facts"),
        persons=_words(row, "persons"),
        person_unknown=row.get("person_unknown") is True,
        begins=_day(period, "from"),
        ends=_day(period, "until"),
        place=_text(row, "place"),
        coercion_reason=_text(row, "coercion_reason"),
    )


def attachment_of(row: Mapping[str, object]) -> Attachment:
    """The typed view of a row of `request.annexes`."""
    return Attachment(
        id=_text(row, "id"),
        path=_text(row, "path"),
        title=_text(row, "title"),
        media_type=_text(row, "media_type"),
        language=_text(row, "language"),
        facts=_words(row, "facts"),
        role=_text(row, "role"),
    )


def _text(row: object, key: str) -> str:
    value = _get(row, key)
    return value if isinstance(value, str) else ""


def _words(row: object, key: str) -> tuple[str, ...]:
    value = _get(row, key)
    return tuple(str(word) for word in value) if isinstance(value, tuple) else ()


def _day(row: object, key: str) -> dt.date | None:
    text = _text(row, key)
    return dt.date.fromisoformat(text) if text else None


def _get(row: object, key: str) -> object:
    # Rows are read-only mappings; a missing table reads as one without fields.
    return row.get(key) if hasattr(row, "get") else None
