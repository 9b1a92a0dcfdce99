"""PAdES B-LT: the signed document carries what a validator needs when nobody can be asked any more."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from typing import TYPE_CHECKING

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from dedere.papers import long_term
from dedere.papers.errors import DocumentInputError
from dedere.papers.long_term import ValidationMaterial
from dedere.papers.render import render_act
from dedere.papers.signing import SignatureTerms, sign_document
from support import pki
from support.issuing import Issuer
from support.papers import FACTS, act_of

if TYPE_CHECKING:
    from dedere.crypto.keys import SigningKey

KEYS = pki.state("NL")
TERMS = SignatureTerms("A. de Vries (fictional)", "Fictional Central Authority", pki.TIME)


def document() -> bytes:
    return render_act(act_of("closure", {"text": "Done."}), facts=dataclasses.replace(FACTS, signature_room=True))


def signed(pdf: bytes, *, material: ValidationMaterial | None, signer: SigningKey = KEYS.authority.signer) -> bytes:
    return sign_document(
        pdf,
        approved_sha256=hashlib.sha256(pdf).hexdigest(),
        signer=signer,
        terms=TERMS,
        timestamper=KEYS.timestamper(),
        material=material,
    )


def store(pdf: bytes) -> dict[str, list[bytes]]:
    with pikepdf.open(io.BytesIO(pdf)) as made:
        found = made.Root.DSS
        return {str(name): [each.read_bytes() for each in entries] for name, entries in found.items()}


def test_the_store_holds_the_certificates_of_signature_and_time_stamp_each_once() -> None:
    found = store(signed(document(), material=ValidationMaterial()))

    assert sorted(found["/Certs"]) == sorted([KEYS.authority.der, KEYS.timestamp.der])


def test_the_approved_bytes_still_stand_in_front() -> None:
    pdf = document()

    assert signed(pdf, material=ValidationMaterial()).startswith(pdf)


def test_revocation_of_an_issued_certificate_is_carried() -> None:
    issuer = Issuer()
    material = ValidationMaterial(
        certificates=(issuer.certificate.public_bytes(Encoding.DER),), revocation_lists=(issuer.revocation_list(),)
    )

    found = store(signed(document(), material=material, signer=issuer.signer()))

    assert found["/CRLs"] == [issuer.revocation_list()]
    assert issuer.certificate.public_bytes(Encoding.DER) in found["/Certs"]


def test_an_answer_about_a_single_certificate_is_carried() -> None:
    issuer = Issuer()
    signer = issuer.signer()
    answer = issuer.answer_about(signer.certificate_chain[0])

    found = store(signed(document(), material=ValidationMaterial(revocation_answers=(answer,)), signer=signer))

    assert found["/OCSPs"] == [answer]


@pytest.mark.parametrize(
    "material",
    [
        ValidationMaterial(certificates=(b"none",)),
        ValidationMaterial(revocation_lists=(b"0\x03\x02\x01\x01",)),
        ValidationMaterial(revocation_answers=(b"",)),
    ],
)
def test_material_that_is_none_is_refused(material: ValidationMaterial) -> None:
    with pytest.raises(DocumentInputError, match="not readable"):
        signed(document(), material=material)


def test_material_too_large_for_every_document_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_term, "LARGEST_MATERIAL", 10)

    with pytest.raises(DocumentInputError, match="at most"):
        signed(document(), material=ValidationMaterial(revocation_lists=(b"0" * 11,)))


def test_material_without_a_time_stamp_is_refused() -> None:
    pdf = document()
    with pytest.raises(DocumentInputError, match="time-stamp"):
        sign_document(
            pdf,
            approved_sha256=hashlib.sha256(pdf).hexdigest(),
            signer=KEYS.authority.signer,
            terms=TERMS,
            material=ValidationMaterial(),
        )
