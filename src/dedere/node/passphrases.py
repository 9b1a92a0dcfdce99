"""Secrets that open keys: read where `home.toml` says they lie, never stored, never logged.

`file:PATH` is a file of its own, relative to the home or absolute; `credential:NAME` is what systemd puts into the
folder that `CREDENTIALS_DIRECTORY` names (`LoadCredentialEncrypted=` in the unit).
"""

from __future__ import annotations

import os
from pathlib import Path

from dedere.base.errors import FacilityError, InputError
from dedere.node.home import Home


def read_passphrase(home: Home) -> str | None:
    """Under which the home's key files are wrapped; None where the settings name none.

    Raises:
        FacilityError: it is not where the settings say.
    """
    return read_secret(home, home.places.passphrase) if home.places.passphrase else None


def read_pin(home: Home) -> str | None:
    """What opens the key device; None where the settings name none."""
    return read_secret(home, home.places.pin) if home.places.pin else None


def from_here(place: str) -> str:
    """A secret's place as somebody typed it, its path made absolute: settings are read from anywhere."""
    kind, _, name = place.partition(":")
    return f"file:{Path(name).absolute()}" if kind == "file" and name else place


def read_secret(home: Home, place: str) -> str:
    """The secret at `place`, without the end of its line.

    Raises:
        InputError: the place is written in no known form.
        FacilityError: nothing can be read there, or it is empty.
    """
    kind, _, name = place.partition(":")
    match kind:
        case "file":
            path = home.folder / name
        case "credential":
            folder = os.environ.get("CREDENTIALS_DIRECTORY")
            if folder is None:
                raise FacilityError(f"The credential {name} was not handed over: the node is not started by systemd.")
            path = Path(folder) / name
        case _:
            raise InputError("A secret's place is written file:PATH or credential:NAME.")
    try:
        secret = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FacilityError(f"The secret that opens the keys cannot be read from {path}.") from error
    if not secret:
        raise FacilityError(f"The secret that opens the keys is empty in {path}.")
    return secret
