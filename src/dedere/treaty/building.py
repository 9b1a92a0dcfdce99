"""From one checked document to one `Instrument`: every row read, every reference inside it resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from dedere.treaty import model
from dedere.treaty.document import Document, Place
from dedere.treaty.errors import LawDataError
from dedere.treaty.schema import INSTRUMENT, ROW_TABLES, SINGLE_TABLES, TREATY, Key, Table
from dedere.treaty.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dedere.treaty.overrides import Override

_RowKind = TypeVar("_RowKind", bound=model.Row)
_DATED_FROM = 1800


class Builder:
    """Builds one instrument from one document; used once."""

    def __init__(self, document: Document, vocabulary: Vocabulary, overrides: Mapping[str, Override]) -> None:
        self._document = document
        self._vocabulary = vocabulary
        self._overrides = overrides
        self._places: dict[str, Place] = {}
        self._head = document.read(Place("instrument"), document.single("instrument"), INSTRUMENT)
        self._id = str(self._head["id"])

    def build(self) -> model.Instrument:
        """The instrument.

        Raises:
            LawDataError: anything in the file that the schema does not allow, or a reference that leads nowhere.
        """
        document = self._document
        document.expect_tables(
            ["instrument", "treaty", *(table.name for table in SINGLE_TABLES), *(table.name for table in ROW_TABLES)]
        )
        rows = {table.name: tuple(self._rows(table)) for table in ROW_TABLES}
        singles = {table.name: self._single(table) for table in SINGLE_TABLES if self._has(table)}
        head = {key: value for key, value in self._head.items() if key not in {"id", "schema"}}
        instrument = model.Instrument(
            instrument=self._id,
            id=self._id,
            **head,
            treaties=self._treaties(singles),
            party_list=_only(singles["party_list"], model.PartyList),
            temporal=_only(singles["temporal"], model.Temporal),
            annexes=_only(singles["annexes"], model.AnnexRule) if "annexes" in singles else None,
            provisions=_by_id(rows["provision"], model.Provision, keep_absent=True),
            functions=_kept(rows["function"], model.Function),
            crimes=_by_id(rows["crime"], model.Crime),
            conduct=_kept(rows["conduct"], model.Conduct),
            elements=_kept(rows["element"], model.Element),
            contents=_kept(rows["content"], model.Content),
            grounds=_kept(rows["ground"], model.Ground),
            assurances=_by_id(rows["assurance"], model.Assurance),
            limits=_kept(rows["limit"], model.Limit),
            thresholds=_kept(rows["threshold"], model.Threshold),
            duties=_kept(rows["duty"], model.Duty),
            forms=_kept(rows["form"], model.Form),
            channels=_kept(rows["channel"], model.Channel),
            reservation_kinds=_by_id(rows["reservation_kind"], model.ReservationKind),
        )
        self._resolve(rows, singles, instrument)
        return instrument

    def _has(self, table: Table) -> bool:
        return table.name != "annexes" or "annexes" in self._document.data

    def _rows(self, table: Table) -> Iterator[model.Row]:
        for place, raw in self._document.rows(table.name):
            yield self._row(table, place, raw)

    def _single(self, table: Table) -> model.Row:
        raw = {"id": table.name.replace("_", "-"), **self._document.single(table.name)}
        return self._row(table, Place(table.name), raw, fixed_id=str(raw.pop("id")))

    # Any: raw is what TOML gave; `read` checks every value of it.
    def _row(self, table: Table, place: Place, raw: Mapping[str, Any], *, fixed_id: str = "") -> model.Row:
        row_id = fixed_id or str(raw.get("code" if table.name == "crime" else "id", ""))
        values = self._values(table.keys, place, raw, row_id=row_id)
        values.setdefault("id", row_id)
        return table.builds(instrument=self._id, **values)

    # Any: as above.
    def _values(self, keys: tuple[Key, ...], place: Place, raw: Mapping[str, Any], *, row_id: str) -> dict[str, Any]:
        if row_id in self._places:
            raise self._document.refusal(place, "id", f"expected an id that is new, found {row_id!r} again.")
        self._places[row_id] = place
        override = self._overrides.get(f"{self._id}/{row_id}")
        if override is not None:
            raw = {**raw, **override.values}
        values = self._document.read(place, raw, keys)
        if override is not None:
            values |= {"verified_by": override.verified_by, "absent": override.absent}
        self._sane_days(place, values)
        return values

    def _treaties(self, singles: Mapping[str, model.Row]) -> dict[str, model.Treaty]:
        withdrawal = _only(singles["withdrawal"], model.Withdrawal)
        found = {
            self._id: model.Treaty(
                id=self._id,
                instrument=self._id,
                abbreviation=self._head["abbreviation"],
                title=self._head["title"],
                adopted=self._head["adopted"],
                entry_into_force=_only(singles["entry_into_force"], model.EntryIntoForce),
                withdrawal=withdrawal,
            )
        }
        for place, raw in self._document.rows("treaty"):
            row_id = f"treaty.{raw.get('id')}"
            values = self._values(TREATY, place, raw, row_id=row_id)
            treaty = str(values.pop("id"))
            if treaty in found:
                raise self._document.refusal(place, "id", f"expected a treaty that is new, found {treaty!r} again.")
            named = {name: values.pop(name) for name in ("abbreviation", "title", "adopted")}
            force = model.EntryIntoForce(instrument=self._id, id=row_id, **values)
            found[treaty] = model.Treaty(
                id=treaty, instrument=self._id, entry_into_force=force, withdrawal=withdrawal, **named
            )
        return found

    # Any: the values have been read; only the days among them are looked at.
    def _sane_days(self, place: Place, values: Mapping[str, Any]) -> None:
        for key in ("adopted", "since"):
            day = values.get(key)
            if day is not None and day.year < _DATED_FROM:
                raise self._document.refusal(place, key, f"expected a day after {_DATED_FROM}, found {day}.")
        since, adopted = values.get("since"), values.get("adopted", self._head["adopted"])
        if since is not None and since < adopted:
            raise self._document.refusal(
                place, "since", f"expected a day after the adoption on {adopted}, found {since}."
            )

    def _resolve(
        self, rows: Mapping[str, tuple[model.Row, ...]], singles: Mapping[str, model.Row], built: model.Instrument
    ) -> None:
        self._sane_days(Place("instrument"), self._head)
        all_rows = [*singles.values(), *(row for group in rows.values() for row in group)]
        provisions = {row.id for row in rows["provision"]}
        for row in all_rows:
            if row.provision:
                self._lead(row, "provision", row.provision, provisions)
            if row.source_treaty:
                self._lead(row, "source_treaty", row.source_treaty, built.treaties)
        assurances = {row.id for row in rows["assurance"]}
        for row in all_rows:
            match row:
                case model.Ground(curable_by=cure) if cure:
                    self._lead(row, "curable_by", cure, assurances)
                case model.Limit():
                    self._lead(row, "starts_on", row.starts_on, self._vocabulary.events)
                    self._lead(row, "ends", row.ends, self._vocabulary.events)
                case model.Duty():
                    self._lead(row, "on_event", row.on_event, self._vocabulary.events)
                case model.AnnexRule():
                    self._lead(row, "notice", row.notice, provisions)
                case model.Conduct():
                    self._lead(row, "as", row.under, built.crimes)
                case _:
                    pass

    def _lead(self, row: model.Row, key: str, value: str, known: Iterable[str]) -> None:
        if value not in known:
            raise self._document.refusal(
                self._places[row.id], key, f"expected something that exists, found {value!r}, which does not."
            )


def _only(row: model.Row, kind: type[_RowKind]) -> _RowKind:
    if not isinstance(row, kind):  # pragma: no cover - the schema pairs each table with its class
        raise LawDataError(f"{row.datum} is not a {kind.__name__}.")
    return row


def _kept(rows: tuple[model.Row, ...], kind: type[_RowKind]) -> tuple[_RowKind, ...]:
    return tuple(_only(row, kind) for row in rows if not row.absent)


def _by_id(rows: tuple[model.Row, ...], kind: type[_RowKind], *, keep_absent: bool = False) -> dict[str, _RowKind]:
    return {row.id: _only(row, kind) for row in rows if keep_absent or not row.absent}
