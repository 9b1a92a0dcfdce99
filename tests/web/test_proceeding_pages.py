"""Every proceeding is reached from the pages of a case: further requests, teams, and acts that open one by themselves."""

from __future__ import annotations

from dedere.node.cases.models import Case, Draft
from dedere.node.exchange.models import OutgoingLetter
from support.offices import Bureau, proceeding_of
from support.pages import SignIn, errors_of, fields_of, text_of
from support.request_parts import ARREST
from support.requests import joint_team, request_of, side_procedure


def test_a_request_of_any_kind_is_begun(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("anna")
    page = client.get("/requests/new/")
    kinds = [code for code, _name in page.context["form"].fields["kind"].choices]
    assert {"mla", "provisional-arrest", "extradition", "transfer/sentencing", "jit"} <= set(kinds)
    for kind in kinds:
        client.post("/requests/new/", {"partner": "SN", "title": f"{kind} (fictional)", "kind": kind})
        draft = Draft.objects.get(case__title=f"{kind} (fictional)")
        assert client.get(f"/requests/{draft.pk}/").status_code == 200
        assert draft.body["request"]["request"]["kind"] == kind.partition("/")[0]
    team = Draft.objects.get(case__title="jit (fictional)")
    assert (team.kind, team.body["opens"]) == ("proposal", "joint-team")
    sentenced = Draft.objects.get(case__title="transfer/administering (fictional)")
    assert sentenced.body["as"] == "administering"


def arrested(bureau: Bureau) -> Case:
    from dedere.casework.request import RequestDraft
    from dedere.node.cases import actions as cases

    tables = RequestDraft(
        request_of(side_procedure("provisional-arrest", "provisional_arrest", ARREST, "lhc"))
    ).as_json()
    draft = cases.start_draft(
        by=bureau["anna"], partner="SN", title="Tesk (fictional)", opens="provisional-arrest", request=tables
    )
    bureau.sent(draft)
    case = Case.objects.get(pk=draft.case_id)
    day = bureau.clock.now().date().isoformat()
    bureau.arrives("acknowledgement", {"own_reference": "SN-1", "received_on": day}, case=case, role="registrar")
    bureau.arrives("arrest", {"arrested_on": day, "place": "Dakar (fictional)", "in_custody": True}, case=case)
    case.refresh_from_db()
    return case


def test_extradition_is_asked_for_in_the_case_of_the_arrest(bureau: Bureau, signed_in: SignIn) -> None:
    case = arrested(bureau)
    client = signed_in("anna")
    assert "Open a further proceeding" in text_of(client.get(f"/cases/{case.pk}/"))
    address = f"/requests/further/{case.pk}/"
    page = client.get(address)
    assert "Person arrested" in text_of(page)

    client.post(address, {"kind": "extradition", "links": [proceeding_of(case)]})

    draft = Draft.objects.get(case=case, state=Draft.State.OPEN)
    assert draft.body["links"] == [proceeding_of(case)]
    assert draft.proceeding != proceeding_of(case)
    assert draft.body["request"]["request"]["kind"] == "extradition"
    assert client.get(f"/requests/{draft.pk}/extradition/").status_code == 200


def test_what_a_further_request_follows_is_of_this_case(bureau: Bureau, signed_in: SignIn) -> None:
    case = arrested(bureau)
    client = signed_in("anna")
    answer = client.post(f"/requests/further/{case.pk}/", {"kind": "extradition", "links": ["another"]})
    assert answer.status_code == 422
    assert signed_in("stranger").get(f"/requests/further/{case.pk}/").status_code == 404


def test_information_is_sent_within_a_case_without_a_request(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    client = signed_in("anna")
    assert "Without a request" in text_of(client.get(f"/requests/further/{case.pk}/"))
    address = f"/requests/begin/{case.pk}/information/"
    page = client.get(address)
    typed = {**fields_of(page), "subject": "A list of names (fictional)", "text": "Found here."}
    client.post(address, typed)

    draft = Draft.objects.get(kind="information")
    assert draft.body["opens"] == "spontaneous-information"
    assert draft.proceeding != proceeding_of(case)
    assert client.get(f"/requests/begin/{case.pk}/arrest/").status_code == 404


def test_a_document_goes_with_a_supplement(bureau: Bureau, signed_in: SignIn) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    case = bureau.requested()
    client = signed_in("anna")
    address = f"/requests/act/{case.pk}/{proceeding_of(case)}/supplement/"
    file = SimpleUploadedFile("map.txt", b"A map (fictional).\n", content_type="text/plain")
    client.post(address, {**fields_of(client.get(address)), "text": "A map.", "files-to-send": file})

    draft = Draft.objects.get(kind="supplement")
    attachment = draft.attachments.get()
    assert draft.body["documents"] == [{"part": attachment.pk, "title": "map.txt"}]
    assert bureau.sent(draft)


def test_a_team_is_proposed_amended_agreed_to_and_signed_on_pages(bureau: Bureau, signed_in: SignIn) -> None:
    from dedere.casework.request import RequestDraft
    from dedere.node.cases import actions as cases

    tables = RequestDraft(request_of(joint_team("lhc"))).as_json()
    draft = cases.start_draft(
        by=bureau["anna"], partner="SN", title="Team Dol (fictional)", opens="jit", request=tables
    )
    client = signed_in("anna")
    assert client.get(f"/requests/{draft.pk}/jit/").status_code == 200
    address = f"/requests/{draft.pk}/body/"
    typed = {
        **fields_of(client.get(address)),
        "members": ["NL", "SN"],
        "clauses-0-title": "Law",
        "clauses-0-text": "The law of the place of work.",
        "until_day": "31",
        "until_month": "12",
        "until_year": "2027",
    }
    assert client.post(address, typed).status_code == 302
    draft.refresh_from_db()
    assert draft.body["members"] == ["NL", "SN"]
    assert draft.body["request"]["request"]["kind"] == "jit", "the request itself stays"
    bureau.sent(draft)
    case = Case.objects.get(pk=draft.case_id)
    here = proceeding_of(case)
    clause = case.state["proceedings"][0]["team"]["clauses"][0]

    amended = f"/requests/act/{case.pk}/{here}/amendment/"
    page = client.get(amended)
    assert fields_of(page)["clauses-0-text"] == "The law of the place of work."
    client.post(amended, {**fields_of(page), "clauses-0-use": "on", "clauses-0-text": "And fair trial."})
    amendment = Draft.objects.get(kind="amendment")
    assert amendment.body["clauses"] == [{"id": clause["id"], "title": "Law", "text": "And fair trial."}]
    bureau.sent(amendment)

    agreement = {"clauses": [{"clause": clause["id"], "version": 2}]}
    bureau.arrives("clause-agreement", agreement, case=case)
    case.refresh_from_db()
    assert case.state["proceedings"][0]["status"] == "signing"
    signing = f"/requests/act/{case.pk}/{here}/signature/"
    client.post(signing, {**fields_of(client.get(signing)), "signatory": "Minister (fictional)"})
    signature = Draft.objects.get(kind="signature")
    assert signature.body["agreement"] == case.state["proceedings"][0]["team"]["agreement"]


def test_an_assurance_that_was_asked_for_is_given_under_its_own_name(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    asked = [
        {"id": "a1", "kind": "assurance.treatment", "text": "No ill-treatment."},
        {"id": "a2", "kind": "other", "text": "A visit a month."},
    ]
    bureau.arrives("assurance-request", {"assurances": asked}, case=case)
    client = signed_in("anna")
    address = f"/requests/act/{case.pk}/{proceeding_of(case)}/assurance/"
    page = client.get(address)
    assert "No ill-treatment." in text_of(page)
    typed = {**fields_of(page), "given-0-use": "on", "declined": ["a2"], "authority": "Minister (fictional)"}
    client.post(address, typed)

    body = Draft.objects.get(kind="assurance").body
    assert body["given"] == [asked[0]]
    assert body["declined"] == ["a2"]


def test_an_own_act_is_corrected(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    letter = case.letters.get()
    client = signed_in("anna")
    address = f"/requests/act/{case.pk}/{proceeding_of(case)}/correction/"
    page = client.get(address)
    wrong = {**fields_of(page), "corrects": letter.pk, "reason": "A slip.", "changes-0-path": "measures"}
    refused = client.post(address, {**wrong, "changes-0-value": "none"})
    assert refused.status_code == 422
    assert "A correction may change" in errors_of(refused)
    right = {**wrong, "changes-0-path": "request.request.facts.summary", "changes-0-value": "The mill burned twice."}
    client.post(address, right)
    assert Draft.objects.get(kind="correction").body["corrects"] == letter.pk


def test_a_team_of_three_is_a_letter_to_each(bureau: Bureau) -> None:
    from dedere.casework.request import RequestDraft
    from dedere.node.cases import actions as cases
    from dedere.node.exchange.actions import pin_card
    from dedere.node.exchange.sealing import seal_draft
    from support import exchange

    card = exchange.card_of("SI")
    pin_card(by=None, container=card.container, fingerprint=card.fingerprint)
    tables = RequestDraft(request_of(joint_team("lhc"))).as_json()
    draft = cases.start_draft(by=bureau["anna"], partner="SN", title="Team (fictional)", opens="jit", request=tables)
    clauses = [{"id": "law", "title": "Law", "text": "The law of the place."}]
    more = {"members": ["NL", "SI", "SN"], "clauses": clauses, "until": "2027-12-31"}
    draft = cases.save_body(by=bureau["anna"], draft_id=draft.pk, version=draft.version, body={**draft.body, **more})
    bureau.approved(draft)
    first = seal_draft(draft.pk)

    letters = {letter.partner: letter.pk for letter in OutgoingLetter.objects.all()}
    assert set(letters) == {"SI", "SN"}
    assert first == draft.pk == letters["SI"]
    case = Case.objects.get(pk=draft.case_id)
    copies = {letter.recipient: letter for letter in case.letters.all()}
    assert copies["SI"].act["body"] == copies["SN"].act["body"]
    assert copies["SI"].answers == copies["SN"].answers == []
    assert case.state["proceedings"][0]["team"]["members"] == ["NL", "SI", "SN"]
    assert len(case.state["timeline"]) == 1
