"""The custody ledger: what may follow what, and that any change is found at the first entry it touches."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from dedere.base.errors import InputError
from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.vault.errors import LedgerError
from dedere.vault.ledger import (
    CustodyEntry,
    CustodyEvent,
    Happening,
    append,
    parse_entry,
    verify_ledger,
    verify_ledger_lines,
    write_ledger,
)

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
DIGEST = sha256_hex(b"content")


def happening(event: CustodyEvent, hours: int = 0, **more: str) -> Happening:
    return Happening(event, START + dt.timedelta(hours=hours), more.pop("by", "Officer Diop (fictional)"), **more)


def ledger(*events: CustodyEvent) -> list[CustodyEntry]:
    entries: list[CustodyEntry] = []
    for hours, event in enumerate(events):
        entries.append(append("item", happening(event, hours), last=entries[-1] if entries else None))
    return entries


WHOLE = ledger(CustodyEvent.COLLECTED, CustodyEvent.INGESTED, CustodyEvent.EXAMINED, CustodyEvent.SENT)


def test_a_ledger_that_holds_is_reported() -> None:
    entries = ledger(CustodyEvent.COLLECTED)
    entries.append(append("item", happening(CustodyEvent.INGESTED, authority="SN", signature=DIGEST), last=entries[0]))
    report = verify_ledger(entries)
    assert (report.item, report.entries, report.head) == ("item", 2, entries[-1].digest())
    assert (report.first_at, report.last_at) == ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00Z")
    assert (report.holder, report.signatures, report.signed, report.remarks) == ("SN", (DIGEST,), ((2, DIGEST),), ())
    assert report.contents == frozenset()


def test_an_entry_is_written_as_canonical_json_whatever_its_text() -> None:
    strange = 'Zoë "quoted" \\ \x00\x1f\x7f\u2028\u202e\U0001f600 %s {}'
    entry = append("item", happening(CustodyEvent.COLLECTED, by=strange, note=strange), last=None)
    assert entry.canonical() == canonical_json(dataclasses.asdict(entry))
    assert parse_entry(entry.canonical()) == parse_entry(entry.canonical() + b"\n") == entry


def test_the_written_form_verifies_the_same() -> None:
    written = write_ledger(WHOLE)
    assert verify_ledger_lines(written.splitlines(keepends=True)) == verify_ledger(WHOLE)


def test_a_clock_that_went_back_is_remarked() -> None:
    first = append("item", happening(CustodyEvent.COLLECTED, hours=5), last=None)
    second = append("item", happening(CustodyEvent.EXAMINED, hours=1), last=first)
    assert verify_ledger([first, second]).remarks == ("Entry 2 is dated before the one it follows.",)


@pytest.mark.parametrize("event", [CustodyEvent.COLLECTED, CustodyEvent.INGESTED, CustodyEvent.RECEIVED])
def test_a_ledger_opens_with_how_the_item_came(event: CustodyEvent) -> None:
    assert append("item", happening(event, origin=DIGEST), last=None).sequence == 1


@pytest.mark.parametrize("event", [CustodyEvent.EXAMINED, CustodyEvent.SENT, CustodyEvent.DESTROYED])
def test_a_ledger_opens_with_nothing_else(event: CustodyEvent) -> None:
    with pytest.raises(InputError, match="opens when an item is collected"):
        append("item", happening(event), last=None)


def test_nothing_follows_destruction() -> None:
    last = ledger(CustodyEvent.COLLECTED, CustodyEvent.DESTROYED)[-1]
    with pytest.raises(InputError, match="follows the item's destruction"):
        append("item", happening(CustodyEvent.EXAMINED), last=last)


def test_an_origin_stands_at_the_beginning_only() -> None:
    with pytest.raises(InputError, match="names an origin"):
        append("item", happening(CustodyEvent.EXAMINED, origin=DIGEST), last=WHOLE[0])


def test_an_entry_of_another_item_is_not_appended() -> None:
    with pytest.raises(InputError, match="of another"):
        append("another", happening(CustodyEvent.EXAMINED), last=WHOLE[0])


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"by": ""}, "lacks its item or who did it"),
        ({"note": "half \ud800"}, "half a character"),
        ({"note": "x" * 17_000}, "more than 16384 characters"),
        ({"object": "not a digest"}, "no object in the form of one"),
        ({"signature": DIGEST.upper()}, "no signature in the form"),
    ],
)
def test_what_cannot_be_recorded_is_the_officers_error(more: dict[str, str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        append("item", dataclasses.replace(happening(CustodyEvent.COLLECTED), **more), last=None)  # type: ignore[arg-type] # texts only


def test_an_empty_ledger_is_none() -> None:
    with pytest.raises(LedgerError, match="no entry"):
        verify_ledger([])


@pytest.mark.parametrize(
    ("entries", "sequence", "sentence"),
    [
        (WHOLE[1:], 1, "entries before it are missing"),
        ([WHOLE[0], WHOLE[2]], 2, "missing, repeated or moved"),
        ([WHOLE[0], WHOLE[0]], 2, "missing, repeated or moved"),
        ([WHOLE[0], dataclasses.replace(WHOLE[1], item="other")], 2, "of another item"),
        ([dataclasses.replace(WHOLE[0], note="altered"), *WHOLE[1:]], 2, "one of the two was altered"),
        ([WHOLE[0], WHOLE[1], dataclasses.replace(WHOLE[2], previous=DIGEST)], 3, "was altered"),
        ([dataclasses.replace(WHOLE[0], previous=DIGEST)], 1, "should be the first"),
        ([dataclasses.replace(WHOLE[0], version="dedere-custody/9")], 1, "version this software does not know"),
        ([dataclasses.replace(WHOLE[0], event="lost")], 1, "no event in the form"),
        ([dataclasses.replace(WHOLE[0], at="2026-03-02")], 1, "no at in the form"),
        # The types say otherwise; a ledger from outside may not keep to them.
        ([dataclasses.replace(WHOLE[0], sequence=True)], 1, "is not JSON"),
        ([dataclasses.replace(WHOLE[0], note=7)], 1, "field that is no text"),  # type: ignore[arg-type]
    ],
)
def test_the_first_entry_that_does_not_hold_is_named(entries: list[CustodyEntry], sequence: int, sentence: str) -> None:
    with pytest.raises(LedgerError, match=sentence) as caught:
        verify_ledger(entries)
    assert caught.value.sequence == sequence


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"", "is not JSON"),
        (b"not json", "is not JSON"),
        (b"\xff", "not text in UTF-8"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "exactly the fields"),
        (b'{"item":"x"}', "exactly the fields"),
        (WHOLE[0].canonical().replace(b'"sequence":1', b'"sequence":1.0'), "no sequence in the form"),
        (WHOLE[0].canonical().replace(b'"sequence":1', b'"sequence":01'), "is not JSON"),
        (WHOLE[0].canonical().replace(b'"sequence":1', b'"sequence":"1"'), "not in canonical form"),
        (WHOLE[0].canonical().replace(b'"place":""', b'"place":null'), "not in canonical form"),
        (WHOLE[0].canonical().replace(b'"place":""', b'"place":"\\ud800"'), "not in canonical form"),
        (WHOLE[0].canonical().replace(b'"place":""', b'"place":"\\u0041"'), "not in canonical form"),
        (WHOLE[0].canonical().replace(b'"place":""', b'"place":"\\u001F"'), "not in canonical form"),
        (WHOLE[0].canonical().replace(b",", b", ", 1), "not in canonical form"),
        (WHOLE[0].canonical() + b"\r", "not in canonical form"),
    ],
)
def test_a_line_that_is_no_entry_is_refused(line: bytes, sentence: str) -> None:
    with pytest.raises(LedgerError, match=sentence):
        parse_entry(line)
    with pytest.raises(LedgerError) as caught:
        verify_ledger_lines([WHOLE[0].canonical(), line])
    assert caught.value.sequence == 2
