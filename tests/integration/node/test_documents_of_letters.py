"""The formal document of a draft and of the letter it becomes: languages, letterhead, translations, signature."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import docx
import pikepdf
import pytest

from dedere.base.errors import DefectError, InputError
from dedere.node.cases.actions import papers
from dedere.node.cases.models import Draft
from dedere.node.checking import complaints
from dedere.node.errors import UnknownObjectError
from dedere.node.exchange.paper import draft_word, preview_pdf
from dedere.node.exchange.queries import letter_container
from dedere.node.exchange.sealing import seal_draft
from dedere.papers.composing.translations import Translation
from dedere.papers.errors import LanguageError, TemplateError
from dedere.papers.facts import Arrangement
from dedere.protocol.container import open_container
from support.issuing import Issuer
from support.papers import pdf_text, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.offices import Bureau

OFFICE = """\
lines = ["1 Example Street, The Hague (fictional)"]
place = "The Hague"
reference = "MJ-AIRS/{reference}"
[authority]
fr = "Autorité centrale des Pays-Bas (fictive)"
"""


@pytest.fixture
def settings(bureau: Bureau) -> Iterator[Path]:
    """The office's own folder of templates, empty; gone at the end: the home is that of many tests."""
    folder = bureau.office.home.folder / "papers"
    folder.mkdir()
    yield folder
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def choose(bureau: Bureau, draft: Draft, **chosen: object) -> Draft:
    choice = papers.PaperChoice(**{"language": "en", **chosen})  # type: ignore[arg-type]  # as the test says
    return papers.choose_paper(by=bureau["anna"], draft_id=draft.pk, choice=choice, version=draft.version)


def said(pdf: bytes, folder: Path) -> str:
    return squeezed(pdf_text(pdf, folder))


def document_of(bureau: Bureau, letter: str) -> bytes:
    return open_container(letter_container(bureau["anna"], letter)).members["act.pdf"]


def test_the_document_is_written_in_the_languages_chosen(bureau: Bureau, tmp_path: Path) -> None:
    draft = choose(bureau, bureau.drafted(), language="fr", second_language="nl", arrangement=Arrangement.CONSECUTIVE)

    text = said(preview_pdf(draft), tmp_path)

    for title in ("Demande d’entraide judiciaire", "Verzoek om wederzijdse rechtshulp"):
        assert squeezed(title) in text


def test_without_a_choice_the_house_decides(bureau: Bureau, settings: Path, tmp_path: Path) -> None:
    (settings / "office.toml").write_text('languages = ["es", "fr"]\narrangement = "consecutive"\n')

    text = said(preview_pdf(bureau.drafted()), tmp_path)

    assert squeezed("Solicitud de asistencia judicial") in text
    assert squeezed("Demande d’entraide judiciaire") in text


def test_a_language_of_the_house_that_lacks_the_document_gives_way(
    bureau: Bureau, settings: Path, tmp_path: Path
) -> None:
    (settings / "office.toml").write_text('languages = ["nl"]\n')
    case = bureau.requested()
    bureau.arrives(
        "acknowledgement", {"own_reference": "SN-9", "received_on": "2026-11-24"}, case=case, role="registrar"
    )

    draft = bureau.proposed(case, "status-question", {"text": "How far is it?"}, by="anna")

    assert squeezed("Question about progress") in said(preview_pdf(draft), tmp_path)


def test_the_letterhead_and_the_references_are_the_offices_own(bureau: Bureau, settings: Path, tmp_path: Path) -> None:
    (settings / "office.toml").write_text(OFFICE)
    draft = choose(bureau, bureau.drafted(), language="fr")

    text = said(preview_pdf(draft), tmp_path)

    for words in (
        "1 Example Street, The Hague (fictional)",
        "Autorité centrale des Pays-Bas (fictive)",
        f"MJ-AIRS/{draft.case.reference}",
        "The Hague, 24 novembre 2026",
    ):
        assert squeezed(words) in text


def test_templates_broken_after_the_start_make_no_document(bureau: Bureau, settings: Path) -> None:
    draft = bureau.drafted()
    preview_pdf(draft)
    (settings / "office.toml").write_text("motto = 1\n")

    with pytest.raises(TemplateError, match=r"office\.toml, line 1, has the unknown setting 'motto'"):
        preview_pdf(draft)


def test_a_translation_is_printed_with_who_made_it(bureau: Bureau, tmp_path: Path) -> None:
    draft = choose(bureau, bureau.drafted(), language="fr", text_language="en")
    passage = papers.draft_passages(draft)[3]

    draft = papers.keep_translation(
        by=bureau["anna"],
        draft_id=draft.pk,
        translation=Translation(
            passage.path, "fr", "Une traduction fictive.", passage.sha256, "certified", "C. Traductrice (fictive)", "12"
        ),
        version=draft.version,
    )

    text = said(preview_pdf(draft), tmp_path)
    assert squeezed("Une traduction fictive.") in text
    assert squeezed(passage.text) not in text


