"""Signing keys in a device that speaks PKCS#11: the private key never leaves it."""

from __future__ import annotations

import contextlib
import threading
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import Hash

from dedere.crypto.errors import KeyStoreError, KeyTextError, SignatureError
from dedere.crypto.keys.algorithms import SigningAlgorithm, algorithm_for, verify_with
from dedere.crypto.keys.certificates import parse_certificate, parse_certificates, read_file

if TYPE_CHECKING:
    from cryptography import x509

_PROBE = b"dedere: does this certificate belong to this key?"


@dataclass(frozen=True, slots=True)
class TokenAddress:
    """Where a key is (RFC 7512): the vendor's library, the labels of token and key, a file of certificates."""

    module: str
    token: str
    label: str
    certificates: str = ""


def parse_token_address(rest: str) -> TokenAddress:
    """The address after `pkcs11:`.

    Raises:
        KeyTextError: a part is missing or unknown.
    """
    path, _, query = rest.partition("?")
    parts: dict[str, str] = {}
    for piece in [*path.split(";"), *query.split("&")]:
        name, _, value = piece.partition("=")
        parts[name] = urllib.parse.unquote(value)
    parts.pop("", None)
    known = {"token", "object", "module-path", "certificates"}
    if unknown := sorted(set(parts) - known):
        raise KeyTextError(f"The key device's address holds something unknown: {unknown[0][:40]!r}.")
    if not (parts.get("token") and parts.get("object") and parts.get("module-path")):
        raise KeyTextError("A key device's address needs token=, object= and, after a question mark, module-path=.")
    return TokenAddress(
        module=parts["module-path"],
        token=parts["token"],
        label=parts["object"],
        certificates=parts.get("certificates", ""),
    )


def load_token_signer(rest: str, *, pin: str | None) -> TokenSigner:
    """The signer for the key at the address `rest`, logged in with `pin`.

    Raises:
        KeyTextError: the address cannot be used, or there is no certificate for the key.
        KeyStoreError: the device, the token or the key does not answer, or the PIN is wrong.
    """
    address = parse_token_address(rest)
    try:
        import pkcs11  # noqa: PLC0415 - an extra; only where a device is used
    except ImportError as error:
        raise KeyStoreError("Key devices need the extra dedere[pkcs11], which is not installed.") from error
    with contextlib.ExitStack() as undo:
        try:
            session = _open(pkcs11.lib(address.module).get_token(token_label=address.token), pin=pin)
            undo.callback(session.close)
            key = session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=address.label)
            signer = TokenSigner(session, key, _chain(session, address))
        except (pkcs11.PKCS11Error, RuntimeError) as error:
            raise KeyStoreError(f"The key device does not open: {type(error).__name__}.") from error
        _prove(signer)
        undo.pop_all()
    return signer


def _open(token: Any, *, pin: str | None) -> Any:
    import pkcs11  # noqa: PLC0415 - an extra; present since the caller has it

    try:
        return token.open(user_pin=pin)
    except pkcs11.UserAlreadyLoggedIn:
        # Another key of this process: a device knows one login for a process, which new sessions share.
        return token.open()


def _prove(signer: TokenSigner) -> None:
    """Sign once: that the certificate belongs to the key is known only from this."""
    certificate = parse_certificate(signer.certificate_chain[0])
    try:
        verify_with(certificate.public_key(), _PROBE, signature=signer.sign(_PROBE), algorithm=signer.algorithm)
    except SignatureError as error:
        raise KeyTextError("The certificate beside the signing key belongs to another key.") from error


class TokenSigner:
    """A signer whose key stays in its device. One signature at a time; threads wait for one another."""

    def __init__(self, session: Any, key: Any, chain: tuple[x509.Certificate, ...]) -> None:
        """`session` and `key` come from python-pkcs11, which has no types."""
        self._session = session
        self._key = key
        self._lock = threading.Lock()
        self._algorithm = algorithm_for(chain[0].public_key())
        self._chain = tuple(each.public_bytes(serialization.Encoding.DER) for each in chain)

    @property
    def certificate_chain(self) -> tuple[bytes, ...]:
        """The certificate of the key and those above it, DER."""
        return self._chain

    @property
    def algorithm(self) -> SigningAlgorithm:
        """What it signs with."""
        return self._algorithm

    def sign(self, message: bytes) -> bytes:
        """The signature over `message`, hashed here, signed in the device.

        Raises:
            KeyStoreError: the device does not answer.
        """
        import pkcs11  # noqa: PLC0415 - an extra; present since the key was loaded

        digest = Hash(self._algorithm.hash)
        digest.update(message)
        hashed = digest.finalize()
        try:
            with self._lock:
                if self._algorithm.value.startswith("ecdsa"):
                    raw = bytes(self._key.sign(hashed, mechanism=pkcs11.Mechanism.ECDSA))
                    half = len(raw) // 2
                    return encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
                scheme = (pkcs11.Mechanism.SHA256, pkcs11.MGF.SHA256, len(hashed))
                mechanism = pkcs11.Mechanism.SHA256_RSA_PKCS_PSS
                return bytes(self._key.sign(message, mechanism=mechanism, mechanism_param=scheme))
        except pkcs11.PKCS11Error as error:
            raise KeyStoreError(f"The key device does not sign: {type(error).__name__}.") from error


def _chain(session: Any, address: TokenAddress) -> tuple[x509.Certificate, ...]:
    if address.certificates:
        return parse_certificates(read_file(Path(address.certificates)))
    import pkcs11  # noqa: PLC0415 - an extra; present since the key was loaded

    wanted = {
        pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
        pkcs11.Attribute.LABEL: address.label,
    }
    for found in session.get_objects(wanted):
        return (parse_certificate(bytes(found[pkcs11.Attribute.VALUE])),)
    raise KeyTextError("The key device holds no certificate with the key's label; name a file with certificates=.")
