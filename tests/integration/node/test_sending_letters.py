"""The worker carries what is due: each step stored first, every failure tried again, every receipt judged."""

from __future__ import annotations

import datetime as dt

import httpx2
import pytest

from dedere.base.errors import InputError
from dedere.casework.acts import ACT_VERSION
from dedere.node.audit.models import Event
from dedere.node.cases.models import Case
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence.actions import attach_upload
from dedere.node.exchange.actions import receive_letter, retry_delivery, withdraw_letter
from dedere.node.exchange.models import CardLook, OutgoingLetter
from dedere.node.exchange.sending import StoppedError, carry, due_deliveries, open_client, recover_deliveries
from dedere.node.trust import own_card
from dedere.protocol.delivery import Work
from dedere.protocol.errors import DeliveryError
from dedere.protocol.letter import LetterRef, seal_letter
from dedere.transport.errors import PartnerUnreachableError
from support import exchange
from support.connected import Connected, broken, unreachable
from support.offices import upload

FILE = b"%PDF-1.7 a fictional annex " * 400


def queued(connected: Connected, *, files: int = 0) -> OutgoingLetter:
    """Our request, sealed and queued."""
    draft = connected.bureau.drafted()
    for number in range(files):
        attach_upload(
            by=connected.bureau["anna"], draft_id=draft.pk, upload=upload(f"annex-{number}.pdf", FILE + bytes([number]))
        )
    connected.bureau.sent(draft)
    return OutgoingLetter.objects.get()


def row() -> OutgoingLetter:
    return OutgoingLetter.objects.get()


def answered(connected: Connected, place: str, status: int, *, code: str = "", body: bytes = b"") -> None:
    """From now on the partner answers requests to `place` with this."""
    headers = {"dedere-code": code} if code else {}

    def answer(request: httpx2.Request) -> httpx2.Response | None:
        if not request.url.path.startswith(place):
            return None
        return httpx2.Response(status, headers=headers, stream=httpx2.ByteStream(body))

    connected.line.answer = answer


def test_a_letter_with_its_parts_is_delivered_and_every_receipt_held(connected: Connected) -> None:
    letter = queued(connected, files=2)
    connected.work(5, seconds=1)
    letter.refresh_from_db()
    assert (letter.state, letter.complete, letter.receipt is not None) == ("delivered", True, True)
    assert all(part.receipt is not None and part.offset == part.facts["sealed_size"] for part in letter.parts.all())
    taken = connected.node.taken(letter.pk)
    assert taken.digest == letter.digest
    actions = list(Event.objects.filter(case=letter.case, actor="system:worker").values_list("action", flat=True))
    assert actions == ["letter-sealed", "letter-delivered", "part-delivered", "part-delivered"]
    assert due_deliveries() == []


def test_a_partner_that_is_not_reached_has_certainly_seen_nothing(connected: Connected) -> None:
    queued(connected)
    connected.line.cut = unreachable
    connected.work()
    assert (row().state, row().failures, row().last_code, row().exposed) == ("queued", 1, "partner-unreachable", False)


def test_a_connection_that_broke_may_have_brought_it(connected: Connected) -> None:
    queued(connected)
    connected.line.cut = broken
    connected.work()
    assert (row().state, row().exposed) == ("queued", True)
    with pytest.raises(DeliveryError, match="may have left the house"):
        withdraw_letter(by=connected.bureau["bram"], letter_id=row().pk)


def test_a_dead_partner_is_tried_ever_more_rarely_and_never_given_up(connected: Connected) -> None:
    queued(connected)
    connected.line.cut = unreachable
    connected.work(12 * 60, seconds=60)
    tries = len([line for line in connected.line.asked if line == "POST /letters"])
    assert 12 * 60 / 5 < tries < 12 * 60
    connected.line.cut = None
    connected.work(5, seconds=60)
    assert row().complete


def test_a_refusal_that_stays_ends_the_delivery_and_an_officer_decides(connected: Connected) -> None:
    letter = queued(connected)
    answered(connected, "/letters", 422, code="content-schema")
    connected.work()
    assert (row().state, row().last_code) == ("refused", "content-schema")
    assert due_deliveries() == []
    connected.line.answer = lambda _request: None
    retry_delivery(by=connected.bureau["anna"], letter_id=letter.pk)
    connected.work(2, seconds=5)
    assert row().state == "delivered"


