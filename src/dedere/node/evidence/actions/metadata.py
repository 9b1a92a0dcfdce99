"""What an attached file says about itself is taken out before it leaves, and put back; the original is kept."""

from __future__ import annotations

import io

from dedere.base.errors import InputError
from dedere.node.accounts.models import Officer
from dedere.node.cases.actions.files import Version, exchange_file, original_of, require_exchangeable
from dedere.node.evidence.actions.intake import seal_into_vault
from dedere.node.office import office
from dedere.papers.metadata import without_metadata
from dedere.vault.reading import open_object

LARGEST = 64 * 1024 * 1024


def strip_metadata(*, by: Officer, draft_id: str, attachment_id: str) -> None:
    """Let the file leave without what it says about itself. Its content stays the same.

    Raises:
        UnknownObjectError: the draft is not this officer's, or has no such file.
        InputError: the draft is closed, the file is evidence, too large, signed, damaged or of a kind of which nothing
            can be taken out, or there is nothing to take out.
    """
    attachment = require_exchangeable(by, draft_id, attachment_id)
    if attachment.size > LARGEST:
        raise InputError("The file is too large to be taken apart here: take the details out before you attach it.")
    with open_object(office().store, attachment.object, office().sealing_identities) as reader:
        data = reader.read_range(0, attachment.size)
    plain = without_metadata(data)
    if plain == data:
        raise InputError("The file says nothing about itself: there is nothing to take out.")
    stored = seal_into_vault(io.BytesIO(plain))
    version = Version(stored.id, stored.sha256, stored.size)
    exchange_file(by=by, draft_id=draft_id, attachment_id=attachment_id, version=version)


def restore_original(*, by: Officer, draft_id: str, attachment_id: str) -> None:
    """Let the file leave as it came.

    Raises:
        UnknownObjectError: the draft is not this officer's, or has no such file.
        InputError: the draft is closed, or nothing was taken out of the file.
    """
    original = original_of(require_exchangeable(by, draft_id, attachment_id))
    if original is None:
        raise InputError("Nothing was taken out of this file.")
    exchange_file(by=by, draft_id=draft_id, attachment_id=attachment_id, version=original)
