"""Files and sealed objects, from one home to another. Nothing is trusted to have arrived: it is read again there."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from dedere.base.errors import FacilityError
from dedere.node.backup.digests import PIECE, digest_of
from dedere.node.founding import sync_folder
from dedere.node.storing import open_node_store

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.base.clock import Clock
    from dedere.base.identifiers import Identifiers
    from dedere.node.home import Home
    from dedere.node.moving import Moved
    from dedere.vault.store import ObjectStore

_BEING_COPIED = ".being-moved"


def carry_files(old: Home, new: Home, moved: Moved, tell: Callable[[Moved], None]) -> None:
    """Everything but database, evidence and locks.

    Raises:
        FacilityError: a file is not the same where it arrived.
    """
    for source in _files(old):
        target = new.folder / source.relative_to(old.folder)
        if _is_same(source, target):
            moved.there_already += 1
        else:
            _copy(source, target)
        moved.files += 1
        tell(moved)


def carry_objects(
    old: Home,
    new: Home,
    moved: Moved,
    tell: Callable[[Moved], None],
    *,
    clock: Clock,
    identifiers: Identifiers,
) -> None:
    """Every sealed object, its payload hashed as it is read and again where it arrived.

    Raises:
        FacilityError: an object is half there, damaged, or not the same where it arrived.
    """
    source = open_node_store(old, chance=identifiers, clock=clock)
    target = open_node_store(new, chance=identifiers, clock=clock)
    for presence in source.survey():
        if not presence.whole:
            raise FacilityError(f"Half of the object {presence.object_id} is missing: run `dedere vault check` first.")
        if target.holds(presence.object_id):
            moved.there_already += 1
        else:
            _send(source, target, presence.object_id)
        _require_same(source, target, presence.object_id)
        moved.objects += 1
        tell(moved)


def _files(home: Home) -> Iterator[Path]:
    apart = {home.vault, home.run, home.settings_file}
    for top in sorted(home.folder.iterdir()):
        if top not in apart and not top.name.startswith(home.database.name):
            found = sorted(top.rglob("*")) if top.is_dir() else [top]
            yield from (path for path in found if path.is_file() and not path.is_symlink())


def _is_same(source: Path, target: Path) -> bool:
    if not target.is_file() or target.stat().st_size != source.stat().st_size:
        return False
    return digest_of(source) == digest_of(target)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    arriving = target.with_name(target.name + _BEING_COPIED)
    with source.open("rb") as reading, arriving.open("wb") as writing:
        shutil.copyfileobj(reading, writing, PIECE)
        writing.flush()
        os.fsync(writing.fileno())
    shutil.copymode(source, arriving)
    arriving.replace(target)
    sync_folder(target.parent)
    if not _is_same(source, target):
        raise FacilityError(f"{target} is not what {source} is: the disk gives back other bytes than were written.")


def _send(source: ObjectStore, target: ObjectStore, object_id: str) -> None:
    pending = target.begin()
    try:
        with source.open_payload(object_id) as payload:
            while piece := payload.read(PIECE):
                pending.write(piece)
        pending.commit(object_id, source.read_header(object_id))
    finally:
        pending.abandon()


def _require_same(source: ObjectStore, target: ObjectStore, object_id: str) -> None:
    digest = hashlib.sha256()
    with target.open_payload(object_id) as payload:
        while piece := payload.read(PIECE):
            digest.update(piece)
    if digest.hexdigest() != object_id:
        raise FacilityError(f"The object {object_id} is damaged where it arrived: run `dedere vault check`.")
    if source.read_header(object_id) != target.read_header(object_id):
        target.replace_header(object_id, source.read_header(object_id))
