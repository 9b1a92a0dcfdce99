"""A case with a protected witness in a home on disk, as a process of its own: `python -m support.witness HOME`.

Everything that an office does with such a case is done here, bad input included: sealed, asked for, looked at, drafted,
sent, exported, searched, shown on every page. What a page, a paper or an export showed is printed as JSON. Every person
and case is fictional.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import shutil
import sys
from pathlib import Path

from dedere.base.clock import FixedClock, SystemClock
from dedere.base.identifiers import RandomIdentifiers
from dedere.cli.commands.node import set_up_django

REASON = "The court there summons the witness for the hearing by video."
LEAKING = "We saw Dragoljub Vukašinović at the mill."


def live(folder: Path) -> dict[str, object]:
    """The case from its draft to its export; what others than the asker were shown."""
    from dedere.node.home import load_home
    from dedere.node.office import Office, using
    from support.offices import make_home, open_bureau

    clock = FixedClock(SystemClock().now() - dt.timedelta(hours=6))
    other = make_home(folder.parent / "senegal", "SN", "Autorité centrale du Sénégal (fictive)", founded=clock.now())
    ours = Office(load_home(folder), clock, RandomIdentifiers())
    with using(ours):
        return _case(open_bureau(ours, Office(other.home, clock, RandomIdentifiers())))


def _case(bureau: object) -> dict[str, object]:  # noqa: PLR0915 - one story, told in its order
    from dedere.base.errors import InputError
    from dedere.casework.persons.protection import Risk
    from dedere.crypto.age import HybridIdentity
    from dedere.node.cases import actions as cases
    from dedere.node.cases.access import standing
    from dedere.node.evidence import actions as evidence
    from dedere.node.exchange.actions import pin_cards
    from dedere.node.exchange.journeys import ask_journey, seal_journey
    from dedere.node.issuing import Wish, issue_next
    from dedere.node.jobs.actions import ask_for_dossier
    from dedere.node.jobs.exports import pending_exports, run_export
    from dedere.node.persons import actions as persons
    from support.custody import WITNESS, custody
    from support.offices import Bureau, upload
    from support.persons import cared_for, today

    assert isinstance(bureau, Bureau)
    kept = custody(bureau)
    theirs = HybridIdentity.generate(bureau.other.identifiers)
    wish = Wish(custodians=(theirs.recipient.encode(),))
    card = issue_next(bureau.other.home, wish, clock=bureau.clock, identifiers=bureau.other.identifiers)
    pin_cards(by=None, containers=[card.container], fingerprint=card.fingerprint)
    draft = bureau.drafted()
    person = kept.protected(draft.case_id, alias="Amber", reference="person-2")
    refused = []

    def attempt(action: object) -> None:
        assert callable(action)
        try:
            action()
        except InputError as error:
            refused.append(error.sentence)

    body = json.loads(json.dumps(draft.body))
    body["request"]["request"]["facts"]["summary"] = LEAKING
    attempt(lambda: cases.save_body(by=bureau["anna"], draft_id=draft.pk, body=body, version=draft.version))
    attempt(lambda: cases.start_draft(by=bureau["anna"], partner="SN", title="Vukasinovic (fictional)", request={}))
    named = upload("Вукашиновић.pdf", b"%PDF-1.7 nothing")
    attempt(lambda: evidence.attach_upload(by=bureau["anna"], draft_id=draft.pk, upload=named))
    anna = standing(bureau["anna"], draft.case_id)
    attempt(lambda: persons.ask_look(by=anna, person_id=person.pk, reason="Is it Vukasinovic? Please tell."))
    asked = persons.ask_look(by=anna, person_id=person.pk, reason=REASON)
    persons.grant_look(by=bureau["koos"], look_id=asked.id, minutes=30, with_=kept.unlocking("koos"))
    seen = persons.read_look(by=bureau["anna"], look_id=asked.id, secret=asked.secret)
    assert seen.identity == WITNESS
    attempt(lambda: cases.save_body(by=bureau["anna"], draft_id=draft.pk, body=body, version=draft.version))
    journey = ask_journey(by=bureau["anna"], draft_id=draft.pk, person_id=person.pk, reason=REASON)
    seal_journey(by=bureau["koos"], journey_id=journey.pk, with_=kept.unlocking("koos"))
    persons.rehearse(by=bureau["kim"], with_=kept.unlocking("kim"))
    type(person).objects.filter(pk=person.pk).update(more_roles=["victim"])
    cared_for(bureau, draft.case_id, person.pk)
    danger = persons.Assessment(Risk.HIGH, LEAKING, today(bureau), today(bureau) + dt.timedelta(days=9))
    attempt(lambda: persons.assess_risk(by=anna, person_id=person.pk, new=danger))
    plain = persons.PlainPerson(dataclasses.replace(WITNESS, relocation_pointer=""), ("witness",))
    attempt(lambda: persons.add_person(by=anna, new=plain))
    draft.refresh_from_db()
    bureau.sent(draft)
    bureau.drafted()
    ask_for_dossier(by=bureau["anna"], case_id=draft.case_id)
    for export in pending_exports():
        run_export(export)
    shown = {name: _walk(bureau, name, draft.case_id, person.pk) for name in bureau.officers}
    # As a thief finds the database who comes while the office works: with what it has not written into its main file.
    alive = bureau.office.home.folder.parent / "alive"
    alive.mkdir()
    for path in bureau.office.home.folder.glob("database.sqlite3*"):
        shutil.copy2(path, alive / path.name)
    # The guard's secret stays in memory: whoever has the home has not got it.
    return {"refused": refused, "shown": shown, "case": draft.case_id}


def _walk(bureau: object, name: str, case_id: str, person_id: str) -> dict[str, object]:
    """Every page that the officer reaches by links, from Today, the case and the person; papers as their text."""
    import pypdf
    from django.test import Client

    from support.offices import Bureau
    from support.pages import addresses_of

    assert isinstance(bureau, Bureau)
    client = Client(headers={"host": "localhost"})
    client.force_login(bureau[name])
    waiting = ["/", "/cases/", f"/cases/{case_id}/", f"/persons/{case_id}/{person_id}/", "/statistics/", "/system/log/"]
    waiting += [
        f"/cases/{case_id}/{tab}/" for tab in ("persons", "letters", "evidence", "proceedings", "log", "clocks")
    ]
    waiting += ["/cases/?text=Vukasinovic", "/persons/custody/"]
    statuses: dict[str, int] = {}
    texts = []
    while waiting and len(statuses) < 150:
        address = waiting.pop(0)
        if address in statuses or address.startswith(("/law/", "/sign", "http", "#", "/register/")):
            continue
        answer = client.get(address)
        statuses[address] = answer.status_code
        if answer.headers.get("Content-Type", "").startswith("application/pdf"):
            content = b"".join(answer) if answer.streaming else answer.content
            texts.append("\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))
        elif not answer.streaming:
            texts.append(answer.content.decode("utf-8", errors="replace"))
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                waiting += [each.split("#")[0] for each in addresses_of(answer) if each.startswith("/")]
    return {"statuses": statuses, "texts": texts}


if __name__ == "__main__":
    home = Path(sys.argv[1])
    set_up_django(home)
    sys.stdout.write(json.dumps(live(home)))
