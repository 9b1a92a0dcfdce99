"""The register: what each State, or the depositary, did towards a treaty, row by row, and the States themselves.

Rows come from the packaged lists and from overlays of a node. A row marked *demonstration* is not true: whatever rests
on it says so.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.base.reference import Confidence, Reference, Status
from dedere.treaty.errors import LawDataError
from dedere.treaty.overrides import Override
from dedere.treaty.wording import day_from, is_plain
from dedere.treaty.words import Action

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COLUMNS = {
    "id": "stable id of the row",
    "treaty": "id of the treaty",
    "iso3166": "alpha-2 code of the State; empty for an act of the depositary",
    "action": "what was done",
    "date": "day it was done; empty means not known",
    "effective": "day it takes effect; empty means not known",
    "expires": "day after which it has no effect; empty means none or not known",
    "place": "article it was done under",
    "about": "id of the kind of statement it is",
    "effect": "what it changes, as `name=values` separated by semicolons",
    "affects": "id of the statement that it renews or withdraws",
    "gist": "paraphrase",
    "source": "where it was read",
    "status": "how it is known",
    "confidence": "how sure its author was",
    "demonstration": "yes for made-up rows",
}
_UNCHANGED = Override("")
_ACTIONS, _STATUSES, _CONFIDENCES = frozenset(Action), frozenset(Status), frozenset(Confidence)
_REQUIRED = ("treaty", "action", "date")
EFFECTS = (
    "annexes",
    "parts",
    "territory",
    "languages",
    "authorities",
    "nationals",
    "jurisdiction",
    "excludes",
    "conduct-from",
    "channel",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """One act. `effect` maps a name of `EFFECTS` to its values. Days that are None are not known."""

    id: str
    instrument: str
    treaty: str
    state: str
    action: Action
    date: dt.date | None = None
    effective: dt.date | None = None
    expires: dt.date | None = None
    place: str = ""
    about: str = ""
    effect: Mapping[str, tuple[str, ...]]
    affects: str = ""
    gist: str = ""
    source: str
    status: Status
    confidence: Confidence
    demonstration: bool = False
    verified_by: str = ""
    abbreviation: str = ""
    origin: str = field(default="", compare=False)

    @property
    def datum(self) -> str:
        """The stable id across all files, e.g. `lhc/party.lv.ratification`."""
        return f"{self.instrument}/{self.id}"

    def reference(self) -> Reference:
        """What a finding that rests on this act cites."""
        day = f" of {self.date}" if self.date else ""
        who = self.state or "depositary"
        return Reference(
            place=f"{self.abbreviation}, {who}, {self.action.value}{day}",
            datum=self.datum,
            source=f"demonstration data: {self.source}" if self.demonstration else self.source,
            status=self.status,
            confidence=self.confidence,
            verified_by=self.verified_by,
            demonstration=self.demonstration,
        )


@dataclass(frozen=True, slots=True)
class State:
    """A State or another entity that can be party. `member`: of the United Nations."""

    code: str
    name: str
    member: bool
    article: str = ""

    @property
    def said(self) -> str:
        """Its name inside a sentence, e.g. "the Netherlands"."""
        return f"{self.article} {self.name}".strip()


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file as read: its name and its rows, each with its line."""

    name: str
    rows: tuple[tuple[int, Mapping[str, str]], ...]


