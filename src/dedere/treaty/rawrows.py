"""Rows as they were shipped: where each stands, what its table expects, and the digest that a review is tied to."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dedere.treaty.document import Document, Place
from dedere.treaty.errors import ReviewError
from dedere.treaty.readers import DAY, ExpectedError, Reader, word
from dedere.treaty.register import COLUMNS, read_csv
from dedere.treaty.schema import ROW_TABLES, SINGLE_TABLES, TREATY_TABLE, Key, Table
from dedere.treaty.words import Action, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_QUANTITY = re.compile(rf"(\d+) ?({'|'.join(unit.value for unit in Unit)}|{'|'.join(u.value[:-1] for u in Unit)})")


def _line(value: object) -> str:
    if not isinstance(value, str):
        raise ExpectedError("a text")
    return value


def _iso(value: object) -> str:
    try:
        day: dt.date = DAY.read(dt.date.fromisoformat(value) if isinstance(value, str) else value)
    except ValueError as error:
        raise ExpectedError("a day such as 2024-02-14") from error
    return day.isoformat()


_DAY_TEXT = Reader("a day such as 2024-02-14", _iso)
_READERS = {
    "date": _DAY_TEXT,
    "effective": _DAY_TEXT,
    "expires": _DAY_TEXT,
    "action": word(Action),
}
PARTY_KEYS = tuple(
    Key(column, _READERS.get(column, Reader("a text", _line)), meaning, required=False)
    for column, meaning in COLUMNS.items()
    if column not in {"id", "treaty", "iso3166", "demonstration"}
)


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as shipped. `document` and `place` for TOML rows; `table` None for rows of the register."""

    datum: str
    revision: int
    # Any: what TOML or CSV gave, before the schema is applied.
    values: Mapping[str, Any]
    table: Table | None
    place: Place | None = None

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys that can be reviewed."""
        keys = self.table.keys if self.table is not None else PARTY_KEYS
        return tuple(key for key in keys if key.name not in {"id", "code", "status", "confidence"})

    @property
    def decides(self) -> str:
        """The key that a review is about unless it names another."""
        return self.table.decides if self.table is not None else "date"

    @property
    def second_person(self) -> bool:
        """Whether a review of it needs a second person."""
        return self.table is not None and self.table.second_person

    @property
    def digest(self) -> str:
        """SHA-256 over the row as shipped, in hexadecimal."""
        return hashlib.sha256(json.dumps(self.values, sort_keys=True, default=str).encode()).hexdigest()

    def key(self, name: str) -> Key:
        """The key of that name.

        Raises:
            ReviewError: the row has none that can be reviewed.
        """
        for key in self.keys:
            if key.name == name:
                return key
        raise ReviewError(f"{self.datum} has no {name!r} to review; it has {', '.join(key.name for key in self.keys)}.")


def raw_rows(documents: Mapping[str, Document], registers: Mapping[str, str]) -> dict[str, RawRow]:
    """Every row that can be reviewed, by datum."""
    return {row.datum: row for row in _all(documents, registers)}


def _all(documents: Mapping[str, Document], registers: Mapping[str, str]) -> Iterator[RawRow]:
    for name, document in documents.items():
        revision = int(document.single("instrument").get("revision", 1))
        for table in SINGLE_TABLES:
            if table.name in document.data:
                datum = f"{name}/{table.name.replace('_', '-')}"
                yield RawRow(datum, revision, document.single(table.name), table, Place(table.name))
        for place, raw in document.rows("treaty"):
            yield RawRow(f"{name}/treaty.{raw.get('id')}", revision, raw, TREATY_TABLE, place)
        for table in ROW_TABLES:
            for place, raw in document.rows(table.name):
                yield RawRow(f"{name}/{raw.get('code', raw.get('id'))}", revision, raw, table, place)
        if name in registers:
            for _, raw in read_csv(f"{name}.csv", registers[name], columns=COLUMNS, required=("id",)).rows:
                yield RawRow(f"{name}/{raw['id']}", revision, raw, None)


# Any: any JSON value.
def parse_value(row: RawRow, key: Key, text: str) -> Any:
    """The value that `text` means for a key, as JSON: a word, a day, `45 days`, or anything TOML can write.

    Raises:
        ReviewError: no reading of the text is of the kind that the key expects.
    """
    for candidate in _readings(text):
        try:
            key.reader.read(candidate)
        except ExpectedError:
            continue
        return candidate.isoformat() if isinstance(candidate, dt.date) else candidate
    raise ReviewError(f"{row.datum}, {key.name}: expected {key.reader.what}, found {text!r}.")


def _readings(text: str) -> Iterator[object]:
    quantity = _QUANTITY.fullmatch(text.strip())
    if quantity:
        unit = quantity[2] if quantity[2].endswith("s") else f"{quantity[2]}s"
        yield {unit: int(quantity[1])}
    yield text.strip()
    with contextlib.suppress(tomllib.TOMLDecodeError, KeyError, RecursionError):
        yield tomllib.loads(f"value = {text}")["value"]
    yield [part.strip() for part in text.split(",") if part.strip()]


def toml_value(key: Key, value: object) -> object:
    """The value of a review as the data file would give it: days are days again."""
    return dt.date.fromisoformat(value) if key.reader is DAY and isinstance(value, str) else value
