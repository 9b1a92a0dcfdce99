"""The custody ledger of one item: who had it, where, when, from its collection on, each entry chained to the last.

An entry is one flat object of canonical JSON (RFC 8785); a ledger in a file is one entry a line. Its `previous` is the
SHA-256 of the canonical bytes of the entry before, so that none can be altered, dropped, inserted or moved without
every later one showing it; the *head*, the digest of the last, stands for the whole. Where custody changes hands
the entry names the SHA-256 of a signed container; verifying that signature is the work of the layers that know
certificates.

When an item goes to another State, the receiver's ledger begins with `received` and names in `origin` the head of the
ledger it continues.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import hashlib
import json
import re
from dataclasses import dataclass
from json.encoder import encode_basestring
from operator import attrgetter
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.base.errors import InputError
from dedere.vault.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = "dedere-custody/1"

_DIGESTS = re.compile(r"(?:[0-9a-f]{64})?(?:,(?:[0-9a-f]{64})?){4}")
_TEXT_LIMIT = 4000
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")


class CustodyEvent(enum.StrEnum):
    """What happened to the item."""

    COLLECTED = "collected"
    INGESTED = "ingested"
    EXAMINED = "examined"
    COPIED = "copied"
    SENT = "sent"
    RECEIVED = "received"
    RETURNED = "returned"
    DESTROYED = "destroyed"


_KIND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (?:" + "|".join(CustodyEvent) + ")", re.ASCII)
_FIRST = frozenset({CustodyEvent.COLLECTED, CustodyEvent.INGESTED, CustodyEvent.RECEIVED})


@dataclass(frozen=True, slots=True)
class CustodyEntry:
    """One entry. Every field is text but `sequence`, which counts from 1; what does not apply is empty.

    `item` identifies the item, `object` the sealed object (the SHA-256 of its payload), `sha256` the plain bytes;
    `at` is an instant as `format_instant` writes it; `by` a named person or a named machine, `authority` whom they act
    for, `place` where; `origin` (first entry only) the head of another State's ledger that this one continues;
    `signature` the SHA-256 of the signed container that attests the entry.
    """

    version: str
    item: str
    sequence: int
    previous: str
    event: str
    at: str
    by: str
    authority: str
    place: str
    note: str
    object: str
    sha256: str
    origin: str
    signature: str

    def canonical(self) -> bytes:
        """The entry's canonical bytes."""
        # For text, the encoder of the standard library escapes exactly what RFC 8785 escapes.
        before, after = map(encode_basestring, _BEFORE_SEQUENCE(self)), map(encode_basestring, _AFTER_SEQUENCE(self))
        return (_LINE % (*before, self.sequence, *after)).encode()

    def digest(self) -> str:
        """SHA-256 of the canonical bytes."""
        return hashlib.sha256(self.canonical()).hexdigest()


_FIELDS = sorted(field.name for field in dataclasses.fields(CustodyEntry))
_PLACE = _FIELDS.index("sequence")
_BEFORE_SEQUENCE = attrgetter(*_FIELDS[:_PLACE])
_AFTER_SEQUENCE = attrgetter(*_FIELDS[_PLACE + 1 :])
_LINE = "{" + ",".join(f'"{name}":%d' if name == "sequence" else f'"{name}":%s' for name in _FIELDS) + "}"
_NAMES = frozenset(_FIELDS)
_TEXTS = attrgetter("item", "by", "authority", "place", "note")
_DIGEST_FIELDS = attrgetter("previous", "object", "sha256", "origin", "signature")


@dataclass(frozen=True, slots=True)
class Happening:
    """What is to be recorded; see CustodyEntry for the fields."""

    event: CustodyEvent
    at: dt.datetime
    by: str
    authority: str = ""
    place: str = ""
    note: str = ""
    object: str = ""
    sha256: str = ""
    origin: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """A ledger that holds together. `remarks` are oddities that break no rule, such as a clock that went back."""

    item: str
    entries: int
    head: str
    first_at: str
    last_at: str
    holder: str
    signatures: tuple[str, ...]
    remarks: tuple[str, ...]


def append(item: str, happening: Happening, *, last: CustodyEntry | None) -> CustodyEntry:
    """The entry that follows `last`, or opens the ledger when there is none.

    Raises:
        InputError: the item's ledger cannot begin or go on with this, or a field cannot be recorded.
    """
    entry = CustodyEntry(
        version=VERSION,
        item=item,
        sequence=1 if last is None else last.sequence + 1,
        previous="" if last is None else last.digest(),
        event=happening.event.value,
        at=format_instant(happening.at),
        by=happening.by,
        authority=happening.authority,
        place=happening.place,
        note=happening.note,
        object=happening.object,
        sha256=happening.sha256,
        origin=happening.origin,
        signature=happening.signature,
    )
    if last is not None and last.item != item:
        raise InputError("A ledger is of one item; this entry is of another.")
    try:
        _require_entry(entry, last)
    except LedgerError as error:
        raise InputError(error.sentence) from error
    return entry


