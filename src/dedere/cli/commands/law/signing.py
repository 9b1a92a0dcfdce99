"""Signs reviews with the authority's key file, opened as the home says. Needs no node and no Django."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.errors import FacilityError, InputError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable


def signing(home: Path, *, at: dt.datetime) -> Callable[[bytes], bytes]:
    """Signs with the authority's key; whose name stands in a review is the word of whoever may use that key.

    Raises:
        InputError: there is no key file, or it does not open with the passphrase that the home names.
        FacilityError: the passphrase cannot be read.
    """
    from dedere.crypto.cades import sign_cades
    from dedere.crypto.keys import file_address, load_signer

    key = home / "keys" / "authority.key"
    if not key.is_file():
        raise InputError(f"{home} has no authority key to sign the review with.")
    wrapped = b"ENCRYPTED PRIVATE KEY" in key.read_bytes()
    signer = load_signer(file_address(key.resolve()), passphrase=_passphrase(home) if wrapped else None)
    return lambda data: sign_cades(data, signer, signed_at=at)


def _passphrase(home: Path) -> str:
    """What opens the key files, from where `home.toml` says that it lies (docs/security/keys.md)."""
    try:
        place = tomllib.loads((home / "home.toml").read_text(encoding="utf-8"))["keys"]["passphrase"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"The authority's key is wrapped, and {home / 'home.toml'} names no passphrase.") from error
    kind, _, name = str(place).partition(":")
    folder = home if kind == "file" else Path(os.environ.get("CREDENTIALS_DIRECTORY") or home / "no-credentials")
    try:
        return (folder / name).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FacilityError(f"The passphrase that opens the authority's key cannot be read from {place}.") from error
