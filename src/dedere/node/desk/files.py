"""The files of a draft as officers check them: what each says about itself, and what nobody but a person can judge."""

from __future__ import annotations

from dataclasses import dataclass

from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_draft
from dedere.node.cases.actions.files import original_of
from dedere.node.cases.leaks import looks_at_files
from dedere.node.cases.models import Draft


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file that leaves. `original`: what it said of itself was taken out, and the original is kept.

    `changeable`: the draft is open and the file is no item of evidence.
    """

    id: str
    name: str
    title: str
    metadata: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]
    original: bool
    evidence: bool
    changeable: bool


def files_of_draft(officer: Officer, draft_id: str) -> tuple[FileRow, ...]:
    """What the files of a draft say about themselves; sealed identities, which nobody reads here, are left out.

    Raises:
        UnknownObjectError: the draft is not this officer's.
    """
    draft = require_draft(officer, draft_id)
    attached = {each.pk: each for each in draft.attachments.all()}
    rows = []
    for look in looks_at_files(draft):
        file = attached[look.attachment]
        rows.append(
            FileRow(
                id=file.pk,
                name=file.name,
                title=file.title or file.name,
                metadata=look.metadata,
                unread=look.unread,
                original=original_of(file) is not None,
                evidence=bool(file.item),
                changeable=draft.state == Draft.State.OPEN and not file.item,
            )
        )
    return tuple(rows)