def read_csv(name: str, text: str, *, columns: Iterable[str], required: Iterable[str]) -> CsvFile:
    """The rows of a CSV file with a heading.

    Raises:
        LawDataError: an unknown, missing or repeated column, a row of another length, control characters.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        lines = [(reader.line_num, fields) for fields in reader]
    except csv.Error as error:
        raise LawDataError(f"{name}, line {reader.line_num}: expected CSV, found a mistake: {error}.") from error
    heading = lines[0][1] if lines else []
    for column in heading:
        if column not in columns:
            raise LawDataError(f"{name}, line 1, {column}: unknown column; expected one of {', '.join(columns)}.")
        if heading.count(column) > 1:
            raise LawDataError(f"{name}, line 1, {column}: expected each column once.")
    for column in required:
        if column not in heading:
            raise LawDataError(f"{name}, line 1, {column}: expected a column of this name.")
    for line, fields in lines[1:]:
        if fields and len(fields) != len(heading):
            sentence = f"expected {len(heading)} fields as in the heading, found {len(fields)}"
            raise LawDataError(f"{name}, line {line}: {sentence}.")
        if not all(is_plain(field) for field in fields):
            raise LawDataError(f"{name}, line {line}: expected fields of one line without control characters.")
    return CsvFile(name, tuple((line, dict(zip(heading, row, strict=True))) for line, row in lines[1:] if row))


def read_states(name: str, text: str) -> dict[str, State]:
    """The States by code."""
    columns = ("iso3166", "name", "article", "un_member")
    table = read_csv(name, text, columns=columns, required=columns)
    return {
        row["iso3166"]: State(row["iso3166"], row["name"], row["un_member"] == "yes", row["article"])
        for _, row in table.rows
    }


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads party rows of one file. `treaties` maps a treaty to its instrument and abbreviation."""

    name: str
    treaties: Mapping[str, tuple[str, str]]
    states: Mapping[str, State]
    overrides: Mapping[str, Override]
    overlay: bool = False

    def read(self, text: str) -> tuple[PartyRow, ...]:
        """All rows of the file.

        Raises:
            LawDataError: a value that its column does not allow, or an id used twice.
        """
        required = (*_REQUIRED, "source", "demonstration") if self.overlay else tuple(COLUMNS)[:-1]
        table = read_csv(self.name, text, columns=COLUMNS, required=required)
        rows: dict[str, PartyRow] = {}
        for line, raw in table.rows:
            row = self._row(line, raw)
            if row is None:
                continue
            if row.datum in rows:
                raise self._refusal(line, "id", f"expected an id that is new, found {row.id!r} again")
            rows[row.datum] = row
        return tuple(rows.values())

    def _row(self, line: int, raw: Mapping[str, str]) -> PartyRow | None:
        treaty = raw["treaty"]
        if treaty not in self.treaties:
            raise self._refusal(line, "treaty", f"expected one of {', '.join(self.treaties)}, found {treaty!r}")
        instrument, abbreviation = self.treaties[treaty]
        row_id = raw.get("id") or f"overlay.{self.name.rsplit('.', 1)[0]}.{line}"
        override = self.overrides.get(f"{instrument}/{row_id}", _UNCHANGED)
        if override.absent:
            return None
        raw = {**raw, **{key: str(value) for key, value in override.values.items()}}
        action = self._action(line, raw)
        row = PartyRow(
            id=row_id,
            instrument=instrument,
            treaty=treaty,
            state=self._state(line, raw, action),
            action=action,
            date=self._day(line, raw, "date"),
            effective=self._day(line, raw, "effective"),
            expires=self._day(line, raw, "expires"),
            place=raw.get("place", ""),
            about=raw.get("about", ""),
            effect=self._effect(line, raw),
            affects=raw.get("affects", ""),
            gist=raw.get("gist", ""),
            source=self._text(line, raw, "source"),
            status=self._status(line, raw),
            confidence=self._confidence(line, raw),
            demonstration=self._yes(line, raw),
            verified_by=override.verified_by,
            abbreviation=abbreviation,
            origin=f"{self.name}, line {line}",
        )
        self._ordered(line, row)
        return row

    def _state(self, line: int, raw: Mapping[str, str], action: Action) -> str:
        code = raw.get("iso3166", "")
        if action.of_depositary:
            if code:
                raise self._refusal(line, "iso3166", f"expected nothing for {action}, found {code!r}")
            return ""
        if code not in self.states:
            raise self._refusal(line, "iso3166", f"expected the alpha-2 code of a State, found {code!r}")
        return code

    def _action(self, line: int, raw: Mapping[str, str]) -> Action:
        if raw["action"] not in _ACTIONS:
            raise self._refusal(line, "action", f"expected one of {', '.join(Action)}, found {raw['action']!r}")
        return Action(raw["action"])

    def _day(self, line: int, raw: Mapping[str, str], column: str) -> dt.date | None:
        text = raw.get(column, "")
        if not text:
            return None
        day = day_from(text)
        if day is None:
            raise self._refusal(line, column, f"expected a day such as 2024-02-14, found {text!r}")
        return day

    def _effect(self, line: int, raw: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for part in filter(None, (piece.strip() for piece in raw.get("effect", "").split(";"))):
            name, equals, values = part.partition("=")
            if name not in EFFECTS or not equals or not values:
                sentence = f"expected name=values with a name of {', '.join(EFFECTS)}, found {part!r}"
                raise self._refusal(line, "effect", sentence)
            found[name] = (values,) if name in {"territory", "authorities"} else tuple(values.split())
        return found

    def _text(self, line: int, raw: Mapping[str, str], column: str) -> str:
        if not raw.get(column):
            raise self._refusal(line, column, "expected a text, found nothing")
        return raw[column]

    def _status(self, line: int, raw: Mapping[str, str]) -> Status:
        text = raw.get("status") or Status.REPORTED
        if text not in _STATUSES:
            raise self._refusal(line, "status", f"expected one of {', '.join(Status)}, found {text!r}")
        return Status(text)

    def _confidence(self, line: int, raw: Mapping[str, str]) -> Confidence:
        text = raw.get("confidence") or Confidence.HIGH
        if text not in _CONFIDENCES:
            raise self._refusal(line, "confidence", f"expected one of {', '.join(Confidence)}, found {text!r}")
        return Confidence(text)

    def _yes(self, line: int, raw: Mapping[str, str]) -> bool:
        text = raw.get("demonstration", "no")
        if text not in {"yes", "no"}:
            raise self._refusal(line, "demonstration", f"expected yes or no, found {text!r}")
        return text == "yes"

    def _ordered(self, line: int, row: PartyRow) -> None:
        start = row.effective or row.date
        if row.expires and start and row.expires < start:
            raise self._refusal(line, "expires", f"expected a day after {start}, found {row.expires}")
        if row.effective and row.date and row.effective < row.date and row.action is not Action.SUCCESSION:
            raise self._refusal(line, "effective", f"expected a day not before {row.date}, found {row.effective}")

    def _refusal(self, line: int, column: str, sentence: str) -> LawDataError:
        return LawDataError(f"{self.name}, line {line}, {column}: {sentence}.")
