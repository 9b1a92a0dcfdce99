"""Every page by every role: who gets in, whom it tells no, for whom it does not exist."""

from __future__ import annotations

import io
from contextlib import closing
from typing import TYPE_CHECKING

import pypdf
import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from dedere.node.evidence import actions as evidence
from dedere.web.evidence.links import make_link
from support.custody import custody, unlocked_guard
from support.documents import certificate, on_paper
from support.hearings import planned_and_asked
from support.offices import Bureau, proceeding_of, upload
from support.persons import added, cared_for
from support.spelled import found_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http.response import HttpResponseBase
    from django.test import Client

    from support.pages import SignIn

CASEWORKERS = {"anna", "bram", "rosa"}
EVERYBODY = {*CASEWORKERS, "eva", "koos", "kim", "ada", "max", "stranger"}
CUSTODIANS = {"koos", "kim"}
NOBODY_ELSE = 404

# Page → (who may, what the others get). "members" are officers with part in the case that `world` makes.
MEMBERS = {"anna", "bram"}
RULES: dict[str, tuple[set[str], int]] = {
    "today": (EVERYBODY, 200),
    "account": (EVERYBODY, 200),
    "tokens": (EVERYBODY, 200),
    "cases:list": ({*CASEWORKERS, "stranger"}, 404),
    "cases:measures": ({"eva"}, 403),
    "cases:case": (MEMBERS, 404),
    "cases:log": (MEMBERS, 404),
    "cases:clocks": (MEMBERS, 404),
    "cases:members": (MEMBERS, 404),
    "cases:tab": (MEMBERS, 404),
    "cases:assign": (MEMBERS, 404),
    "cases:export": (set(), 404),
    "evidence:redacted-dossier": (MEMBERS, 404),
    "cases:measure": ({"eva", "rosa", "bram"}, 404),
    "requests:list": ({*CASEWORKERS, "stranger"}, 404),
    "requests:start": (EVERYBODY, 200),
    "requests:start-from-file": (EVERYBODY, 200),
    "requests:propose": (MEMBERS, 404),
    "requests:begin": (MEMBERS, 404),
    "requests:start-further": (MEMBERS, 404),
    "requests:draft": (MEMBERS, 404),
    "requests:body": (set(), 404),
    "requests:attachments": (MEMBERS, 404),
    "requests:preview": (MEMBERS, 404),
    "requests:submit": (MEMBERS, 404),
    "requests:approve": (MEMBERS, 404),
    "requests:send-back": (MEMBERS, 404),
    "requests:section": (MEMBERS, 404),
    "requests:new-row": (MEMBERS, 404),
    "requests:row": (MEMBERS, 404),
    "messages:list": (EVERYBODY, 200),
    "messages:incoming": ({*CASEWORKERS, "stranger"}, 404),
    "messages:letter-in": (MEMBERS, 404),
    "messages:letter": (MEMBERS, 404),
    "messages:document": (MEMBERS, 404),
    "messages:container": (MEMBERS, 404),
    "messages:receipt": (MEMBERS, 404),
    "evidence:list": (EVERYBODY, 200),
    "evidence:add": ({"eva", "rosa", "bram"}, 404),
    "evidence:add-several": ({"eva", "rosa", "bram"}, 404),
    "evidence:item": ({"eva", "rosa", "bram"}, 404),
    "evidence:content": ({"eva"}, 404),
    "evidence:custody": ({"eva", "rosa", "bram"}, 404),
    "evidence:chain": ({"eva", "rosa", "bram"}, 404),
    "evidence:hand-out": ({"eva", "rosa", "bram"}, 404),
    "evidence:carry-over": ({"eva", "rosa", "bram"}, 404),
    "evidence:made-from": ({"eva", "rosa", "bram"}, 404),
    "evidence:condition": ({"eva", "rosa", "bram"}, 404),
    "evidence:hold": ({"eva", "rosa", "bram"}, 404),
    "evidence:order": ({"eva", "rosa", "bram"}, 404),
    "evidence:certificate": (set(), 404),
    "evidence:due": (EVERYBODY, 200),
    "persons:person": (MEMBERS, 404),
    "persons:protect": (MEMBERS, 404),
    "persons:add": (MEMBERS, 404),
    "persons:edit": (MEMBERS, 404),
    "persons:protection": (MEMBERS, 404),
    "persons:ask-measure": (MEMBERS, 404),
    "persons:assess": (MEMBERS, 404),
    "persons:measure": (MEMBERS, 404),
    "persons:put-measure": (MEMBERS, 404),
    "persons:attend": (MEMBERS, 404),
    "persons:attendance": (MEMBERS, 404),
    "persons:change-attendance": (MEMBERS, 404),
    "persons:victim": (MEMBERS, 404),
    "persons:wishes": (MEMBERS, 404),
    "persons:told": (MEMBERS, 404),
    "persons:claim": (MEMBERS, 404),
    "persons:claim-step": (MEMBERS, 404),
    "persons:ask-look": (MEMBERS, 404),
    "persons:journey": (MEMBERS, 404),
    "persons:heard": (MEMBERS, 404),
    "persons:note-interview": (MEMBERS, 404),
    "persons:ask-history": (MEMBERS, 404),
    "persons:plan-hearing": (MEMBERS, 404),
    "persons:hearing": (MEMBERS, 404),
    "persons:change-hearing": (MEMBERS, 404),
    "persons:test-hearing": (MEMBERS, 404),
    "persons:call-off-hearing": (MEMBERS, 404),
    "persons:hearing-protocol": (MEMBERS, 404),
    "persons:hearing-calendar": (MEMBERS, 404),
    "persons:answer-history": (CUSTODIANS, 403),
    "persons:look": ({"anna", *CUSTODIANS}, 404),
    "persons:desk": (CUSTODIANS, 403),
    "persons:key": (CUSTODIANS, 403),
    "persons:confirm": (CUSTODIANS, 403),
    "persons:guard": (CUSTODIANS, 403),
    "persons:rehearse": (CUSTODIANS, 403),
    "persons:reseal": (CUSTODIANS, 403),
    "persons:glass": (CUSTODIANS, 403),
    "persons:seal-journey": (CUSTODIANS, 403),
    "documents:code": (EVERYBODY, 200),
    "documents:draft": (MEMBERS, 404),
    "documents:draft-word": (MEMBERS, 404),
    "documents:passage": (set(), 404),
    "documents:letter": (MEMBERS, 404),
    "documents:letter-reading": (MEMBERS, 404),
    "documents:file": ({"rosa", "stranger"}, 404),
    "documents:received": ({*CASEWORKERS, "stranger"}, 404),
    "documents:register": (EVERYBODY, 200),
    "documents:request": ({"rosa", "stranger"}, 404),
    "documents:request-file": ({"rosa", "stranger"}, 404),
    "documents:card": (EVERYBODY, 200),
    "documents:card-paper": (EVERYBODY, 200),
    "documents:dossier-index": (set(), 404),
    "documents:make-sheet-about": (MEMBERS, 404),
    "documents:section": ({"rosa", "stranger"}, 404),
    "documents:new-row": ({"rosa", "stranger"}, 404),
    "documents:row": (set(), 404),
    "documents:sheets": (MEMBERS, 404),
    "documents:make-sheet": (MEMBERS, 404),
    "documents:sheet": (MEMBERS, 404),
    "documents:sheet-pdf": (MEMBERS, 404),
    "documents:sheet-word": (MEMBERS, 404),
    "law:index": (EVERYBODY, 200),
    "law:who-may-ask": (EVERYBODY, 200),
    "law:instrument": (EVERYBODY, 200),
    "law:provision": (EVERYBODY, 200),
    "register:index": (EVERYBODY, 200),
    "register:state": (EVERYBODY, 200),
    "register:pin": (EVERYBODY, 200),
    "statistics:index": ({*CASEWORKERS, "stranger", "ada"}, 403),
    "system:index": ({"max", "ada"}, 403),
    "system:log": ({"max", "ada"}, 403),
    "system:officers": ({"max"}, 403),
    "system:invite": ({"max"}, 403),
    "system:officer": ({"max"}, 403),
    "passkeys:add": (EVERYBODY, 200),
}
# Reached by POST alone; their refusals are tested with the pages that carry their buttons.
POSTED = {
    "documents:draft-copy", "documents:letter-copy", "documents:add-pages", "documents:hand-over", "documents:confirm",
    "documents:approve-sheet", "documents:discard-sheet",
    "evidence:uploads", "evidence:upload", "evidence:unset-condition", "evidence:lift", "evidence:approve-order",
    "evidence:withdraw-order",
    "sign-out", "language", "mail", "remove-token", "cases:dossier", "requests:discard", "requests:considered", "requests:detach", "requests:strip-file", "requests:restore-file",
    "messages:take-up", "messages:retry", "persons:retire", "persons:end-look", "persons:ask-partner", "persons:put-history", "cases:keep-view", "cases:remove-view", "passkeys:remove", "passkeys:codes", "passkeys:end-visit",
}  # fmt: skip
OPEN = {"sign-in", "sign-in-link", "second-factor", "api:document"}


