"""One case as an officer sees it: both sides on one timeline, what is owed, what belongs to it, what may be done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.clock import parse_instant
from dedere.casework.acts import Role
from dedere.casework.fold import fold
from dedere.casework.permitted import permitted_acts
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import CASE_ROLES
from dedere.node.cases.access import require_case
from dedere.node.cases.actions.record import recorded_acts
from dedere.node.cases.models import Assignment, Case, Draft
from dedere.node.desk.cases import CaseRow, case_row
from dedere.node.desk.recorded import Table, number, proceedings, tables, text, texts
from dedere.node.evidence.models import Item
from dedere.node.evidence.queries import ItemPage, ItemRow, item_row, items_of_case
from dedere.node.exchange.models import Alarm, IncomingLetter, IncomingPart, OutgoingLetter
from dedere.node.jobs.queries import ExportRow, exports_of
from dedere.node.office import office
from dedere.node.paging import paged
from dedere.node.persons.queries import PersonRow, persons_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dedere.base.reference import Reference


ITEMS = 50


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One letter on the line of both sides. `side` is "us" or "them"; `receipt` a delivery state or "received"."""

    at: dt.datetime
    side: str
    kind: str
    officer: str
    approved_by: str
    letter_id: str
    digest: str
    sequence: int
    receipt: str
    parts: int
    status: str
    sentence: str
    waiting: bool


@dataclass(frozen=True, slots=True)
class OwedRow:
    """What one side owes. `by` is "us" or "them"."""

    by: str
    what: str
    due: dt.date | None


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure and, in this house, who carries it out."""

    id: str
    kind: str
    description: str
    stage: str
    stage_title: str
    authority: str
    assignment_id: str
    result: str


@dataclass(frozen=True, slots=True)
class ProceedingRow:
    """A proceeding with its measures."""

    id: str
    kind: str
    title: str
    stage: str
    stage_title: str
    measures: tuple[MeasureRow, ...]


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition of use, as the letters stand."""

    id: str
    kind: str
    text: str
    attached_by: str
    provision: str
    status: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """Something in the case that an act may refer to: a question, a consultation."""

    id: str
    text: str
    proceeding: str


@dataclass(frozen=True, slots=True)
class PermittedRow:
    """An act this officer's side may or may not make now, why not, and on what that rests."""

    kind: str
    proceeding: str
    permitted: bool
    reason: str
    reference: Reference | None


@dataclass(frozen=True, slots=True)
class DraftLink:
    """An act being prepared."""

    id: str
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """An officer who has part in the case."""

    id: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """The whole case but for its items, which are read page by page. `permitted` is empty where nobody asked for it."""

    row: CaseRow
    fictional: bool
    timeline: tuple[TimelineEntry, ...]
    owed: tuple[OwedRow, ...]
    proceedings: tuple[ProceedingRow, ...]
    conditions: tuple[ConditionRow, ...]
    questions: tuple[Named, ...]
    consultations: tuple[Named, ...]
    persons: tuple[PersonRow, ...]
    permitted: tuple[PermittedRow, ...]
    drafts: tuple[DraftLink, ...]
    members: tuple[MemberRow, ...]
    exports: tuple[ExportRow, ...]
    alarms: tuple[str, ...]
    record_digest: str


