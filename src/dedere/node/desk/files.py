"""The files of a draft as officers check them: what each says about itself, and what nobody but a person can judge."""

from __future__ import annotations

from dataclasses import dataclass

from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_draft
from dedere.node.cases.actions.files import original_of
from dedere.node.cases.leaks import looks_at_files
from dedere.node.cases.models import Draft
from dedere.node.persons import guard
from dedere.node.persons.models import Person


@dataclass(frozen=True, slots=True)
class MetadataRow:
    """One thing that a file says about itself; no value where it is `hidden`: it gives a protected person away."""

    name: str
    value: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file that leaves. `original`: what it said of itself was taken out, and the original is kept.

    `changeable`: the draft is open and the file is no item of evidence.
    """

    id: str
    name: str
    title: str
    metadata: tuple[MetadataRow, ...]
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
                metadata=_readable_to(officer, draft, look.metadata),
                unread=look.unread,
                original=original_of(file) is not None,
                evidence=bool(file.item),
                changeable=draft.state == Draft.State.OPEN and not file.item,
            )
        )
    return tuple(rows)


def _readable_to(officer: Officer, draft: Draft, metadata: tuple[tuple[str, str], ...]) -> tuple[MetadataRow, ...]:
    """What this officer may read of it: nothing with a protected detail, and nothing at all where no guard can tell."""
    opened = guard.index() if guard.is_needed() else None
    if opened is None:
        blind = guard.is_needed() and Person.objects.filter(case=draft.case_id, protected=True).exists()
        return tuple(MetadataRow(name, "" if blind else value, hidden=blind) for name, value in metadata)
    rows = []
    for name, value in metadata:
        stops = guard.stops_in(opened, by=officer, texts={name: value}, names={})
        hidden = any(not stop.shown for stop in stops)
        rows.append(MetadataRow(name, "" if hidden else value, hidden=hidden))
    return tuple(rows)