@pytest.mark.parametrize(
    ("status", "code"), [(422, "card-unknown"), (422, "no-such-code"), (503, "facility"), (500, "")]
)
def test_everything_else_is_tried_again(connected: Connected, status: int, code: str) -> None:
    queued(connected)
    answered(connected, "/letters", status, code=code)
    connected.work()
    assert (row().state, row().failures) == ("queued", 1)
    connected.line.answer = lambda _request: None
    connected.work(2, seconds=10)
    assert row().state == "delivered"


def test_an_answer_that_is_no_receipt_proves_nothing(connected: Connected) -> None:
    queued(connected)
    answered(connected, "/letters", 200, body=b"thank you")
    connected.work()
    assert (row().state, row().receipt, row().last_code, row().exposed) == ("queued", None, "receipt-wrong", True)
    # The partner may have answered under a card that we do not have.
    assert CardLook.objects.get().wanted_at is not None


def test_the_receipt_of_another_letter_is_not_this_ones(connected: Connected) -> None:
    queued(connected)
    connected.work()
    first = bytes(row().receipt or b"")
    OutgoingLetter.objects.update(complete=True)
    case = Case.objects.get()
    draft = connected.bureau.proposed(case, "supplement", {"text": "One thing more (fictional)."}, by="anna")
    second = connected.bureau.sent(draft)
    answered(connected, "/letters", 200, body=first)
    connected.work(1, seconds=1)
    assert OutgoingLetter.objects.get(pk=second).last_code == "receipt-wrong"


def test_a_crash_while_sending_is_recovered_as_exposed(connected: Connected) -> None:
    queued(connected)
    OutgoingLetter.objects.update(state="sending")
    connected.work()
    assert row().state == "sending"
    recover_deliveries()
    assert (row().state, row().exposed) == ("queued", True)
    connected.work()
    assert row().state == "delivered"


def test_a_lost_answer_leads_to_the_same_receipt_and_one_letter_there(connected: Connected) -> None:
    letter = queued(connected)
    real = connected.line.inner

    def lose(request: httpx2.Request) -> httpx2.Response | None:
        if request.url.path != "/letters":
            return None
        real.handle_request(request)
        raise httpx2.ReadTimeout("The answer was lost.", request=request)

    connected.line.answer = lose
    connected.work()
    receipt = connected.node.taken(letter.pk).receipt
    connected.line.answer = lambda _request: None
    connected.work(2, seconds=10)
    assert bytes(row().receipt or b"") == receipt


def test_p126_an_acknowledgement_that_comes_before_the_receipt_counts_once_the_receipt_is_held(
    connected: Connected,
) -> None:
    letter = queued(connected)
    real = connected.line.inner

    def lose(request: httpx2.Request) -> httpx2.Response | None:
        if request.url.path == "/letters":
            real.handle_request(request)
            raise httpx2.ReadTimeout("The answer was lost.", request=request)
        return None

    connected.line.answer = lose
    connected.work(1, seconds=5)
    acknowledged(connected, letter)
    assert (row().receipt, row().acknowledged_at) == (None, None)

    connected.line.answer = lambda _request: None
    connected.work(3, seconds=10)

    assert row().receipt is not None
    assert row().complete
    assert row().state == "acknowledged"
    assert row().acknowledged_at is not None
    assert due_deliveries() == []


def acknowledged(connected: Connected, letter: OutgoingLetter) -> None:
    """Senegal's registrar acknowledges our letter, and the letter that says so comes in at the door."""
    at = connected.clock.now().replace(microsecond=0)
    opening = Case.objects.get(pk=letter.case).letters.get()
    act = {
        "version": ACT_VERSION,
        "kind": "acknowledgement",
        "proceeding": opening.proceeding,
        "officer": {
            "name": "Awa Diop (fictional)",
            "role": "registrar",
            "approved_by": {"name": "Moussa Fall (fictional)", "role": "approver"},
        },
        "body": {"own_reference": "SN-1", "received_on": at.date().isoformat()},
    }
    ours = own_card(connected.bureau.office.home)
    answer = exchange.plain_letter(
        "SN", "NL", case=letter.case, recipient=ours.party, act=act, sealed_at=at,
        answers=(LetterRef(letter.pk, letter.digest),),
    )  # fmt: skip
    sealed = seal_letter(exchange.pack(answer), ours.card.letter_recipients, chance=connected.node.ids)
    receive_letter(partner="SN", letter_id=answer.id, sealed=sealed, at=connected.clock.now())


