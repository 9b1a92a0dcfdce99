"""What an approval binds: the exact content that will leave, as one digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.node.cases.models import Attachment, Draft

VERSION = "dedere-approval/1"


def leaving_content(draft: Draft, attachments: Iterable[Attachment]) -> Mapping[str, object]:
    """Everything of the draft that the other State will read, and to whom it goes."""
    # How the document is written is approved as well; a draft that leaves it to the house says nothing of it.
    paper = {"paper": draft.paper} if draft.paper else {}
    return {
        **paper,
        "version": VERSION,
        "case": draft.case_id,
        "recipient": draft.case.partner,
        "kind": draft.kind,
        "proceeding": draft.proceeding,
        "body": draft.body,
        "parts": [
            {
                "id": attachment.identifier,
                "name": attachment.name,
                "media_type": attachment.media_type,
                "size": attachment.size,
                "sha256": attachment.sha256,
                "conditions": attachment.conditions,
            }
            for attachment in attachments
        ],
    }


def leaving_digest(draft: Draft) -> str:
    """SHA-256 (hex) of the canonical JSON of `leaving_content`: changes with any byte that would leave."""
    return sha256_hex(canonical_json(leaving_content(draft, draft.attachments.all())))
