"""Custodians and a protected witness at a running node, as a process of its own: `python -m support.custodial HOME`.

One JSON object a line in each direction, as with the demonstration's officers; keys of custodians live in this process
and nowhere else. Vera and Zeno are the officers of `support.nodes`. Everybody is fictional.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from dedere.base.errors import DedereError
from dedere.cli.commands.node import set_up_django

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dedere.node.accounts.models import Officer
    from dedere.node.home import Home
    from dedere.node.persons.actions import Unlocking

PASSPHRASE = "a fictional passphrase of some length"
CUSTODIANS = {"koos": "Koos Kuiper (fictional)", "kim": "Kim Kaya (fictional)"}
REASON = "The court there summons the witness for the hearing by video."


class Custodians:
    """The other end of the process: what its officers do, one deed after the other."""

    def __init__(self, home: Home) -> None:
        places = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH", "")])]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        self._home = home
        self._process = subprocess.Popen(
            [sys.executable, "-m", "support.custodial", str(home.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        from dedere.node.persons.memory import forget_guard_secret

        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
        forget_guard_secret(self._home)

    def do(self, deed: str, **words: object) -> dict[str, Any]:
        """Have it done; a refusal is an assertion that fails, with the node's own sentence."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": deed, **words}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert answer.pop("ok"), answer
        return answer


