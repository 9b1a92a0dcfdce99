"""Who a person is: names in several scripts, dates with their uncertainty, documents, nationality, places.

The same shape for every person. Of a protected person it exists only sealed, and for moments in memory.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from dedere.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = "dedere-identity/1"
LONGEST = 300
MOST_ROWS = 40
_STATE = re.compile(r"[A-Z]{2}")
_DATE = re.compile(r"(?P<about>~?)(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")
_POINTER = re.compile(r"[A-Z0-9][A-Z0-9/.-]{3,39}")
_DIGITS_IN_POINTER = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class UncertainDate:
    """A day known as far as it is known: `text` is a year, a month or a day, after `~` when it is only about then."""

    text: str

    def __post_init__(self) -> None:
        if self.text:
            self.span  # noqa: B018 - says whether the text can be read

    @property
    def span(self) -> tuple[dt.date, dt.date]:
        """The first and the last day that are meant; about a year means that year and one on either side.

        Raises:
            InputError: it is not written as a date, or there is no such day.
        """
        found = _DATE.fullmatch(self.text)
        if found is None:
            raise InputError("Write a date as 1981, 1981-05 or 1981-05-27, with ~ before it when it is not certain.")
        year, month, day = (int(found[part]) if found[part] else 0 for part in ("year", "month", "day"))
        around = 1 if found["about"] else 0
        try:
            first = dt.date(year, month or 1, day or 1)
            last = dt.date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
            return _years(first, -around), _years(last, around)
        except (ValueError, calendar.IllegalMonthError) as error:
            raise InputError("There is no such day.") from error

    @property
    def day(self) -> dt.date | None:
        """The day, where exactly one is meant."""
        if not self.text:
            return None
        first, last = self.span
        return first if first == last else None


@dataclass(frozen=True, slots=True)
class WrittenName:
    """One spelling of a name, in any script. `alone` are given names rare enough to give the person away."""

    family: str = ""
    given: str = ""
    alone: bool = False

    @property
    def full(self) -> str:
        """The name as it is read."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Document:
    """A paper that names the person."""

    kind: str
    number: str
    issuer: str = ""
    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the person's life up to now. Never where a protected person was moved to: see `relocation_pointer`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Everything that says who somebody is.

    `tell_tales` are other words that give the person away: a nickname, a function only one person had.
    `contacts` are telephone numbers and addresses of mail. `relocation_pointer` is the reference under which a
    protection service keeps what it did, never what it is.
    """

    names: tuple[WrittenName, ...]
    born: UncertainDate = UncertainDate("")
    born_at: str = ""
    sex: str = ""
    nationality: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    places: tuple[Place, ...] = ()
    contacts: tuple[str, ...] = ()
    tell_tales: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    relocation_pointer: str = ""

    def __post_init__(self) -> None:
        if not any(name.full for name in self.names):
            raise InputError("An identity needs at least one name.")
        if any(not _STATE.fullmatch(state) for state in self.nationality):
            raise InputError("A nationality is written with two capital letters, like SN.")
        pointer = self.relocation_pointer
        if pointer and not (_POINTER.fullmatch(pointer) and _DIGITS_IN_POINTER.search(pointer)):
            raise InputError(
                "Where a person was moved to is never kept here: give only the protection service's file number, "
                "capital letters and digits without spaces."
            )
        if max((len(row) for row in self._rows()), default=0) > MOST_ROWS:
            raise InputError(f"No more than {MOST_ROWS} rows of one kind.")
        if any(len(text) > LONGEST for text in self._texts()):
            raise InputError(f"No single detail is longer than {LONGEST} characters.")

    @property
    def name(self) -> str:
        """The first spelling: how the person is called on a page that may show it."""
        return next(name.full for name in self.names if name.full)

    def as_json(self) -> dict[str, object]:
        """The identity as plain data that `from_json` reads back."""
        plain: dict[str, Any] = {"version": VERSION, **asdict(self)}
        plain["born"] = self.born.text
        return plain

    @classmethod
    def from_json(cls, value: object) -> Identity:
        """The identity in plain data, strictly.

        Raises:
            InputError: it is not one; what was found is never repeated.
        """
        if not isinstance(value, Mapping) or value.get("version") != VERSION:
            raise InputError("This is not an identity in a form that this version reads.")
        try:
            return _read(value)
        except (TypeError, ValueError, AttributeError, KeyError) as error:
            raise InputError("The identity is damaged.") from error

    def _rows(self) -> tuple[tuple[object, ...], ...]:
        return (self.names, self.nationality, self.documents, self.places, self.contacts, self.tell_tales)

    def _texts(self) -> Iterable[str]:
        yield from (self.born_at, self.sex, *self.contacts, *self.tell_tales, *self.languages)
        rows: tuple[WrittenName | Document | Place, ...] = (*self.names, *self.documents, *self.places)
        for row in rows:
            yield from (value for each in fields(row) if isinstance(value := getattr(row, each.name), str))


def _read(value: Mapping[str, Any]) -> Identity:
    known = {each.name for each in fields(Identity)}
    content = {key: item for key, item in value.items() if key != "version"}
    if not known.issuperset(content):
        raise ValueError
    for key in ("nationality", "contacts", "tell_tales", "languages"):
        content[key] = tuple(_text(item) for item in content.get(key, ()))
    for key in ("born_at", "sex", "relocation_pointer"):
        content[key] = _text(content.get(key, ""))
    content["names"] = tuple(_row(WrittenName, item) for item in content["names"])
    content["documents"] = tuple(_row(Document, item) for item in content.get("documents", ()))
    content["places"] = tuple(_row(Place, item) for item in content.get("places", ()))
    content["born"] = UncertainDate(_text(content.get("born", "")))
    return Identity(**content)


def _row(kind: type[Any], item: Mapping[str, object]) -> Any:  # one of three row types, named by the caller
    row = kind(**item)
    for each in fields(kind):
        wanted = bool if each.name == "alone" else str
        if not isinstance(getattr(row, each.name), wanted):
            raise TypeError
    return row


def _text(item: object) -> str:
    if not isinstance(item, str):
        raise TypeError
    return item


def _years(day: dt.date, by: int) -> dt.date:
    try:
        return day.replace(year=day.year + by)
    except ValueError:  # the 29th of February
        return day.replace(year=day.year + by, day=28)
