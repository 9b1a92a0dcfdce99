"""`data/index.pdf`: what the dossier holds, as a formal document for whoever reads on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.papers.composing.sheets import SheetKind
from dedere.papers.errors import DocumentInputError
from dedere.papers.facts import DocumentFacts, Office
from dedere.papers.render import render_sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.casework.state import CaseState
    from dedere.dossier.contents import CaseExport
    from dedere.dossier.description import Description
    from dedere.papers.particulars import Json

LONGEST = 300
"""Entries that are printed one by one; a longer dossier is read on the screen, and the paper says so."""


def render_paper(
    description: Description, state: CaseState | None, *, export: CaseExport, authority: str, items: int
) -> bytes:
    """The document; empty when something in it cannot be printed, such as a script that no typeface here has.

    `items` is how many items there are: the description need hold no more than the first `LONGEST`.
    """
    entries = list(_entries(description, _titles(state)))
    count = len(entries) + items - len(description.items)
    data: dict[str, Json] = {
        "purpose": description.purpose,
        "exported_by": description.exported_by,
        "record_sha256": description.record_sha256,
        "entries": entries[:LONGEST],
    }
    if count > LONGEST:
        data["note"] = f"{count - LONGEST} further entries stand in index.html and dossier.json."
    facts = DocumentFacts(
        letter=description.id,
        case=description.case,
        sender=Office(
            description.exporter.state, authority, reference=description.references.get(description.exporter.state, "")
        ),
        recipient=Office("", ""),
        officer=description.exported_by,
        sealed_at=description.exported_at,
        language=export.language,
        demonstration=export.demonstration,
    )
    try:
        return render_sheet(SheetKind.DOSSIER_INDEX, data, facts=facts)
    except DocumentInputError:
        return b""


def _titles(state: CaseState | None) -> dict[str, str]:
    return {
        entry.letter: f"{entry.title}, {entry.sender} to {', '.join(entry.recipients)}, {entry.sealed_at}"
        for entry in (state.timeline if state is not None else ())
    }


def _entries(description: Description, titles: dict[str, str]) -> Iterator[Json]:
    for letter in description.letters:
        title = titles.get(letter.id, f"Letter {letter.id}") + (
            f" (left out: {letter.left_out})" if letter.left_out else ""
        )
        yield {"title": title, "path": letter.member, "size": "", "sha256": letter.sha256}
    for item in description.items:
        title = (item.title or item.name) + (f" (left out: {item.left_out})" if item.left_out else "")
        yield {"title": title, "path": item.member, "size": str(item.size), "sha256": item.sha256}
    for card in description.cards:
        title = f"Card {card.serial} of {card.state}"
        yield {"title": title, "path": card.member, "size": "", "sha256": card.sha256}
