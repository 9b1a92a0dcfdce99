"""`data/dossier.json`: what is in a dossier, and what was left out. Strict in both directions."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, TypeVar

from dedere.base.clock import format_instant, parse_instant
from dedere.base.errors import InputError
from dedere.crypto.canonical import canonical_json, parse_canonical
from dedere.crypto.errors import CanonicalError
from dedere.dossier.contents import EvidenceForm
from dedere.dossier.errors import DossierFormError
from dedere.dossier.layout import DESCRIPTION, DOSSIER_VERSION
from dedere.protocol.letter import Party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed import DataclassInstance

    from dedere.dossier.bag import Spool


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card of the dossier."""

    state: str
    serial: int
    sha256: str
    member: str


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter of the case. `member` and `act` are empty, and `left_out` is not, when it is not in the dossier."""

    id: str
    sha256: str
    member: str
    act: str
    left_out: str


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A receipt for a letter or a part of it."""

    letter: str
    sha256: str
    member: str


@dataclass(frozen=True, slots=True)
class AttestationLine:
    """A signed container that a ledger names."""

    sha256: str
    member: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item; `ledger` is empty for a part of a letter of which no ledger was kept."""

    id: str
    title: str
    name: str
    media_type: str
    size: int
    sha256: str
    conditions: tuple[Mapping[str, object], ...]
    object: str
    letter: str
    part: str
    form: str
    member: str
    left_out: str
    ledger: str
    ledger_entries: int
    ledger_head: str


@dataclass(frozen=True, slots=True)
class AuditPart:
    """The extract of the audit log."""

    extract: str
    checkpoint: str
    size: int
    root: str
    entries: int


@dataclass(frozen=True, slots=True)
class WitnessLine:
    """Where a partner's countersignature of a head of the log lies, and the proof that the log at export extends it."""

    state: str
    size: int
    root: str
    member: str
    proof: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The whole.

    `record` is empty when letters are left out: the state would tell what they say. `index_pdf` is empty when something
    in it could not be printed.
    """

    id: str
    case: str
    title: str
    references: Mapping[str, str]
    exporter: Party
    exported_by: str
    exported_at: dt.datetime
    purpose: str
    record: str
    record_sha256: str
    index: str
    index_pdf: str
    case_uco: str
    cards: tuple[CardLine, ...]
    letters: tuple[LetterLine, ...]
    receipts: tuple[ReceiptLine, ...]
    items: tuple[ItemLine, ...]
    attestations: tuple[AttestationLine, ...]
    audit: AuditPart | None
    witnesses: tuple[WitnessLine, ...]

    def members(self) -> Iterator[str]:
        """Every file below data/ that a dossier so described has."""
        found = [DESCRIPTION, self.record, self.index, self.index_pdf, self.case_uco]
        found += [card.member for card in self.cards]
        found += [receipt.member for receipt in self.receipts]
        found += [attestation.member for attestation in self.attestations]
        for letter in self.letters:
            found += [letter.member, letter.act]
        for item in self.items:
            found += [item.member, item.ledger]
        if self.audit is not None:
            found += [self.audit.extract, self.audit.checkpoint]
        found += [witness.member for witness in self.witnesses]
        return filter(None, found)

    def pieces(self, spooled: Mapping[str, Lines]) -> Iterator[bytes]:
        """The canonical bytes of `data/dossier.json`; the lists that are `spooled` stand there instead of here."""
        said: dict[str, object] = {
            "version": DOSSIER_VERSION,
            "exported_at": format_instant(self.exported_at),
            "references": dict(self.references),
        }
        # Canonical JSON (RFC 8785) writes an object's names in order; all names here are ASCII.
        for place, name in enumerate(sorted({*said, *(field.name for field in dataclasses.fields(self))})):
            yield (b"," if place else b"{") + canonical_json(name) + b":"
            if name in spooled:
                yield from spooled[name].pieces()
            elif name in _LISTS:
                yield b"[" + b",".join(map(line_bytes, getattr(self, name))) + b"]"
            elif name in said:
                yield canonical_json(said[name])
            else:
                value = getattr(self, name)
                yield canonical_json(dataclasses.asdict(value) if isinstance(value, (Party, AuditPart)) else value)
        yield b"}"

    @classmethod
    def from_bytes(cls, data: bytes) -> Description:
        """What `data` describes.

        Raises:
            DossierFormError: anything is not exactly as `pieces` writes it.
        """
        try:
            return _Reading(data.decode()).description()
        except (ValueError, RecursionError, CanonicalError):  # not in the one form: say in what it is not
            return _read_slowly(data)


class Lines:
    """The lines of one list, spooled as they are written."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._begun = False

    def add(self, line: DataclassInstance) -> None:
        """Write one."""
        self._spool.write((b"," if self._begun else b"") + line_bytes(line))
        self._begun = True

    def pieces(self) -> Iterator[bytes]:
        """The list as the description has it."""
        yield b"["
        yield from self._spool.pieces()
        yield b"]"


def line_bytes(line: DataclassInstance) -> bytes:
    """The canonical bytes of one line.

    Raises:
        CanonicalError: it has none.
    """
    written = ",".join(f'"{name}":{_written(getattr(line, name))}' for name, _ in _FIELDS[type(line)])
    try:
        return f"{{{written}}}".encode()
    except UnicodeEncodeError as error:
        raise CanonicalError("The value has no canonical JSON form: it holds half a character.") from error


def _written(value: object) -> str:
    # For text, the encoder of the standard library escapes exactly what RFC 8785 escapes.
    if isinstance(value, str):
        return encode_basestring(value)
    return "[]" if value == () else canonical_json(value).decode()