def case_view(officer: Officer, case_id: str, *, acts: bool = False) -> CaseView:
    """The case, if the officer has part in it; with `acts` also what may be done next, which costs a fold.

    Raises:
        UnknownObjectError: there is none for this officer.
    """
    case = require_case(officer, case_id)
    every = proceedings(case)
    return CaseView(
        row=case_row(case),
        fictional=any(_is_fictional(proceeding) for proceeding in every),
        timeline=_timeline(case),
        owed=_owed(case),
        proceedings=_proceedings(case),
        conditions=conditions_of(case),
        questions=_open_questions(every),
        consultations=tuple(
            Named(text(each, "id"), text(each, "text"), text(proceeding, "id"))
            for proceeding in every
            for each in tables(proceeding, "consultations")
        ),
        persons=persons_of(case.pk),
        permitted=permitted_rows(officer, case) if acts else (),
        drafts=tuple(
            DraftLink(each.pk, each.kind, each.state)
            for each in case.drafts.exclude(state__in=[Draft.State.SENT, Draft.State.DISCARDED])
        ),
        members=tuple(
            MemberRow(each.officer.identifier, each.officer.name, tuple(sorted(each.officer.roles())))
            for each in case.members.select_related("officer").prefetch_related("officer__grants").order_by("since")
        ),
        exports=exports_of(case.pk),
        alarms=tuple(Alarm.objects.filter(case=case.pk, ended_at=None).values_list("sentence", flat=True)),
        record_digest=case.record_digest,
    )


def case_items(officer: Officer, case_id: str, *, page: int) -> ItemPage:
    """A page of the case's items, in the order in which they came.

    Raises:
        UnknownObjectError: the case is not this officer's.
    """
    found = paged(Item.objects.filter(case=require_case(officer, case_id)), page, size=ITEMS)
    return ItemPage(tuple(map(item_row, found.rows)), found.page, found.pages)


def every_item(officer: Officer, case_id: str) -> tuple[ItemRow, ...]:
    """All items of the case: for an act that names each of them.

    Raises:
        UnknownObjectError: the case is not this officer's.
    """
    return items_of_case(require_case(officer, case_id).pk)


def permitted_rows(officer: Officer, case: Case) -> tuple[PermittedRow, ...]:
    """What this officer may do next in the proceedings there are, one row an act, the permitted ones first."""
    state = fold(case.pk, recorded_acts(case))
    best: dict[tuple[str, str], PermittedRow] = {}
    for role in sorted(officer.roles() & CASE_ROLES):
        for act in permitted_acts(state, side=office().state, role=Role(role)):
            if act.approves or not act.proceeding or act.rule == "wrong-role":
                continue
            place = (act.kind.value, act.proceeding)
            if place not in best or (act.permitted and not best[place].permitted):
                best[place] = PermittedRow(
                    act.kind.value, act.proceeding, act.permitted, act.reason, reference_to(act.provision)
                )
    return tuple(sorted(best.values(), key=lambda row: not row.permitted))


def reference_to(provision: str) -> Reference | None:
    """Where a rule of procedure stands in the Convention, as far as the law's data knows the provision."""
    convention = office().law.instruments["lhc"]
    return office().law.reference(convention.id, provision) if provision in convention.provisions else None


def conditions_of(case: Case) -> tuple[ConditionRow, ...]:
    """The conditions of use in a case."""
    return tuple(
        ConditionRow(
            id=text(each, "id"),
            kind=text(each, "kind"),
            text=text(each, "text"),
            attached_by=text(each, "set_by"),
            provision=text(each, "provision"),
            status=text(each, "status"),
            items=texts(each, "items"),
        )
        for proceeding in proceedings(case)
        for each in tables(proceeding, "conditions")
    )


def _timeline(case: Case) -> tuple[TimelineEntry, ...]:
    receipts = _receipts(case.pk)
    counts = {letter.pk: len(letter.parts) for letter in case.letters.only("parts")}
    entries = [_entry(each, receipts, counts) for each in tables(case.state, "timeline")]
    entries += [_waiting(each, receipts, counts) for each in tables(case.state, "waiting")]
    return tuple(entries)


def _receipts(case_id: str) -> dict[str, str]:
    """What is known of each letter's way, by letter."""
    sent = OutgoingLetter.objects.filter(case=case_id).values_list("pk", "state", "acknowledged_at")
    known = {pk: "acknowledged" if at else state for pk, state, at in sent}
    arriving = set(
        IncomingPart.objects.filter(letter__case=case_id)
        .exclude(state=IncomingPart.State.STORED)
        .values_list("letter", flat=True)
    )
    for pk in IncomingLetter.objects.filter(case=case_id).values_list("pk", flat=True):
        known[pk] = "arriving" if pk in arriving else "received"
    return known


