"""The leak guard over drafts: nothing with a protected detail is kept in one, and nothing leaves with one.

A draft is read whole before it is put before a second officer and again when that officer approves: every text of the
act, the names of its files, and what the files hold and say about themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.node.accounts.models import Officer
from dedere.node.cases.models import Attachment, Draft
from dedere.node.office import office
from dedere.node.persons import guard
from dedere.papers.legible import Legible, read_legible
from dedere.papers.metadata import metadata_of
from dedere.vault.reading import open_object

if TYPE_CHECKING:
    from typing import BinaryIO

SEALED_IDENTITY = "application/vnd.dedere.identity+age"
"""The media type of an identity that goes sealed to the other State's custodians: the guard reads no seal."""

_LARGEST_SHOWN = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileLook:
    """What a file says about itself, and what of it the guard cannot read."""

    attachment: str
    metadata: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]


def require_clean_to_keep(
    by: Officer, case: str, content: Mapping[str, object], *, names: Mapping[str, str] | None = None
) -> None:
    """Nothing, if what is to be kept in the case gives no protected person away.

    Raises:
        LeakError, GuardLockedError
    """
    guard.require_clean(by=by, case=case, texts=guard.texts_in(content), names=names)


def require_clean_to_leave(by: Officer, draft: Draft) -> None:
    """Nothing, if neither the act nor any file that goes with it gives a protected person away.

    Raises:
        LeakError, GuardLockedError
    """
    if not guard.is_needed():
        return
    texts = guard.texts_in(draft.body)
    texts |= guard.texts_in(draft.paper, place="document")
    texts["The title of the case"] = draft.case.title
    names: dict[str, str] = {}
    for attachment in draft.attachments.all():
        texts[f"The title of {attachment.pk}"] = attachment.title
        names["The name of a file"] = f"{names.get('The name of a file', '')}\n{attachment.name}"
        if attachment.media_type != SEALED_IDENTITY:
            texts[f"The file attached as {attachment.title or attachment.pk}"] = _read(attachment).text
    guard.require_clean(by=by, case=draft.case_id, texts=texts, names=names, leaving=True)


def looks_at_files(draft: Draft) -> tuple[FileLook, ...]:
    """For each file of a draft what it says about itself and what nobody but a person can judge."""
    return tuple(
        _look(attachment) for attachment in draft.attachments.all() if attachment.media_type != SEALED_IDENTITY
    )


def _look(attachment: Attachment) -> FileLook:
    if attachment.size > _LARGEST_SHOWN:
        return FileLook(attachment.pk, (), ("The file is too large to be looked through here.",))
    with open_object(office().store, attachment.object, office().sealing_identities) as reader:
        data = reader.read_range(0, attachment.size)
    return FileLook(attachment.pk, metadata_of(data, attachment.media_type), _read(attachment).unread)


def _read(attachment: Attachment) -> Legible:
    with open_object(office().store, attachment.object, office().sealing_identities) as reader:
        source: BinaryIO = reader  # type: ignore[assignment] # a raw binary reader
        return read_legible(source, attachment.media_type)
