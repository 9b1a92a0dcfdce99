"""Our copy of each letter, sent and received: a file in `letters/`, sealed to ourselves, there when its row is.

A copy is written under a name of its own first, and takes its place at the end of the transaction that records the
letter. So a letter that is refused at the last moment leaves nothing, and never touches the copy of another.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from dedere.base.errors import FacilityError
from dedere.crypto.age import open_sealed
from dedere.node.founding import sync_folder
from dedere.node.office import office

_BEING_WRITTEN = ".new"
_FORGOTTEN_AFTER = dt.timedelta(hours=1)


def copy_path(letter_id: str) -> Path:
    """Where our copy of a letter lies."""
    return office().home.letters / f"{letter_id}.age"


@contextmanager
def written_copy(sealed: bytes) -> Iterator[Path]:
    """A sealed letter on the disk, synced; gone at the end of the block unless `place_copies` gave it its place.

    Raises:
        FacilityError: the disk does not take it.
    """
    path = office().home.letters / f"{office().identifiers.new()}{_BEING_WRITTEN}"
    try:
        try:
            with path.open("xb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise FacilityError(f"The letter cannot be kept: {error.strerror}.") from error
        yield path
    finally:
        path.unlink(missing_ok=True)


def place_copies(written: Sequence[tuple[Path, str]]) -> None:
    """Give written copies, each with its letter, their places. Call it last inside the transaction that records these.

    Raises:
        FacilityError: the disk does not take them.
    """
    try:
        for copy, letter_id in written:
            copy.replace(copy_path(letter_id))
        sync_folder(office().home.letters)
    except OSError as error:
        raise FacilityError(f"The letter cannot be kept: {error.strerror}.") from error


def read_copy(letter_id: str) -> bytes:
    """The signed container of a recorded letter.

    Raises:
        FacilityError: our copy cannot be read.
        SealError: it is damaged.
    """
    try:
        sealed = copy_path(letter_id).read_bytes()
    except OSError as error:
        raise FacilityError("Our copy of the letter cannot be read: tell your administrator.") from error
    return open_sealed(sealed, office().sealing_identities)


def sweep_copies() -> None:
    """After a start: remove what processes that died left half written. Others may be writing now."""
    before = (office().clock.now() - _FORGOTTEN_AFTER).timestamp()
    for path in office().home.letters.glob(f"*{_BEING_WRITTEN}"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
