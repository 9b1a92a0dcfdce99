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

LINE_LIMIT = 16 * 1024
"""Characters of one written entry."""


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
        """The entry's canonical bytes.

        Raises:
            LedgerError: a field is of the wrong kind, or holds half a character.
        """
        # For text, the encoder of the standard library escapes exactly what RFC 8785 escapes.
        try:
            before, after = map(encode_basestring, _BEFORE(self)), map(encode_basestring, _AFTER(self))
            return (_LINE % (*before, self.sequence, *after)).encode()
        except (TypeError, UnicodeEncodeError) as error:
            raise _broken(1, "has a field that is no text, or holds half a character") from error

    def digest(self) -> str:
        """SHA-256 of the canonical bytes."""
        return hashlib.sha256(self.canonical()).hexdigest()


_FIELDS = sorted(field.name for field in dataclasses.fields(CustodyEntry))
_BEFORE = attrgetter(*_FIELDS[: _FIELDS.index("sequence")])
_AFTER = attrgetter(*_FIELDS[_FIELDS.index("sequence") + 1 :])
_LINE = "{" + ",".join(f'"{name}":%r' if name == "sequence" else f'"{name}":%s' for name in _FIELDS) + "}"

# One expression is the whole form of an entry: the canonical JSON of exactly these fields, each of its kind.
_PLAIN = r'[^"\\\x00-\x1f]'
_ESCAPED = r'\\(?:["\\bfnrt]|u00(?:0[0-7bef]|1[0-9a-f]))'
_TEXT = rf"({_PLAIN}*+(?:{_ESCAPED}{_PLAIN}*+)*+)"
_SAID = rf"((?:{_PLAIN}|{_ESCAPED}){_TEXT[1:-1]})"
_DIGEST = r"([0-9a-f]{64}|)"
_FORMS = {
    "at": r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)",
    "authority": _TEXT,
    "by": _SAID,
    "event": f"({'|'.join(CustodyEvent)})",
    "item": _SAID,
    "note": _TEXT,
    "object": _DIGEST,
    "origin": _DIGEST,
    "place": _TEXT,
    "previous": _DIGEST,
    "sequence": r"([1-9]\d{0,15})",
    "sha256": _DIGEST,
    "signature": _DIGEST,
    "version": f"({re.escape(VERSION)})",
}
_FORM = re.compile(
    r"\{"
    + ",".join(f'"{name}":' + (form if name == "sequence" else f'"{form}"') for name, form in _FORMS.items())
    + r"\}",
    re.ASCII,
)


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
    """A ledger that holds together.

    `signed` are the entries that name a signature, by number; `contents` every SHA-256 of plain bytes that an entry
    names; `holder` the last authority named. `remarks` are oddities that break no rule, such as a clock that went back.
    """

    item: str
    entries: int
    head: str
    origin: str
    first_at: str
    last_at: str
    holder: str
    signed: tuple[tuple[int, str], ...]
    contents: frozenset[str]
    remarks: tuple[str, ...]

    @property
    def signatures(self) -> tuple[str, ...]:
        """The signatures that entries name, in order."""
        return tuple(digest for _, digest in self.signed)


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
    try:
        reader = _Reader()
        if last is not None:
            reader.resume(last)
        reader.read(entry.canonical())
    except LedgerError as error:
        raise InputError(error.sentence) from error
    return entry


def verify_ledger(entries: Iterable[CustodyEntry]) -> LedgerReport:
    """Go through a ledger from its first entry.

    Raises:
        LedgerError: it does not hold together; names the first entry that does not.
    """
    reader = _Reader()
    for number, entry in enumerate(entries, start=1):
        try:
            line = entry.canonical()
        except LedgerError as error:
            raise LedgerError(error.sentence, sequence=number) from error
        reader.read(line)
    return reader.report()


def verify_ledger_lines(lines: Iterable[bytes]) -> LedgerReport:
    """Go through a ledger in its written form, one canonical entry a line.

    Raises:
        LedgerError: a line is no canonical entry, or the ledger does not hold together.
    """
    reader = _Reader()
    for line in lines:
        reader.read(line.removesuffix(b"\n"))
    return reader.report()


def parse_entry(line: bytes) -> CustodyEntry:
    """The entry whose canonical bytes, with or without the line's end, are `line`.

    Raises:
        LedgerError: it is none.
    """
    data = line.removesuffix(b"\n")
    _match(data, 1)
    return CustodyEntry(**json.loads(data))


