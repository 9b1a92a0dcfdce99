"""One data file as read, and where in it a row or key stands, so that an error can name file, key and line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dedere.treaty.errors import LawDataError
from dedere.treaty.readers import ExpectedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dedere.treaty.schema import Key


@dataclass(frozen=True, slots=True)
class Place:
    """A table in a file: its name and, in an array of tables, its index; `index` -1 for a single table."""

    table: str
    index: int = -1


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file of the law's data, parsed but not yet checked."""

    name: str
    text: str
    # Any: this is what TOML gives, before the schema has been applied.
    data: Mapping[str, Any]

    def refusal(self, place: Place, key: str, sentence: str) -> LawDataError:
        """The error that names this file, the line and the key; `sentence` says what was expected."""
        where = ".".join(part for part in (place.table, key) if part)
        return LawDataError(f"{self.name}, line {self.line_of(place, key)}, {where}: {sentence}")

    def line_of(self, place: Place, key: str = "") -> int:
        """The line of a key, or of the table's heading where the key is absent; 1 for the top of the file."""
        heading = re.compile(rf"\s*\[?\[{re.escape(place.table)}\]\]?\s*(#.*)?")
        lines = self.text.splitlines()
        starts = [number for number, line in enumerate(lines) if heading.fullmatch(line)]
        start = starts[max(place.index, 0)] if len(starts) > max(place.index, 0) else -1
        for number in range(start + 1, len(lines)):
            if lines[number].lstrip().startswith("["):
                break
            if key and re.match(rf"\s*{re.escape(key)}\s*=", lines[number]):
                return number + 1
        return max(start + 1, 1)

    def rows(self, table: str) -> Iterator[tuple[Place, Mapping[str, Any]]]:
        """The rows of an array of tables, each with its place; nothing where the file has none.

        Raises:
            LawDataError: the name holds something else than an array of tables.
        """
        rows = self.data.get(table, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self.refusal(Place(table), "", f"expected tables headed [[{table}]].")
        for index, row in enumerate(rows):
            yield Place(table, index), row

    def single(self, table: str) -> Mapping[str, Any]:
        """The single table of that name.

        Raises:
            LawDataError: it is missing or not a table.
        """
        found = self.data.get(table)
        if not isinstance(found, dict):
            raise self.refusal(Place(table), "", f"expected one table headed [{table}], found none.")
        return found

    def expect_tables(self, allowed: Iterable[str]) -> None:
        """Refuse any top-level name that is not `allowed`."""
        known = set(allowed)
        for name in self.data:
            if name not in known:
                raise self.refusal(
                    Place(name), "", f"unknown table or key; expected one of {', '.join(sorted(known))}."
                )

    # Any: the values fill the attributes of a model class, each read by the reader of its key.
    def read(self, place: Place, row: Mapping[str, Any], keys: tuple[Key, ...]) -> dict[str, Any]:
        """The row's values by attribute, every key checked.

        Raises:
            LawDataError: an unknown key, a missing key or a value of the wrong kind.
        """
        known = {key.name: key for key in keys}
        for name in row:
            if name not in known:
                raise self.refusal(place, name, f"unknown key; expected one of {', '.join(known)}.")
        values = {}
        for key in keys:
            if key.name not in row:
                if key.required:
                    raise self.refusal(place, key.name, f"missing; expected {key.reader.what}.")
                continue
            try:
                values[key.attribute] = key.reader.read(row[key.name])
            except ExpectedError as error:
                raise self.refusal(place, key.name, f"expected {error}, found {_shown(row[key.name])}.") from error
        return values


def parse_document(name: str, text: str) -> Document:
    """The file `name` with content `text`.

    Raises:
        LawDataError: it is not TOML; the sentence names the line.
    """
    try:
        return Document(name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = found[1] if found else str(text.count("\n") + 1)
        what = re.sub(r" \(at .*\)$", "", str(error))
        raise LawDataError(f"{name}, line {line}: expected TOML, found a mistake: {what}.") from error


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 - as much as fits a sentence
