"""What a dossier is made of, as whoever exports a case hands it over. Large things are opened only when written."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping

    from dedere.protocol.container import Signing
    from dedere.protocol.letter import Party
    from dedere.vault.ledger import CustodyEntry


class EvidenceForm(enum.StrEnum):
    """How an item is in a dossier."""

    PLAIN = "plain"
    SEALED = "sealed"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedLetter:
    """A letter: `read` gives its signed container, unsealed; `receipts` are containers. `left_out` gives the reason
    when only identifier and digest go into the dossier."""  # noqa: D205, D209 - one sentence, and a second one

    id: str
    digest: str
    read: Callable[[], bytes]
    receipts: tuple[bytes, ...] = ()
    left_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedItem:
    """An item of evidence.

    `size` and `sha256` are of the plain bytes, `object` is the SHA-256 of the sealed payload. `letter` and `part` say
    with which letter it came or went. `open` gives the plain bytes or the sealed file, as `form` says; it is not called
    for an item that is left out, whose reason is `left_out`. `attestations` are signed containers that the ledger
    names and that are neither letters nor receipts of the dossier.
    """

    id: str
    title: str
    name: str
    media_type: str
    size: int
    sha256: str
    conditions: tuple[Mapping[str, object], ...] = ()
    object: str
    ledger: tuple[CustodyEntry, ...]
    form: EvidenceForm
    open: Callable[[], BinaryIO] | None = None
    letter: str = ""
    part: str = ""
    left_out: str = ""
    attestations: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An entry of the exporter's audit log, where it stands there from 0, and its inclusion proof in hexadecimal."""

    index: int
    entry: Mapping[str, object]
    proof: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """A partner's countersignature of an earlier head of the log (a container), and the proof in hexadecimal that the
    log at export extends that head."""  # noqa: D205, D209 - one sentence

    countersignature: bytes
    proof: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditExtract:
    """Entries that concern the case, proven against the log's `size` and `root` (hexadecimal) at export."""

    size: int
    root: str
    entries: tuple[AuditLine, ...]
    witnesses: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseExport:
    """A case, or a selection of it, to be exported.

    `references` are each State's own reference; `exporter` is the exporting authority under its card of the day,
    `exported_by` its named officer, `purpose` for whom and why. `cards` are the containers of every card of both
    States, each chain oldest first. `items` are gone through once and never held all at once. `signing` holds the
    authority key. `record_digest` is what the exporter computed of the case; empty: not compared. `language` is that of
    the printed index; `demonstration` marks it as fictional.
    """

    id: str
    case: str
    title: str
    references: Mapping[str, str]
    exporter: Party
    exported_by: str
    exported_at: dt.datetime
    purpose: str
    cards: tuple[bytes, ...]
    letters: tuple[ExportedLetter, ...]
    items: Iterable[ExportedItem]
    signing: Signing
    audit: AuditExtract | None = None
    record_digest: str = ""
    language: str = "en"
    demonstration: bool = False
