"""Signing keys in files: made, wrapped, read back, refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from dedere.base.errors import InputError
from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto import der
from dedere.crypto.errors import KeyStoreError, KeyTextError, SignatureError, SubIndication
from dedere.crypto.keys import (
    CertificateContent,
    FileSigner,
    PrivateKey,
    Purpose,
    SigningAlgorithm,
    certificate_der,
    certificate_fingerprint,
    ecdsa_der,
    ecdsa_raw,
    encode_private_key,
    file_address,
    generate_second_signing_key,
    generate_signing_key,
    load_private_key,
    load_signer,
    parse_certificate,
    parse_certificates,
    self_issued_certificate,
    subject_name,
    verify_message,
    wrap_private_key,
)
from dedere.crypto.keys.algorithms import algorithm_for, require_strong, verify_with
from support import pki
from support.agejudges import run
from support.requirement import require_program

MESSAGE = b"fictional"
CHANCE = SeededIdentifiers("signing keys")
RSA_KEY = pki.rsa_key()
KEYS: list[tuple[PrivateKey, SigningAlgorithm]] = [
    (generate_signing_key(), SigningAlgorithm.ECDSA_SHA256),
    (ec.generate_private_key(ec.SECP384R1()), SigningAlgorithm.ECDSA_SHA384),
    (ec.generate_private_key(ec.SECP521R1()), SigningAlgorithm.ECDSA_SHA512),
    (RSA_KEY, SigningAlgorithm.RSA_PSS_SHA256),
    (generate_second_signing_key(), SigningAlgorithm.ML_DSA_65),
]
NAMES = [algorithm.value for _, algorithm in KEYS]


def content(**changes: object) -> CertificateContent:
    fields: dict[str, object] = {
        "common_name": "Fictional authority",
        "state": "NL",
        "organisation": "Fictional ministry",
        "valid_from": pki.VALID_FROM,
        "valid_until": pki.VALID_UNTIL,
        "purpose": Purpose.AUTHORITY,
    }
    return CertificateContent(**{**fields, **changes})  # type: ignore[arg-type]  # fields chosen by name


def write_key(folder: Path, *, passphrase: str | None = None) -> Path:
    nl = pki.state("NL").authority
    wrapped = wrap_private_key(nl.key, passphrase, chance=CHANCE) if passphrase else encode_private_key(nl.key)
    (folder / "authority.key").write_bytes(wrapped)
    (folder / "authority.pem").write_bytes(nl.certificate)
    return folder / "authority.key"


@pytest.mark.parametrize(("key", "algorithm"), KEYS, ids=NAMES)
def test_each_kind_of_key_signs_and_verifies_after_a_round_trip_through_its_file(
    key: PrivateKey, algorithm: SigningAlgorithm
) -> None:
    read = load_private_key(encode_private_key(key))
    certificate = self_issued_certificate(read, content())
    signer = FileSigner(read, [certificate])
    assert signer.algorithm is algorithm
    assert signer.certificate_chain == (certificate_der(certificate),)
    signature = signer.sign(MESSAGE)
    verify_message(certificate, MESSAGE, signature=signature)
    with pytest.raises(SignatureError) as caught:
        verify_message(certificate, MESSAGE + b"x", signature=signature)
    assert caught.value.sub_indication is SubIndication.SIG_CRYPTO_FAILURE


@pytest.mark.parametrize(
    "key",
    [
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65537, 2048),
        ec.generate_private_key(ec.SECP256K1()),
    ],
    ids=["ed25519", "rsa-2048", "secp256k1"],
)
def test_a_weak_or_foreign_kind_of_key_is_refused(
    key: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
) -> None:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with pytest.raises(KeyTextError, match="P-256"):
        load_private_key(pem)
    with pytest.raises(SignatureError) as caught:
        require_strong(key.public_key())
    assert caught.value.sub_indication is SubIndication.CRYPTO_CONSTRAINTS_FAILURE
    assert caught.value.code == "algorithm-refused"


def test_an_algorithm_that_does_not_fit_the_key_is_refused() -> None:
    for key, _ in KEYS:
        for _, algorithm in KEYS:
            if algorithm.value[:3] != algorithm_for(key.public_key()).value[:3]:
                with pytest.raises(SignatureError, match="does not fit"):
                    verify_with(key.public_key(), MESSAGE, signature=b"", algorithm=algorithm)


def test_older_rsa_signatures_are_accepted() -> None:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

    algorithm = SigningAlgorithm.RSA_SHA512
    signature = RSA_KEY.sign(MESSAGE, PKCS1v15(), algorithm.hash)
    verify_with(RSA_KEY.public_key(), MESSAGE, signature=signature, algorithm=algorithm)


@pytest.mark.parametrize(("wrapped", "given"), [("fictional", None), (None, "fictional"), ("fictional", "other")])
def test_a_passphrase_that_does_not_fit_is_refused(wrapped: str | None, given: str | None) -> None:
    pem = wrap_private_key(KEYS[0][0], wrapped, chance=CHANCE) if wrapped else encode_private_key(KEYS[0][0])
    with pytest.raises(KeyTextError):
        load_private_key(pem, passphrase=given)


def test_a_wrapped_key_file_does_not_hold_the_key_in_clear() -> None:
    for key in (KEYS[0][0], KEYS[-1][0]):
        wrapped = wrap_private_key(key, "fictional", chance=CHANCE)
        assert wrapped.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
        read = load_private_key(wrapped, passphrase="fictional")
        assert encode_private_key(read) == encode_private_key(key)
    with pytest.raises(InputError, match="empty"):
        wrap_private_key(KEYS[0][0], "", chance=CHANCE)


@pytest.mark.judge
def test_openssl_opens_a_wrapped_key(tmp_path: Path) -> None:
    path = tmp_path / "authority.key"
    path.write_bytes(wrap_private_key(KEYS[0][0], "fictional", chance=CHANCE))
    shown = run(str(require_program("openssl")), "pkcs8", "-in", str(path), "-passin", "pass:fictional")
    assert shown == encode_private_key(KEYS[0][0])


def test_a_signer_is_found_by_the_address_of_its_file(tmp_path: Path) -> None:
    certificate = pki.state("NL").authority.certificate
    wrapped = load_signer(f"file:{write_key(tmp_path, passphrase='fictional')}", passphrase="fictional")
    verify_message(certificate, MESSAGE, signature=wrapped.sign(MESSAGE))
    path = write_key(tmp_path)
    for uri in (f"file:{path}", f"file://{path}", f"file:{path}?certificates={tmp_path}/authority.pem"):
        signer = load_signer(uri)
        verify_message(certificate, MESSAGE, signature=signer.sign(MESSAGE))


def test_any_path_has_an_address(tmp_path: Path) -> None:
    folder = tmp_path / "50% of ministère?"
    folder.mkdir()
    path = write_key(folder)
    assert load_signer(file_address(path)).certificate_chain == (pki.state("NL").authority.der,)
    other = path.with_suffix(".pem").rename(folder / "other & more.pem")
    assert load_signer(file_address(path, certificates=other)).certificate_chain == (pki.state("NL").authority.der,)


@pytest.mark.parametrize("uri", ["", "/authority.key", "http://example.org/key", "pkcs12:x"])
def test_another_kind_of_address_is_refused(uri: str) -> None:
    with pytest.raises(KeyTextError, match="file: or pkcs11:"):
        load_signer(uri)


def test_a_missing_file_is_named_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyStoreError, match=r"absent\.key") as caught:
        load_signer(f"file:{tmp_path}/absent.key")
    assert str(tmp_path) not in str(caught.value)


def test_a_certificate_of_another_key_is_refused(tmp_path: Path) -> None:
    path = write_key(tmp_path)
    (tmp_path / "authority.pem").write_bytes(pki.state("SN").authority.certificate)
    with pytest.raises(KeyTextError, match="another key"):
        load_signer(f"file:{path}")
    (tmp_path / "authority.pem").write_bytes(b"-----BEGIN NOTHING-----")
    with pytest.raises(KeyTextError, match="no readable"):
        load_signer(f"file:{path}")
    with pytest.raises(KeyTextError, match="needs its certificate"):
        FileSigner(KEYS[0][0], [])


def test_a_raw_signature_converts_both_ways() -> None:
    nl = pki.state("NL").gateway
    raw = ecdsa_raw(nl.signer.sign(MESSAGE))
    assert len(raw) == 64
    verify_message(nl.certificate, MESSAGE, signature=ecdsa_der(raw))
    with pytest.raises(SignatureError, match="64 bytes"):
        ecdsa_der(raw[:-1])


def test_a_certificate_says_what_it_is_for() -> None:
    usages = {}
    for purpose in Purpose:
        certificate = parse_certificate(pki.holder(purpose).certificate)
        assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        assert usage.digital_signature
        assert not usage.key_cert_sign
        usages[purpose] = usage.content_commitment
    assert usages == {
        Purpose.AUTHORITY: True,
        Purpose.GATEWAY: False,
        Purpose.TLS: False,
        Purpose.TIMESTAMP: True,
    }
    stamp = parse_certificate(pki.state("NL").timestamp.certificate)
    extended = stamp.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert extended.critical
    assert list(extended.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    tls = parse_certificate(pki.state("NL").tls.certificate)
    names = tls.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]


def test_the_same_content_has_the_same_serial_number_and_another_another() -> None:
    key = generate_signing_key()
    one, two, other = (
        parse_certificate(self_issued_certificate(key, each)).serial_number
        for each in (content(), content(), content(organisation="Other"))
    )
    assert one == two != other


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "NLD"},
        {"common_name": ""},
        {"valid_until": pki.VALID_FROM - dt.timedelta(days=1)},
        {"ip_addresses": ("999.1.1.1",)},
        {"dns_names": ("bücher.example",)},
    ],
)
def test_content_that_x509_does_not_take_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InputError):
        self_issued_certificate(KEYS[0][0], content(**changes))


def test_certificates_are_read_in_both_forms_and_named_for_people() -> None:
    nl = pki.state("NL").authority
    assert certificate_der(nl.certificate) == certificate_der(nl.certificate.decode("ascii")) == nl.der
    assert certificate_fingerprint(nl.certificate) == certificate_fingerprint(nl.der)
    assert subject_name(parse_certificate(nl.der)).startswith("Fictional central authority of NL")
    assert len(parse_certificates(nl.certificate * 2)) == 2
    zero = der.sequence(der.sequence(der.integer(0), der.sequence(), der.sequence()))
    damaged = nl.certificate.replace(b"MII", b"=II", 1)
    for data in (b"", b"-----BEGIN CERTIFICATE-----\n", b"\x30\x00", zero, damaged, nl.certificate * 2):
        with pytest.raises(KeyTextError):
            parse_certificate(data)


def test_a_certificate_without_the_usual_names_shows_what_it_has() -> None:
    key = generate_signing_key()
    name = x509.Name([x509.NameAttribute(x509.NameOID.LOCALITY_NAME, "Nowhere")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    certificate = builder.serial_number(1).not_valid_before(pki.VALID_FROM).not_valid_after(pki.VALID_UNTIL)
    assert subject_name(certificate.sign(key, SigningAlgorithm.ECDSA_SHA256.hash)) == "L=Nowhere"  # type: ignore[arg-type]  # a SHA-256
