"""The custody chain: whatever is done to a written ledger, it is noticed."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedere.base.errors import DedereError
from dedere.crypto.canonical import canonical_json
from dedere.vault.errors import LedgerError
from dedere.vault.ledger import CustodyEntry, CustodyEvent, Happening, append, verify_ledger_lines, write_ledger

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
DIGESTS = st.sampled_from(["", "0" * 64, "af" * 32])
HAPPENINGS = st.builds(
    Happening,
    event=st.sampled_from([event for event in CustodyEvent if event is not CustodyEvent.DESTROYED]),
    at=st.integers(-600_000_000, 7_000_000_000).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC)),
    by=TEXTS.filter(bool),
    authority=TEXTS,
    place=TEXTS,
    note=TEXTS,
    object=DIGESTS,
    sha256=DIGESTS,
    signature=DIGESTS,
)


@st.composite
def ledgers(draw: st.DrawFn) -> list[CustodyEntry]:
    first = draw(HAPPENINGS)
    entries = [append("item", dataclasses.replace(first, event=CustodyEvent.COLLECTED), last=None)]
    for happening in draw(st.lists(HAPPENINGS, max_size=6)):
        entries.append(append("item", happening, last=entries[-1]))
    return entries


@given(ledgers())
def test_a_written_ledger_verifies_and_is_canonical(entries: list[CustodyEntry]) -> None:
    lines = write_ledger(entries).split(b"\n")[:-1]
    assert verify_ledger_lines(lines).head == entries[-1].digest()
    assert [canonical_json(dataclasses.asdict(entry)) for entry in entries] == lines


@given(ledgers(), st.data())
def test_a_byte_altered_before_the_last_line_is_noticed(entries: list[CustodyEntry], data: st.DataObject) -> None:
    whole = write_ledger(entries)
    head = entries[-1].digest()
    place = data.draw(st.integers(0, len(whole) - 1))
    altered = bytearray(whole)
    altered[place] ^= data.draw(st.integers(1, 255))
    try:
        report = verify_ledger_lines(bytes(altered).splitlines(keepends=True))
    except LedgerError:
        return
    # Within the last entry nothing follows that could show it; the head, kept elsewhere, does.
    assert report.head != head


@given(ledgers(), st.data())
def test_lines_dropped_or_moved_are_noticed(entries: list[CustodyEntry], data: st.DataObject) -> None:
    lines = write_ledger(entries).splitlines()
    kept = data.draw(st.permutations(lines).map(lambda order: order[: len(order)]))
    kept = kept[: data.draw(st.integers(0, len(kept)))]
    if kept == lines[: len(kept)] and kept:
        assert verify_ledger_lines(kept).entries == len(kept)
    else:
        with pytest.raises(LedgerError):
            verify_ledger_lines(kept)


@given(st.lists(st.binary(max_size=80), max_size=4))
def test_foreign_bytes_are_refused_with_an_error_of_ours(lines: list[bytes]) -> None:
    with pytest.raises(DedereError):
        verify_ledger_lines(lines)
