"""`data/dossier.json`: what is in a dossier, and what was left out. Strict in both directions."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
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

    def as_bytes(self) -> bytes:
        """The canonical bytes of `data/dossier.json`."""
        return b"".join(self.pieces())

    def pieces(self) -> Iterator[bytes]:
        """The same bytes, line by line: a description of many items is never held twice."""
        said: dict[str, object] = {
            "version": DOSSIER_VERSION,
            "exported_at": format_instant(self.exported_at),
            "references": dict(self.references),
        }
        # Canonical JSON (RFC 8785) writes an object's names in order; all names here are ASCII.
        for place, name in enumerate(sorted({*said, *(field.name for field in dataclasses.fields(self))})):
            yield (b"," if place else b"{") + canonical_json(name) + b":"
            if name in _LISTS:
                yield from _list_pieces(getattr(self, name))
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
            DossierFormError: anything is not exactly as `as_bytes` writes it.
        """
        try:
            value = parse_canonical(data)
        except CanonicalError as error:
            raise DossierFormError(f"The description is not canonical JSON: {error}", member=DESCRIPTION) from error
        if not isinstance(value, dict) or value.pop("version", None) != DOSSIER_VERSION:
            raise _fault("is not of a version this software knows")
        try:
            value["exported_at"] = parse_instant(str(value.get("exported_at")))  # type: ignore[assignment] # becomes a field
        except InputError as error:
            raise _fault("has no day of export") from error
        value["exporter"] = _read(Party, value.get("exporter"))  # type: ignore[assignment] # becomes a field
        for name, kind in _LISTS.items():
            lines = value.get(name)
            if not isinstance(lines, list):
                raise _fault(f"has no list {name}")
            value[name] = tuple(_read(kind, line) for line in lines)  # type: ignore[assignment] # becomes a field
        if value.get("audit") is not None:
            value["audit"] = _read(AuditPart, value["audit"])  # type: ignore[assignment] # becomes a field
        return _read(cls, value)


_LISTS: dict[str, type] = {
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
_Line = TypeVar("_Line")


def _list_pieces(lines: tuple[DataclassInstance, ...]) -> Iterator[bytes]:
    yield b"["
    for place, line in enumerate(lines):
        yield (b"," if place else b"") + canonical_json(dataclasses.asdict(line))
    yield b"]"


def _read(kind: type[_Line], value: object) -> _Line:
    """A line of this kind from a JSON object with exactly its fields, each of its type."""
    # `kind` is always one of the dataclasses above, which the type of a class object cannot say.
    fields: tuple[dataclasses.Field[Any], ...] = dataclasses.fields(kind)  # type: ignore[arg-type]
    if not isinstance(value, dict) or value.keys() != {field.name for field in fields}:
        raise _fault(f"has an entry that is no {kind.__name__}")
    content: dict[str, Any] = {}  # checked below, field by field
    for field in fields:
        given = value[field.name]
        if isinstance(given, list):
            given = tuple(given)
        allowed = _KINDS.get(str(field.type), (tuple,))
        if not isinstance(given, allowed) or isinstance(given, bool):
            raise _fault(f"has a {kind.__name__} whose {field.name} is of the wrong kind")
        content[field.name] = given
    return kind(**content)


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
