"""For whom a home's backups are sealed: `backup.recipients` in the home, one age recipient a line.

The key that opens them lies elsewhere: whoever takes the node or the medium has only half.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.base.errors import DedereError, FacilityError, InputError
from dedere.crypto.age import HybridIdentity, parse_recipient, read_identities, write_identities
from dedere.node.keys import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.base.identifiers import Identifiers
    from dedere.crypto.age import Identity, Recipient
    from dedere.node.home import Home


def recipients_file(home: Home) -> Path:
    """Where a home says for whom its backups are sealed."""
    return home.folder / "backup.recipients"


def make_backup_key(home: Home, path: Path, *, identifiers: Identifiers) -> str:
    """Make a backup key at `path` and name its recipient in the home; the recipient.

    Raises:
        InputError: something is at `path` already, or it is inside the home, where it would protect nothing.
    """
    if path.exists():
        raise InputError(f"{path} exists already: choose another file for the backup key.")
    if path.resolve().is_relative_to(home.folder):
        raise InputError("The backup key must not lie in the home that it protects: choose a place elsewhere.")
    identity = HybridIdentity.generate(identifiers)
    recipient = str(identity.recipient.encode())
    write_private(path, write_identities([identity], chance=identifiers, passphrase=None))
    known = recipients_file(home).read_text(encoding="ascii") if recipients_file(home).exists() else ""
    write_private(recipients_file(home), f"{known}{recipient}\n".encode("ascii"))
    return recipient


def read_recipients(home: Home) -> tuple[Recipient, ...]:
    """For whom this home's backups are sealed.

    Raises:
        FacilityError: nobody is named.
        InputError: a line is no recipient.
    """
    try:
        lines = recipients_file(home).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        lines = []
    texts = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not texts:
        raise FacilityError(
            "Nobody could open a backup of this home: make a key with `dedere backup key HOME FILE`, "
            "and keep that file where the home is not."
        )
    try:
        return tuple(parse_recipient(text) for text in texts)
    except DedereError as error:
        raise InputError(f"{recipients_file(home)} names something that is no recipient: {error}") from error


def read_backup_key(path: Path) -> tuple[Identity, ...]:
    """The identities in a backup key's file.

    Raises:
        FacilityError: it cannot be read.
        KeyTextError: it holds no key.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FacilityError(f"The backup key {path} cannot be read: {error.strerror}.") from error
    return tuple(read_identities(content, passphrase=None))