@dataclass
class Desk:
    """What the custodians of one home can do. Each public method is a deed."""

    files: dict[str, bytes] = field(default_factory=dict)

    def begin(self) -> dict[str, object]:
        """Two custodians begin to work, make keys and confirm each other's."""
        from dedere.casework.acts import Role
        from dedere.node.accounts.actions import NewOfficer, invite_officer
        from dedere.node.persons import actions as persons
        from dedere.node.persons.actions.custodians import fingerprint_of
        from dedere.node.persons.models import CustodianKey

        for name, full in CUSTODIANS.items():
            invite_officer(by=None, new=NewOfficer(name, full, "custodian", (Role.CUSTODIAN,)))
            self.files[name] = persons.make_key(by=_officer(name), passphrase=PASSPHRASE)
        for holder, other in (("koos", "kim"), ("kim", "koos")):
            digest = CustodianKey.objects.get(officer=_officer(holder)).pk
            persons.confirm_key(by=_officer(other), digest=digest, fingerprint=fingerprint_of(digest))
        return {}

    def protect(self, case: str, reference: str, alias: str) -> dict[str, object]:
        """The witness becomes an alias of the case."""
        from dedere.node.cases.access import standing
        from dedere.node.persons import actions as persons
        from dedere.node.persons.custody import usable_keys
        from support.custody import WITNESS

        new = persons.NewProtected(alias=alias, roles=("witness",), identity=WITNESS, reference=reference)
        by = standing(_officer("vera"), case)
        custodians = [key.digest for key in usable_keys(by.officer)]
        return {"person": persons.protect_person(by=by, new=new, custodians=custodians).pk}

    def send_identity(self, draft: str, person: str) -> dict[str, object]:
        """The identity goes with a draft, sealed to the other State's custodians."""
        from dedere.node.exchange.journeys import ask_journey, seal_journey

        journey = ask_journey(by=_officer("vera"), draft_id=draft, person_id=person, reason=REASON)
        seal_journey(by=_officer("koos"), journey_id=journey.pk, with_=self._key("koos"))
        return {}

    def person(self, case: str, alias: str) -> dict[str, object]:
        """The person of the case, and whether an identity is kept here, from where."""
        from dedere.node.persons.models import Person, SealedIdentity

        found = Person.objects.filter(case=case, alias=alias).first()
        sealed = SealedIdentity.objects.filter(person=found).first()
        if found is None or sealed is None:
            return {"person": ""}
        return {"person": found.pk, "name": found.name, "details": found.details, "origin": sealed.origin}

    def look(self, case: str, person: str) -> dict[str, object]:
        """Vera asks who it is, a custodian grants it, she looks: whether it is the witness."""
        from dedere.node.cases.access import standing
        from dedere.node.persons import actions as persons
        from support.custody import WITNESS

        asked = persons.ask_look(by=standing(_officer("vera"), case), person_id=person, reason=REASON)
        persons.grant_look(by=_officer("kim"), look_id=asked.id, minutes=5, with_=self._key("kim"))
        seen = persons.read_look(by=_officer("vera"), look_id=asked.id, secret=asked.secret)
        return {"is_the_witness": seen.identity == WITNESS}

    def plan(self, case: str, person: str, zones: list[str]) -> dict[str, object]:
        """Plan a hearing by video that begins in a moment."""
        from dedere.casework.persons.hearings import Plan
        from dedere.node.cases.access import standing
        from dedere.node.office import office
        from dedere.node.persons.actions.hearings import NewHearing, plan_hearing

        plan = Plan(mode="video", zone_here=zones[0], zone_there=zones[1], place="Salle 4", recording="video")
        starts = office().clock.now() + dt.timedelta(seconds=2)
        new = NewHearing(starts_at=starts, minutes=30, plan=plan)
        return {"hearing": plan_hearing(by=standing(_officer("vera"), case), person_id=person, new=new).pk}

    def protocol(self, case: str, hearing: str, text: str) -> dict[str, object]:
        """Say how it went, as soon as it has begun; Zeno approves it and the worker signs it."""
        from dedere.node.cases.actions.papers import PaperChoice
        from dedere.node.office import office
        from dedere.node.papers.protocols import Account, make_protocol
        from dedere.node.papers.sheets import approve_sheet, sheet_digest
        from dedere.node.persons.models import Hearing

        found, now = Hearing.objects.get(pk=hearing), office().clock.now()
        if now <= found.starts_at:
            return {"sheet": ""}
        account = Account(
            started_at=found.starts_at, ended_at=now, place="Dakar", conducted_by="Judge Sarr (fictional)", text=text
        )
        sheet = make_protocol(
            by=_officer("vera"), case_id=case, hearing_id=hearing, account=account, choice=PaperChoice(language="en")
        )
        approve_sheet(by=_officer("zeno"), sheet_id=sheet.pk, digest=sheet_digest(sheet))
        return {"sheet": sheet.pk}

    def hearing(self, hearing: str) -> dict[str, object]:
        """How a hearing stands, and the item that its protocol became."""
        from dedere.node.persons.models import Hearing

        found = Hearing.objects.get(pk=hearing)
        return {"state": found.state, "item": found.item}

    def ask_partner(self, case: str, person: str) -> dict[str, object]:
        """Draft the question whether the other State interviewed the person before."""
        from dedere.node.exchange.interviews import ask_partner

        return {"draft": ask_partner(by=_officer("vera"), case_id=case, person_id=person).pk}

    def asked(self, case: str, person: str) -> dict[str, object]:
        """What the States asked each other about the person's interviews."""
        from dedere.node.cases.models import Case
        from dedere.node.exchange.interviews import questions_about
        from dedere.node.persons.models import Person

        found = questions_about(Case.objects.get(pk=case), Person.objects.get(pk=person))
        return {"asked": [dataclasses.asdict(each) for each in found]}

    def answer(self, case: str, person: str, letter: str, question: str) -> dict[str, object]:
        """Vera puts the other State's question to a custodian, who searches and says yes: the draft that says so."""
        from dedere.node.exchange.interviews import answer_inquiry, put_to_custodians
        from dedere.node.persons.actions.interviews import search_history

        inquiry = put_to_custodians(
            by=_officer("vera"), case_id=case, person_id=person, letter_id=letter, question=question
        )
        found = search_history(by=_officer("koos"), inquiry_id=inquiry.pk, with_=self._key("koos"))
        draft = answer_inquiry(by=_officer("koos"), inquiry_id=inquiry.pk, answer="yes", remark="For Vera alone.")
        assert draft is not None
        return {"draft": draft.pk, "body": draft.body, "own": len(found.own)}

    def _key(self, name: str) -> Unlocking:
        from dedere.node.persons.actions import Unlocking

        return Unlocking(self.files[name], PASSPHRASE)


def _officer(name: str) -> Officer:
    from dedere.node.accounts.models import Officer

    return Officer.objects.get(sign_in_name=name)


def _serve(folder: Path) -> None:
    set_up_django(folder)
    desk = Desk()
    for line in sys.stdin:
        words: Mapping[str, Any] = json.loads(line)
        deed: Callable[..., dict[str, object]] = getattr(desk, words["do"])
        try:
            answer = {"ok": True, **deed(**{name: value for name, value in words.items() if name != "do"})}
        except DedereError as error:
            answer = {"ok": False, "code": error.code, "sentence": str(error)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
