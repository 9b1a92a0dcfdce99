"""A file of an open draft is exchanged for another version of it: without what it says about itself, and back."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction

from dedere.base.errors import InputError
from dedere.node.accounts.models import Officer
from dedere.node.audit.actions import Happening, record
from dedere.node.audit.models import Event
from dedere.node.cases.access import require_draft
from dedere.node.cases.models import Attachment, Draft
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office

REMOVED, RESTORED = "metadata-removed", "metadata-restored"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a file: where in the vault it lies, its digest (SHA-256, hex) and its size in bytes."""

    object: str
    sha256: str
    size: int


def require_exchangeable(by: Officer, draft_id: str, attachment_id: str) -> Attachment:
    """A file of an open draft that may be exchanged; evidence never is: it leaves as it came into custody.

    Raises:
        UnknownObjectError: the draft is not this officer's, or has no such file.
        InputError: the draft is no longer open, or the file is an item of evidence.
    """
    draft = require_draft(by, draft_id)
    found = draft.attachments.filter(pk=attachment_id).first()
    if found is None:
        raise UnknownObjectError
    if draft.state != Draft.State.OPEN:
        raise InputError("This draft is no longer open for changes: ask the second officer to send it back.")
    if found.item:
        raise InputError("An item of evidence leaves as it is: what is taken out of it would break its custody.")
    return found


def version_of_file(attachment: Attachment) -> Version:
    """The version that leaves as things stand."""
    return Version(attachment.object, attachment.sha256, attachment.size)


def original_of(attachment: Attachment) -> Version | None:
    """The file as it came, where the version that leaves was made from it. The log keeps where it lies."""
    removed = Event.objects.filter(action__in=[REMOVED, RESTORED], subject=attachment.pk).order_by("-sequence").first()
    if removed is None or removed.action == RESTORED:
        return None
    kept = removed.details["original"]
    return Version(str(kept["object"]), str(kept["sha256"]), int(kept["size"]))


@transaction.atomic
def exchange_file(*, by: Officer, draft_id: str, attachment_id: str, version: Version) -> Attachment:
    """Let this version of the file leave in place of the one attached, which is kept and told of in the log.

    Raises:
        UnknownObjectError, InputError: as `require_exchangeable`.
    """
    attachment = require_exchangeable(by, draft_id, attachment_id)
    original = original_of(attachment)
    action = RESTORED if version == original else REMOVED
    details = {"original": asdict(original or version_of_file(attachment)), "leaves": asdict(version)}
    attachment.object, attachment.sha256, attachment.size = version.object, version.sha256, version.size
    attachment.save(update_fields=["object", "sha256", "size"])
    draft = attachment.draft
    draft.version += 1
    draft.changed_at = office().clock.now()
    draft.save(update_fields=["version", "changed_at"])
    happening = Happening(by.identifier, action=action, subject=attachment.pk, case=draft.case_id, details=details)
    record(happening)
    return attachment
