"""What a validator needs years later, put into a signed PDF: its document security store (PAdES baseline B-LT).

Certificates of the signature and of its time-stamp are taken from the signature itself; what says whether they were
revoked is handed in. Certificates that an authority issues to itself have no such thing: its card carries revocation.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dedere.papers.errors import DocumentInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_MATERIAL = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ValidationMaterial:
    """Certificates above those in the signature, revocation lists, and answers about single certificates; all DER."""

    certificates: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    revocation_answers: tuple[bytes, ...] = ()


def add_material(signed: bytes, cms: bytes, *, material: ValidationMaterial) -> bytes:
    """The signed PDF, byte for byte, and behind it the store with everything needed to validate `cms`.

    Raises:
        DocumentInputError: the material is not what it is said to be, or too large to be carried by every document.
    """
    from asn1crypto import crl, ocsp, x509  # noqa: PLC0415 - only signing needs it
    from pyhanko.sign.validation.dss import DocumentSecurityStore  # noqa: PLC0415 - a second to import

    every = (*material.certificates, *material.revocation_lists, *material.revocation_answers)
    if sum(len(each) for each in every) > LARGEST_MATERIAL:
        raise DocumentInputError(f"A signature carries at most {LARGEST_MATERIAL // 2**20} MiB of validation material.")
    try:
        lists = [crl.CertificateList.load(each, strict=True) for each in material.revocation_lists]
        answers = [ocsp.OCSPResponse.load(each, strict=True) for each in material.revocation_answers]
        certificates = [x509.Certificate.load(each, strict=True) for each in material.certificates]
        # The parser is lazy: what is broken inside shows itself only when it is asked for.
        for each in (*lists, *answers, *certificates):
            _ = each.native
    except (ValueError, TypeError, KeyError) as error:
        raise DocumentInputError(
            "The validation material for signatures is not readable: revocation lists, answers and certificates in DER."
        ) from error
    output = io.BytesIO(signed if signed.endswith(b"\n") else signed + b"\n")
    DocumentSecurityStore.add_dss(
        output, None, certs=[*_certificates_in(cms), *certificates], crls=lists, ocsps=answers, force_write=True
    )
    return output.getvalue()


def _certificates_in(cms: bytes) -> Iterator[Any]:
    """The certificates (asn1crypto's, which have no types) of a signature and of the time-stamps on it, each once."""
    from asn1crypto import cms as syntax  # noqa: PLC0415

    signed = syntax.ContentInfo.load(cms)["content"]
    for choice in signed["certificates"]:
        yield choice.chosen
    for attribute in signed["signer_infos"][0]["unsigned_attrs"]:
        if attribute["type"].native == "signature_time_stamp_token":
            for token in attribute["values"]:
                yield from (choice.chosen for choice in token["content"]["certificates"])