def named_routes() -> Iterator[str]:
    """The names of all routes, with their groups."""

    def walk(patterns: list[URLPattern | URLResolver], group: str) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, f"{pattern.app_name}:" if pattern.app_name else group)
            elif pattern.name:
                yield group + pattern.name

    yield from walk(get_resolver().url_patterns, "")


def test_every_route_has_its_rule() -> None:
    assert set(named_routes()) == {*RULES, *POSTED, *OPEN}


@pytest.fixture
def world(bureau: Bureau) -> dict[str, str]:
    """An address for each page: Anna's and Bram's case with a letter each way, and a measure given to Eva."""
    case = bureau.requested()
    letter = case.letters.get()
    bureau.delivered(letter.pk)
    incoming = bureau.arrives(
        "acknowledgement", {"own_reference": "SN-9", "received_on": "2026-11-24"}, case=case, role="registrar"
    )
    person = bureau_person(case.pk)
    victim = added(bureau, case.pk).pk
    care = cared_for(bureau, case.pk, victim)
    open_draft = bureau.drafted()
    submitted = bureau.drafted()
    for each in (open_draft, submitted):
        each.case.members.create(officer=bureau["bram"], since=bureau.clock.now())
    _case, assignment = bureau.assigned()
    collected = evidence.Collected(on=bureau.clock.now().date(), by="Eva Evers (fictional)")
    item = evidence.ingest(
        by=bureau["eva"], assignment_id=assignment, upload=upload("a.pdf", b"%PDF-1.7 a"), collected=collected
    )
    heard = planned_and_asked(bureau, case.pk, person)
    hearing = f"/persons/{case.pk}/{person}/hearings/{heard['hearing']}"
    paper, sheet = on_paper(bureau), certificate(bureau, case.pk)
    document = f"/documents/drafts/{open_draft.pk}"
    received = f"/documents/received/{paper.pk}"
    draft = f"/requests/{open_draft.pk}"
    return {
        "today": "/",
        "account": "/account/",
        "tokens": "/account/tokens/",
        "passkeys:add": "/account/passkeys/add/",
        "system:officer": f"/system/officers/{bureau['stranger'].identifier}/",
        "cases:list": "/cases/",
        "cases:measures": "/cases/measures/",
        "cases:case": f"/cases/{case.pk}/",
        "cases:log": f"/cases/{case.pk}/log/",
        "cases:clocks": f"/cases/{case.pk}/clocks/",
        "cases:members": f"/cases/{case.pk}/members/",
        "cases:tab": f"/cases/{case.pk}/letters/",
        "cases:assign": f"/cases/{case.pk}/assign/{proceeding_of(case)}/item-1/",
        "cases:export": f"/cases/{case.pk}/dossier/{'a' * 26}/",
        "evidence:redacted-dossier": f"/evidence/case/{case.pk}/dossier/",
        "cases:measure": f"/cases/measures/{assignment}/",
        "requests:list": "/requests/",
        "requests:start": "/requests/new/",
        "requests:start-from-file": "/requests/new/from-file/",
        "requests:propose": f"/requests/act/{case.pk}/{proceeding_of(case)}/notice/",
        "requests:begin": f"/requests/begin/{case.pk}/information/",
        "requests:start-further": f"/requests/further/{case.pk}/",
        "requests:draft": f"{draft}/",
        "requests:body": f"{draft}/body/",
        "requests:attachments": f"{draft}/attachments/",
        "requests:preview": f"{draft}/preview/",
        "requests:submit": f"{draft}/submit/",
        "requests:approve": f"{draft}/approve/",
        "requests:send-back": f"{draft}/send-back/",
        "requests:section": f"{draft}/facts/",
        "requests:new-row": f"{draft}/persons/request.persons/new/",
        "requests:row": f"{draft}/persons/request.persons/1/",
        "documents:code": "/documents/code/",
        "documents:draft": f"{document}/",
        "documents:draft-word": f"{document}/word/",
        "documents:passage": f"{document}/passages/1/",
        "documents:letter": f"/documents/letters/{letter.pk}/",
        "documents:letter-reading": f"/documents/letters/{letter.pk}/en/pdf/",
        "documents:file": f"/documents/files/{paper.files.get().pk}/",
        "documents:received": "/documents/received/",
        "documents:register": "/documents/received/new/",
        "documents:request": f"{received}/",
        "documents:request-file": f"{received}/request-file/",
        "documents:card": "/documents/card/",
        "documents:card-paper": "/documents/card/en/pdf/",
        "documents:dossier-index": f"/documents/cases/{case.pk}/dossiers/{'a' * 26}/",
        "documents:make-sheet-about": f"/documents/cases/{case.pk}/new/safe-conduct/{person}/",
        "documents:section": f"{received}/reading/facts/",
        "documents:new-row": f"{received}/reading/persons/request.persons/new/",
        "documents:row": f"{received}/reading/persons/request.persons/1/",
        "documents:sheets": f"/documents/cases/{case.pk}/",
        "documents:make-sheet": f"/documents/cases/{case.pk}/new/safe-conduct/",
        "documents:sheet": f"/documents/sheets/{sheet.pk}/",
        "documents:sheet-pdf": f"/documents/sheets/{sheet.pk}/pdf/",
        "documents:sheet-word": f"/documents/sheets/{sheet.pk}/word/",
        "messages:list": "/messages/",
        "messages:incoming": "/messages/incoming/",
        "messages:letter-in": f"/messages/incoming/{incoming}/",
        "messages:letter": f"/messages/{letter.pk}/",
        "messages:document": f"/messages/{letter.pk}/document/",
        "messages:container": f"/messages/{letter.pk}/container/",
        "messages:receipt": f"/messages/{letter.pk}/receipt/",
        "evidence:list": "/evidence/",
        "evidence:add": f"/evidence/measure/{assignment}/add/",
        "evidence:add-several": f"/evidence/measure/{assignment}/add-several/",
        "evidence:item": f"/evidence/{item.pk}/",
        "evidence:content": make_link(bureau["eva"], item.pk),
        "evidence:custody": f"/evidence/{item.pk}/custody/",
        "evidence:chain": f"/evidence/{item.pk}/chain.svg",
        "evidence:hand-out": f"/evidence/{item.pk}/copy/",
        "evidence:carry-over": f"/evidence/{item.pk}/other-case/",
        "evidence:made-from": f"/evidence/{item.pk}/made-from/",
        "evidence:condition": f"/evidence/{item.pk}/condition/",
        "evidence:hold": f"/evidence/{item.pk}/hold/",
        "evidence:order": f"/evidence/{item.pk}/destroy/",
        "evidence:certificate": f"/evidence/{item.pk}/destroy/{'a' * 26}/certificate/",
        "evidence:due": "/evidence/due/",
        "persons:person": f"/persons/{case.pk}/{person}/",
        "persons:protect": f"/persons/{case.pk}/protect/",
        "persons:add": f"/persons/{case.pk}/add/",
        "persons:edit": f"/persons/{case.pk}/{victim}/edit/",
        "persons:protection": f"/persons/{case.pk}/{victim}/protection/",
        "persons:ask-measure": f"/persons/{case.pk}/{victim}/protection/ask/",
        "persons:assess": f"/persons/{case.pk}/{victim}/protection/danger/",
        "persons:measure": f"/persons/{case.pk}/{victim}/protection/{care['measure']}/",
        "persons:put-measure": f"/persons/{case.pk}/{victim}/protection/{care['measure']}/put/",
        "persons:attend": f"/persons/{case.pk}/{victim}/attend/safe-conduct/",
        "persons:attendance": f"/persons/{case.pk}/{victim}/attendance/{care['presence']}/",
        "persons:change-attendance": f"/persons/{case.pk}/{victim}/attendance/{care['presence']}/change/",
        "persons:victim": f"/persons/{case.pk}/{victim}/victim/",
        "persons:wishes": f"/persons/{case.pk}/{victim}/victim/wishes/",
        "persons:told": f"/persons/{case.pk}/{victim}/victim/told/",
        "persons:claim": f"/persons/{case.pk}/{victim}/victim/claim/",
        "persons:claim-step": f"/persons/{case.pk}/{victim}/victim/claim/{care['claim']}/",
        "persons:ask-look": f"/persons/{case.pk}/{person}/look/",
        "persons:journey": f"/persons/{case.pk}/{person}/journey/",
        "persons:heard": f"/persons/{case.pk}/{person}/heard/",
        "persons:note-interview": f"/persons/{case.pk}/{person}/heard/interview/",
        "persons:ask-history": f"/persons/{case.pk}/{person}/heard/before/",
        "persons:plan-hearing": f"/persons/{case.pk}/{person}/hearings/new/",
        "persons:hearing": f"{hearing}/",
        "persons:change-hearing": f"{hearing}/change/",
        "persons:test-hearing": f"{hearing}/test/",
        "persons:call-off-hearing": f"{hearing}/call-off/",
        "persons:hearing-protocol": f"{hearing}/protocol/",
        "persons:hearing-calendar": f"{hearing}/calendar/",
        "persons:answer-history": f"/persons/custody/interviewed/{heard['inquiry']}/",
        "persons:look": f"/persons/looks/{looked_for(bureau, person)}/",
        "persons:desk": "/persons/custody/",
        "persons:key": "/persons/custody/key/",
        "persons:confirm": f"/persons/custody/key/{'a' * 64}/confirm/",
        "persons:guard": "/persons/custody/guard/",
        "persons:rehearse": "/persons/custody/rehearse/",
        "persons:reseal": "/persons/custody/reseal/",
        "persons:glass": f"/persons/custody/glass/{person}/",
        "persons:seal-journey": f"/persons/custody/journeys/{person}/",
        "law:index": "/law/",
        "law:who-may-ask": "/law/who-may-ask/",
        "law:instrument": "/law/uncac/",
        "law:provision": "/law/lhc/mla.scope/",
        "register:index": "/register/",
        "register:state": "/register/SN/",
        "register:pin": "/register/SN/card/",
        "statistics:index": "/statistics/",
        "system:index": "/system/",
        "system:log": "/system/log/",
        "system:officers": "/system/officers/",
        "system:invite": "/system/officers/invite/",
    }


