"""Loads the law: every packaged file checked strictly, overlays added, reviews applied.

The packaged data do not change while a process runs: they are read once, and the law they make alone is made once.
"""

from __future__ import annotations

import functools
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.treaty.building import Builder
from dedere.treaty.consistency import check_register
from dedere.treaty.document import Document, parse_document
from dedere.treaty.errors import LawDataError
from dedere.treaty.law import Law, reference_of_row
from dedere.treaty.model import Check, Instrument, Row
from dedere.treaty.register import PartyRow, RowReader, State, read_states
from dedere.treaty.reviewing import overrides_from
from dedere.treaty.schema import CHECK
from dedere.treaty.vocabulary import Vocabulary, read_top, read_vocabulary

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from dedere.treaty.overrides import Override
    from dedere.treaty.review import Review

ORDER = ("lhc", "uncac", "untoc", "ets024", "ets030", "ets112")
"""The Convention first; the others are what requests fall back to."""


def packaged_data() -> Traversable:
    """The folder of the data that comes with the software."""
    return resources.files("dedere.treaty") / "data"


def load_law(
    overlays: Sequence[Path] = (), reviews: Sequence[Review] = (), *, data: Traversable | Path | None = None
) -> Law:
    """The law.

    Args:
        overlays: CSV files with further rows of the register, or folders of such files (missing folders are empty).
        reviews: reviews whose signatures have been checked by the caller.
        data: another folder of the same layout instead of the packaged one.

    Raises:
        LawDataError: a file breaks the schema or contradicts itself; names file, line, key and what was expected.
    """
    if data is None and not overlays and not reviews:
        return _packaged_law()
    return _load(overlays, reviews, data)


@functools.cache
def _packaged_law() -> Law:
    return _load((), (), None)


def _load(overlays: Sequence[Path], reviews: Sequence[Review], data: Traversable | Path | None) -> Law:
    folder = packaged_data() if data is None else data
    documents = packaged_documents() if data is None else read_documents(folder)
    vocabulary = read_vocabulary(_document(folder / "vocabulary.toml"))
    texts = read_registers(folder, documents)
    overrides = overrides_from(reviews, documents, texts) if reviews else {}
    instruments = {name: Builder(each, vocabulary, overrides).build() for name, each in documents.items()}
    states = read_states("states.csv", _text(folder / "states.csv"))
    rows = tuple(_party_rows(texts, overlays, instruments=instruments, states=states, overrides=overrides))
    return _assemble(instruments, rows, vocabulary=vocabulary, states=states, practice=_practice(folder))


@functools.cache
def packaged_documents() -> Mapping[str, Document]:
    """The instrument files that come with the software, by id, not yet checked against the schema."""
    return read_documents(packaged_data())


