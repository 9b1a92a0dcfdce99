"""Where the leak guard's secret is while the node works: in memory that no disk and no backup holds.

By default a file in a folder that the system keeps in memory (tmpfs), outside the home, readable by the node's user
alone and gone with the machine's power; every process of the node reads it there. `home.toml` may say instead where a
secret store hands it over (`[keys] guard = "credential:NAME"`, 64 hexadecimal digits): then no custodian needs to open
the guard after a restart, and whoever controls that store can try names against a stolen database.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from dedere.base.errors import FacilityError
from dedere.crypto.blinding import SECRET_LENGTH
from dedere.node.home import Home
from dedere.node.keys import write_private
from dedere.node.passphrases import read_secret

_MEMORY_KINDS = frozenset({"tmpfs", "ramfs"})


def read_guard_secret(home: Home) -> bytes | None:
    """The secret, or None while the guard is locked.

    Raises:
        FacilityError: the settings name a place, and there is no secret of the right form.
    """
    if home.places.guard:
        return _from_store(home)
    folder = memory_folder()
    if folder is None:
        return None
    try:
        found = (folder / _name(home)).read_bytes()
    except OSError:
        return None
    return found if len(found) == SECRET_LENGTH else None


def keep_guard_secret(home: Home, secret: bytes) -> None:
    """Let every process of the node have the secret until the machine stops.

    Raises:
        FacilityError: the system has no folder in memory.
    """
    if home.places.guard:
        return
    folder = memory_folder()
    if folder is None:
        raise FacilityError(
            "This machine has no folder in memory for the leak guard's secret: name a secret store in home.toml, "
            '[keys] guard = "credential:NAME".'
        )
    write_private(folder / _name(home), secret)


def forget_guard_secret(home: Home) -> None:
    """Lock the guard."""
    folder = memory_folder()
    if folder is not None:
        (folder / _name(home)).unlink(missing_ok=True)


def memory_folder() -> Path | None:
    """The first folder of this user that lies in memory, none where the system has none."""
    named = [os.environ.get(name, "") for name in ("RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR")]
    for text in (*named, "/dev/shm"):  # noqa: S108 - its kind is checked, and the file is ours alone
        folder = Path(text.partition(":")[0])
        if text and folder.is_dir() and os.access(folder, os.W_OK) and _kind_of(folder) in _MEMORY_KINDS:
            return folder
    return None


def _kind_of(folder: Path) -> str:
    """The kind of file system that the folder lies on, as the system lists it."""
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    mounts = [(Path(fields[1].replace("\\040", " ")), fields[2]) for line in lines if len(fields := line.split()) > 2]  # noqa: PLR2004 - device, place, kind
    at = folder.resolve()
    held = [(place, kind) for place, kind in mounts if at == place or place in at.parents]
    return max(held, key=lambda each: len(each[0].parts), default=(Path(), ""))[1]


def _name(home: Home) -> str:
    where = hashlib.sha256(str(home.folder.resolve()).encode("utf-8")).hexdigest()
    return f"dedere-guard-{os.getuid()}-{where[:24]}"


def _from_store(home: Home) -> bytes:
    try:
        secret = bytes.fromhex(read_secret(home, home.places.guard))
    except ValueError as error:
        raise FacilityError("The leak guard's secret is written with 64 hexadecimal digits.") from error
    if len(secret) != SECRET_LENGTH:
        raise FacilityError("The leak guard's secret is written with 64 hexadecimal digits.")
    return secret
