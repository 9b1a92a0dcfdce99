"""A home made again from a moment, and the rehearsal that shows that it could be.

The home is built beside its place and moved there at the end: there is a whole home or none. Every file is hashed where
it arrives. Nothing says who wrote a medium: compare the fingerprint of the restored card with the printed one.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from dedere.base.errors import DedereError, FacilityError
from dedere.crypto.age import SealedReader, SealError, read_header
from dedere.node.backup.digests import PIECE, digest_of
from dedere.node.backup.making import MANIFEST, MOMENT, RESTORED
from dedere.node.backup.medium import FORMAT, Medium
from dedere.node.backup.recipients import read_backup_key
from dedere.node.checking import complaints
from dedere.node.home import Home, load_home
from dedere.node.keys import write_private
from dedere.node.trust import own_card

if TYPE_CHECKING:
    from dedere.base.clock import Clock


@dataclass(frozen=True, slots=True)
class Restored:
    """A home that is there again. `fingerprint` is that of the authority's newest card."""

    home: Home
    moment: str
    files: int
    bytes: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How a restore would have gone: how long it took in seconds, and what is wrong with what came out."""

    moment: str
    files: int
    bytes: int
    seconds: float
    fingerprint: str
    complaints: tuple[str, ...]


def restore(
    medium: Medium,
    folder: Path,
    *,
    key: Path,
    moment: str = "",
    clock: Clock,
    tell: Callable[[int], None] = lambda _n: None,
) -> Restored:
    """Make the home of a moment again at `folder`. `tell` hears the number of files so far.

    The home remembers in `restored.json` which moment it comes from.

    Raises:
        InputError: there is no such moment, or it is not in a format that this version reads.
        FacilityError: `folder` is not empty, the key does not open the moment, or a file, which is named, is missing or
            damaged.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FacilityError(f"{folder} is not an empty folder: nothing is restored over what is there.")
    building = folder.with_name(f".{folder.name}.being-restored")
    shutil.rmtree(building, ignore_errors=True)
    try:
        restored = _build(medium, building, key=key, moment=moment, tell=tell)
        about = {"moment": restored.moment, "restored_at": clock.now().isoformat()}
        write_private(building / RESTORED, json.dumps(about).encode())
        if folder.exists():
            folder.rmdir()
        building.rename(folder)
    except OSError as error:
        raise FacilityError(f"{folder} cannot be restored: {error.filename or ''} {error.strerror}.") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return replace(restored, home=load_home(folder))


def rehearse(
    medium: Medium,
    *,
    key: Path,
    clock: Clock,
    place: Path | None = None,
    moment: str = "",
    tell: Callable[[int], None] = lambda _n: None,
) -> Rehearsal:
    """Restore into a folder that is thrown away afterwards, check what came out, and say how long it took.

    `place` is where there is room for it; the system's temporary folder otherwise. Raises as `restore` does.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="dedere-rehearsal-", dir=place) as temporary:
        restored = restore(medium, Path(temporary, "home"), key=key, moment=moment, clock=clock, tell=tell)
        found = tuple(complaints(restored.home, clock=clock))
        seconds = time.monotonic() - began
    return Rehearsal(restored.moment, restored.files, restored.bytes, seconds, restored.fingerprint, found)


def _build(medium: Medium, folder: Path, *, key: Path, moment: str, tell: Callable[[int], None]) -> Restored:
    medium.require_known()
    name = medium.choose(moment)
    folder.mkdir(mode=0o700, parents=True)
    manifest = folder / MANIFEST
    _unpack(medium.sealed_moment(name), folder, key=key)
    home = load_home(folder)
    for each in home.folders():
        each.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = total = 0
    with manifest.open(encoding="utf-8") as lines:
        for line in lines:
            total += _bring_back(medium, folder, json.loads(line))
            files += 1
            tell(files)
    manifest.unlink()
    _require_sound(home)
    try:
        fingerprint = own_card(home).fingerprint
    except DedereError as error:
        raise FacilityError(f"The backup holds no card that can be read: {error}") from error
    return Restored(home, name, files, total, fingerprint)


def _unpack(sealed: Path, folder: Path, *, key: Path) -> None:
    """What the sealed moment holds, into `folder`: only plain files, only below it."""
    identities = read_backup_key(key)
    with sealed.open("rb") as file:
        try:
            header, _ = read_header(file)
            reader = SealedReader(header, file, identities, start=len(header))
        except SealError as error:
            raise FacilityError(f"{sealed} does not open with this key, or it is damaged: {error}") from error
        try:
            with tarfile.open(fileobj=reader, mode="r|", bufsize=PIECE) as archive:
                for entry in archive:
                    _extract(archive, entry, folder)
        except (SealError, tarfile.TarError) as error:
            raise FacilityError(f"{sealed} is damaged: {error}") from error


def _extract(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    content = archive.extractfile(entry)
    if content is None:
        raise FacilityError("The moment holds something that is no file.")
    if entry.name == MOMENT:
        _require_format(json.loads(content.read()))
        return
    target = folder / MANIFEST if entry.name == MANIFEST else _inside(folder, entry.name.removeprefix("home/"))
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with target.open("wb") as file:
        target.chmod(0o600)
        shutil.copyfileobj(content, file, PIECE)


def _require_format(about: Mapping[str, Any]) -> None:
    if about.get("format") != FORMAT:
        raise FacilityError(f"This moment is {about.get('format')!r}; this version reads {FORMAT!r}.")


def _inside(folder: Path, name: str) -> Path:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        raise FacilityError("The moment names a file outside the home.")
    return folder.joinpath(*parts)


def _bring_back(medium: Medium, folder: Path, entry: Mapping[str, Any]) -> int:
    """One file from the medium to its place; its size. It is hashed where it arrives."""
    source, target = medium.file(str(entry["sha256"])), _inside(folder, str(entry["path"]))
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        shutil.copyfile(source, target)
    except FileNotFoundError as error:
        raise FacilityError(f"{source} is missing on the medium: {entry['path']} cannot be restored.") from error
    target.chmod(0o600)
    if digest_of(target) != entry["sha256"]:
        raise FacilityError(f"{source} is damaged on the medium: {entry['path']} cannot be restored.")
    return target.stat().st_size


def _require_sound(home: Home) -> None:
    try:
        with closing(sqlite3.connect(home.database)) as connection:
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise FacilityError(f"The database in the backup cannot be read ({error}).") from error
    if verdict != "ok":
        raise FacilityError(f"The database in the backup is damaged ({verdict}).")
