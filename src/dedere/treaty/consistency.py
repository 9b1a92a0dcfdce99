"""The register must not contradict itself: rows that cannot both be true are refused, by name of file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.treaty.errors import LawDataError
from dedere.treaty.wording import day_from
from dedere.treaty.words import Action, RequestKind, StatementKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from dedere.treaty.model import Instrument, ReservationKind, Treaty
    from dedere.treaty.register import PartyRow

_MOST_ACTS = 500
"""Of one State towards one treaty. No State does a tenth of it; more is a mistake, or meant to keep us busy."""

_STATEMENTS = {
    Action.RESERVATION: StatementKind.RESERVATION,
    Action.DECLARATION: StatementKind.DECLARATION,
    Action.ANNEX_NOTIFICATION: StatementKind.NOTIFICATION,
    Action.PROVISIONAL_APPLICATION: StatementKind.DECLARATION,
}


def check_register(
    parties: Mapping[str, Iterable[PartyRow]], instruments: Mapping[str, Instrument], treaties: Mapping[str, Treaty]
) -> None:
    """Nothing, when the rows of every treaty can all be true.

    Raises:
        LawDataError: an act before adoption, a second consent without a withdrawal between, a withdrawal by a State
            that never consented, a renewal of what cannot be renewed, an effect on something that does not exist.
    """
    for treaty_id, found in parties.items():
        rows = tuple(found)
        treaty = treaties[treaty_id]
        instrument = instruments[treaty.instrument]
        by_id = {row.id: row for row in rows}
        channels = {channel.id for channel in instrument.channels}
        for row in rows:
            _check_days(row, treaty)
            _check_about(row, instrument)
            _check_effect(row, instrument, channels=channels)
            _check_affects(row, by_id, instrument)
        by_state: dict[str, list[PartyRow]] = {}
        for row in rows:
            by_state.setdefault(row.state, []).append(row)
        for acts in by_state.values():
            if len(acts) > _MOST_ACTS:
                raise _refusal(acts[_MOST_ACTS], "iso3166", f"expected at most {_MOST_ACTS} acts of one State")
            _check_membership(acts)
        _check_depositary(rows, treaty)


def _check_days(row: PartyRow, treaty: Treaty) -> None:
    for column, day in (("date", row.date), ("effective", row.effective)):
        if day is not None and day < treaty.adopted:
            raise _refusal(row, column, f"expected a day after the adoption on {treaty.adopted}, found {day}")


def _check_about(row: PartyRow, instrument: Instrument) -> None:
    if not row.about:
        return
    kind = instrument.reservation_kinds.get(row.about)
    if kind is None:
        raise _refusal(row, "about", f"expected a kind of statement of {instrument.abbreviation}, found {row.about!r}")
    if row.action is Action.RESERVATION and kind.kind is not StatementKind.RESERVATION:
        raise _refusal(row, "about", f"expected a kind of reservation, found the {kind.kind} {row.about!r}")


def _check_effect(row: PartyRow, instrument: Instrument, *, channels: Collection[str]) -> None:
    if not row.effect:
        return
    letters = {crime.annex for crime in instrument.crimes.values() if crime.annex}
    parts = {function.part for function in instrument.functions if function.part}
    excluded = {f"crime:{code}" for code in instrument.crimes} | {f"function:{kind}" for kind in RequestKind}
    known = {"annexes": letters, "parts": parts, "excludes": excluded, "channel": channels}
    for name, allowed in known.items():
        for value in row.effect.get(name, ()):
            if value not in allowed:
                raise _refusal(row, "effect", f"expected {name} among {', '.join(sorted(allowed))}, found {value!r}")
    for value in row.effect.get("conduct-from", ()):
        if day_from(value) is None:
            raise _refusal(row, "effect", f"expected conduct-from with a day such as 2024-02-14, found {value!r}")


def _check_affects(row: PartyRow, by_id: Mapping[str, PartyRow], instrument: Instrument) -> None:
    needs = row.action in {Action.RENEWAL, Action.WITHDRAWAL_OF_STATEMENT}
    if not needs and not row.affects:
        return
    meant = by_id.get(row.affects)
    if not needs or meant is None or meant.state != row.state or meant.action not in _STATEMENTS:
        raise _refusal(row, "affects", f"expected a statement of the same State, found {row.affects!r}")
    if row.action is Action.RENEWAL and not _renewable(instrument.reservation_kinds.get(meant.about)):
        raise _refusal(row, "affects", f"expected a statement that can be renewed, found {row.affects!r}")
    if row.date and meant.date and row.date < meant.date:
        raise _refusal(row, "date", f"expected a day after the statement of {meant.date}, found {row.date}")


def _renewable(kind: ReservationKind | None) -> bool:
    return kind is not None and kind.renewable


def _check_membership(rows: list[PartyRow]) -> None:
    dated = sorted((row for row in rows if row.date), key=_signature_first)
    bound: PartyRow | None = None
    for row in dated:
        if row.action.binds:
            if bound is not None:
                raise _refusal(row, "action", f"expected no second consent after {_said(bound)}")
            bound = row
        elif row.action is Action.WITHDRAWAL:
            if bound is None:
                raise _refusal(row, "action", "expected a consent to be bound before a withdrawal")
            bound = None
        elif row.action is Action.SIGNATURE and bound is not None:
            raise _refusal(row, "date", f"expected a signature before {_said(bound)}")


def _said(row: PartyRow) -> str:
    return f"the {row.action} of {row.date} ({row.origin})"


def _signature_first(row: PartyRow) -> tuple[str, bool, str]:
    return str(row.date), row.action is not Action.SIGNATURE, row.id


def _check_depositary(rows: Iterable[PartyRow], treaty: Treaty) -> None:
    known = treaty.entry_into_force.since
    for row in rows:
        if row.action is not Action.ENTRY_INTO_FORCE:
            continue
        if row.date is None:
            raise _refusal(row, "date", "expected the day of entry into force, found nothing")
        if known is not None and row.date != known:
            raise _refusal(
                row, "date", f"expected {known}, the day of entry into force already known, found {row.date}"
            )
        known = row.date


def _refusal(row: PartyRow, column: str, sentence: str) -> LawDataError:
    return LawDataError(f"{row.origin}, {column}: {sentence}.")
