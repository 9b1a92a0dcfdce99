"""Drafting a request: starting, sections, rows, findings, attachments, the check before it is submitted."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dedere.node.cases.models import Draft
from dedere.treaty.requestfile_schema import fields
from dedere.web.components.outline import row_fields, sections_for
from support.offices import Bureau, request_tables
from support.pages import SignIn, addresses_of, errors_of, fields_of, text_of


def body_of(draft: Draft) -> dict[str, object]:
    """The request's tables as they are stored now."""
    draft.refresh_from_db()
    inner = draft.body["request"]["request"]
    assert isinstance(inner, dict)
    return inner


def test_a_request_is_started(signed_in: SignIn) -> None:
    client = signed_in("anna")

    response = client.post("/requests/new/", {"partner": "SN", "title": "A mill (fictional)", "kind": "mla"})

    draft = Draft.objects.get()
    assert response.headers["Location"] == f"/requests/{draft.pk}/"
    assert body_of(draft) == {"kind": "mla", "requesting_state": "NL", "requested_state": "SN"}
    page = text_of(client.get(f"/requests/{draft.pk}/"))
    assert "Not started" in page
    assert "Missing" in page
    assert "A mill (fictional)" in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"partner": "", "title": "A mill", "kind": "mla"}, "State to ask: This field is required."),
        ({"partner": "SN", "title": " ", "kind": "mla"}, "Name of the case in this office: This field is required."),
        ({"partner": "XX", "title": "A mill", "kind": "mla"}, "State to ask: Select a valid choice."),
        ({"partner": "NL", "title": "A mill", "kind": "mla"}, "A request goes to another State."),
        ({"partner": "SN", "title": "x" * 301, "kind": "mla"}, "Ensure this value has at most 300 characters"),
        ({"partner": "SN", "title": "A mill", "kind": "revenge"}, "What to ask for: Select a valid choice."),
    ],
)
def test_a_bad_beginning_is_said_at_its_field(signed_in: SignIn, sent: dict[str, str], said: str) -> None:
    response = signed_in("anna").post("/requests/new/", sent)

    assert response.status_code == 422
    assert said in errors_of(response)
    assert not Draft.objects.exists()


def test_only_a_case_officer_starts_a_request(signed_in: SignIn) -> None:
    response = signed_in("bram").post("/requests/new/", {"partner": "SN", "title": "A mill", "kind": "mla"})

    assert response.status_code == 422
    assert "Only a case officer may do this." in errors_of(response)


