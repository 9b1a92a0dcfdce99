"""The document of a draft and of a letter: languages, translations, Word file, what came back; the code of a page."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dedere.node.cases.actions.papers import draft_passages, draft_translations
from dedere.node.cases.models import Draft
from dedere.node.papers.models import PaperFile
from dedere.papers.code import DocumentCode, act_digest
from support.pages import SignIn, errors_of, fields_of, text_of
from support.papers import pdf_text, squeezed

if TYPE_CHECKING:
    from pathlib import Path

    from support.offices import Bureau


def word_file(*words: str) -> bytes:
    made = docx.Document()
    for word in words:
        made.add_paragraph(word)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def test_an_officer_chooses_the_languages_of_a_document(bureau: Bureau, signed_in: SignIn, tmp_path: Path) -> None:
    draft = bureau.drafted()
    client = signed_in("anna")
    page = client.get(f"/documents/drafts/{draft.pk}/")
    assert "Language of the document" in text_of(page)
    assert "Senegal reads:" in text_of(page)
    sent = {**fields_of(page), "language": "fr", "second_language": "ar", "text_language": "en", "embed_data": "yes"}

    response = client.post(f"/documents/drafts/{draft.pk}/", sent)

    assert response.headers["Location"] == f"/documents/drafts/{draft.pk}/"
    draft.refresh_from_db()
    assert draft.paper["second_language"] == "ar"
    assert draft.paper["embed_data"] is True
    pdf = client.get(f"/requests/{draft.pk}/preview/").content
    assert squeezed("Demande d’entraide judiciaire") in squeezed(pdf_text(pdf, tmp_path))
    shown = text_of(client.get(f"/documents/drafts/{draft.pk}/"))
    assert "Translation into French" in shown
    assert "Not translated" in shown


def test_a_language_without_fixed_text_is_not_offered(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    client = signed_in("anna")
    sent = fields_of(client.get(f"/documents/drafts/{draft.pk}/"))

    response = client.post(f"/documents/drafts/{draft.pk}/", {**sent, "language": "de"})

    assert response.status_code == 422
    assert "Language of the document" in errors_of(response)


def test_somebody_elses_change_in_between_is_not_overwritten(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    client = signed_in("anna")
    sent = {**fields_of(client.get(f"/documents/drafts/{draft.pk}/")), "language": "fr"}
    client.post(f"/documents/drafts/{draft.pk}/", sent)

    response = client.post(f"/documents/drafts/{draft.pk}/", {**sent, "language": "es"})

    assert "Another officer changed this draft" in errors_of(response)


def test_a_passage_is_translated_beside_the_original(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    client = signed_in("anna")
    sent = fields_of(client.get(f"/documents/drafts/{draft.pk}/"))
    client.post(f"/documents/drafts/{draft.pk}/", {**sent, "language": "fr", "text_language": "en"})
    address = f"/documents/drafts/{draft.pk}/passages/1/"
    page = client.get(address)
    passage = draft_passages(draft)[0]
    assert passage.text[:60] in text_of(page)

    response = client.post(
        address, {**fields_of(page), "text": "Des mots fictifs.", "status": "certified", "translator": "C. (fictive)"}
    )

    assert response.status_code == 302
    draft.refresh_from_db()
    (made,) = draft_translations(draft)
    assert (made.path, made.text, made.status) == (passage.path, "Des mots fictifs.", "certified")
    assert "Des mots fictifs." in text_of(client.get(f"/documents/drafts/{draft.pk}/"))

    client.post(address, {**fields_of(client.get(address)), "remove": "yes"})
    draft.refresh_from_db()
    assert draft_translations(draft) == ()


def test_a_passage_changed_meanwhile_keeps_the_translators_words_on_the_page(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    client = signed_in("anna")
    sent = fields_of(client.get(f"/documents/drafts/{draft.pk}/"))
    client.post(f"/documents/drafts/{draft.pk}/", {**sent, "language": "fr", "text_language": "en"})
    address = f"/documents/drafts/{draft.pk}/passages/1/"
    given = {**fields_of(client.get(address)), "text": "Des mots.", "status": "working", "source_sha256": "0" * 64}

    response = client.post(address, given)

    assert response.status_code == 422
    assert "The passage was changed while you translated it" in errors_of(response)
    assert "Des mots." in text_of(response)


@pytest.mark.parametrize("place", [0, 999])
def test_a_passage_that_is_not_there_is_not_found(bureau: Bureau, signed_in: SignIn, place: int) -> None:
    draft = bureau.drafted()

    assert signed_in("anna").get(f"/documents/drafts/{draft.pk}/passages/{place}/").status_code == 404


def test_the_word_file_can_be_saved_and_comes_back_without_changing_the_draft(
    bureau: Bureau, signed_in: SignIn
) -> None:
    draft = bureau.drafted()
    client = signed_in("anna")
    saved = client.get(f"/documents/drafts/{draft.pk}/word/")
    assert saved.headers["Content-Disposition"].endswith('.docx"')
    body, edited = draft.body, word_file("Everything is different now.")

    response = client.post(
        f"/documents/drafts/{draft.pk}/copies/",
        {"file": SimpleUploadedFile("edited.docx", edited), "note": "After the judge read it"},
    )

    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.body == body
    kept = PaperFile.objects.get(about=draft.pk)
    page = client.get(f"/documents/drafts/{draft.pk}/")
    assert "After the judge read it" in text_of(page)
    handed = client.get(f"/documents/files/{kept.pk}/")
    assert handed.content == edited
    assert "attachment" in handed.headers["Content-Disposition"]


@pytest.mark.parametrize(("name", "data"), [("edited.docx", b"PK\x03\x04 none"), ("edited.txt", b"words"), ("", b"")])
def test_what_is_no_edited_copy_is_refused(bureau: Bureau, signed_in: SignIn, name: str, data: bytes) -> None:
    draft = bureau.drafted()
    given = {"file": SimpleUploadedFile(name, data)} if name else {}

    response = signed_in("anna").post(f"/documents/drafts/{draft.pk}/copies/", given)

    assert response.status_code == 422
    assert errors_of(response)
    assert not PaperFile.objects.exists()


def test_a_letter_is_read_in_other_languages(bureau: Bureau, signed_in: SignIn, tmp_path: Path) -> None:
    letter = bureau.requested().letters.get()
    client = signed_in("anna")
    page = text_of(client.get(f"/documents/letters/{letter.pk}/"))
    assert "Read it in another language" in page
    assert "Slovenian (wording unverified)" in page

    pdf = client.get(f"/documents/letters/{letter.pk}/sl/pdf/")
    word = client.get(f"/documents/letters/{letter.pk}/es/word/")

    assert "inline" in pdf.headers["Content-Disposition"]
    assert squeezed("Zaprosilo za medsebojno pravno pomoč") in squeezed(pdf_text(pdf.content, tmp_path))
    read = docx.Document(io.BytesIO(word.content)).element.body
    assert "Solicitud de asistencia judicial" in "".join(node.text or "" for node in read.iter())
    for address in ("de/pdf", "en/odt"):
        assert client.get(f"/documents/letters/{letter.pk}/{address}/").status_code == 404


def test_a_copy_of_a_letter_that_came_back_is_kept_beside_it(bureau: Bureau, signed_in: SignIn) -> None:
    letter = bureau.requested().letters.get()
    client = signed_in("anna")

    refused = client.post(f"/documents/letters/{letter.pk}/copies/", {})
    client.post(f"/documents/letters/{letter.pk}/copies/", {"file": SimpleUploadedFile("back.docx", word_file("x"))})

    assert refused.status_code == 422
    assert "back.docx" in text_of(client.get(f"/documents/letters/{letter.pk}/"))


def test_the_code_of_a_page_leads_to_its_letter(bureau: Bureau, signed_in: SignIn) -> None:
    letter = bureau.requested().letters.get()
    client = signed_in("anna")
    code = DocumentCode(letter.pk, act_digest(letter.act))

    agrees = client.post("/documents/code/", {"code": code.text()})
    forged = client.post("/documents/code/", {"code": DocumentCode(letter.pk, "0" * 64).text()})
    unknown = client.post("/documents/code/", {"code": DocumentCode("aaaa", "0" * 64).text()})
    none = client.post("/documents/code/", {"code": "hello"})

    assert "The page was printed from what is kept here." in text_of(agrees)
    assert "Does not agree" in text_of(forged)
    assert "No document in your cases has this number." in errors_of(unknown)
    assert "A document code looks like" in errors_of(none)
    assert client.get("/documents/code/").status_code == 200


def test_another_officer_finds_neither_document_nor_copy(bureau: Bureau, signed_in: SignIn) -> None:
    letter = bureau.requested().letters.get()
    signed_in("anna").post(
        f"/documents/letters/{letter.pk}/copies/", {"file": SimpleUploadedFile("back.docx", word_file("x"))}
    )
    kept = PaperFile.objects.get()
    client = signed_in("stranger")

    for address in (f"letters/{letter.pk}/", f"letters/{letter.pk}/en/pdf/", f"files/{kept.pk}/"):
        assert client.get(f"/documents/{address}").status_code == 404
    code = DocumentCode(letter.pk, act_digest(letter.act))
    assert "No document in your cases" in errors_of(client.post("/documents/code/", {"code": code.text()}))


def test_a_draft_that_cannot_be_printed_is_not_put_before_a_second_officer(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    tables = dict(draft.body["request"])
    tables["request"] = {**tables["request"], "reference": "See 𓀀"}
    Draft.objects.filter(pk=draft.pk).update(body={**draft.body, "request": tables})

    response = signed_in("anna").post(f"/requests/{draft.pk}/submit/", {"approver": bureau["bram"].identifier})

    assert response.status_code == 422
    assert "U+13000" in errors_of(response)
    draft.refresh_from_db()
    assert draft.state == Draft.State.OPEN
