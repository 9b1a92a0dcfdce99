"""Keys in a PKCS#11 device: SoftHSM stands for the real one."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from dedere.crypto.cades import sign_cades, verify_cades
from dedere.crypto.errors import KeyStoreError, KeyTextError
from dedere.crypto.keys import PrivateKey, Purpose, encode_private_key, load_signer, verify_message
from dedere.crypto.keys.tokens import TokenAddress, parse_token_address
from support import pki, softhsm
from support.requirement import lacks

MESSAGE = b"fictional"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        import pkcs11  # noqa: F401 - whether it is installed
    except ImportError:
        lacks("needs python-pkcs11")
    with softhsm.device(tmp_path_factory.mktemp("hsm")) as path:
        yield path


def put(folder: Path, key: PrivateKey, *, label: str, number: int) -> Path:
    """The key in the device, its certificate in a file."""
    pem = folder / f"{label}.key"
    pem.write_bytes(encode_private_key(key))
    softhsm.import_key(pem, label=label, number=number)
    certificate = folder / f"{label}.pem"
    certificate.write_bytes(pki.holder(Purpose.AUTHORITY, key=key).certificate)
    return certificate


@pytest.mark.judge
@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("p256", ec.generate_private_key(ec.SECP256R1())),
        ("p384", ec.generate_private_key(ec.SECP384R1())),
        ("rsa", pki.rsa_key()),
    ],
    ids=["p256", "p384", "rsa"],
)
def test_a_key_in_a_device_signs_letters(library: str, tmp_path: Path, label: str, key: PrivateKey) -> None:
    certificate = put(tmp_path, key, label=label, number=len(label) * 10 + ord(label[1]) % 10)
    uri = f"pkcs11:token={softhsm.TOKEN};object={label}?module-path={library}&certificates={certificate}"
    signer = load_signer(uri, passphrase=softhsm.PIN)
    verify_message(certificate.read_bytes(), MESSAGE, signature=signer.sign(MESSAGE))
    signed = sign_cades(MESSAGE, signer, signed_at=pki.TIME)
    assert verify_cades(signed, MESSAGE, trusted=signer.certificate_chain, at=pki.TIME).passed


@pytest.mark.judge
def test_the_certificate_may_lie_in_the_device(library: str, tmp_path: Path) -> None:
    import pkcs11

    key = ec.generate_private_key(ec.SECP256R1())
    certificate = put(tmp_path, key, label="inside", number=77)
    uri = f"pkcs11:token={softhsm.TOKEN};object=inside?module-path={library}"
    with pytest.raises(KeyTextError, match="no certificate"):
        load_signer(uri, passphrase=softhsm.PIN)
    holder = pki.holder(Purpose.AUTHORITY, key=key)
    with softhsm.session(library) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.LABEL: "inside",
                pkcs11.Attribute.SUBJECT: b"",
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.VALUE: holder.der,
            }
        )
    assert load_signer(uri, passphrase=softhsm.PIN).certificate_chain == (holder.der,)
    assert certificate.exists()


@pytest.mark.judge
def test_a_device_that_does_not_open_is_the_environments_fault(library: str, tmp_path: Path) -> None:
    for token, label, module, pin in [
        (softhsm.TOKEN, "p256-absent", library, softhsm.PIN),
        ("absent", "x", library, softhsm.PIN),
        (softhsm.TOKEN, "x", library, "0000"),
        (softhsm.TOKEN, "x", str(tmp_path / "absent.so"), softhsm.PIN),
    ]:
        with pytest.raises(KeyStoreError, match="does not open"):
            load_signer(f"pkcs11:token={token};object={label}?module-path={module}", passphrase=pin)


@pytest.mark.judge
def test_a_certificate_of_another_key_beside_the_device_is_refused(library: str, tmp_path: Path) -> None:
    put(tmp_path, ec.generate_private_key(ec.SECP256R1()), label="other", number=88)
    wrong = tmp_path / "wrong.pem"
    wrong.write_bytes(pki.state("SN").authority.certificate)
    uri = f"pkcs11:token={softhsm.TOKEN};object=other?module-path={library}&certificates={wrong}"
    with pytest.raises(KeyTextError, match="another key"):
        load_signer(uri, passphrase=softhsm.PIN)


@pytest.mark.judge
def test_a_device_that_stops_answering_is_the_environments_fault(library: str, tmp_path: Path) -> None:
    certificate = put(tmp_path, ec.generate_private_key(ec.SECP256R1()), label="leaving", number=99)
    uri = f"pkcs11:token={softhsm.TOKEN};object=leaving?module-path={library}&certificates={certificate}"
    signer = load_signer(uri, passphrase=softhsm.PIN)
    signer._session.close()  # type: ignore[attr-defined]  # the device taken away
    with pytest.raises(KeyStoreError, match="does not sign"):
        signer.sign(MESSAGE)


def test_without_the_extra_a_device_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_pkcs11(name: str, *arguments: object, **named: object) -> object:
        if name == "pkcs11":
            raise ImportError(name)
        return real(name, *arguments, **named)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(builtins, "__import__", without_pkcs11)
    with pytest.raises(KeyStoreError, match="extra"):
        load_signer("pkcs11:token=a;object=b?module-path=c")


def test_an_address_is_read_part_by_part() -> None:
    address = parse_token_address("token=My%20token;object=authority?module-path=/lib/x.so&certificates=/c.pem")
    assert address == TokenAddress("/lib/x.so", "My token", "authority", "/c.pem")


@pytest.mark.parametrize("rest", ["", "token=a", "token=a;object=b", "token=a;object=b;slot-id=1?module-path=c"])
def test_an_address_with_a_part_missing_or_unknown_is_refused(rest: str) -> None:
    with pytest.raises(KeyTextError):
        parse_token_address(rest)