def test_a_request_file_becomes_a_draft(signed_in: SignIn) -> None:
    data = json.dumps(request_tables()).encode()
    file = SimpleUploadedFile("request.json", data, content_type="application/json")

    response = signed_in("anna").post("/requests/new/from-file/", {"file": file})

    assert response.headers["Location"] == f"/requests/{Draft.objects.get().pk}/"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("request.toml", b"[request", "request.toml"),
        ("request.toml", b'format = "dedere-request/1"\n[request]\nkind = 5\n', "request.kind"),
        ("request.toml", b"x" * (4 * 1024 * 1024 + 1), "at most 4 MB"),
        ("request.toml", b"\xff\xfe", "request.toml"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_reason(signed_in: SignIn, name: str, data: bytes, said: str) -> None:
    response = signed_in("anna").post("/requests/new/from-file/", {"file": SimpleUploadedFile(name, data)})

    assert response.status_code == 422
    assert said in errors_of(response)
    assert not Draft.objects.exists()


def test_no_file_chosen_is_said(signed_in: SignIn) -> None:
    response = signed_in("anna").post("/requests/new/from-file/", {})

    assert "Request file" in errors_of(response)


@pytest.mark.parametrize("slug", [section.slug for section in sections_for("mla")])
def test_saving_a_section_unchanged_changes_nothing(bureau: Bureau, signed_in: SignIn, slug: str) -> None:
    draft = bureau.drafted()
    before = body_of(draft)
    client = signed_in("anna")
    address = f"/requests/{draft.pk}/{slug}/"

    response = client.post(address, fields_of(client.get(address)))

    assert response.headers["Location"] == f"/requests/{draft.pk}/"
    assert body_of(draft) == before


def test_what_is_typed_is_kept_and_leads_on(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    client = signed_in("anna")
    address = f"/requests/{draft.pk}/time/"
    sent = {
        **fields_of(client.get(address)),
        "request.deadline.date_day": "3",
        "request.deadline.date_month": "4",
        "request.deadline.date_year": "2027",
        "request.deadline.reason": "  The trial begins on 1 May.  ",
        "request.urgent.claimed": "no",
        "next": "",
    }

    response = client.post(address, sent)

    assert response.headers["Location"] == f"/requests/{draft.pk}/protection/"
    inner = body_of(draft)
    assert inner["deadline"] == {"date": "2027-04-03", "reason": "The trial begins on 1 May."}
    assert inner["urgent"] == {"claimed": False}


def test_a_day_that_does_not_exist_is_said_at_its_field(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    client = signed_in("anna")
    address = f"/requests/{draft.pk}/time/"
    sent = {**fields_of(client.get(address)), "request.deadline.date_day": "31", "request.deadline.date_month": "2"}

    response = client.post(address, sent)

    assert response.status_code == 422
    assert "Enter a day that exists" in errors_of(response)
    assert 'href="#id_request.deadline.date_0"' in response.content.decode()
    assert 'id="id_request.deadline.date_0"' in response.content.decode()


def test_two_officers_do_not_overwrite_each_other(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    client = signed_in("anna")
    address = f"/requests/{draft.pk}/protection/"
    read = fields_of(client.get(address))
    client.post(address, {**read, "request.use_limits": "First."})

    response = client.post(address, {**read, "request.use_limits": "Second."})

    assert response.status_code == 422
    assert "Another officer changed this draft meanwhile" in errors_of(response)
    assert body_of(draft)["use_limits"] == "First."


def test_a_version_that_is_no_number_is_refused(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()

    response = signed_in("anna").post(f"/requests/{draft.pk}/protection/", {"version": "x" * 40})

    assert response.status_code == 422


def test_a_person_is_added_changed_and_taken_out(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    client = signed_in("anna")
    section = f"/requests/{draft.pk}/persons/"
    new = f"{section}request.persons/new/"
    sent = {
        **fields_of(client.get(new)),
        "role": "witness",
        "identity.name": "Ómar Šimić (fictional)",
        "protected": "no",
    }

    assert client.post(new, sent).headers["Location"] == section
    added = body_of(draft)["persons"][-1]  # type: ignore[index] # a list of tables
    assert added == {
        "id": "person-3",
        "role": "witness",
        "identity": {"name": "Ómar Šimić (fictional)"},
        "protected": False,
    }
    row = f"{section}request.persons/3/"
    assert row in addresses_of(client.get(section))
    assert "Ómar Šimić (fictional)" in text_of(client.get(section))

    changed = {**fields_of(client.get(row)), "nationality": "NL\n\nSN\n"}
    client.post(row, changed)
    assert body_of(draft)["persons"][-1]["nationality"] == ["NL", "SN"]  # type: ignore[index] # as above

    client.post(row, {**fields_of(client.get(row)), "remove": "yes"})
    assert len(body_of(draft)["persons"]) == 2  # type: ignore[arg-type] # as above
    assert client.get(row).status_code == 404


def test_every_row_of_a_complete_request_survives_its_page(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    before = body_of(draft)
    measure = draft.body["request"]["measure"]
    client = signed_in("anna")
    pages = [
        address
        for section in sections_for("mla")
        for address in addresses_of(client.get(f"/requests/{draft.pk}/{section.slug}/"))
        if address.startswith(f"/requests/{draft.pk}/{section.slug}/") and address.rstrip("/")[-1].isdigit()
    ]

    assert len(pages) >= 6
    for address in pages:
        assert client.post(address, fields_of(client.get(address))).status_code == 302, address

    assert body_of(draft) == before
    draft.refresh_from_db()
    assert draft.body["request"]["measure"] == measure


@pytest.mark.parametrize(
    "address",
    ["secrets/", "persons/request.secrets/new/", "persons/request.persons/0/", "persons/request.persons/99/"],
)
def test_what_a_draft_does_not_have_is_not_there(bureau: Bureau, signed_in: SignIn, address: str) -> None:
    draft = bureau.drafted()

    assert signed_in("anna").get(f"/requests/{draft.pk}/{address}").status_code == 404


def test_no_field_of_the_format_is_without_a_page() -> None:
    shown: set[str] = set()
    for kind in fields()["request.kind"].choices:
        for section in sections_for(kind):
            shown |= {field.path for field in section.plain_fields()}
            for listed in section.lists():
                shown |= {field.path for field in row_fields(listed.path)}
    leaves = {path for path, field in fields().items() if field.shape.value not in {"group", "rows"}}

    filled_by_the_office = {
        "format", "request.kind", "request.requesting_state", "request.requested_state", "request.fictional",
        "request.considered", "request.title",
    }  # fmt: skip
    assert leaves - shown <= filled_by_the_office


def test_findings_say_what_why_and_what_follows(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    body = dict(draft.body)
    inner = dict(body["request"]["request"])
    del inner["proceeding"], inner["considered"]
    draft.body = {**body, "request": {**body["request"], "request": inner}}
    draft.save()
    client = signed_in("anna")

    page = client.get(f"/requests/{draft.pk}/")

    shown = text_of(page)
    for words in ("Missing", "Subject and nature of the investigation", "LHC Art.", "Not verified", "Work on it"):
        assert words in shown
    assert f"/requests/{draft.pk}/proceeding/" in addresses_of(page)
    assert "Something is missing" in shown or "Not started" in shown


def test_advice_is_weighed_and_then_rests(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    body = dict(draft.body)
    inner = {name: value for name, value in body["request"]["request"].items() if name != "considered"}
    draft.body = {**body, "request": {**body["request"], "request": inner}}
    draft.save()
    client = signed_in("anna")
    page = client.get(f"/requests/{draft.pk}/")
    assert "I have considered this" in text_of(page)

    response = client.post(f"/requests/{draft.pk}/considered/", {"advice": "practice.police-first"})

    assert response.headers["Location"] == f"/requests/{draft.pk}/"
    assert body_of(draft)["considered"] == ["practice.police-first"]
    client.post(f"/requests/{draft.pk}/considered/", {"advice": "practice.police-first"})
    assert body_of(draft)["considered"] == ["practice.police-first"]


def test_a_broken_link_does_not_hide_the_other_findings(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    body = dict(draft.body)
    inner = dict(body["request"]["request"])
    inner["facts"] = {"summary": inner["facts"]["summary"]}
    del inner["contact"]
    draft.body = {**body, "request": {**body["request"], "request": inner}}
    draft.save()

    page = text_of(signed_in("anna").get(f"/requests/{draft.pk}/"))

    assert "points to fact-1" in page
    assert "contact" in page.lower()
    assert "LHC Art." in page


def test_the_legal_basis_is_a_tree_that_says_demonstration_or_not_verified(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()

    page = signed_in("anna").get(f"/requests/{draft.pk}/")

    assert "Legal basis" in text_of(page)
    assert "<details" in page.content.decode()
    assert "Unsettled" in text_of(page) or "Does not hold" in text_of(page)


def test_a_file_is_attached_with_its_digest_and_removed(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    client = signed_in("anna")
    address = f"/requests/{draft.pk}/attachments/"
    file = SimpleUploadedFile("law.pdf", b"%PDF-1.7 the law", content_type="application/pdf")

    assert client.post(address, {"file": file, "title": "The law"}).headers["Location"] == address

    attachment = draft.attachments.get()
    page = text_of(client.get(address))
    assert attachment.sha256 in page
    assert "The law" in page
    again = client.post(address, {"file": SimpleUploadedFile("law.pdf", b"other")})
    assert "already has a file named law.pdf" in errors_of(again)

    client.post(f"{address}{attachment.pk}/remove/")
    assert not draft.attachments.exists()
    assert client.post(f"{address}{attachment.pk}/remove/").status_code == 404


def test_an_empty_file_is_said(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()

    response = signed_in("anna").post(
        f"/requests/{draft.pk}/attachments/", {"file": SimpleUploadedFile("law.pdf", b"")}
    )

    assert "The submitted file is empty." in errors_of(response)


def test_the_preview_is_the_document_and_stays_in_its_frame(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()

    response = signed_in("anna").get(f"/requests/{draft.pk}/preview/")

    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_draft_is_discarded(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    client = signed_in("anna")

    response = client.post(f"/requests/{draft.pk}/discard/")

    assert response.headers["Location"] == "/requests/"
    assert "Nothing of it left the house." in text_of(client.get("/requests/"))
    assert "There is no draft in your cases." in text_of(client.get("/requests/"))


def test_a_stranger_changes_nothing(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    client = signed_in("stranger")

    for address in ("discard/", "considered/", "time/", "submit/", "approve/", "send-back/", "attachments/"):
        assert client.post(f"/requests/{draft.pk}/{address}", {}).status_code == 404
    assert draft.state == Draft.State.OPEN