def looked_for(bureau: Bureau, person: str) -> str:
    """A look that Anna asked for, and an identity that is to travel; what is sealed is not opened here."""
    from dedere.node.persons.models import Journey, Look, SealedIdentity

    now = bureau.clock.now()
    SealedIdentity.objects.create(person_id=person, content=b"sealed", sealed_at=now)
    Journey.objects.create(pk=person, person_id=person, draft="", partner="SN", asker=bureau["anna"], asked_at=now)
    look = Look.objects.create(pk="look", person_id=person, asker=bureau["anna"], reason="To summon", asked_at=now)
    return look.pk


def bureau_person(case_id: str) -> str:
    """A person of the case."""
    from dedere.node.persons.models import Person

    return Person.objects.filter(case=case_id).order_by("reference").first().pk  # type: ignore[union-attr] # the request names persons


def test_every_page_opens_for_its_roles_and_for_nobody_else(
    bureau: Bureau, world: dict[str, str], signed_in: SignIn
) -> None:
    assert set(world) == set(RULES)
    wrong = []
    for name in bureau.officers:
        client = signed_in(name)
        for route, address in world.items():
            allowed, refusal = RULES[route]
            expected = 200 if name in allowed else refusal
            with closing(client.get(address)) as response:
                status = response.status_code
            if status != expected:
                wrong.append(f"{route} for {name}: {status}, not {expected}")
    assert wrong == []


