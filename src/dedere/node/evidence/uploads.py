"""Files on their way from officers' browsers, in as many pieces and over as many connections as it takes.

An upload is for one thing (a measure, a draft, an item that something is made from) and belongs to one officer; for
others it does not exist. It lies in the inbox, sealed, until the officer says what it is; then the vault takes it over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from dedere.base.errors import InputError
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_assignment, require_draft
from dedere.node.cases.leaks import require_clean_to_keep
from dedere.node.cases.models import Assignment, Draft
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence.access import require_item
from dedere.node.evidence.actions.intake import Upload as GivenFile
from dedere.node.evidence.actions.intake import own_sealing
from dedere.node.evidence.models import Item, Upload
from dedere.node.office import office
from dedere.node.persons.refusals import logs_refusals
from dedere.vault.ingest import StoredObject
from dedere.vault.names import safe_path
from dedere.vault.upload import SealedUpload

MOST_AT_ONCE = 100
"""Uploads that one officer may have under way."""

_LONGEST_NAME = 255
_FORGOTTEN_AFTER = dt.timedelta(days=7)
_LARGEST = 1 << 44  # 16 TiB: beyond it, chunks would have no number of their own on any disk we know
_TARGETS: Mapping[str, Callable[[Officer, str], Assignment | Draft | Item]] = {
    "measure": require_assignment,
    "draft": require_draft,
    "item": require_item,
}


@dataclass(frozen=True, slots=True)
class UploadRow:
    """An upload under way: sizes in bytes; `modified` as the browser told it when it began."""

    id: str
    name: str
    size: int
    modified: str
    offset: int


@logs_refusals
@transaction.atomic
def begin_upload(*, by: Officer, target: str, name: str, size: int, media_type: str = "", modified: str = "") -> str:
    """Make room for a file: the upload's identifier. `target` is written `measure:ID`, `draft:ID` or `item:ID`.

    Raises:
        UnknownObjectError: the target is not this officer's.
        InputError: the size is none, too many uploads of this officer are under way, or the name gives a protected
            person away.
        StoreError: the disk failed.
    """
    case = _require_target(by, target)
    if not 0 <= size <= _LARGEST:
        raise InputError("An upload says how many bytes it has.")
    if Upload.objects.filter(officer=by).count() >= MOST_AT_ONCE:
        raise InputError(f"{MOST_AT_ONCE} uploads of yours are under way: finish or drop one of them first.")
    require_clean_to_keep(by, case, {}, names={"The file's name": name})
    upload = Upload.objects.create(
        pk=office().identifiers.new(),
        officer=by,
        target=target,
        name=_within(name),
        media_type=media_type[:120],
        size=size,
        modified=modified[:20],
        started_at=office().clock.now(),
    )
    sealing = own_sealing()
    _sealed(upload).begin(sealing.recipients, chance=sealing.chance)
    return upload.pk


def upload_state(by: Officer, upload_id: str) -> UploadRow:
    """How far an upload has come.

    Raises:
        UnknownObjectError: there is none of this officer.
    """
    return _row(_require(by, upload_id))


def append_upload(*, by: Officer, upload_id: str, offset: int, pieces: Iterable[bytes]) -> int:
    """Take the next bytes of an upload; the offset reached, also where `pieces` breaks off.

    Raises:
        UnknownObjectError: there is none of this officer.
        UploadOffsetError, UploadBusyError, InputError, StoreError: see `vault.upload`.
    """
    return _sealed(_require(by, upload_id)).append(offset, pieces, identities=office().sealing_identities)


def unfinished_uploads(by: Officer, target: str) -> tuple[UploadRow, ...]:
    """This officer's uploads for a target, finished ones that are not yet taken in included, oldest first."""
    return tuple(_row(upload) for upload in Upload.objects.filter(officer=by, target=target))


def uploaded(by: Officer, upload_id: str, *, target: str, title: str) -> GivenFile:
    """A finished upload as a file that an action takes in; the vault takes it over only then.

    Raises:
        UnknownObjectError: there is none of this officer for this target.
    """
    upload = _require(by, upload_id)
    if upload.target != target:
        raise UnknownObjectError
    return GivenFile(upload.name, title, upload.media_type, partial(_keep, upload))


def discard_upload(*, by: Officer, upload_id: str) -> None:
    """Drop an upload."""
    upload = _require(by, upload_id)
    _sealed(upload).discard()
    upload.delete()


def forget_old_uploads() -> int:
    """Drop uploads that began a week ago and were never taken in; how many."""
    old = list(Upload.objects.filter(started_at__lt=office().clock.now() - _FORGOTTEN_AFTER))
    for upload in old:
        _sealed(upload).discard()
        upload.delete()
    return len(old)


def _keep(upload: Upload) -> StoredObject:
    stored = _sealed(upload).keep(office().store, identities=office().sealing_identities)
    upload.delete()
    return stored


def _require(by: Officer, upload_id: str) -> Upload:
    upload = Upload.objects.filter(pk=upload_id, officer=by).first()
    if upload is None:
        raise UnknownObjectError
    _require_target(by, upload.target)
    return upload


def _require_target(by: Officer, target: str) -> str:
    """The case of what an upload is for, if this officer may add to it."""
    kind, _, identifier = target.partition(":")
    require = _TARGETS.get(kind)
    if require is None:
        raise UnknownObjectError
    return require(by, identifier).case_id


def _within(name: str) -> str:
    """The name of a file within the folder that was chosen; of one that lies too deep its own alone."""
    path = safe_path(name)
    return path if len(path) <= _LONGEST_NAME else path.rpartition("/")[2]


def _sealed(upload: Upload) -> SealedUpload:
    return SealedUpload(office().home.inbox, f"upload-{upload.pk}", upload.size)


def _row(upload: Upload) -> UploadRow:
    return UploadRow(upload.pk, upload.name, upload.size, upload.modified, _sealed(upload).offset)
