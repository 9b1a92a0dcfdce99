"""The formal document of an act: as a draft will leave, as a letter carries it, as a file to edit."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import cast

from dedere.casework.acts import ACT_VERSION
from dedere.casework.fold import fold
from dedere.crypto.digests import sha256_hex
from dedere.node.cases.actions.drafts import planned_act
from dedere.node.cases.actions.papers import draft_translations
from dedere.node.cases.actions.record import recorded_acts
from dedere.node.cases.models import Case, Draft
from dedere.node.exchange.directory import own_card, partner_card, trust_directory
from dedere.node.house import house, validation_material
from dedere.node.office import office
from dedere.papers.composing.acts import document_name
from dedere.papers.facts import AnsweredLetter, Arrangement, DocumentFacts, Enclosure
from dedere.papers.facts import Office as PaperOffice
from dedere.papers.particulars import Json
from dedere.papers.render import act_document
from dedere.papers.signing import SignatureTerms, sign_document
from dedere.papers.word import word_file
from dedere.papers.wording import LANGUAGES
from dedere.protocol.letter import Letter, LetterRef, Part


def act_pdf(letter: Letter, draft: Draft) -> bytes:
    """The document that leaves inside `letter`: written as `draft` says, signed with the authority's key (PAdES B-LT).

    The letter holds what was approved; the signature names the officer who wrote it.
    """
    pdf, facts = _draft_pdf(letter, draft)
    terms = SignatureTerms(
        name=facts.officer,
        authority=facts.sender.authority,
        signed_at=letter.sealed_at,
        place=facts.place,
        language=facts.language,
    )
    return sign_document(
        pdf,
        approved_sha256=sha256_hex(pdf),
        signer=office().authority_signer,
        terms=terms,
        timestamper=office().timestamper,
        material=validation_material(office().home),
    )


def preview_pdf(draft: Draft) -> bytes:
    """The document of a draft as it would leave now; second officer, moment and signature are still open."""
    return _draft_pdf(planned_letter(draft), draft)[0]


def draft_word(draft: Draft) -> bytes:
    """The same document as a file to be edited on paper."""
    letter = planned_letter(draft)
    facts = draft_facts(letter, draft)
    return word_file(act_document(_act(letter), facts=facts, house=house()))


def letter_reading(letter: Letter, case: Case, *, language: str, word: bool = False) -> bytes:
    """The act of a recorded letter once more in another language, PDF or Word file. It bears nobody's signature.

    Raises:
        LanguageError: there is no fixed text for this act in the language.
    """
    document = act_document(_act(letter), facts=document_facts(letter, case, language=language), house=house())
    return word_file(document) if word else house().typesetter.typeset(document)


def planned_letter(draft: Draft) -> Letter:
    """The letter that a draft would be if it left now."""
    state = fold(draft.case_id, recorded_acts(draft.case))
    planned = planned_act(draft, state)
    return Letter(
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


def draft_facts(letter: Letter, draft: Draft) -> DocumentFacts:
    """What the document says besides the act, written as the draft says, in the office's own way where it does not."""
    settings, paper = house().settings, draft.paper
    usual = (*_usual_languages(_act(letter)), "")
    facts = document_facts(letter, draft.case, language=paper.get("language", usual[0]))
    return dataclasses.replace(
        facts,
        second_language=paper.get("second_language", usual[1]),
        arrangement=Arrangement(paper.get("arrangement", settings.arrangement)),
        text_language=paper.get("text_language", ""),
        translations=draft_translations(draft),
        embed_data=paper.get("embed_data", False),
        signature_room=True,
    )


def document_facts(letter: Letter, case: Case, *, language: str) -> DocumentFacts:
    """What the document of a letter says besides the act itself."""
    officer = letter.act["officer"]
    settings = house().settings
    sender, recipient = letter.sender, letter.recipient
    return DocumentFacts(
        letter=letter.id,
        case=letter.case,
        sender=_office(sender.state, sender.card, case, language=language),
        recipient=_office(recipient.state, recipient.card, case, language=language),
        officer=str(officer["name"]) if isinstance(officer, dict) else str(officer),
        sealed_at=letter.sealed_at,
        sequence=letter.sequence,
        language=language,
        place=settings.place if sender.state == office().state else "",
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


def _draft_pdf(letter: Letter, draft: Draft) -> tuple[bytes, DocumentFacts]:
    facts = draft_facts(letter, draft)
    return house().typesetter.typeset(act_document(_act(letter), facts=facts, house=house())), facts


def _act(letter: Letter) -> Mapping[str, Json]:
    # A letter's act is JSON by its schema; the two layers name the type differently.
    return cast("Mapping[str, Json]", letter.act)


def _office(state: str, card: str, case: Case, *, language: str) -> PaperOffice:
    """An authority as the document names it: ours with what the house's settings say, another by its card."""
    name, settings = trust_directory().card(card).card.name, house().settings
    if state != office().state:
        return PaperOffice(state=state, authority=name, reference=_reference(case, state))
    return PaperOffice(
        state=state,
        authority=settings.authority.get(language, name),
        lines=settings.lines,
        reference=settings.referenced(_reference(case, state)),
    )


def _usual_languages(act: Mapping[str, Json]) -> tuple[str, ...]:
    """The languages that the house writes in, as far as they have this document: the first that has it at least."""
    wanted = house().settings.languages or office().home.languages[:1]
    having = [each for each in wanted if each in LANGUAGES and house().wording(each).covers(document_name(act))]
    return tuple(having) or ("en",)


def _reference(case: Case, state: str) -> str:
    """The reference a side gave the case: ours from our register, theirs as they acknowledged it."""
    if state == office().state:
        return case.reference
    for proceeding in case.state.get("proceedings", []):
        for named, reference in proceeding.get("references", []):
            if named == state:
                return str(reference)
    return ""
