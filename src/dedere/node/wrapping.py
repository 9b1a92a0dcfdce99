"""Keys at rest: every private key file wrapped under a passphrase, or in clear again."""

from __future__ import annotations

from dedere.base.errors import InputError
from dedere.base.identifiers import Identifiers
from dedere.crypto.age import HybridIdentity, read_identities
from dedere.crypto.keys import load_private_key
from dedere.node.home import Home
from dedere.node.keys import PURPOSES, SEALING_FILE, encode_key, is_wrapped, pairs, write_private, write_sealing


def wrap_keys(home: Home, *, passphrase: str, identifiers: Identifiers) -> int:
    """Wrap every private key file of the home; how many were written.

    Interrupted, it is run again: each file is in clear or wrapped under this passphrase, and both open.

    Raises:
        InputError: an empty passphrase.
        KeyTextError: a file is wrapped under another passphrase.
    """
    if not passphrase:
        raise InputError("A passphrase cannot be empty.")
    return _write_all(home, opens=passphrase, under=passphrase, identifiers=identifiers)


def unwrap_keys(home: Home, *, passphrase: str, identifiers: Identifiers) -> int:
    """Write every private key file of the home in clear; how many were written.

    Raises:
        KeyTextError: a file is wrapped under another passphrase.
    """
    return _write_all(home, opens=passphrase, under=None, identifiers=identifiers)


def _write_all(home: Home, *, opens: str, under: str | None, identifiers: Identifiers) -> int:
    written = 0
    for name in PURPOSES:
        for pair in pairs(home, name):
            content = pair.key.read_bytes()
            key = load_private_key(content, passphrase=opens if is_wrapped(content) else None)
            write_private(pair.key, encode_key(key, passphrase=under, identifiers=identifiers))
            written += 1
    found = read_identities((home.keys / SEALING_FILE).read_bytes(), passphrase=opens)
    hybrid = [identity for identity in found if isinstance(identity, HybridIdentity)]
    write_sealing(home, hybrid, passphrase=under, identifiers=identifiers)
    return written + 1
