"""One file format for every kind of request: reads it strictly, holds it as plain read-only data.

A file that can be read may still be incomplete; what is missing or weak is said by `dedere.treaty.contents`.
The format is documented in docs/use/request-file.md and published as a JSON Schema beside this package.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from dedere.treaty.requestfile_links import linked_problems
from dedere.treaty.requestfile_problems import Problem, RequestFileError
from dedere.treaty.requestfile_reading import read_tables
from dedere.treaty.requestfile_rows import (
    Attachment,
    Crime,
    FactStatement,
    ItemAsked,
    Person,
    attachment_of,
    crime_of,
    fact_of,
    item_of,
    person_of,
)
from dedere.treaty.requestfile_schema import FORMAT, properties_of, schema
from dedere.treaty.requestfile_validation import schema_problems

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMAT", "Problem", "RequestFile", "RequestFileError", "parse_request_file", "request_from_tables"]


@dataclass(frozen=True, slots=True)
class Located:
    """A value with the exact path it stands at, rows counted from 1; `None` where it is absent or blank."""

    path: str
    value: object


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A request as read: nested read-only mappings and tuples, days as ISO text; equal data are equal requests."""

    name: str
    data: Mapping[str, object]

    def as_json(self) -> dict[str, object]:
        """The request as plain JSON data, which `request_from_tables` reads back unchanged."""
        thawed = _thaw(self.data)
        return thawed if isinstance(thawed, dict) else {}

    def located(self, path: str) -> tuple[Located, ...]:
        """The value at a data path, once for each row on the way.

        A list on the way without rows gives one absent value. Blank text and empty lists are absent.
        """
        return tuple(_locate(self.data, path.split("."), at=""))

    def value(self, path: str) -> object:
        """The value at a path that passes through no list; `None` where it is absent or blank."""
        return self.located(path)[0].value

    def text(self, path: str) -> str:
        """The text at a path that passes through no list; empty where there is none."""
        value = self.value(path)
        return value if isinstance(value, str) else ""

    def flag(self, path: str) -> bool | None:
        """True, false, or `None` where nothing is said."""
        value = self.value(path)
        return value if isinstance(value, bool) else None

    def day(self, path: str) -> dt.date | None:
        """The day at a path that passes through no list."""
        text = self.text(path)
        return dt.date.fromisoformat(text) if text else None

    def words(self, path: str) -> tuple[str, ...]:
        """The list of words or ids at a path that passes through no list."""
        value = self.value(path)
        return tuple(str(word) for word in value) if isinstance(value, tuple) else ()

    def rows(self, path: str) -> tuple[Mapping[str, object], ...]:
        """The rows of a list of tables."""
        value = self.value(path)
        found = value if isinstance(value, tuple) else ()
        return tuple(row for row in found if isinstance(row, MappingProxyType))

    @property
    def kind(self) -> str:
        """Kind of request, e.g. `mla`."""
        return self.text("request.kind")

    @property
    def requesting(self) -> str:
        """Requesting State."""
        return self.text("request.requesting_state")

    @property
    def requested(self) -> str:
        """Requested State."""
        return self.text("request.requested_state")

    @property
    def instruments(self) -> tuple[str, ...]:
        """Ids of the instruments relied on, best first."""
        return self.words("request.legal_basis.instruments")

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures asked for, each once, in the order of the items; `jit` for a joint team."""
        if self.kind == "jit":
            return ("jit",)
        return tuple(dict.fromkeys(item.measure for item in self.items))

    @property
    def persons(self) -> tuple[Person, ...]:
        """The persons concerned."""
        return tuple(person_of(row) for row in self.rows("request.persons"))

    @property
    def facts(self) -> tuple[FactStatement, ...]:
        """The facts that other rows point to."""
        return tuple(fact_of(row) for row in self.rows("request.facts.statements"))

    @property
    def crimes(self) -> tuple[Crime, ...]:
        """The crimes."""
        return tuple(crime_of(row) for row in self.rows("request.crime"))

    @property
    def items(self) -> tuple[ItemAsked, ...]:
        """The items asked for."""
        return tuple(item_of(row) for row in self.rows("request.assistance.items"))

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files sent with the request."""
        return tuple(attachment_of(row) for row in self.rows("request.annexes"))


def parse_request_file(data: bytes, *, name: str) -> RequestFile:
    """The request in a TOML or JSON file.

    `name` is the file's name for messages; its ending decides between TOML and JSON.

    Raises:
        RequestFileError: not readable as this format; every problem is collected, each with path and expectation.
    """
    return request_from_tables(read_tables(data, name=name), name=name)


def request_from_tables(tables: Mapping[str, object], *, name: str) -> RequestFile:
    """The request in tables already read, e.g. by a page; the same rules as for a file.

    Raises:
        RequestFileError: as for a file.
    """
    ready = _with_days(dict(tables), schema())
    problems = list(schema_problems(ready, schema()))
    if not problems and isinstance(ready, dict):
        problems = list(linked_problems(ready, schema=schema()))
    if problems or not isinstance(ready, dict):
        raise RequestFileError(name, problems)
    frozen = _freeze(ready)
    return RequestFile(name, frozen if isinstance(frozen, MappingProxyType) else MappingProxyType({}))


def _with_days(value: object, part: Mapping[str, object]) -> object:
    """The same tables with TOML days as ISO text where the format has a day; elsewhere a day stays and is refused."""
    inside = properties_of(part)
    if isinstance(value, dict):
        return {name: _with_days(below, inside.get(name, {})) for name, below in value.items()}
    if isinstance(value, list | tuple):
        return [_with_days(row, {"properties": inside}) for row in value]
    if type(value) is dt.date and part.get("format") == "date":
        return value.isoformat()
    return value


def _freeze(value: object) -> object:
    if isinstance(value, dict):
        return MappingProxyType({name: _freeze(below) for name, below in value.items()})
    if isinstance(value, list):
        return tuple(_freeze(row) for row in value)
    return value


def _thaw(value: object) -> object:
    if isinstance(value, MappingProxyType):
        return {name: _thaw(below) for name, below in value.items()}
    if isinstance(value, tuple):
        return [_thaw(row) for row in value]
    return value


def _locate(value: object, names: list[str], *, at: str) -> list[Located]:
    if not names:
        return [Located(at, None if _is_blank(value) else value)]
    if isinstance(value, tuple) and value:
        return [found for index, row in enumerate(value, start=1) for found in _locate(row, names, at=f"{at}[{index}]")]
    below = value.get(names[0]) if isinstance(value, MappingProxyType) else None
    return _locate(below, names[1:], at=f"{at}.{names[0]}" if at else names[0])


def _is_blank(value: object) -> bool:
    return (
        value is None or (isinstance(value, str) and not value.strip()) or value == () or value == MappingProxyType({})
    )
