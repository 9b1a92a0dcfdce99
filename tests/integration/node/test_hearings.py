"""Hearings: planned once at a time, tested, held, their protocol signed and kept as evidence. All fictional."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import icalendar
import pytest

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.casework.persons.hearings import ClashKind, Lack, Plan
from dedere.node.cases.access import standing
from dedere.node.cases.actions.papers import PaperChoice
from dedere.node.desk.hearings import heard, hearing_page
from dedere.node.desk.persons import person_view
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence.ledgers import ledger_of
from dedere.node.evidence.models import Item
from dedere.node.jobs.evidence import EVIDENCE_WORK
from dedere.node.papers import protocols, sheets
from dedere.node.papers.models import Sheet
from dedere.node.persons.actions import hearings
from dedere.node.persons.calendars import calendar_file
from dedere.node.persons.guard import LeakError
from dedere.node.persons.models import Hearing, Person
from dedere.vault.reading import open_object
from support.custody import SPELLINGS, Custody, custody, unlocked_guard
from support.offices import START, Bureau

PLAN = Plan(
    mode="video", zone_here="Europe/Amsterdam", zone_there="Africa/Dakar", place="Court room 3",
    place_there="Salle 4", summoned_by="District Court of Rotterdam (fictional)", interpreter="Fatou Sy (fictional)",
    interpreter_certificate="SN-114", present=("The judge, on the left",), recording="video",
    test_at="2026-11-25T09:00:00Z",
)  # fmt: skip
SOON = dt.timedelta(days=2, hours=4)
ENGLISH = PaperChoice(language="en")


@pytest.fixture
def kept(bureau: Bureau) -> Iterator[Custody]:
    for _each in unlocked_guard(bureau.office):
        yield custody(bureau)


def new(starts: dt.timedelta = SOON, *, plan: Plan = PLAN, **more: object) -> hearings.NewHearing:
    return hearings.NewHearing(starts_at=START + starts, minutes=90, plan=plan, **more)  # type: ignore[arg-type] # reasons


def account(hearing: Hearing, **more: object) -> protocols.Account:
    facts = {
        "started_at": hearing.starts_at,
        "ended_at": hearing.ends_at,
        "place": "Court room 3, Rotterdam",
        "conducted_by": "Judge Jansen (fictional)",
        "text": "Cedar said what she saw at the mill.",
        "present": ("The judge",),
        "rights_explained": True,
        "oath": False,
    }
    return protocols.Account(**{**facts, **more})  # type: ignore[arg-type] # fields of an account


def planned(bureau: Bureau, person: Person, **more: object) -> Hearing:
    who = standing(bureau["anna"], person.case)
    return hearings.plan_hearing(by=who, person_id=person.pk, new=new(**more))  # type: ignore[arg-type] # as `new` takes them


def test_a_plan_shows_both_clocks_what_it_lacks_and_what_the_law_says(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.requested()
    person = kept.protected(case.pk, alias="Cedar")
    hearing = planned(bureau, person)

    page = hearing_page(bureau["anna"], case.pk, person.pk, hearing.pk)

    assert [end.start.strftime("%H:%M") for end in page.ends] == ["14:00", "13:00"]
    assert page.apart == dt.timedelta(hours=-1)
    assert page.clashes == ()
    assert {Lack.LAW, Lack.OATH, Lack.PRIVILEGES_HERE, Lack.COSTS} <= set(page.lacks)
    assert page.duties
    assert not page.history_asked
    with pytest.raises(InputError, match="has not ended yet"):
        make(bureau, hearing)


def test_a_protected_witness_is_heard_and_the_protocol_kept_as_evidence_by_alias(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.requested()
    person = kept.protected(case.pk, alias="Cedar")
    case.members.get_or_create(officer=bureau["bram"], defaults={"since": bureau.clock.now()})
    hearing = planned(bureau, person)
    bureau.tick(60 * 72)

    sheet = make(bureau, hearing)

    hearing.refresh_from_db()
    assert (hearing.state, hearing.protocol["sheet"]) == ("held", sheet.pk)
    assert sheet.data["person"] == "Cedar"
    assert sheet.data["started"] == "2026-11-26 14:00 Europe/Amsterdam, 2026-11-26 13:00 Africa/Dakar"
    assert protocols.protocols_to_keep() == []
    sheets.approve_sheet(by=bureau["bram"], sheet_id=sheet.pk, digest=sheets.sheet_digest(sheet))
    sheets.sign_sheet(sheet.pk)
    assert protocols.protocols_to_keep() == [hearing.pk]
    assert (protocols.protocols_to_keep, protocols.keep_protocol) in EVIDENCE_WORK
    protocols.keep_protocol(hearing.pk)
    protocols.keep_protocol(hearing.pk)
    assert protocols.protocols_to_keep() == []
    item = Item.objects.get(title__startswith="Protocol of the hearing of Cedar")
    sheet.refresh_from_db()
    assert item.sha256 == sheet.sha256
    assert item.object != sheet.object
    assert [entry.event for entry in ledger_of(item)] == ["collected", "ingested"]
    with open_object(bureau.office.store, item.object, bureau.office.sealing_identities) as reader:
        assert reader.read(5) == b"%PDF-"
    hearing.refresh_from_db()
    assert hearing.item == item.pk == person.interviews.get().item
    with pytest.raises(InputError, match="has its protocol"):
        make(bureau, hearing)


def test_whoever_was_heard_is_heard_again_for_a_reason_only(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.requested()
    person = kept.protected(case.pk, alias="Cedar")
    hearing = planned(bureau, person)
    bureau.tick(60 * 72)
    make(bureau, hearing)
    assert person.interviews.get().recorded
    assert heard(bureau["anna"], person_view(bureau["anna"], case.pk, person.pk)).again
    with pytest.raises(InputError, match="interviewed before: say why"):
        planned(bureau, person, starts=dt.timedelta(days=20))
    why = "The defence was not there and asks to put questions."
    assert planned(bureau, person, starts=dt.timedelta(days=20), repeat_reason=why).repeat_reason == why


def make(bureau: Bureau, hearing: Hearing, **more: object) -> Sheet:
    return protocols.make_protocol(
        by=bureau["anna"],
        case_id=hearing.person.case,
        hearing_id=hearing.pk,
        account=account(hearing, **more),
        choice=ENGLISH,
    )


def test_a_protocol_that_names_the_witness_is_stopped_and_nothing_is_held(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.requested()
    hearing = planned(bureau, kept.protected(case.pk, alias="Cedar"))
    bureau.tick(60 * 72)

    with pytest.raises(LeakError):
        make(bureau, hearing, text="Mrs Vukasinovic said what she saw.")

    hearing.refresh_from_db()
    assert hearing.state == "planned"
    with pytest.raises(LeakError):
        planned(bureau, hearing.person, starts=dt.timedelta(days=9), plan=replace(PLAN, present=("Vukašinović",)))


def test_a_discarded_protocol_is_made_anew(kept: Custody) -> None:
    bureau = kept.bureau
    hearing = planned(bureau, kept.protected(bureau.requested().pk, alias="Cedar"))
    bureau.tick(60 * 72)
    first = make(bureau, hearing)
    sheets.discard_sheet(by=bureau["anna"], sheet_id=first.pk)

    second = make(bureau, hearing)

    hearing.refresh_from_db()
    assert hearing.protocol["sheet"] == second.pk
    assert hearing.person.interviews.count() == 1


def test_nobody_is_heard_twice_at_one_time(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.requested()
    person, other = kept.protected(case.pk, alias="Cedar"), kept.protected(case.pk, alias="Basalt")
    first = planned(bureau, person)
    with pytest.raises(InputError, match="heard at that time already"):
        planned(bureau, person, starts=SOON + dt.timedelta(minutes=89))
    second = planned(bureau, other, starts=SOON + dt.timedelta(minutes=30))

    page = hearing_page(bureau["anna"], case.pk, other.pk, second.pk)
    assert [each.kind for each in page.clashes] == [ClashKind.INTERPRETER, ClashKind.ROOM, ClashKind.ROOM]

    who = standing(bureau["anna"], case.pk)
    moved = hearings.change_hearing(
        by=who,
        hearing_id=second.pk,
        new=new(SOON + dt.timedelta(minutes=90)),
        seen=hearings.version_of(Hearing.objects.get(pk=second.pk)),
    )
    assert moved.starts_at == first.ends_at
    with pytest.raises(InputError, match="Another officer changed"):
        hearings.change_hearing(by=who, hearing_id=second.pk, new=new(), seen="an old version")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"starts": dt.timedelta(minutes=-5)}, "time to come"),
        ({"minutes": 0}, "between one minute and"),
        ({"minutes": 721}, "between one minute and"),
    ],
)
def test_a_hearing_in_the_past_or_without_end_is_refused(kept: Custody, wrong: dict[str, object], says: str) -> None:
    bureau = kept.bureau
    person = kept.protected(bureau.requested().pk, alias="Cedar")
    starts = wrong.pop("starts", SOON)
    assert isinstance(starts, dt.timedelta)
    with pytest.raises(InputError, match=says):
        hearings.plan_hearing(
            by=standing(bureau["anna"], person.case),
            person_id=person.pk,
            new=replace(new(starts), **wrong),  # type: ignore[arg-type] # one field
        )


def test_what_is_called_off_or_held_is_not_changed(kept: Custody) -> None:
    bureau = kept.bureau
    person = kept.protected(bureau.requested().pk, alias="Cedar")
    hearing = planned(bureau, person)
    who = standing(bureau["anna"], person.case)
    with pytest.raises(InputError, match="Say why"):
        hearings.call_off_hearing(by=who, hearing_id=hearing.pk, reason="no")
    hearings.call_off_hearing(by=who, hearing_id=hearing.pk, reason="The link is down in Dakar.")

    deeds: tuple[Callable[[], object], ...] = (
        lambda: hearings.call_off_hearing(by=who, hearing_id=hearing.pk, reason="The link is down."),
        lambda: hearings.note_test(by=who, hearing_id=hearing.pk, passed=True, note=""),
        lambda: hearings.renew_protocol(by=who, hearing_id=hearing.pk, sheet="x"),
    )
    for deed in deeds:
        with pytest.raises(InputError):
            deed()
    assert planned(bureau, person).state == "planned"  # the time is free again
    ahead = planned(bureau, person, starts=dt.timedelta(days=9), plan=replace(PLAN, test_at="2026-12-01T09:00:00Z"))
    with pytest.raises(InputError, match="planned for later"):
        hearings.note_test(by=who, hearing_id=ahead.pk, passed=True, note="")
    untested = planned(bureau, person, starts=dt.timedelta(days=30), plan=replace(PLAN, test_at=""))
    with pytest.raises(InputError, match="No technical test is planned"):
        hearings.note_test(by=who, hearing_id=untested.pk, passed=True, note="")
    backwards = hearings.Held(started_at=START, ended_at=START, conducted_by="x", sheet="x")
    with pytest.raises(InputError, match="after it began"):
        hearings.hold_hearing(by=who, hearing_id=untested.pk, held=backwards)


def test_a_test_stays_with_its_time(kept: Custody) -> None:
    bureau = kept.bureau
    person = kept.protected(bureau.requested().pk, alias="Cedar")
    hearing = planned(bureau, person)
    who = standing(bureau["anna"], person.case)
    bureau.tick(60 * 25)
    tested = hearings.note_test(by=who, hearing_id=hearing.pk, passed=False, note="No sound.")
    later = new(SOON + dt.timedelta(hours=1))
    kept_test = hearings.change_hearing(by=who, hearing_id=hearing.pk, new=later, seen=hearings.version_of(tested))
    assert kept_test.plan["test_result"] == "failed"
    moved = new(plan=replace(PLAN, test_at="2026-11-26T09:00:00Z"))
    found = Hearing.objects.get(pk=hearing.pk)
    changed = hearings.change_hearing(by=who, hearing_id=hearing.pk, new=moved, seen=hearings.version_of(found))
    assert changed.plan["test_result"] == ""


def test_only_officers_of_the_case_plan_and_others_find_nothing(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.requested()
    person = kept.protected(case.pk, alias="Cedar")
    case.members.get_or_create(officer=bureau["bram"], defaults={"since": bureau.clock.now()})
    with pytest.raises(PermissionRefusedError):
        hearings.plan_hearing(by=standing(bureau["bram"], case.pk), person_id=person.pk, new=new())
    hearing = planned(bureau, person)
    elsewhere = bureau.drafted()
    who = standing(bureau["anna"], elsewhere.case_id)
    with pytest.raises(UnknownObjectError):
        hearings.call_off_hearing(by=who, hearing_id=hearing.pk, reason="Not our hearing at all.")
    with pytest.raises(UnknownObjectError):
        hearing_page(bureau["anna"], elsewhere.case_id, person.pk, hearing.pk)
    with pytest.raises(UnknownObjectError):
        hearing_page(bureau["stranger"], case.pk, person.pk, hearing.pk)


def test_a_calendar_file_holds_times_and_nothing_personal(kept: Custody) -> None:
    bureau = kept.bureau
    case = bureau.requested()
    person = kept.protected(case.pk, alias="Cedar")
    hearing = planned(bureau, person)
    view = hearing_page(bureau["anna"], case.pk, person.pk, hearing.pk).view

    made = calendar_file(view, at=bureau.clock.now(), words=("Hearing", "Technical test of a hearing"))

    read = icalendar.Calendar.from_ical(made.decode())
    events = read.walk("VEVENT")
    assert [str(each["SUMMARY"]) for each in events] == ["Hearing", "Technical test of a hearing"]
    assert events[0].decoded("DTSTART") == hearing.starts_at
    assert events[0].decoded("DTEND") == hearing.ends_at
    text = made.decode("utf-8")
    for personal in (
        *SPELLINGS,
        "Amber",
        "Court room",
        "Salle",
        "Fatou",
        "Rotterdam",
        case.reference,
        case.pk,
        "Dakar",
    ):
        assert personal not in text, personal
    hearings.call_off_hearing(
        by=standing(bureau["anna"], case.pk), hearing_id=hearing.pk, reason="The link is down in Dakar."
    )
    off = hearing_page(bureau["anna"], case.pk, person.pk, hearing.pk).view
    assert b"STATUS:CANCELLED" in calendar_file(off, at=bureau.clock.now(), words=("Hearing", "Test"))