def test_a_part_that_stops_goes_on_where_it_was(connected: Connected) -> None:
    letter = queued(connected, files=1)
    part = letter.parts.get()
    connected.work()
    work = Work("SN", letter.pk, part.pk)
    with open_client("SN") as client:
        carry(work, client, stopped=lambda: True)
    part.refresh_from_db()
    assert (part.receipt, row().failures) == (None, 0)
    connected.work(2, seconds=1)
    assert row().complete
    assert StoppedError("x").code == "stopped"


def test_trouble_with_a_part_never_takes_its_letter_back(connected: Connected) -> None:
    queued(connected, files=1)
    answered(connected, "/parts", 422, code="parts-contradict")
    connected.work(2, seconds=1)
    assert (row().state, row().complete, row().last_code) == ("delivered", False, "parts-contradict")
    connected.line.answer = lambda _request: None
    connected.work(3, seconds=300)
    assert row().complete


def test_a_defect_of_ours_leaves_the_letter_in_the_queue(connected: Connected) -> None:
    queued(connected)

    def explode(request: httpx2.Request) -> httpx2.Response | None:
        if request.url.path == "/letters":
            raise ZeroDivisionError
        return None

    connected.line.answer = explode
    connected.work()
    assert (row().state, row().last_code) == ("queued", "defect")
    connected.line.answer = lambda _request: None
    connected.work(2, seconds=10)
    assert row().state == "delivered"


def test_a_delivery_that_took_another_step_meanwhile_is_left_alone(connected: Connected) -> None:
    letter = queued(connected)
    withdraw_letter(by=connected.bureau["bram"], letter_id=letter.pk)
    with open_client("SN") as client:
        carry(Work("SN", letter.pk), client)
    assert (row().state, row().failures) == ("withdrawn", 0)
    assert connected.line.asked == []


def test_only_an_approver_withdraws_and_later_letters_first(connected: Connected) -> None:
    letter = queued(connected)
    case = Case.objects.get()
    second = connected.bureau.sent(
        connected.bureau.proposed(case, "supplement", {"text": "One thing more (fictional)."}, by="anna")
    )
    with pytest.raises(InputError, match="an approver"):
        withdraw_letter(by=connected.bureau["anna"], letter_id=letter.pk)
    with pytest.raises(InputError, match="withdraw that one first"):
        withdraw_letter(by=connected.bureau["bram"], letter_id=letter.pk)
    with pytest.raises(UnknownObjectError):
        withdraw_letter(by=connected.bureau["bram"], letter_id="a" * 26)
    with pytest.raises(UnknownObjectError):
        retry_delivery(by=connected.bureau["stranger"], letter_id=letter.pk)
    withdraw_letter(by=connected.bureau["bram"], letter_id=second)
    assert OutgoingLetter.objects.get(pk=second).state == "withdrawn"
    assert Event.objects.filter(action="letter-withdrawn", subject=second).exists()


def test_a_waiting_letter_is_tried_now_when_an_officer_asks(connected: Connected) -> None:
    letter = queued(connected)
    connected.line.cut = unreachable
    connected.work(40, seconds=10)
    connected.line.cut = None
    OutgoingLetter.objects.update(next_try=connected.clock.now() + dt.timedelta(hours=1))
    retry_delivery(by=connected.bureau["anna"], letter_id=letter.pk)
    connected.clock.advance(dt.timedelta(minutes=4))
    connected.work()
    assert row().state == "delivered"


def test_unreachable_is_told_to_whoever_carries(connected: Connected) -> None:
    letter = queued(connected)
    connected.line.cut = unreachable
    with open_client("SN") as client, pytest.raises(PartnerUnreachableError):
        carry(Work("SN", letter.pk), client)
