"""PAdES by a key that never leaves its PKCS#11 device (SoftHSM stands for the real one), judged by others."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import subprocess
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from dedere.crypto.keys import PrivateKey, Purpose, encode_private_key, load_signer
from dedere.papers.errors import ApprovalError
from dedere.papers.long_term import ValidationMaterial
from dedere.papers.render import render_act
from dedere.papers.signing import SignatureTerms, sign_document
from support import pki, softhsm
from support.judges import ask_java
from support.papers import FACTS, act_of
from support.requirement import lacks, require_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dedere.crypto.keys import SigningKey

pytestmark = pytest.mark.judge
TERMS = SignatureTerms("A. de Vries (fictional)", "Fictional Central Authority", pki.TIME, place="The Hague")
STAMPS = pki.state("NL")


@functools.cache
def document() -> bytes:
    return render_act(act_of("closure", {"text": "Closed."}), facts=dataclasses.replace(FACTS, signature_room=True))


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        import pkcs11  # noqa: F401 - whether it is installed
    except ImportError:
        lacks("needs python-pkcs11")
    with softhsm.device(tmp_path_factory.mktemp("hsm")) as path:
        yield path


def in_device(library: str, folder: Path, key: PrivateKey, *, label: str, number: int) -> tuple[SigningKey, Path]:
    """A signer by a key in the device, and the certificate in a file."""
    pem, certificate = folder / f"{label}.key", folder / f"{label}.pem"
    pem.write_bytes(encode_private_key(key))
    softhsm.import_key(pem, label=label, number=number)
    pem.unlink()
    certificate.write_bytes(pki.holder(Purpose.AUTHORITY, key=key).certificate)
    uri = f"pkcs11:token={softhsm.TOKEN};object={label}?module-path={library}&certificates={certificate}"
    return load_signer(uri, passphrase=softhsm.PIN), certificate


def signed(signer: SigningKey, *, after: bytes = b"") -> bytes:
    return sign_document(
        document(),
        approved_sha256=hashlib.sha256(document() + after).hexdigest(),
        signer=signer,
        terms=TERMS,
        timestamper=STAMPS.timestamper(),
        material=ValidationMaterial(),
    )


@pytest.mark.parametrize(
    ("label", "number", "key"),
    [
        ("paper256", 101, ec.generate_private_key(ec.SECP256R1())),
        ("paper384", 102, ec.generate_private_key(ec.SECP384R1())),
        ("paperrsa", 103, pki.rsa_key()),
    ],
    ids=["p256", "p384", "rsa"],
)
def test_a_document_signed_inside_a_device_is_valid_to_others(
    library: str, tmp_path: Path, label: str, number: int, key: PrivateKey
) -> None:
    signer, certificate = in_device(library, tmp_path, key, label=label, number=number)
    path, stamps = tmp_path / "signed.pdf", tmp_path / "stamps.pem"
    path.write_bytes(signed(signer))
    stamps.write_bytes(STAMPS.timestamp.certificate)

    said = subprocess.run([require_program("pdfsig"), path], capture_output=True, check=False, text=True).stdout
    _code, lines = ask_java("Signatures", path, certificate, stamps)

    assert "Signature Type: ETSI.CAdES.detached" in said
    assert "Signature is Valid." in said
    assert lines[0].startswith("PAdES-BASELINE-T TOTAL_PASSED")


def test_a_device_signs_nothing_that_was_changed_after_approval(library: str, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    signer, _certificate = in_device(library, tmp_path, key, label="paperchanged", number=104)

    with pytest.raises(ApprovalError, match="changed after it was approved"):
        signed(signer, after=b"\n")