def _entry(entry: Table, receipts: Mapping[str, str], counts: Mapping[str, int]) -> TimelineEntry:
    letter = text(entry, "letter")
    return TimelineEntry(
        at=parse_instant(text(entry, "sealed_at")),
        side="us" if text(entry, "sender") == office().state else "them",
        kind=text(entry, "kind"),
        officer=text(entry, "officer"),
        approved_by=text(entry, "approved_by"),
        letter_id=letter,
        digest=text(entry, "digest"),
        sequence=number(entry, "sequence"),
        receipt=receipts.get(letter, "none"),
        parts=counts.get(letter, 0),
        status=text(entry, "status"),
        sentence=text(entry, "sentence"),
        waiting=False,
    )


def _waiting(entry: Table, receipts: Mapping[str, str], counts: Mapping[str, int]) -> TimelineEntry:
    letter = text(entry, "letter")
    return TimelineEntry(
        at=parse_instant(text(entry, "sealed_at")),
        side="us" if text(entry, "sender") == office().state else "them",
        kind=text(entry, "kind"),
        officer="",
        approved_by="",
        letter_id=letter,
        digest="",
        sequence=number(entry, "sequence"),
        receipt=receipts.get(letter, "none"),
        parts=counts.get(letter, 0),
        status="waiting",
        sentence="",
        waiting=True,
    )


def _owed(case: Case) -> tuple[OwedRow, ...]:
    rows = []
    for each in tables(case.state, "owed"):
        due = text(each, "by")
        by = "us" if text(each, "state") == office().state else "them"
        rows.append(OwedRow(by, text(each, "what"), dt.date.fromisoformat(due) if due else None))
    return tuple(sorted(rows, key=lambda row: (row.by != "us", row.due or dt.date.max)))


def _proceedings(case: Case) -> tuple[ProceedingRow, ...]:
    given = {(each.proceeding, each.measure): each for each in Assignment.objects.filter(case=case)}
    rows = []
    for each in proceedings(case):
        identifier = text(each, "id")
        asked = {text(item, "id"): text(item, "description") for item in _asked_items(each)}
        measures = tuple(
            _measure(measure, given.get((identifier, text(measure, "id"))), asked.get(text(measure, "id"), ""))
            for measure in tables(each, "measures")
        )
        rows.append(
            ProceedingRow(
                id=identifier,
                kind=text(each, "kind"),
                title=text(each, "title"),
                stage=text(each, "status"),
                stage_title=text(each, "status_title"),
                measures=measures,
            )
        )
    return tuple(rows)


def _measure(measure: Table, given: Assignment | None, description: str) -> MeasureRow:
    return MeasureRow(
        id=text(measure, "id"),
        kind=text(measure, "kind"),
        description=description or text(measure, "title"),
        stage=text(measure, "status"),
        stage_title=text(measure, "status").replace("-", " ").capitalize(),
        authority=given.authority if given else text(measure, "authority"),
        assignment_id=given.pk if given else "",
        result=text(measure, "result"),
    )


def _asked_items(proceeding: Table) -> list[Table]:
    return tables(_inside(proceeding, "request", "request", "assistance"), "items")


def _is_fictional(proceeding: Table) -> bool:
    return _inside(proceeding, "request", "request").get("fictional") is True


def _inside(table: Table, *names: str) -> Table:
    found: object = table
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _open_questions(every: Iterable[Table]) -> tuple[Named, ...]:
    return tuple(
        Named(text(each, "id"), text(each, "text"), text(proceeding, "id"))
        for proceeding in every
        for each in tables(proceeding, "questions")
        if not text(each, "answered_in")
        and each.get("dropped") is not True
        and text(each, "asked_by") != office().state
    )