def read_documents(folder: Traversable | Path) -> dict[str, Document]:
    """The instrument files by id, the Convention first, not yet checked against the schema."""
    names = sorted(entry.name.removesuffix(".toml") for entry in (folder / "instruments").iterdir())
    names.sort(key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    return {name: _document(folder / "instruments" / f"{name}.toml") for name in names}


def read_registers(folder: Traversable | Path, names: Iterable[str]) -> dict[str, str]:
    """The text of the party list of every instrument that has one."""
    return {name: _text(folder / "parties" / f"{name}.csv") for name in names if _has(folder, name)}


def _has(folder: Traversable | Path, name: str) -> bool:
    return (folder / "parties" / f"{name}.csv").is_file()


def _text(path: Traversable | Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LawDataError(f"{path.name}: expected a readable file in UTF-8.") from error


_LARGEST_OVERLAY = 4 * 1024 * 1024


def _overlay_text(path: Path) -> str:
    """The text of a file that did not come with the software, read no further than it may be long."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_OVERLAY + 1)
        if len(data) > _LARGEST_OVERLAY:
            raise LawDataError(f"{path.name}: expected at most {_LARGEST_OVERLAY} bytes.")
        return data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LawDataError(f"{path.name}: expected a readable file in UTF-8.") from error


def _document(path: Traversable | Path) -> Document:
    return parse_document(path.name, _text(path))


def _practice(folder: Traversable | Path) -> tuple[Check, ...]:
    document = _document(folder / "practice.toml")
    document.expect_tables(["schema", "revision", "check"])
    read_top(document)
    return tuple(Check(**{"fields": (), **document.read(place, raw, CHECK)}) for place, raw in document.rows("check"))


def _party_rows(
    texts: Mapping[str, str],
    overlays: Sequence[Path],
    *,
    instruments: Mapping[str, Instrument],
    states: Mapping[str, State],
    overrides: Mapping[str, Override],
) -> Iterable[PartyRow]:
    treaties = {
        treaty.id: (each.id, treaty.abbreviation) for each in instruments.values() for treaty in each.treaties.values()
    }
    for name, text in texts.items():
        yield from RowReader(f"{name}.csv", treaties, states, overrides).read(text)
    for path in overlay_files(overlays):
        yield from RowReader(path.name, treaties, states, overrides, overlay=True).read(_overlay_text(path))


def overlay_files(overlays: Iterable[Path]) -> tuple[Path, ...]:
    """The CSV files meant by `overlays`, the files of a folder in order of name.

    Raises:
        LawDataError: a file that is not CSV or does not exist.
    """
    found: list[Path] = []
    for path in overlays:
        if path.is_dir():
            found.extend(sorted(path.glob("*.csv")))
        elif path.suffix == ".csv" and path.is_file():
            found.append(path)
        elif path.suffix or path.exists():
            raise LawDataError(f"{path.name}: expected a CSV file of the register that exists.")
    return tuple(found)


def _assemble(
    instruments: Mapping[str, Instrument],
    party_rows: tuple[PartyRow, ...],
    *,
    vocabulary: Vocabulary,
    states: Mapping[str, State],
    practice: tuple[Check, ...],
) -> Law:
    treaties = {treaty.id: treaty for each in instruments.values() for treaty in each.treaties.values()}
    rows: dict[str, Row | PartyRow] = {row.datum: row for each in instruments.values() for row in rows_of(each)}
    for row in party_rows:
        if isinstance(rows.get(row.datum), Row):
            raise LawDataError(f"{row.origin}, id: expected an id that no rule has, found {row.id!r}.")
        # An overlay may correct a packaged act: the last row of an id counts.
        rows[row.datum] = row
    parties: dict[str, list[PartyRow]] = {treaty: [] for treaty in treaties}
    by_state: dict[tuple[str, str], list[PartyRow]] = {}
    for row in sorted((row for row in rows.values() if isinstance(row, PartyRow)), key=_by_day):
        parties[row.treaty].append(row)
        by_state.setdefault((row.treaty, row.state), []).append(row)
    check_register(parties, instruments, treaties)
    return Law(
        instruments=instruments,
        practice=practice,
        vocabulary=vocabulary,
        states=states,
        parties={treaty: tuple(found) for treaty, found in parties.items()},
        by_state={key: tuple(found) for key, found in by_state.items()},
        treaties=treaties,
        rows=rows,
        references={
            row.datum: reference_of_row(row, each) for each in instruments.values() for row in each.provisions.values()
        },
    )


def rows_of(instrument: Instrument) -> Iterable[Row]:
    """Every row of an instrument, the instrument itself first."""
    yield instrument
    yield from (treaty.entry_into_force for treaty in instrument.treaties.values())
    yield next(iter(instrument.treaties.values())).withdrawal
    yield from (instrument.party_list, instrument.temporal)
    if instrument.annexes is not None:
        yield instrument.annexes
    for many in (instrument.provisions, instrument.crimes, instrument.assurances, instrument.reservation_kinds):
        yield from many.values()
    for group in (
        instrument.functions,
        instrument.conduct,
        instrument.elements,
        instrument.contents,
        instrument.grounds,
        instrument.limits,
        instrument.thresholds,
        instrument.duties,
        instrument.forms,
        instrument.channels,
    ):
        yield from group


def _by_day(row: PartyRow) -> tuple[bool, dt.date | None, str]:
    day = row.date or row.effective
    return (day is None, day, row.id) if day is not None else (True, None, row.id)
