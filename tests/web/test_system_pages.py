"""Numbers, the state of the node, the audit log, and inviting officers."""

from __future__ import annotations

import datetime as dt

from dedere.node.accounts.models import Officer
from dedere.node.backup.noted import note_backup
from dedere.node.evidence.models import Item
from dedere.node.jobs.models import Heartbeat
from support.offices import Bureau, measure_of
from support.pages import SignIn, errors_of, text_of


def test_nothing_finished_is_nothing_counted(signed_in: SignIn) -> None:
    assert "there is nothing to count" in text_of(signed_in("anna").get("/statistics/"))


def test_time_in_their_hands_is_counted_and_drawn(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    bureau.arrives("acceptance", {"measures": [{"measure": measure_of(case)}]}, case=case)
    bureau.clock.advance(dt.timedelta(days=12))
    outcome = {"measure": measure_of(case), "outcome": "executed", "text": "Heard."}
    bureau.arrives(
        "acknowledgement", {"own_reference": "SN-1", "received_on": "2026-11-24"}, case=case, role="registrar"
    )
    bureau.arrives("acceptance", {"measures": [{"measure": measure_of(case)}]}, case=case)
    bureau.arrives("result", {"measures": [outcome]}, case=case)

    for reader in ("anna", "ada"):
        page = signed_in(reader).get("/statistics/")
        assert "Senegal Hearing by video conference 1 – – 12 12 0" in text_of(page)
        assert "<svg" in page.content.decode()
    assert "2026-11" in text_of(signed_in("ada").get("/statistics/"))
    assert "nothing to count" in text_of(signed_in("stranger").get("/statistics/")), "not their cases"


def test_the_system_page_says_what_waits_and_what_ends(bureau: Bureau, signed_in: SignIn) -> None:
    bureau.requested()
    Heartbeat.objects.create(process="worker", at=bureau.clock.now())
    Heartbeat.objects.create(process="pages", at=bureau.clock.now() - dt.timedelta(hours=1))

    page = text_of(signed_in("max").get("/system/"))

    for words in ("To be delivered 1", "Worker: at work", "Pages: silent", "Signs letters", "events", "free"):
        assert words in page
    assert "Last backup none was made yet" in page
    assert "there is no pace to go by" in page


def test_the_system_page_says_how_long_there_is_room_and_when_the_last_backup_was(
    bureau: Bureau, signed_in: SignIn
) -> None:
    case = bureau.requested()
    Item.objects.create(
        pk=bureau.office.identifiers.new(), case=case, size=10**9, created_at=bureau.clock.now() - dt.timedelta(days=10)
    )
    note_backup(bureau.office.home, at=bureau.clock.now(), files=1, complaints=0)
    try:
        page = text_of(signed_in("max").get("/system/"))
    finally:
        (bureau.office.home.run / "backed-up.json").unlink()

    assert "At the pace of the last 10 days" in page
    assert "none was made yet" not in page


def test_the_log_has_pages_and_names(bureau: Bureau, signed_in: SignIn) -> None:
    for _ in range(25):
        bureau.drafted()
    client = signed_in("ada")

    first, last = client.get("/system/log/"), client.get("/system/log/?page=2")

    assert "Anna de Wit (fictional) Draft started" in text_of(first)
    assert "Officer invited" in text_of(last)
    assert "Page 2" in first.content.decode()


def test_the_log_tells_no_content_of_a_case(bureau: Bureau, signed_in: SignIn) -> None:
    bureau.requested()

    assert "Dol" not in text_of(signed_in("ada").get("/system/log/"))


def test_an_officer_is_invited_with_a_link_shown_once(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("max")
    sent = {
        "name": "Noor Nieuw (fictional)",
        "title": "Case officer",
        "sign_in_name": "noor",
        "email": "",
        "language": "fr",
        "roles": ["case-officer", "registrar"],
    }

    page = client.post("/system/officers/invite/", sent)

    assert page.status_code == 200
    assert "Noor Nieuw (fictional) is invited" in text_of(page)
    link = next(word for word in text_of(page).split() if "/sign-in/" in word)
    officer = Officer.objects.get(sign_in_name="noor")
    assert {role.value for role in officer.roles()} == {"case-officer", "registrar"}
    client.post("/sign-out/")
    assert client.post(link.removeprefix("http://testserver")).headers["Location"] == "/"
    assert "Noor Nieuw (fictional)" in text_of(signed_in("max").get("/system/officers/"))


def test_a_sign_in_name_is_given_once(signed_in: SignIn) -> None:
    sent = {"name": "Anna Two", "sign_in_name": "ANNA", "language": "en", "roles": ["approver"]}

    response = signed_in("max").post("/system/officers/invite/", sent)

    assert response.status_code == 422
    assert "This sign-in name is taken" in errors_of(response)


def test_an_officer_without_a_role_is_not_invited(signed_in: SignIn) -> None:
    response = signed_in("max").post("/system/officers/invite/", {"name": "X", "sign_in_name": "x", "language": "en"})

    assert "Roles: This field is required." in errors_of(response)


def test_nobody_else_invites(signed_in: SignIn) -> None:
    sent = {"name": "X", "sign_in_name": "x", "language": "en", "roles": ["administrator"]}

    assert signed_in("anna").post("/system/officers/invite/", sent).status_code == 403
    assert not Officer.objects.filter(sign_in_name="x").exists()


def test_an_officer_whose_access_ended_is_shown_as_such(bureau: Bureau, signed_in: SignIn) -> None:
    Officer.objects.filter(pk=bureau["stranger"].pk).update(is_active=False)

    assert "Ended" in text_of(signed_in("max").get("/system/officers/"))