_LISTS: dict[str, type[DataclassInstance]] = {
    "cards": CardLine,
    "letters": LetterLine,
    "receipts": ReceiptLine,
    "items": ItemLine,
    "attestations": AttestationLine,
    "witnesses": WitnessLine,
}
_KINDS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "dt.datetime": (dt.datetime,),
    "Party": (Party,),
    "Mapping[str, str]": (dict,),
    "AuditPart | None": (AuditPart, type(None)),
}
_Line = TypeVar("_Line", bound="DataclassInstance")


def _fields_of(kind: type[DataclassInstance]) -> tuple[tuple[str, tuple[type, ...]], ...]:
    """The fields of a line in the order of canonical JSON, each with the types that it may have."""
    return tuple(
        (field.name, _KINDS.get(str(field.type), (tuple,)))
        for field in sorted(dataclasses.fields(kind), key=lambda field: field.name)
    )


_FIELDS: dict[type, tuple[tuple[str, tuple[type, ...]], ...]] = {
    kind: _fields_of(kind) for kind in (*_LISTS.values(), Party, AuditPart, Description)
}
_ABSENT = object()
_DECODER = json.JSONDecoder()


class _Reading:
    """Reads a description in the one form that `pieces` writes; ValueError at the first entry that differs."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0

    def description(self) -> Description:
        """The whole."""
        names = sorted({"version", *(field.name for field in dataclasses.fields(Description))})
        found: dict[str, Any] = {}  # each is checked below as it is read
        for number, name in enumerate(names):
            self._take(f'{"," if number else "{"}"{name}":')
            found[name] = self._lines(_LISTS[name]) if name in _LISTS else self._value()
        self._take("}")
        if self._place != len(self._text) or found.pop("version") != DOSSIER_VERSION:
            raise ValueError("The description goes on, or is of another version.")
        found["exported_at"] = _instant(found["exported_at"])
        found["exporter"] = _read(Party, found["exporter"])
        if found["audit"] is not None:
            found["audit"] = _read(AuditPart, found["audit"])
        return _read(Description, found)

    def _take(self, text: str) -> None:
        if not self._text.startswith(text, self._place):
            raise ValueError("Something else stands there.")
        self._place += len(text)

    def _value(self) -> object:
        value, end = _DECODER.raw_decode(self._text, self._place)
        if canonical_json(value).decode() != self._text[self._place : end]:
            raise ValueError("The value is not in canonical form.")
        self._place = end
        return value

    def _lines(self, kind: type[_Line]) -> tuple[_Line, ...]:
        self._take("[")
        lines: list[_Line] = []
        while not self._text.startswith("]", self._place):
            if lines:
                self._take(",")
            value, end = _DECODER.raw_decode(self._text, self._place)
            line = _read(kind, value)
            if line_bytes(line).decode() != self._text[self._place : end]:
                raise ValueError("The line is not in canonical form.")
            lines.append(line)
            self._place = end
        self._take("]")
        return tuple(lines)


def _read_slowly(data: bytes) -> Description:
    """The same of bytes in whatever form, to say what is wrong with them."""
    try:
        value = parse_canonical(data)
    except CanonicalError as error:
        raise DossierFormError(f"The description is not canonical JSON: {error}", member=DESCRIPTION) from error
    if not isinstance(value, dict) or value.pop("version", None) != DOSSIER_VERSION:
        raise _fault("is not of a version this software knows")
    found: dict[str, Any] = dict(value)  # each is checked as it is read
    found["exported_at"] = _instant(value.get("exported_at"))
    found["exporter"] = _read(Party, value.get("exporter"))
    for name, kind in _LISTS.items():
        lines = value.get(name)
        if not isinstance(lines, list):
            raise _fault(f"has no list {name}")
        found[name] = tuple(_read(kind, line) for line in lines)
    if value.get("audit") is not None:
        found["audit"] = _read(AuditPart, value["audit"])
    return _read(Description, found)


def _instant(value: object) -> dt.datetime:
    try:
        return parse_instant(str(value))
    except InputError as error:
        raise _fault("has no day of export") from error


def _read(kind: type[_Line], value: object) -> _Line:
    """A line of this kind from a JSON object with exactly its fields, each of its type."""
    fields = _FIELDS[kind]
    if not isinstance(value, dict) or len(value) != len(fields):
        raise _fault(f"has an entry that is no {kind.__name__}")
    for name, allowed in fields:
        given = value.get(name, _ABSENT)
        if given is _ABSENT:
            raise _fault(f"has an entry that is no {kind.__name__}")
        if isinstance(given, list):
            given = value[name] = tuple(given)
        if not isinstance(given, allowed) or isinstance(given, bool):
            raise _fault(f"has a {kind.__name__} whose {name} is of the wrong kind")
    return kind(**value)


def _fault(what: str) -> DossierFormError:
    return DossierFormError(f"The description of the dossier {what}.", member=DESCRIPTION)


def require_forms(description: Description) -> Description:
    """The description, when each item's form is known and fits what else it says.

    Raises:
        DossierFormError: one does not.
    """
    for item in description.items:
        if item.form not in set(EvidenceForm):
            raise _fault(f"gives the item {item.id[:40]} an unknown form")
        if (item.form == EvidenceForm.LEFT_OUT) != (item.member == "") or bool(item.left_out) != (item.member == ""):
            raise _fault(f"contradicts itself about the item {item.id[:40]}")
    for letter in description.letters:
        if bool(letter.member) == bool(letter.left_out):
            raise _fault(f"contradicts itself about the letter {letter.id[:40]}")
    return description
