"""PAdES signatures (ETSI EN 319 142-1, baseline B-B, B-T and B-LT) on documents made here.

What is signed is what was approved: the caller names the digest that was approved, and the approved bytes stay as
they are in front of the signature. Does not fetch revocation, which is handed in, and does not extend to B-LTA.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.clock import require_utc
from dedere.base.errors import DefectError
from dedere.crypto.cades import sign_pades
from dedere.papers.composing.values import day
from dedere.papers.errors import ApprovalError, DocumentInputError
from dedere.papers.long_term import ValidationMaterial, add_material
from dedere.papers.signature_block import signature_block
from dedere.papers.signature_field import NOT_OURS, Pdf, Room, describe_field, find_room, is_ours, show_block
from dedere.papers.wording import load_wording

if TYPE_CHECKING:
    import datetime as dt

    from dedere.crypto.keys.signing import SigningKey
    from dedere.crypto.timestamps import Timestamper

# Room for the chain, the signature and a time-stamp with its own chain; unused room is padding in the file.
_RESERVED = 24 * 1024
MAXIMUM_SIZE = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SignatureTerms:
    """Who signs, for whom, when and where, in the language of the visible block.

    `signed_at` is aware and becomes the signature's own claim; a time-stamp proves it.
    """

    name: str
    authority: str
    signed_at: dt.datetime
    place: str = ""
    language: str = "en"


def sign_document(
    pdf: bytes,
    *,
    approved_sha256: str,
    signer: SigningKey,
    terms: SignatureTerms,
    timestamper: Timestamper | None = None,
    material: ValidationMaterial | None = None,
) -> bytes:
    """The signed PDF: the approved bytes, then an incremental update with the signature (B-T with a `timestamper`).

    With `material`, however little, a second update carries all that is needed to validate it later (B-LT).

    The visible block goes where the document left room for it (`DocumentFacts.signature_room`); a document that left
    none gets an invisible field.

    Raises:
        ApprovalError: `pdf` is not what was approved.
        DocumentInputError: not a PDF made here, or one already signed; material without a time-stamp.
        KeyStoreError, TimestampServiceError: the key device or the time-stamping service does not answer.
    """
    if hashlib.sha256(pdf).hexdigest() != approved_sha256:
        raise ApprovalError(
            "The document was changed after it was approved; have it approved again before it is signed."
        )
    if material is not None and timestamper is None:
        raise DocumentInputError("Material for later validation needs a time-stamp that says when the signature was.")
    wording = load_wording(terms.language)
    description = wording.text(
        "signature.block", name=terms.name, authority=terms.authority, date=day(terms.signed_at.date(), terms.language)
    )
    writer = _open(pdf)
    room = find_room(writer)
    block = signature_block(wording, terms) if room.box else b""
    embedder = _write_field(writer, room, description=description, block=block, terms=terms)
    sealed, cms = _fill(embedder, signer, timestamper=timestamper)
    if material is not None:
        sealed = add_material(sealed, cms, material=material)
    if not sealed.startswith(pdf):
        raise DefectError("Signing changed the approved document; the signature was thrown away.")
    return sealed


def _open(pdf: bytes) -> Pdf:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - a second to import
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415

    if len(pdf) > MAXIMUM_SIZE:
        raise DocumentInputError(f"A document to sign has at most {MAXIMUM_SIZE // 2**20} MiB.")
    try:
        # An update starts on a line of its own (PDF/A-2, 6.1.9).
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf if pdf.endswith(b"\n") else pdf + b"\n"))
        signed = bool(writer.prev.embedded_signatures)
        structured = is_ours(writer)
    except (PdfError, ValueError, KeyError, TypeError) as error:
        raise DocumentInputError("The document to sign is not a readable PDF.") from error
    if signed:
        raise DocumentInputError("The document is signed already; a signature here is the first and only one.")
    if not structured:
        raise DocumentInputError(NOT_OURS)
    return writer


def _write_field(writer: Pdf, room: Room, *, description: str, block: bytes, terms: SignatureTerms) -> Pdf:
    """The embedder (pyHanko's coroutine) with its field described and its signature object waiting for bytes."""
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter  # noqa: PLC0415
    from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigObjSetup  # noqa: PLC0415
    from pyhanko.sign.signers.pdf_byterange import SignatureObject  # noqa: PLC0415

    instant = require_utc(terms.signed_at)
    spec = SigFieldSpec("Signature", on_page=room.page, box=room.box, readable_field_name=description)
    embedder = PdfCMSEmbedder(new_field_spec=spec).write_cms(field_name="Signature", writer=writer)
    field = next(embedder)
    describe_field(writer, field, page=room.page, description=description)
    if block:
        show_block(writer, field, block=block)
    signature = SignatureObject(
        timestamp=instant,
        subfilter=SigSeedSubFilter.PADES,
        name=f"{terms.name}, {terms.authority}",
        location=terms.place or None,
        reason=load_wording(terms.language).text("signature.reason", authority=terms.authority),
        bytes_reserved=2 * _RESERVED,
    )
    embedder.send(SigObjSetup(sig_placeholder=signature))
    return embedder


def _fill(embedder: Pdf, signer: SigningKey, *, timestamper: Timestamper | None) -> tuple[bytes, bytes]:
    """The signed PDF and the signature in it."""
    from pyhanko.sign.signers.cms_embedder import SigIOSetup  # noqa: PLC0415

    output = io.BytesIO()
    prepared, _ = embedder.send(SigIOSetup(md_algorithm=signer.algorithm.digest, output=output))
    cms = sign_pades(prepared.document_digest, signer, timestamper=timestamper)
    if len(cms) > _RESERVED:
        raise DocumentInputError("The signer's chain of certificates is too long for a signature inside a document.")
    embedder.send(cms)
    return output.getvalue(), cms