def write_ledger(entries: Iterable[CustodyEntry]) -> bytes:
    """The written form: one canonical entry a line."""
    return b"".join(entry.canonical() + b"\n" for entry in entries)


class _Reader:
    """Reads entries one after the other and refuses the first that does not follow."""

    def __init__(self) -> None:
        self._entries = 0
        self._item = self._event = self._at = self._head = self._origin = self._first_at = self._holder = ""
        self._signed: list[tuple[int, str]] = []
        self._contents: set[str] = set()
        self._remarks: list[str] = []

    def resume(self, last: CustodyEntry) -> None:
        """Stand after `last`, as if everything before it had been read."""
        self._at, _, _, self._event, self._item, *_ = _match(last.canonical(), last.sequence).groups()
        self._entries, self._head = last.sequence, last.digest()

    def read(self, line: bytes) -> None:
        number = self._entries + 1
        at, authority, _, event, item, _, _, origin, _, previous, sequence, sha256, signature, _ = _match(
            line, number
        ).groups()
        if number == 1:
            self._begin(item, event, origin=origin, complete=sequence == "1" and not previous)
            self._first_at = at
        else:
            self._go_on(item, number, follows=int(sequence) == number, chained=previous == self._head, origin=origin)
            if at < self._at:
                self._remarks.append(f"Entry {number} is dated before the one it follows.")
        self._entries, self._event, self._at = number, event, at
        self._head = hashlib.sha256(line).hexdigest()
        if signature:
            self._signed.append((number, signature))
        if sha256:
            self._contents.add(sha256)
        if authority:
            self._holder = authority

    def report(self) -> LedgerReport:
        if not self._entries:
            raise LedgerError("The ledger has no entry.", sequence=1)
        return LedgerReport(
            item=_unescaped(self._item),
            entries=self._entries,
            head=self._head,
            origin=self._origin,
            first_at=self._first_at,
            last_at=self._at,
            holder=_unescaped(self._holder),
            signed=tuple(self._signed),
            contents=frozenset(self._contents),
            remarks=tuple(self._remarks),
        )

    def _begin(self, item: str, event: str, *, origin: str, complete: bool) -> None:
        if not complete:
            raise _broken(1, "should be the first, and is not: entries before it are missing")
        if event not in _FIRST:
            raise _broken(1, f"is {event!r}; a ledger opens when an item is collected, ingested or received")
        self._item, self._origin = item, origin

    def _go_on(self, item: str, number: int, *, follows: bool, chained: bool, origin: str) -> None:
        if not follows:
            raise _broken(number, "has another number: an entry is missing, repeated or moved")
        if item != self._item:
            raise _broken(number, "is of another item")
        if not chained:
            raise _broken(number, "does not follow from the one before it: one of the two was altered")
        if self._event == CustodyEvent.DESTROYED:
            raise _broken(number, "follows the item's destruction")
        if origin:
            raise _broken(number, "names an origin, which only the first may")


def _match(line: bytes, number: int) -> re.Match[str]:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise _broken(number, "is not text in UTF-8") from error
    match = _FORM.fullmatch(text)
    if match is None:
        raise _broken(number, _fault(text))
    if len(text) > LINE_LIMIT:
        raise _broken(number, f"has more than {LINE_LIMIT} characters")
    return match


def _fault(text: str) -> str:
    """What is wrong with a line that is no entry, as well as it can be told."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return "is not JSON"
    if not isinstance(fields, dict) or fields.keys() != _FORMS.keys():
        return "does not have exactly the fields of an entry"
    if fields["version"] != VERSION:
        return "is of a version this software does not know"
    for name in ("item", "by"):
        if not fields[name]:
            return "lacks its item or who did it"
    for name, form in _FORMS.items():
        written = fields[name] if isinstance(fields[name], str) else json.dumps(fields[name])
        if form not in {_TEXT, _SAID} and not re.fullmatch(form, written, re.ASCII):
            return f"has no {name} in the form of one"
    return "is not in canonical form"


def _unescaped(written: str) -> str:
    return str(json.loads(f'"{written}"'))


def _broken(number: int, how: str) -> LedgerError:
    return LedgerError(f"Entry {number} of the custody ledger {how}.", sequence=number)