def verify_ledger(entries: Iterable[CustodyEntry]) -> LedgerReport:
    """Go through a ledger from its first entry.

    Raises:
        LedgerError: it does not hold together; names the first entry that does not.
    """
    return _verify((entry, b"") for entry in entries)


def verify_ledger_lines(lines: Iterable[bytes]) -> LedgerReport:
    """Go through a ledger in its written form, one canonical entry a line.

    Raises:
        LedgerError: a line is no canonical entry, or the ledger does not hold together.
    """
    return _verify(_read_lines(lines))


def parse_entry(line: bytes) -> CustodyEntry:
    """The entry whose canonical bytes, with or without the line's end, are `line`.

    Raises:
        LedgerError: it is none.
    """
    return _parse(line.removesuffix(b"\n"), 1)


def write_ledger(entries: Iterable[CustodyEntry]) -> bytes:
    """The written form: one canonical entry a line."""
    return b"".join(entry.canonical() + b"\n" for entry in entries)


def _read_lines(lines: Iterable[bytes]) -> Iterable[tuple[CustodyEntry, bytes]]:
    for sequence, line in enumerate(lines, start=1):
        data = line.removesuffix(b"\n")
        yield _parse(data, sequence), data


def _parse(data: bytes, sequence: int) -> CustodyEntry:
    try:
        fields = json.loads(data)
        if type(fields) is not dict or fields.keys() != _NAMES:
            raise LedgerError(f"Line {sequence} of the ledger is no custody entry.", sequence=sequence)
        entry = CustodyEntry(**fields)
        canonical = entry.canonical()
    except (ValueError, TypeError, RecursionError) as error:
        raise LedgerError(f"Line {sequence} of the ledger is not readable.", sequence=sequence) from error
    if canonical != data:
        raise LedgerError(f"Line {sequence} of the ledger is not in canonical form.", sequence=sequence)
    return entry


def _verify(pairs: Iterable[tuple[CustodyEntry, bytes]]) -> LedgerReport:
    last: CustodyEntry | None = None
    first_at, head, holder = "", "", ""
    signatures: list[str] = []
    remarks: list[str] = []
    for entry, canonical in pairs:
        _require_entry(entry, last, head=head)
        head = hashlib.sha256(canonical or entry.canonical()).hexdigest()
        if last is None:
            first_at = entry.at
        elif entry.at < last.at:
            remarks.append(f"Entry {entry.sequence} is dated before the one it follows.")
        if entry.signature:
            signatures.append(entry.signature)
        holder = entry.authority or holder
        last = entry
    if last is None:
        raise LedgerError("The ledger has no entry.", sequence=1)
    return LedgerReport(last.item, last.sequence, head, first_at, last.at, holder, tuple(signatures), tuple(remarks))


def _require_entry(entry: CustodyEntry, last: CustodyEntry | None, *, head: str | None = None) -> None:
    """Refuse an entry that is malformed or does not follow `last`, whose digest is `head` where it is known."""
    fault = _fault_of_form(entry) or (_fault_of_first(entry) if last is None else _fault_of_order(entry, last, head))
    if fault:
        sequence = 1 if last is None else last.sequence + 1
        raise LedgerError(f"Entry {sequence} of the custody ledger {fault}.", sequence=sequence)


def _fault_of_first(entry: CustodyEntry) -> str:
    if entry.sequence != 1 or entry.previous:
        return "should be the first, and is not: entries before it are missing"
    if entry.event not in _FIRST:
        return f"opens the ledger with {entry.event!r}; a ledger opens when an item is collected, ingested or received"
    return ""


def _fault_of_order(entry: CustodyEntry, last: CustodyEntry, head: str | None) -> str:
    if entry.sequence != last.sequence + 1:
        return f"is numbered {entry.sequence}: an entry is missing, repeated or moved"
    if entry.item != last.item:
        return "is of another item"
    if head is not None and entry.previous != head:
        return "does not follow from the one before it: one of the two was altered"
    if last.event == CustodyEvent.DESTROYED:
        return "follows the item's destruction"
    return "names an origin, which only the first may" if entry.origin else ""


def _fault_of_form(entry: CustodyEntry) -> str:
    if entry.version != VERSION:
        return "is of a version this software does not know"
    try:
        texts = "".join(_TEXTS(entry))
        digests = ",".join(_DIGEST_FIELDS(entry))
    except TypeError:
        return "has a field of the wrong kind"
    if type(entry.sequence) is not int or len(texts) > _TEXT_LIMIT:
        return f"is not numbered by a whole number, or has more than {_TEXT_LIMIT} characters of text"
    if not (_DIGESTS.fullmatch(digests) and _KIND.fullmatch(f"{entry.at} {entry.event}")):
        return "has an unknown event, or an instant or digest in another form"
    if not entry.item or not entry.by or not (texts.isascii() or not _HALF_CHARACTER.search(texts)):
        return "lacks its item or who did it, or holds half a character"
    return ""
