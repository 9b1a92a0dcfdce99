"""The practice partner at work: reads its cases, and answers by rule, chance and temper, through two accounts.

What it sends goes the way of everything that leaves: drafted by one account, approved by the other, checked by the
procedure and, for a refusal, by the law, sealed by the worker. It answers in cases that nobody here took up, knows no
law of its own and decides nothing real; every text it writes says that it is fictional.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import Count, Q

from dedere.casework.acts import JSON, ActKind, Role
from dedere.casework.fold import fold
from dedere.casework.practice.dice import Dice
from dedere.casework.practice.partner import Proposal, propose
from dedere.casework.refusing import grounds_for, quoted
from dedere.casework.state import CaseState
from dedere.node.accounts.actions import NewOfficer, invite_officer
from dedere.node.accounts.models import Officer
from dedere.node.cases.actions import take_up
from dedere.node.cases.actions.drafts import NewAttachment
from dedere.node.cases.actions.record import recorded_acts
from dedere.node.cases.lawful import refusal_setting
from dedere.node.cases.models import Case, Draft
from dedere.node.evidence import actions as evidence
from dedere.node.evidence.access import items_called
from dedere.node.office import office
from dedere.node.practising import Practice
from dedere.treaty.requestfile_schema import FORMAT
from dedere.treaty.words import Effect

LOG = logging.getLogger(__name__)
DESK = NewOfficer(
    "practice-desk",
    "Practice desk (a program, fictional)",
    "Practice partner",
    (Role.CASE_OFFICER, Role.REGISTRAR, Role.EXECUTING_AUTHORITY),
)
SECOND = NewOfficer("practice-second", "Practice approval (a program, fictional)", "Practice partner", (Role.APPROVER,))
_UNDER_WAY = [Draft.State.OPEN, Draft.State.SUBMITTED, Draft.State.APPROVED]
_FILE = b"A file of the practice partner. Everything in it is fictional.\n"
_CIRCUMSTANCE = "The practice partner takes it to be there (fictional)."


class PracticePartner:
    """Answers in every case that came to this node. When it looks at a case next is kept in memory only."""

    def __init__(self, practice: Practice, dice: Dice | None = None) -> None:
        self._practice = practice
        self._dice = dice or Dice(office().identifiers)
        self._looks: dict[str, tuple[int, dt.datetime]] = {}

    def waiting(self) -> list[str]:
        """The cases that it looks at now: some time after their last letter, and again when it rested."""
        now = office().clock.now()
        theirs = Q(members=None) | Q(members__officer__sign_in_name=DESK.sign_in_name)
        cases = Case.objects.filter(theirs).exclude(drafts__state__in=_UNDER_WAY).annotate(count=Count("letters"))
        due = []
        for case, count in cases.values_list("pk", "count"):
            if self._looks.get(case, (-1, now))[0] != count:
                self._looks[case] = (count, now + self._wait())
            elif self._looks[case][1] <= now:
                due.append(case)
        return due

    def act(self, case_id: str) -> None:
        """Look at one case and do the next thing in it, or rest."""
        case = Case.objects.get(pk=case_id)
        self._looks[case_id] = (case.letters.count(), office().clock.now() + self._wait())
        desk, second = _officer(DESK), _officer(SECOND)
        if not case.members.exists():
            take_up(by=desk, letter_id=case.letters.order_by("sealed_at")[0].pk)
        state = fold(case.pk, recorded_acts(case))
        own, now = office().state, office().clock.now()
        proposal = propose(state, side=own, temper=self._practice.temper, dice=self._dice, now=now)
        content = None if proposal is None else _content(proposal, case, state)
        if proposal is not None and content is not None:
            _write(case, proposal, content, desk=desk, second=second)
            LOG.info("practice: %s", proposal.kind.value)

    def _wait(self) -> dt.timedelta:
        """Its own hours at the pace of the practice."""
        hours = self._practice.temper.waits(self._dice) / dt.timedelta(hours=1)
        return dt.timedelta(seconds=hours * self._practice.pace)


def _write(case: Case, proposal: Proposal, body: Mapping[str, JSON], *, desk: Officer, second: Officer) -> None:
    documents = _documents(case, proposal, by=desk)
    with transaction.atomic():
        draft = evidence.propose_act(
            by=desk,
            case_id=case.pk,
            proceeding=proposal.proceeding,
            kind=proposal.kind.value,
            body=body,
            items=documents,
        )
        submitted = evidence.submit_draft(by=desk, draft_id=draft.pk, approver_id=second.identifier)
        evidence.approve_draft(by=second, draft_id=draft.pk, digest=submitted.digest)


def _documents(case: Case, proposal: Proposal, *, by: Officer) -> Sequence[NewAttachment]:
    uploads = [
        evidence.Upload(each.name, each.name, "text/plain", io.BytesIO(_FILE + each.id.encode()))
        for each in proposal.enclosed
    ]
    taken = evidence.take_documents(by=by, case_id=case.pk, uploads=uploads)
    return [
        replace(
            document,
            identifier=each.id,
            name=f"{each.id[:6]} {document.name}",
            conditions=tuple(dict(condition) for condition in each.conditions),
        )
        for document, each in zip(taken, proposal.enclosed, strict=True)
    ]


def _content(proposal: Proposal, case: Case, state: CaseState) -> Mapping[str, JSON] | None:
    """The body of the act as this office may send it; None when it may not yet."""
    match proposal.kind:
        case ActKind.REFUSAL:
            return _lawful(proposal, state, case.partner)
        case ActKind.REQUEST:
            return _complete(proposal.body, case.partner)
        case ActKind.CUSTODY_RECEIPT:
            return proposal.body if _all_here(proposal.body, case.pk) else None
        case _:
            return proposal.body


def _lawful(proposal: Proposal, state: CaseState, partner: str) -> Mapping[str, JSON] | None:
    """A refusal on the first ground that carries one on these facts."""
    report = grounds_for(state, proposal.proceeding, law=office().law, setting=refusal_setting(partner))
    carrying = (each for each in report.assessments if each.may_be_chosen and each.effect is Effect.REFUSE)
    ground = next(carrying, None)
    if ground is None:
        return None
    quote = {**quoted(ground, office().law), "circumstance": _CIRCUMSTANCE}
    return {**proposal.body, "grounds": [quote]}


def _complete(body: Mapping[str, JSON], partner: str) -> Mapping[str, JSON]:
    """The request with the ends that every request file names."""
    tables = body.get("request")
    inner = tables.get("request") if isinstance(tables, Mapping) else None
    ends: dict[str, JSON] = {"requesting_state": office().state, "requested_state": partner, "fictional": True}
    request: dict[str, JSON] = {**(inner if isinstance(inner, Mapping) else {}), **ends}
    return {**body, "request": {"format": FORMAT, "request": request}}


def _all_here(body: Mapping[str, JSON], case: str) -> bool:
    """Whether every item that a receipt would sign for has arrived whole."""
    rows = body["items"]
    wanted = {str(row["item"]) for row in rows if isinstance(row, Mapping)} if isinstance(rows, list) else set()
    return all(items_called(name, case=case).exists() for name in wanted)


def _officer(who: NewOfficer) -> Officer:
    found = Officer.objects.filter(sign_in_name=who.sign_in_name).first()
    return found or invite_officer(by=None, new=who)
