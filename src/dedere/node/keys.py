"""A node's keys in its home: made once for a card, read when asked for, never shown.

`keys/<purpose>.key` (PKCS#8) with `keys/<purpose>.pem` (certificate) for authority, gateway, tls and timestamp, and for
second where letters are signed with ML-DSA-65 too; those
made for a later card bear its serial, `keys/<purpose>.<serial>.key`. Which pair counts is said by the card that names
its certificate, never by the file's name: a crash while keys change leaves at most a pair that no card names.
`keys/sealing.age` holds age identities, newest first. `home.toml` may say that the authority's key is in a device,
and under which passphrase files are wrapped. What each is for and what its loss means: docs/security/keys.md.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import ssl
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dedere.base.clock import Clock
from dedere.base.errors import FacilityError
from dedere.base.identifiers import Identifiers
from dedere.crypto.age import HybridIdentity, read_identities, write_identities
from dedere.crypto.keys import (
    CertificateContent,
    PrivateKey,
    Purpose,
    SigningKey,
    certificate_der,
    encode_private_key,
    file_address,
    generate_second_signing_key,
    generate_signing_key,
    load_signer,
    self_issued_certificate,
    wrap_private_key,
)
from dedere.node.home import Home
from dedere.node.passphrases import read_passphrase, read_pin

PURPOSES = {
    "authority": Purpose.AUTHORITY,
    "gateway": Purpose.GATEWAY,
    "tls": Purpose.TLS,
    "timestamp": Purpose.TIMESTAMP,
}
# Not every authority has one: `home.toml` asks for it, and the next card names it.
SECOND = "second"
CERTIFICATE_LASTS = dt.timedelta(days=5 * 365)
# A dossier is judged by its time-stamps long after every other certificate has ended.
STAMP_CERTIFICATE_LASTS = dt.timedelta(days=30 * 365)
SEALING_FILE = "sealing.age"
_WRAPPED = b"ENCRYPTED PRIVATE KEY"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Two files of the home: a private key and its certificate."""

    key: Path
    certificate: Path


def make_keys(home: Home, *, clock: Clock, identifiers: Identifiers) -> None:
    """Make every key of a new home, with certificates that the authority issues to itself."""
    home.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in PURPOSES:
        make_pair(home, name, serial=1, clock=clock, identifiers=identifiers)
    passphrase = read_passphrase(home)
    write_sealing(home, [HybridIdentity.generate(identifiers)], passphrase=passphrase, identifiers=identifiers)
    write_private(home.keys / "pages.secret", identifiers.random_bytes(48).hex().encode("ascii"))


def make_pair(home: Home, name: str, *, serial: int, clock: Clock, identifiers: Identifiers) -> str:
    """Make the key of one purpose for the card with this serial; its certificate as PEM."""
    key = generate_second_signing_key() if name == SECOND else generate_signing_key()
    now = clock.now().replace(microsecond=0)
    purpose = PURPOSES.get(name, Purpose.AUTHORITY)
    addresses, names = _where(home) if purpose is Purpose.TLS else ((), ())
    content = CertificateContent(
        common_name=f"{home.name} ({name})"[:64],
        state=home.state,
        organisation=home.name[:64],
        valid_from=now - dt.timedelta(hours=1),
        valid_until=now + (STAMP_CERTIFICATE_LASTS if purpose is Purpose.TIMESTAMP else CERTIFICATE_LASTS),
        purpose=purpose,
        ip_addresses=addresses,
        dns_names=names,
    )
    certificate = self_issued_certificate(key, content)
    pair = _pair(home, name if serial == 1 else f"{name}.{serial}")
    write_private(pair.key, encode_key(key, passphrase=read_passphrase(home), identifiers=identifiers))
    write_private(pair.certificate, certificate)
    return certificate.decode("ascii")


def add_sealing_identity(home: Home, *, identifiers: Identifiers) -> HybridIdentity:
    """Make a new sealing key; the old ones stay behind it, for what is sealed to them."""
    identity = HybridIdentity.generate(identifiers)
    kept = read_sealing_identities(home)
    write_sealing(home, [identity, *kept], passphrase=read_passphrase(home), identifiers=identifiers)
    return identity


def signer_for(home: Home, name: str, certificates: Iterable[str]) -> SigningKey:
    """The signing key of the first of these certificates (PEM) whose key is here.

    Raises:
        FacilityError: none is.
        KeyTextError: a key is here and does not open.
    """
    elsewhere = home.places.authority if name == "authority" else ()
    for certificate in certificates:
        for address in elsewhere:
            signer = load_address(home, address)
            if signer.certificate_chain[0] == certificate_der(certificate):
                return signer
        pair = _find_pair(home, name, certificate)
        if pair is not None:
            return load_address(home, file_address(pair.key))
    raise _not_here(home, name)


