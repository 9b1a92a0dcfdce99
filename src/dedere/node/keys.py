"""A node's keys in its home: made once, read when asked for, never shown.

`keys/<purpose>.key` (PKCS#8) with `keys/<purpose>.pem` (certificate) for authority, gateway, tls and timestamp;
`keys/sealing.age` holds age identities, newest first. What each is for and what its loss means: docs/security/keys.md.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from dedere.base.clock import Clock
from dedere.base.errors import FacilityError
from dedere.base.identifiers import Identifiers
from dedere.crypto.age import HybridIdentity, parse_identity
from dedere.crypto.keys import (
    CertificateContent,
    Purpose,
    SigningKey,
    encode_private_key,
    generate_signing_key,
    load_signer,
    self_issued_certificate,
)
from dedere.crypto.timestamps import LocalTimestamper
from dedere.node.home import Home

CERTIFICATE_LASTS = dt.timedelta(days=3 * 365)
_PURPOSES = {
    "authority": Purpose.AUTHORITY,
    "gateway": Purpose.GATEWAY,
    "tls": Purpose.TLS,
    "timestamp": Purpose.TIMESTAMP,
}


def make_keys(home: Home, *, clock: Clock, identifiers: Identifiers) -> None:
    """Make every key of a new home, with certificates that the authority issues to itself."""
    home.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, purpose in _PURPOSES.items():
        _make_pair(home, name, purpose=purpose, clock=clock)
    identity = HybridIdentity.generate(identifiers)
    write_private(home.keys / "sealing.age", (identity.encode() + "\n").encode("ascii"))
    write_private(home.keys / "pages.secret", identifiers.random_bytes(48).hex().encode("ascii"))


def _make_pair(home: Home, name: str, *, purpose: Purpose, clock: Clock) -> None:
    key = generate_signing_key()
    now = clock.now().replace(microsecond=0)
    addresses, names = _where(home) if purpose is Purpose.TLS else ((), ())
    content = CertificateContent(
        common_name=f"{home.name} ({name})"[:64],
        state=home.state,
        organisation=home.name[:64],
        valid_from=now - dt.timedelta(hours=1),
        valid_until=now + CERTIFICATE_LASTS,
        purpose=purpose,
        ip_addresses=addresses,
        dns_names=names,
    )
    write_private(home.keys / f"{name}.key", encode_private_key(key))
    write_private(home.keys / f"{name}.pem", self_issued_certificate(key, content))


def _where(home: Home) -> tuple[tuple[str, ...], tuple[str, ...]]:
    host = urlsplit(home.gateway.url).hostname or home.gateway.host
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return (home.gateway.host,), (host,)
    return tuple(dict.fromkeys((home.gateway.host, host))), ()


def read_signer(home: Home, name: str) -> SigningKey:
    """The signing key of one purpose.

    Raises:
        FacilityError: the key or its certificate is missing or cannot be read.
    """
    return load_signer(f"file:{home.keys / name}.key")


def read_certificate(home: Home, name: str) -> str:
    """The certificate of one purpose as PEM."""
    return _read(home.keys / f"{name}.pem").decode("ascii")


def read_timestamper(home: Home, clock: Clock) -> LocalTimestamper:
    """The authority's own time-stamping service, for States without another."""
    return LocalTimestamper(read_signer(home, "timestamp"), clock=clock)


def read_sealing_identities(home: Home) -> tuple[HybridIdentity, ...]:
    """Every identity that opens what was sealed to this authority, newest first."""
    lines = _read(home.keys / "sealing.age").decode("ascii").split()
    identities = tuple(parse_identity(line) for line in lines)
    hybrid = tuple(identity for identity in identities if isinstance(identity, HybridIdentity))
    if not hybrid:
        raise FacilityError(f"{home.keys / 'sealing.age'} holds no sealing key: restore it from the backup.")
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


def key_files(home: Home) -> Iterable[Path]:
    """Every key file a home must have."""
    for name in _PURPOSES:
        yield home.keys / f"{name}.key"
        yield home.keys / f"{name}.pem"
    yield home.keys / "sealing.age"
    yield home.keys / "pages.secret"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FacilityError(f"{path} cannot be read: {error.strerror}.") from error
