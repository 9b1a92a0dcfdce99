"""Make a moment: the database as it stands, then every file that lies sealed, then one sealed file with the rest.

The database is read first: what it speaks of is there afterwards. A file that came in meanwhile is copied without being
spoken of, as after a power cut, and the node sweeps it up. What was copied before is not read again: a payload is
named by its digest, and of other files size and time of change are remembered.
"""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dedere.base.errors import FacilityError
from dedere.crypto.age import SealingWriter
from dedere.node.backup.medium import FORMAT, ChangedFileError, Medium, moment_name
from dedere.node.backup.noted import note_backup
from dedere.node.backup.recipients import read_recipients
from dedere.node.backup.seen import SeenFiles
from dedere.node.databases import describe, is_embedded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedere.base.clock import Clock
    from dedere.base.identifiers import Identifiers
    from dedere.node.home import Home

MANIFEST = "manifest.jsonl"
MOMENT = "moment.json"
RESTORED = "restored.json"
_PAYLOAD = ".payload"


@dataclass(slots=True)
class Made:
    """What one run of the backup did. `complaints` name files of the home that are not what they should be."""

    moment: str
    files: int = 0
    new_files: int = 0
    new_bytes: int = 0
    sealed_bytes: int = 0
    complaints: list[str] = field(default_factory=list)


def make_backup(
    home: Home,
    medium: Medium,
    *,
    clock: Clock,
    identifiers: Identifiers,
    tell: Callable[[Made], None] = lambda _made: None,
) -> Made:
    """Put a moment of the home onto the medium. The node may run. `tell` is called after each file.

    Raises:
        InputError: the medium holds something else.
        FacilityError: nobody could open the backup, or the database or medium does not answer. No moment counts then.
    """
    recipients = read_recipients(home)
    if not is_embedded(home):
        raise FacilityError(
            f"The records lie in {describe(home)}, which this backup cannot read: back it up with PostgreSQL's own "
            "tools, and the home's folder with it (docs/operate/services.md)."
        )
    try:
        medium.prepare()
        with medium.locked():
            began = clock.now()
            made = Made(moment_name(began))
            snapshot, manifest = home.run / "backup.sqlite3", home.run / "backup.jsonl"
            try:
                _read_database(home, snapshot)
                digests = _copy_files(home, medium, manifest, made, tell)
                made.sealed_bytes = medium.write_moment(
                    made.moment,
                    lambda sink: _seal(
                        SealingWriter(sink, recipients, chance=identifiers), home, (snapshot, manifest), made
                    ),
                    digests,
                )
                note_backup(home, at=began, files=made.files, complaints=len(made.complaints))
            finally:
                snapshot.unlink(missing_ok=True)
                manifest.unlink(missing_ok=True)
    except OSError as error:
        raise FacilityError(
            f"The backup was not finished: {error.filename or medium.folder}: {error.strerror}."
        ) from error
    return made


def _read_database(home: Home, snapshot: Path) -> None:
    """A copy of the database as it stands between two writes. Writers go on."""
    snapshot.unlink(missing_ok=True)
    snapshot.touch(mode=0o600)
    try:
        with (
            closing(sqlite3.connect(f"file:{home.database}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(snapshot)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise FacilityError(f"The database {home.database} cannot be read ({error}).") from error


def _copy_files(home: Home, medium: Medium, manifest: Path, made: Made, tell: Callable[[Made], None]) -> set[str]:
    digests: set[str] = set()
    with manifest.open("w", encoding="utf-8") as lines, closing(SeenFiles(home.run / "backup-seen.sqlite3")) as seen:
        for path in sealed_files(home):
            try:
                facts = path.stat()
                known = path.stem if path.suffix == _PAYLOAD else seen.digest(path, facts)
                digest, fresh = medium.put(path, known)
            except FileNotFoundError:
                continue  # destroyed by order, or swept up, since the folder was listed
            except ChangedFileError as error:
                made.complaints.append(error.sentence)
                continue
            if not known:
                seen.remember(path, facts, digest)
            digests.add(digest)
            made.files += 1
            made.new_files += fresh
            made.new_bytes += facts.st_size * fresh
            lines.write(
                json.dumps({"path": str(path.relative_to(home.folder)), "sha256": digest, "size": facts.st_size}) + "\n"
            )
            tell(made)
    return digests


def sealed_files(home: Home) -> Iterator[Path]:
    """What lies sealed in the home and goes onto the medium as it is: payloads before headers."""
    objects = home.vault / "objects"
    for pattern in ("*.payload", "*.header"):
        for folder in sorted(objects.iterdir()) if objects.is_dir() else ():
            yield from sorted(folder.glob(pattern))
    for top in (home.letters, home.inbox):
        yield from sorted(path for path in top.rglob("*") if path.is_file() and not path.is_symlink())


def other_files(home: Home) -> Iterator[Path]:
    """Everything else in the home, which goes into the sealed moment; exported dossiers and locks do not.

    What is not known here is taken along too: a folder that a later version adds is missed by no backup.
    """
    apart = {home.vault, home.letters, home.inbox, home.run, home.dossiers}
    for top in sorted(home.folder.iterdir()):
        if top in apart or top.name.startswith(home.database.name) or top.name == RESTORED:
            continue
        found = top.rglob("*") if top.is_dir() else [top]
        yield from sorted(path for path in found if path.is_file() and not path.is_symlink())
    mark = home.vault / "version"
    if mark.exists():
        yield mark


def _seal(sink: SealingWriter, home: Home, spooled: tuple[Path, Path], made: Made) -> None:
    """One sealed archive: what it is, settings and keys, the list of files, the database."""
    snapshot, manifest = spooled
    about = {
        "format": FORMAT,
        "moment": made.moment,
        "state": home.state,
        "name": home.name,
        "version": version("dedere"),
        "files": made.files,
    }
    with sink, tarfile.open(fileobj=_Stream(sink), mode="w|") as archive:
        _add_bytes(archive, MOMENT, json.dumps(about).encode())
        for path in other_files(home):
            _add_file(archive, f"home/{path.relative_to(home.folder)}", path)
        _add_file(archive, MANIFEST, manifest)
        _add_file(archive, f"home/{home.database.name}", snapshot)
        archive.close()
        sink.finish()


class _Stream(io.RawIOBase):
    """What `tarfile` writes to."""

    def __init__(self, sink: SealingWriter) -> None:
        super().__init__()
        self._sink = sink

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override] # `tarfile` gives bytes
        return self._sink.write(data)


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


def _add_file(archive: tarfile.TarFile, name: str, path: Path) -> None:
    with path.open("rb") as file:
        entry = tarfile.TarInfo(name)
        entry.size = path.stat().st_size
        archive.addfile(entry, _Exactly(file, entry.size))


class _Exactly(io.RawIOBase):
    """A file's first `size` bytes; a file that became shorter meanwhile is said instead of filled up."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        super().__init__()
        self._file, self._left = file, size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(min(self._left, size if size >= 0 else self._left))
        self._left -= len(piece)
        if self._left and not piece:
            raise FacilityError("A file of the home changed while it was copied: run the backup again.")
        return piece
