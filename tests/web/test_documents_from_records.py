"""Documents made from what the office holds already: annexes, custody, destruction, persons, surrender, our card."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import InputError
from dedere.casework.persons.hearings import Plan
from dedere.node.cases.actions.papers import PaperChoice
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence import actions as evidence
from dedere.node.evidence.destroying import carry_out
from dedere.node.jobs.evidence import due_destructions
from dedere.node.papers import records
from dedere.node.papers.models import Sheet
from dedere.node.papers.sheets import make_sheet_from_records
from dedere.node.persons.models import Hearing, Person
from dedere.papers.code import DocumentCode, act_digest
from dedere.papers.composing.sheets import SheetKind
from support.offices import Bureau, measure_of, upload
from support.pages import SignIn, errors_of, fields_of, text_of
from support.papers import pdf_text, squeezed
from support.populated import picture

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from dedere.node.cases.models import Case
    from dedere.node.evidence.models import Item


def with_result(bureau: Bureau) -> Case:
    """A case of ours in which Senegal sent two files."""
    case = bureau.requested()
    bureau.arrives("acceptance", {"measures": [{"measure": measure_of(case)}]}, case=case)
    outcome = {"measure": measure_of(case), "outcome": "executed", "text": "Heard."}
    files = {"hearing record.pdf": b"%PDF-1.7 a", "clinic.png": picture()}
    bureau.arrives("result", {"measures": [outcome]}, case=case, files=files)
    return case


def own_item(bureau: Bureau) -> Item:
    _case, assignment = bureau.assigned()
    collected = evidence.Collected(on=bureau.clock.now().date(), by="Eva Evers (fictional)", place="Rotterdam")
    return evidence.ingest(
        by=bureau["eva"], assignment_id=assignment, upload=upload("a.pdf", b"%PDF-1.7 a"), collected=collected
    )


def made(client: Client, case_id: str, kind: str, about: str, **changed: object) -> tuple[Sheet, bytes]:
    """A document made as its page proposes it, and its PDF."""
    address = f"/documents/cases/{case_id}/new/{kind}/{about}/"
    response = client.post(address, {**fields_of(client.get(address)), **changed})
    assert response.status_code == 302, errors_of(response)
    sheet = Sheet.objects.order_by("-made_at", "-pk")[0]
    return sheet, client.get(f"/documents/sheets/{sheet.pk}/pdf/").content


def test_the_files_of_a_letter_become_a_list_of_annexes(bureau: Bureau, signed_in: SignIn, tmp_path: Path) -> None:
    case = with_result(bureau)
    letter = case.letters.get(kind="result")
    client = signed_in("anna")
    listed = client.get(f"/documents/cases/{case.pk}/").content.decode()
    assert f"/documents/cases/{case.pk}/new/annex-list/{letter.pk}/" in listed

    _sheet, pdf = made(client, case.pk, "annex-list", letter.pk, language="fr", second_language="en")

    text = squeezed(pdf_text(pdf, tmp_path))
    for part in letter.parts:
        assert squeezed(part["name"]) in text
        assert part["sha256"] in text
    assert squeezed("nothing of it to a third State") in text


def test_the_files_of_a_draft_are_listed_as_they_would_leave(bureau: Bureau) -> None:
    draft = bureau.drafted()
    evidence.attach_upload(by=bureau["anna"], draft_id=draft.pk, upload=upload("warrant.pdf", b"%PDF-1.7 w"))

    said = records.beginning(bureau["anna"], draft.case_id, SheetKind.ANNEX_LIST, draft.pk)

    assert [each["path"] for each in said["entries"]] == ["warrant.pdf"]  # type: ignore[attr-defined] # a list of rows
    offered = records.offers(bureau["anna"], draft.case_id)
    assert any((offer.kind, offer.about) == (SheetKind.ANNEX_LIST, draft.pk) for offer in offered)


def test_the_ledger_of_an_item_becomes_its_chain_of_custody(bureau: Bureau, signed_in: SignIn, tmp_path: Path) -> None:
    item = own_item(bureau)
    client = signed_in("rosa")
    page = client.get(f"/evidence/{item.pk}/").content.decode()
    assert f"/documents/cases/{item.case_id}/new/custody-record/{item.pk}/" in page

    sheet, pdf = made(client, item.case_id, "custody-record", item.pk)

    entries = evidence.ledger_of(item)
    text = squeezed(pdf_text(pdf, tmp_path))
    assert len(sheet.data["entries"]) == len(entries)
    for entry in entries:
        assert entry.digest() in text
        assert squeezed(entry.by) in text
    assert item.sha256 in text


def test_a_broken_ledger_says_so_on_paper_too(bureau: Bureau) -> None:
    item = own_item(bureau)
    last = item.entries.order_by("-sequence")[0]
    forged = {**last.entry, "sequence": last.sequence + 1, "event": "examined", "previous": "0" * 64}
    item.entries.create(sequence=last.sequence + 1, entry=forged, digest="0" * 64)

    said = records.beginning(bureau["rosa"], item.case_id, SheetKind.CUSTODY_RECORD, item.pk)

    assert "does not follow from the one before it" in str(said["note"])


def test_a_destruction_done_becomes_its_certificate(bureau: Bureau, signed_in: SignIn, tmp_path: Path) -> None:
    item = own_item(bureau)
    grounds = evidence.DestructionGrounds("Rotterdam District Court (fictional)", "decision 7 of 2026")
    order = evidence.order_destruction(by=bureau["rosa"], item_id=item.pk, grounds=grounds)
    with pytest.raises(UnknownObjectError):
        records.beginning(bureau["rosa"], item.case_id, SheetKind.DESTRUCTION_CERTIFICATE, order.pk)
    evidence.approve_destruction(by=bureau["bram"], order_id=order.pk)
    carry_out(*due_destructions())

    _sheet, pdf = made(signed_in("rosa"), item.case_id, "destruction-certificate", order.pk, language="es")

    text = squeezed(pdf_text(pdf, tmp_path))
    for words in (item.sha256, item.name, "decision 7 of 2026", bureau["rosa"].name, bureau["bram"].name):
        assert squeezed(words) in text


def test_what_is_made_from_records_takes_nothing_that_is_typed(bureau: Bureau, signed_in: SignIn) -> None:
    item = own_item(bureau)

    sheet, _pdf = made(signed_in("rosa"), item.case_id, "custody-record", item.pk, **{"said.note": "All is well."})

    assert "All is well." not in str(sheet.data)


@pytest.mark.parametrize("kind", ["safe-conduct", "consent-declaration", "interview-plan", "hearing-protocol"])
def test_a_document_about_a_person_begins_with_who_it_is(bureau: Bureau, signed_in: SignIn, kind: str) -> None:
    case = bureau.requested()
    person = Person.objects.filter(case=case.pk, protected=False).first()
    assert person is not None
    client = signed_in("anna")
    page = client.get(f"/persons/{case.pk}/{person.pk}/").content.decode()
    address = f"/documents/cases/{case.pk}/new/{kind}/{person.pk}/"
    assert address in page

    asked = fields_of(client.get(address))

    assert asked.get("said.person.name", asked.get("said.person")) == person.name


def test_a_protected_person_is_named_by_alias_alone(bureau: Bureau) -> None:
    case = bureau.requested()
    person = Person.objects.filter(case=case.pk).first()
    assert person is not None
    Person.objects.filter(pk=person.pk).update(protected=True, alias="Witness 7", name="", details={})

    said = records.beginning(bureau["anna"], case.pk, SheetKind.SAFE_CONDUCT, person.pk)

    assert said == {"person": {"name": "Witness 7"}}


def test_the_plan_of_an_interview_begins_with_the_hearing_that_is_planned(bureau: Bureau) -> None:
    case = bureau.requested()
    person = Person.objects.filter(case=case.pk).first()
    assert person is not None
    start = dt.datetime(2026, 12, 3, 9, 30, tzinfo=dt.UTC)
    Hearing.objects.create(
        pk="h" * 26, person=person, starts_at=start, ends_at=start + dt.timedelta(hours=2), plan={}, state="planned"
    )

    said = records.beginning(bureau["anna"], case.pk, SheetKind.HEARING_PROTOCOL, person.pk)

    assert (said["heard_on"], said["started"], said["ended"]) == ("2026-12-03", "09:30 UTC", "11:30 UTC")


def test_what_is_arranged_for_a_hearing_stands_in_its_plan_on_paper(bureau: Bureau) -> None:
    case = bureau.requested()
    person = Person.objects.filter(case=case.pk).first()
    assert person is not None
    plan = Plan(
        mode="video",
        zone_here="Europe/Amsterdam",
        zone_there="Africa/Dakar",
        place="Court room 2, Rotterdam",
        place_there="Palais de justice, Dakar (fictif)",
        language="fr",
        interpreter="I. Diallo (fictional)",
        present=("The Hague: Judge X (fictional)", "Dakar: counsel (fictional)"),
        test_at="2026-12-01T09:00:00Z",
    )
    start = dt.datetime(2026, 12, 3, 9, 30, tzinfo=dt.UTC)
    Hearing.objects.create(
        pk="h" * 26, person=person, starts_at=start, ends_at=start + dt.timedelta(hours=2), plan=plan.as_json()
    )
    person.attendances.create(pk="t" * 26, kind="safe-conduct", terms={"purpose": "To be heard at The Hague."})

    planned = records.beginning(bureau["anna"], case.pk, SheetKind.INTERVIEW_PLAN, person.pk)
    promised = records.beginning(bureau["anna"], case.pk, SheetKind.SAFE_CONDUCT, person.pk)

    assert planned["place"] == "Palais de justice, Dakar (fictif)"
    assert planned["participants"] == ["The Hague: Judge X (fictional)", "Dakar: counsel (fictional)"]
    assert (planned["technical_test"], planned["interpreter"]) == ("2026-12-01", "I. Diallo (fictional)")
    assert promised["purpose"] == "To be heard at The Hague."


def test_a_surrender_becomes_its_record(bureau: Bureau) -> None:
    case = bureau.requested()
    template = case.letters.get()
    body = {"kind": "final", "on": "2027-01-05", "place": "Schiphol", "detention_days": 41}
    handed = {"handed_over_on": "2027-01-05", "property": [{"id": "p1", "description": "One ledger (fictional)"}]}
    for number, (kind, said) in enumerate((("surrender", body), ("property-handover", handed)), start=2):
        template.pk, template.kind, template.sequence = f"{number}" * 26, kind, number
        template.act, template.digest, template.parts = {**template.act, "body": said}, f"{number}" * 64, []
        template.save(force_insert=True)
    Person.objects.filter(case=case.pk).delete()
    Person.objects.create(pk="p" * 26, case=case.pk, reference="person-1", role="accused", name="Ansu Beispiel")

    (offer,) = [each for each in records.offers(bureau["anna"], case.pk) if each.kind is SheetKind.SURRENDER_RECORD]
    record = records.beginning(bureau["anna"], case.pk, SheetKind.SURRENDER_RECORD, offer.about)

    assert record == {
        "person": {"name": "Ansu Beispiel"},
        "surrendered_on": "2027-01-05",
        "place": "Schiphol",
        "detention_days": 41,
        "property": ["One ledger (fictional)"],
    }


def test_nothing_is_made_of_what_is_not_in_the_case(bureau: Bureau, signed_in: SignIn) -> None:
    case, other = bureau.requested(), own_item(bureau)
    client = signed_in("anna")
    for kind in (kind for kind in SheetKind if kind not in {SheetKind.CARD_SHEET, SheetKind.DOSSIER_INDEX}):
        for about in (other.pk, "x" * 26):
            assert client.get(f"/documents/cases/{case.pk}/new/{kind}/{about}/").status_code == 404
    with pytest.raises(UnknownObjectError):
        make_sheet_from_records(
            by=bureau["anna"], case_id=case.pk, kind=SheetKind.SAFE_CONDUCT, about="x", choice=PaperChoice("en")
        )
    for nothing in ("card-sheet", "dossier-index", "nonsense"):
        assert client.get(f"/documents/cases/{case.pk}/new/{nothing}/{other.pk}/").status_code == 404


def test_a_list_too_long_for_paper_is_refused_in_one_sentence(bureau: Bureau, signed_in: SignIn) -> None:
    case = with_result(bureau)
    letter = case.letters.get(kind="result")
    letter.parts = [{**letter.parts[0], "id": f"p{number}"} for number in range(records.LONGEST + 1)]
    letter.pk, letter.digest, letter.sequence = "l" * 26, "1" * 64, 99
    letter.save(force_insert=True)

    page = signed_in("anna").get(f"/documents/cases/{case.pk}/new/annex-list/{letter.pk}/", follow=True)

    assert "A document lists at most 2,000 entries, and this has 2,001: write a dossier." in text_of(page)
    with pytest.raises(InputError, match="at most 2,000"):
        records.beginning(bureau["anna"], case.pk, SheetKind.ANNEX_LIST, letter.pk)


def test_the_sheet_of_our_card_shows_what_a_partner_compares(bureau: Bureau, signed_in: SignIn, tmp_path: Path) -> None:
    from dedere.node.trust import own_card

    client = signed_in("max")
    card = own_card(bureau.office.home)
    assert card.fingerprint in text_of(client.get("/documents/card/"))
    assert "/documents/card/" in client.get("/register/").content.decode()

    for language in ("en", "fr", "es"):
        pdf = client.get(f"/documents/card/{language}/pdf/").content
        text = squeezed(pdf_text(pdf, tmp_path))
        assert squeezed(card.fingerprint) in text
        assert card.digest in text
    assert client.get("/documents/card/en/word/").content.startswith(b"PK")
    for wrong in ("xx/pdf", "en/odt"):
        assert client.get(f"/documents/card/{wrong}/").status_code == 404


def test_the_code_of_a_certificate_leads_to_it(bureau: Bureau, signed_in: SignIn) -> None:
    item = own_item(bureau)
    client = signed_in("rosa")
    sheet, _pdf = made(client, item.case_id, "custody-record", item.pk)

    agrees = client.post("/documents/code/", {"code": DocumentCode(sheet.pk, act_digest(sheet.data)).text()})
    forged = client.post("/documents/code/", {"code": DocumentCode(sheet.pk, "0" * 64).text()})

    assert "The page was printed from what is kept here." in text_of(agrees)
    assert f"/documents/sheets/{sheet.pk}/" in agrees.content.decode()
    assert "Does not agree" in text_of(forged)


def test_wording_that_nobody_checked_says_so_where_a_language_is_chosen(bureau: Bureau, signed_in: SignIn) -> None:
    item = own_item(bureau)
    client = signed_in("rosa")

    page = text_of(client.get(f"/documents/cases/{item.case_id}/new/custody-record/{item.pk}/"))

    assert "French (wording unverified)" in page
    assert "English (wording unverified)" in page
