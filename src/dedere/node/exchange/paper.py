"""The human-readable act inside each letter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from dedere.casework.acts import ACT_VERSION
from dedere.casework.fold import fold
from dedere.node.cases.actions.drafts import planned_act
from dedere.node.cases.actions.record import recorded_acts
from dedere.node.cases.models import Case, Draft
from dedere.node.exchange.directory import own_card, partner_card, trust_directory
from dedere.node.office import office
from dedere.papers.facts import AnsweredLetter, DocumentFacts, Enclosure
from dedere.papers.facts import Office as PaperOffice
from dedere.papers.particulars import Json
from dedere.papers.render import render_act
from dedere.protocol.letter import Letter, LetterRef, Part


def act_pdf(letter: Letter, case: Case) -> bytes:
    """The act of `letter` as PDF/A, in the first language of the house that papers are written in."""
    return render_act(cast("Mapping[str, Json]", letter.act), facts=document_facts(letter, case))


def preview_pdf(draft: Draft) -> bytes:
    """The act of a draft as it would leave now; it differs from what leaves in who approved it, and when."""
    state = fold(draft.case_id, recorded_acts(draft.case))
    planned = planned_act(draft, state)
    letter = Letter(
        id=draft.pk,
        case=draft.case_id,
        sender=own_card().party,
        recipient=partner_card(draft.case.partner).party,
        sequence=planned.sequence,
        sealed_at=draft.changed_at.replace(microsecond=0),
        act={
            "version": ACT_VERSION,
            "kind": draft.kind,
            "proceeding": draft.proceeding,
            "officer": planned.officer,
            "body": draft.body,
        },
        answers=tuple(LetterRef(*answer) for answer in planned.answers),
        parts=tuple(
            Part(part.id, part.name, part.media_type, part.size, part.sha256, 0, "", "", part.conditions)
            for part in planned.parts
        ),
    )
    return act_pdf(letter, draft.case)


def document_facts(letter: Letter, case: Case) -> DocumentFacts:
    """What the document says besides the act itself."""
    officer = letter.act["officer"]
    directory = trust_directory()
    return DocumentFacts(
        letter=letter.id,
        case=letter.case,
        sender=PaperOffice(
            state=letter.sender.state,
            authority=directory.card(letter.sender.card).card.name,
            reference=_reference(case, letter.sender.state),
        ),
        recipient=PaperOffice(
            state=letter.recipient.state,
            authority=directory.card(letter.recipient.card).card.name,
            reference=_reference(case, letter.recipient.state),
        ),
        officer=str(officer["name"]) if isinstance(officer, dict) else str(officer),
        sealed_at=letter.sealed_at,
        sequence=letter.sequence,
        language=_language(),
        answers=tuple(AnsweredLetter(ref.id, ref.digest) for ref in letter.answers),
        parts=tuple(
            Enclosure(
                part.id,
                part.name,
                part.media_type,
                part.size,
                part.sha256,
                cast("tuple[Mapping[str, Json], ...]", part.conditions),
            )
            for part in letter.parts
        ),
        demonstration=office().home.demonstration,
    )


def _language() -> str:
    spoken = [language for language in office().home.languages if language in ("en", "fr", "es")]
    return spoken[0] if spoken else "en"


def _reference(case: Case, state: str) -> str:
    """The reference a side gave the case: ours from our register, theirs as they acknowledged it."""
    if state == office().state:
        return case.reference
    for proceeding in case.state.get("proceedings", []):
        for named, reference in proceeding.get("references", []):
            if named == state:
                return str(reference)
    return ""