WITHOUT_NEED = ("max", "ada", "eva", "stranger")
ALIAS = "Heron"


def test_no_route_says_who_a_protected_person_is_and_without_need_not_even_the_alias(
    bureau: Bureau, world: dict[str, str], signed_in: SignIn
) -> None:
    """Every route with a protected person in the case: pages, searches, print views, papers as their text, pictures."""
    for _each in unlocked_guard(bureau.office):
        case = world["persons:protect"].split("/")[2]
        person = custody(bureau).protected(case, alias=ALIAS)
        hidden = planned_and_asked(bureau, case, person.pk, days=20)
        plain = world["persons:plan-hearing"].split("/")[3]
        own = {route: address.replace(plain, person.pk) for route, address in world.items() if plain in address}
        visited = [*world.values(), *own.values(), f"/persons/{case}/{person.pk}/hearings/{hidden['hearing']}/"]
        for name in ("anna", "koos", *WITHOUT_NEED):
            client = signed_in(name)
            for address in visited:
                said = _seen(client, address)
                assert found_in(said) == [], (name, address)
                assert name not in WITHOUT_NEED or ALIAS.encode() not in said, (name, address)
            # A search says again what was typed, and finds nothing by it.
            nothing = _seen(client, "/cases/?text=Nobody").count(b"Nobody")
            for text in ("Vukasinovic", "QX7718842", *([ALIAS] if name in WITHOUT_NEED else ())):
                assert _seen(client, f"/cases/?text={text}").count(text.encode()) == nothing, (name, text)


def _seen(client: Client, address: str) -> bytes:
    with closing(client.get(address)) as response:
        return _said(response)


def _said(response: HttpResponseBase) -> bytes:
    """What the answer says, a PDF as its text."""
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined] # one of two classes
    if response.headers.get("Content-Type", "").startswith("application/pdf"):
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).encode()
    # The form for an identity gives an example of a date, which happens to be the witness's own.
    return bytes(content).replace(b"1971-05 or 1971-05-27", b"")


def test_somebody_who_has_not_signed_in_sees_no_page(world: dict[str, str], client: Client) -> None:
    for address in world.values():
        response = client.get(address)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/sign-in/?next=")


def test_what_is_posted_is_not_done_by_a_link(bureau: Bureau, world: dict[str, str], signed_in: SignIn) -> None:
    client = signed_in("anna")
    case, letter = world["cases:case"], world["messages:letter"]
    for address in ("/sign-out/", "/language/", f"{case}dossier/", f"{letter}retry/"):
        assert client.get(address).status_code == 405