def test_a_translation_can_be_taken_out_again(bureau: Bureau) -> None:
    draft = bureau.drafted()
    passage = papers.draft_passages(draft)[0]
    draft = papers.keep_translation(
        by=bureau["anna"],
        draft_id=draft.pk,
        translation=Translation(passage.path, "fr", "Des mots.", passage.sha256),
        version=draft.version,
    )

    draft = papers.drop_translation(
        by=bureau["anna"], draft_id=draft.pk, path=passage.path, language="fr", version=draft.version
    )

    assert papers.draft_translations(draft) == ()


def test_what_cannot_be_kept_is_refused(bureau: Bureau) -> None:
    draft = bureau.drafted()
    passage = papers.draft_passages(draft)[0]

    def keep(translation: Translation, *, version: int = draft.version) -> None:
        papers.keep_translation(by=bureau["anna"], draft_id=draft.pk, translation=translation, version=version)

    with pytest.raises(InputError, match="no such passage"):
        keep(Translation("nowhere", "fr", "Mots.", passage.sha256))
    with pytest.raises(InputError, match="was changed while"):
        keep(Translation(passage.path, "fr", "Mots.", "0" * 64))
    with pytest.raises(LanguageError, match="'xx'"):
        keep(Translation(passage.path, "xx", "Mots.", passage.sha256))
    with pytest.raises(InputError, match="has words"):
        keep(Translation(passage.path, "fr", " ", passage.sha256))
    with pytest.raises(InputError, match="Another officer changed"):
        keep(Translation(passage.path, "fr", "Mots.", passage.sha256), version=99)
    with pytest.raises(LanguageError, match="'wo'"):
        choose(bureau, draft, language="wo")
    with pytest.raises(UnknownObjectError):
        papers.choose_paper(
            by=bureau["stranger"], draft_id=draft.pk, choice=papers.PaperChoice("fr"), version=draft.version
        )


def test_a_draft_before_the_second_officer_keeps_its_languages(bureau: Bureau) -> None:
    draft = bureau.approved(bureau.drafted())

    with pytest.raises(InputError, match="no longer open"):
        choose(bureau, draft, language="fr")


def test_languages_changed_behind_the_approval_are_not_sealed(bureau: Bureau) -> None:
    draft = bureau.approved(bureau.drafted())
    Draft.objects.filter(pk=draft.pk).update(paper={"language": "fr"})

    with pytest.raises(DefectError, match="not what a second officer approved"):
        seal_draft(draft.pk)


def test_the_letter_carries_the_document_signed_for_the_authority_by_its_officer(
    bureau: Bureau, settings: Path, tmp_path: Path
) -> None:
    (settings / "office.toml").write_text(OFFICE)
    draft = choose(bureau, bureau.drafted(), language="fr")

    pdf = document_of(bureau, bureau.sent(draft))

    with pikepdf.open(io.BytesIO(pdf)) as made:
        signature = made.Root.AcroForm.Fields[0]
        assert str(signature.V.Name) == "Anna de Wit (fictional), Autorité centrale des Pays-Bas (fictive)"
        assert str(signature.V.SubFilter) == "/ETSI.CAdES.detached"
        assert str(signature.V.Location) == "The Hague"
        assert len(made.Root.DSS.Certs) == 2
    text = said(pdf, tmp_path)
    assert squeezed("Approuvé par") in text
    assert squeezed("Bram Bos (fictional)") in text
    assert squeezed("Signature électronique") in text


def test_the_data_of_the_act_can_travel_inside_the_document(bureau: Bureau) -> None:
    draft = choose(bureau, bureau.drafted(), embed_data=True)
    letter = bureau.sent(draft)
    container = open_container(letter_container(bureau["anna"], letter))

    with pikepdf.open(io.BytesIO(container.members["act.pdf"])) as made:
        inside = made.attachments["act.json"].get_file().read_bytes()

    assert json.loads(inside) == json.loads(container.members["letter.json"])["act"]


def test_the_word_file_says_the_same_and_that_it_is_a_working_copy(bureau: Bureau) -> None:
    file = docx.Document(io.BytesIO(draft_word(choose(bureau, bureau.drafted(), language="fr"))))

    text = "\n".join(node.text or "" for node in file.element.body.iter() if node.tag.endswith("}t"))

    assert "Demande d’entraide judiciaire" in text
    assert "Copie de travail" in text


def test_a_node_does_not_start_with_templates_that_fail(bureau: Bureau, settings: Path) -> None:
    (settings / "letterhead.typ").write_text('#let letterhead(head, line-of) = {\n  read("/etc/passwd")\n}\n')

    wrong = complaints(bureau.office.home, clock=bureau.clock)

    assert "papers/letterhead.typ, line 2, uses 'read', which a letterhead may not." in wrong


def test_revocation_that_the_office_keeps_goes_with_its_signatures(bureau: Bureau) -> None:
    issuer = Issuer()
    folder = bureau.office.home.keys / "validation"
    folder.mkdir()
    (folder / "authority.crl").write_bytes(issuer.revocation_list())

    pdf = document_of(bureau, bureau.sent(bureau.drafted()))

    with pikepdf.open(io.BytesIO(pdf)) as made:
        assert [each.read_bytes() for each in made.Root.DSS.CRLs] == [issuer.revocation_list()]