def load_address(home: Home, address: str) -> SigningKey:
    """The signer at an address, opened with what the settings name: the PIN of a device, the passphrase of a file.

    Raises:
        KeyTextError, KeyStoreError: it cannot be read, or does not open.
    """
    if address.startswith("pkcs11:"):
        return load_signer(address, passphrase=read_pin(home))
    path = Path(unquote(address.removeprefix("file:").partition("?")[0]))
    wrapped = path.is_file() and is_wrapped(path.read_bytes())
    return load_signer(address, passphrase=read_passphrase(home) if wrapped else None)


def pair_for(home: Home, name: str, certificate: str) -> KeyPair:
    """The files of the key with this certificate (PEM).

    Raises:
        FacilityError: they are not here.
    """
    pair = _find_pair(home, name, certificate)
    if pair is None:
        raise _not_here(home, name)
    return pair


def pairs(home: Home, name: str) -> Iterator[KeyPair]:
    """Every pair of one purpose that is here whole, the one made last first."""
    stems = [path.name.removesuffix(".pem") for path in home.keys.glob(f"{name}*.pem")]
    serials = {
        stem: int(stem.removeprefix(f"{name}.")) if stem != name else 1 for stem in stems if _is_ours(stem, name)
    }
    for stem in sorted(serials, key=lambda each: -serials[each]):
        pair = _pair(home, stem)
        if pair.key.is_file():
            yield pair


def read_certificate(home: Home, name: str) -> str:
    """The certificate of the first key of one purpose, as PEM."""
    return _read(home.keys / f"{name}.pem").decode("ascii")


def read_sealing_identities(home: Home) -> tuple[HybridIdentity, ...]:
    """Every identity that opens what was sealed to this authority, newest first.

    Raises:
        FacilityError: there is none.
        KeyTextError: the file is damaged, or its passphrase is missing or wrong.
    """
    identities = read_identities(_read(home.keys / SEALING_FILE), passphrase=read_passphrase(home))
    hybrid = tuple(identity for identity in identities if isinstance(identity, HybridIdentity))
    if not hybrid:
        raise FacilityError(f"{home.keys / SEALING_FILE} holds no sealing key: restore it from the backup.")
    return hybrid


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    temporary = path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def private_files(home: Home) -> Iterator[Path]:
    """Every file whose content must not be read by others."""
    yield from sorted(home.keys.glob("*.key"))
    yield home.keys / SEALING_FILE
    yield home.keys / "pages.secret"


def encode_key(key: PrivateKey, *, passphrase: str | None, identifiers: Identifiers) -> bytes:
    """A private key as its file holds it: wrapped where there is a passphrase."""
    return encode_private_key(key) if passphrase is None else wrap_private_key(key, passphrase, chance=identifiers)


def pem_of(certificate: bytes) -> str:
    """A certificate (DER) in the form in which cards name it."""
    return ssl.DER_cert_to_PEM_cert(certificate)


def is_wrapped(content: bytes) -> bool:
    """Whether a private key file needs a passphrase."""
    return _WRAPPED in content


def write_sealing(
    home: Home, identities: Sequence[HybridIdentity], *, passphrase: str | None, identifiers: Identifiers
) -> None:
    """Write the sealing keys, newest first."""
    write_private(home.keys / SEALING_FILE, write_identities(identities, chance=identifiers, passphrase=passphrase))


def holds_key(home: Home, name: str, certificate: str) -> bool:
    """Whether the key of a certificate (PEM) is a file of this home."""
    return _find_pair(home, name, certificate) is not None


def _find_pair(home: Home, name: str, certificate: str) -> KeyPair | None:
    wanted = certificate_der(certificate)
    return next((pair for pair in pairs(home, name) if certificate_der(_read(pair.certificate)) == wanted), None)


def _not_here(home: Home, name: str) -> FacilityError:
    return FacilityError(f"The {name} key that our card names is not in {home.keys}: restore it from the backup.")


def _is_ours(stem: str, name: str) -> bool:
    return stem == name or stem.removeprefix(f"{name}.").isdecimal()


def _pair(home: Home, stem: str) -> KeyPair:
    return KeyPair(home.keys / f"{stem}.key", home.keys / f"{stem}.pem")


def _where(home: Home) -> tuple[tuple[str, ...], tuple[str, ...]]:
    host = urlsplit(home.gateway.url).hostname or home.gateway.host
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return (home.gateway.host,), (host,)
    return tuple(dict.fromkeys((home.gateway.host, host))), ()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FacilityError(f"{path} cannot be read: {error.strerror}.") from error
