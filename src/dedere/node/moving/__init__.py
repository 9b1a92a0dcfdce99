"""A node carried over to another database, store and folder, item by item, each compared with what it was copied from.

    1. files of the home (letters, keys, cards, …): copied under a name of their own, synced, renamed, compared
    2. sealed evidence: object by object from store to store, hashed where it arrives
    3. records: each table in one transaction, then every row of it read back and compared
    4. `home.toml` of the new home, which until now was none; `moved.json` in the old one, which is served no more

What was killed is begun again with the same words: what is there and the same is not copied twice. The old home is only
read until the last step. It must not be served meanwhile.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.errors import FacilityError, InputError
from dedere.node.checking import MOVED
from dedere.node.databases import require_unused
from dedere.node.home import write_home
from dedere.node.keys import write_private
from dedere.node.moving.files import carry_files, carry_objects
from dedere.node.moving.records import carry_records

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.base.clock import Clock
    from dedere.base.identifiers import Identifiers
    from dedere.node.home import Home

_MARK = "moving.json"


@dataclass(slots=True)
class Moved:
    """What was carried over and found to be the same. `there_already`: what of it an earlier run had brought."""

    files: int = 0
    objects: int = 0
    rows: int = 0
    tables: int = 0
    there_already: int = 0


def move(
    old: Home,
    new: Home,
    *,
    clock: Clock,
    identifiers: Identifiers,
    tell: Callable[[Moved], None] = lambda _moved: None,
) -> Moved:
    """Carry the node of `old` over to where `new` says. Django is set up for `old`.

    Raises:
        InputError: folder or database of `new` hold something that this move did not begin, or `old` has moved already.
        FacilityError: something cannot be read or written, or is not the same afterwards; it is named.
    """
    _begin(old, new)
    moved = Moved()
    try:
        carry_files(old, new, moved, tell)
        carry_objects(old, new, moved, tell, clock=clock, identifiers=identifiers)
    except OSError as error:
        raise FacilityError(f"The move stopped: {error.filename or ''} {error.strerror}. Begin it again.") from error
    carry_records(new, moved, tell)
    write_home(new)
    (new.folder / _MARK).unlink()
    about = {"to": str(new.folder), "at": clock.now().isoformat()}
    write_private(old.folder / MOVED, json.dumps(about).encode())
    return moved


def _begin(old: Home, new: Home) -> None:
    """Mark the new folder as one that this move fills, or see that it is."""
    mark = new.folder / _MARK
    where = {
        "from": str(old.folder),
        "records": new.records.address,
        "store": dataclasses.asdict(new.store)["address"],
    }
    if (old.folder / MOVED).exists():
        raise InputError(f"{old.folder} has moved already: {old.folder / MOVED} says where to.")
    if new.folder.is_relative_to(old.folder):
        raise InputError("The new home must not lie in the old one.")
    if mark.exists():
        if _read(mark) != where:
            raise InputError(f"{new.folder} is being filled by another move: choose another folder, or empty it.")
        return
    if new.folder.exists() and any(new.folder.iterdir()):
        raise InputError(f"{new.folder} is not an empty folder: nothing is moved over what is there.")
    require_unused(new)
    try:
        new.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in new.folders():
            each.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise FacilityError(f"{new.folder} cannot be made: {error.strerror}.") from error
    write_private(mark, json.dumps(where).encode())


def _read(mark: Path) -> object:
    try:
        return json.loads(mark.read_bytes())
    except (OSError, ValueError):
        return None
