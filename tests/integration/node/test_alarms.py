"""What is late stands on an officer's screen within minutes, says why, and goes when its cause does."""

from __future__ import annotations

import dataclasses
import datetime as dt
import ssl

import httpx2
import pytest

from dedere.node.audit.models import Event
from dedere.node.evidence.actions import attach_upload
from dedere.node.exchange.actions import pin_card, withdraw_letter
from dedere.node.exchange.alarms import end_alarm, raise_alarm, watch_deliveries, watch_own_card
from dedere.node.exchange.models import Alarm, OutgoingLetter
from dedere.node.issuing import Wish, issue_next
from support import exchange
from support.connected import Connected, unreachable
from support.offices import upload


def queued(connected: Connected, *, files: int = 0) -> OutgoingLetter:
    draft = connected.bureau.drafted()
    for number in range(files):
        annex = upload(f"annex-{number}.pdf", b"%PDF-1.7 a fictional annex" + bytes([number]))
        attach_upload(by=connected.bureau["anna"], draft_id=draft.pk, upload=annex)
    connected.bureau.sent(draft)
    return OutgoingLetter.objects.get()


def answered(connected: Connected, place: str, status: int, code: str) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response | None:
        if not request.url.path.startswith(place):
            return None
        return httpx2.Response(status, headers={"dedere-code": code} if code else {}, stream=httpx2.ByteStream(b""))

    connected.line.answer = answer


def standing(kind: str = "delivery") -> list[str]:
    return list(Alarm.objects.filter(ended_at=None, kind=kind).values_list("sentence", flat=True))


def test_a_partner_that_does_not_answer_is_an_alarm_within_five_minutes_and_ends_by_itself(
    connected: Connected,
) -> None:
    letter = queued(connected)
    connected.line.cut = unreachable
    connected.work(8, seconds=20)
    assert standing() == []
    connected.work(6, seconds=20)
    (sentence,) = standing()
    assert sentence == "A letter has not reached SN, which does not answer. It is tried again by itself."
    alarm = Alarm.objects.get(kind="delivery")
    assert alarm.case == letter.case
    assert alarm.raised_at - letter.queued_at < dt.timedelta(minutes=5)
    connected.work(20, seconds=60)
    raised = Event.objects.filter(action="alarm-raised", subject=letter.pk)
    assert [event.details for event in raised] == [{"step": "delivery"}]
    connected.line.cut = None
    connected.work(20, seconds=20)
    assert standing() == []
    assert Alarm.objects.get(kind="delivery").ended_at is not None


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (404, "unknown-caller", "SN does not know us"),
        (422, "card-unknown", "SN does not have our newest card yet"),
        (503, "facility", "does not answer"),
    ],
)
def test_an_alarm_says_why_where_that_is_known(connected: Connected, status: int, code: str, words: str) -> None:
    queued(connected)
    answered(connected, "/letters", status, "" if code == "unknown-caller" else code)
    connected.work(16, seconds=20)
    assert words in standing()[0]


def test_an_alarm_that_stands_says_what_is_true_now_and_is_raised_once(connected: Connected) -> None:
    letter = queued(connected)
    connected.line.cut = unreachable
    connected.work(16, seconds=20)
    connected.line.cut = None
    answered(connected, "/letters", 422, "card-unknown")
    connected.work(30, seconds=20)
    assert "newest card" in standing()[0]
    assert Event.objects.filter(action="alarm-raised", subject=letter.pk).count() == 1


def test_a_refusal_is_an_alarm_at_once_and_an_officer_decides(connected: Connected) -> None:
    letter = queued(connected)
    answered(connected, "/letters", 422, "content-schema")
    connected.work()
    watch_deliveries()
    assert standing() == ["SN refuses a letter (content-schema). It will not be tried again: look at the letter."]
    OutgoingLetter.objects.update(exposed=False)  # as if it certainly had not been read
    withdraw_letter(by=connected.bureau["bram"], letter_id=letter.pk)
    watch_deliveries()
    assert standing() == []


def test_evidence_that_does_not_move_is_an_alarm(connected: Connected) -> None:
    queued(connected, files=1)
    answered(connected, "/parts", 503, "facility")
    connected.work(20, seconds=20)
    assert standing() == ["The evidence of a letter to SN does not move. It is tried again by itself."]
    connected.line.answer = lambda _request: None
    connected.work(30, seconds=20)
    assert standing() == []


def test_a_letter_that_nobody_registers_is_an_alarm_after_two_days(connected: Connected) -> None:
    queued(connected)
    connected.work(3, seconds=5)
    connected.work(2, seconds=24 * 3600)
    assert standing() == []
    connected.work(2, seconds=3600)
    assert standing() == ["SN has a letter that no officer there has registered yet."]


def test_a_letter_for_a_partner_that_fetches_waits_to_be_fetched(connected: Connected) -> None:
    silent = exchange.sign_card(
        dataclasses.replace(exchange.card_of("SN").card, addresses=(), serial=2, previous=exchange.card_of("SN").digest)
    )
    pin_card(by=None, container=silent.container)
    queued(connected)
    connected.work(16, seconds=20)
    assert standing() == ["A letter waits to be fetched by SN, which cannot be called and has not come for it."]
    assert connected.line.asked == []


def test_a_cause_that_comes_again_is_raised_again(connected: Connected) -> None:
    for _ in range(2):
        raise_alarm("test:1", kind="card", sentence="A fictional alarm.")
        raise_alarm("test:1", kind="card", sentence="A fictional alarm.")
        assert standing("card") == ["A fictional alarm."]
        connected.clock.advance(dt.timedelta(hours=1))
        end_alarm("test:1")
        end_alarm("test:2")
        assert standing("card") == []
    assert Alarm.objects.count() == 1
    assert Event.objects.filter(action="alarm-raised", subject="test:1").count() == 2


def test_our_own_card_does_not_end_unnoticed_and_the_next_one_ends_the_alarm(connected: Connected) -> None:
    home = connected.bureau.office.home
    watch_own_card()
    assert standing("card") == []
    connected.clock.advance(dt.timedelta(days=650))
    watch_own_card()
    (sentence,) = standing("card")
    assert "Our own card ends on" in sentence
    assert "dedere card rotate" in sentence
    issue_next(home, Wish(), clock=connected.clock, identifiers=connected.bureau.office.identifiers)
    watch_own_card()
    assert standing("card") == []


def test_a_certificate_that_is_not_the_cards_is_said_so(connected: Connected) -> None:
    queued(connected)
    certificate = ssl.SSLCertVerificationError(1, "certificate verify failed")

    def other_certificate(request: httpx2.Request) -> Exception:
        error = httpx2.ConnectError("certificate verify failed", request=request)
        error.__cause__ = certificate
        return error

    connected.line.cut = other_certificate
    connected.work(16, seconds=20)
    assert "another certificate than its card names" in standing()[0]
