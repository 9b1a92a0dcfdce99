"""Certificates below a trusted one: national authorities of certification beside pinned certificates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dedere.crypto.cades import sign_cades, verify_cades
from dedere.crypto.chains import Use, period_fault, require_trusted
from dedere.crypto.errors import SignatureError, SubIndication
from dedere.crypto.keys import FileSigner
from support import pki

LETTER = b"fictional"
SOON = pki.TIME + dt.timedelta(minutes=5)


@dataclass(frozen=True)
class Issuer:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def issue(
    name: str,
    *extensions: x509.ExtensionType,
    by: Issuer | None = None,
    ca: bool = False,
    until: dt.datetime = pki.VALID_UNTIL,
) -> Issuer:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Fictional {name}")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(pki.VALID_FROM)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    return Issuer(key, builder.sign(by.key if by else key, SHA256()))


ROOT = issue("root", ca=True)
MIDDLE = issue("intermediate", by=ROOT, ca=True)
LEAF = issue("ministry", by=MIDDLE)


def signed_by(holder: Issuer, *chain: Issuer) -> bytes:
    signer = FileSigner(holder.key, [holder.der, *(each.der for each in chain)])
    return sign_cades(LETTER, signer, signed_at=pki.TIME)


def test_a_signer_below_a_trusted_authority_passes() -> None:
    report = verify_cades(signed_by(LEAF, MIDDLE), LETTER, trusted=[ROOT.der], at=SOON)
    assert report.passed
    assert report.signer == LEAF.der
    assert verify_cades(signed_by(LEAF), LETTER, trusted=[MIDDLE.der], at=SOON).passed


def test_a_chain_with_a_link_missing_or_foreign_is_refused() -> None:
    stranger = issue("stranger", ca=True)
    no_authority = issue("ministry that may not issue", by=ROOT)
    below = issue("below it", by=no_authority)
    for cms, trusted in [
        (signed_by(LEAF), ROOT),
        (signed_by(LEAF, MIDDLE), stranger),
        (signed_by(below, no_authority), ROOT),
        (signed_by(below), no_authority),
    ]:
        with pytest.raises(SignatureError) as caught:
            verify_cades(cms, LETTER, trusted=[trusted.der], at=SOON)
        assert caught.value.sub_indication is SubIndication.NO_CERTIFICATE_CHAIN_FOUND


def test_a_trusted_certificate_without_basic_constraints_issues_nothing() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Fictional old root")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    old = builder.serial_number(1).not_valid_before(pki.VALID_FROM).not_valid_after(pki.VALID_UNTIL).sign(key, SHA256())
    with pytest.raises(SignatureError) as caught:
        verify_cades(signed_by(LEAF, MIDDLE), LETTER, trusted=[old.public_bytes(Encoding.DER)], at=SOON)
    assert caught.value.sub_indication is SubIndication.NO_CERTIFICATE_CHAIN_FOUND


@pytest.mark.parametrize(
    ("extension", "fit"),
    [
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), True),
        (x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")]), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (
            x509.KeyUsage(
                digital_signature=False,
                content_commitment=False,
                key_encipherment=True,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            False,
        ),
    ],
    ids=["e-mail", "documents", "server", "encipherment"],
)
def test_a_pinned_certificate_must_be_meant_for_signatures(extension: x509.ExtensionType, *, fit: bool) -> None:
    holder = issue("ministry", extension)
    if fit:
        assert verify_cades(signed_by(holder), LETTER, trusted=[holder.der], at=SOON).passed
        return
    with pytest.raises(SignatureError) as caught:
        verify_cades(signed_by(holder), LETTER, trusted=[holder.der], at=SOON)
    assert caught.value.sub_indication is SubIndication.CHAIN_CONSTRAINTS_FAILURE


def test_the_period_includes_both_of_its_ends() -> None:
    assert period_fault(LEAF.certificate, pki.VALID_FROM) is None
    assert period_fault(LEAF.certificate, pki.VALID_UNTIL) is None
    assert period_fault(LEAF.certificate, pki.VALID_UNTIL + dt.timedelta(seconds=1)) is SubIndication.EXPIRED
    assert period_fault(LEAF.certificate, pki.VALID_FROM - dt.timedelta(seconds=1)) is SubIndication.NOT_YET_VALID


def test_a_key_of_a_kind_that_is_not_accepted_is_refused_even_when_pinned() -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Fictional")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    odd = builder.serial_number(1).not_valid_before(pki.VALID_FROM).not_valid_after(pki.VALID_UNTIL).sign(key, None)
    with pytest.raises(SignatureError) as caught:
        require_trusted(odd, intermediates=(), trusted=[odd.public_bytes(Encoding.DER)], use=Use.SIGNATURE, at=pki.TIME)
    assert caught.value.sub_indication is SubIndication.CRYPTO_CONSTRAINTS_FAILURE
