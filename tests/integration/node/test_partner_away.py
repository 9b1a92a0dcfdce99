"""A partner that is away for three days: nothing is lost, nobody has to do anything, and nobody else waits for it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import httpx2
import pytest

from dedere.base.clock import FixedClock
from dedere.node.audit.models import Event
from dedere.node.cases import actions as cases
from dedere.node.exchange.actions import pin_card
from dedere.node.exchange.models import Alarm, OutgoingLetter
from dedere.node.trust import own_chain
from dedere.protocol.receipt import SentLetter, accept_machine_receipt
from dedere.protocol.trust import TrustDirectory
from support import exchange
from support.connected import Connected, broken, unreachable
from support.doors import MemoryNode, transport_to
from support.offices import request_tables

if TYPE_CHECKING:
    from collections.abc import Callable

MINUTE = 60
DAY = 24 * 60 * MINUTE


class Lines(httpx2.BaseTransport):
    """The ways to several partners, told apart by whom a request is for; some of them cut."""

    def __init__(self, nodes: dict[str, MemoryNode]) -> None:
        self.nodes = nodes
        self.cut: dict[str, Callable[[httpx2.Request], Exception]] = {}
        self.asked: list[str] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        partner = request.headers["dedere-to"]
        self.asked.append(partner)
        if partner in self.cut:
            raise self.cut[partner](request)
        return transport_to(self.nodes[partner]).handle_request(request)


@pytest.fixture
def lines(connected: Connected) -> Lines:
    """Senegal and Mongolia as partners of the office under test."""
    clock = connected.clock
    assert isinstance(clock, FixedClock)
    mongolia = MemoryNode("MN", clock)
    home = connected.bureau.office.home
    mongolia.trust = TrustDirectory([exchange.chain_of("MN"), own_chain(home)])
    card = exchange.card_of("MN")
    pin_card(by=None, container=card.container, fingerprint=card.fingerprint)
    made = Lines({"SN": connected.node, "MN": mongolia})
    connected.line.inner = made
    return made


def writes(connected: Connected, partner: str) -> str:
    """A request to the partner in a case of its own, approved: the letter's identifier."""
    bureau = connected.bureau
    tables = request_tables(to=partner)
    draft = cases.start_draft(
        by=bureau["anna"], partner=partner, title="A fictional matter", opens="mla", request=tables
    )
    bureau.approved(draft)
    return draft.pk


def alarms() -> list[str]:
    return list(Alarm.objects.filter(ended_at=None, kind="delivery").values_list("cause", flat=True))


@pytest.mark.parametrize("cut", [unreachable, broken], ids=["nobody listens", "lines break"])
def test_p132_p123_a_partner_that_is_back_after_three_days_gets_everything_once_by_itself(
    connected: Connected, lines: Lines, cut: Callable[[httpx2.Request], Exception]
) -> None:
    lines.cut["SN"] = cut
    letters = [writes(connected, "SN") for _ in range(3)]
    began = connected.clock.now()
    while not alarms():
        connected.work(seconds=15)
    assert connected.clock.now() - began <= dt.timedelta(minutes=5)
    officers = {officer.identifier for officer in connected.bureau.officers.values()}
    for _day in range(3):
        letters.append(writes(connected, "SN"))
        acted = Event.objects.filter(actor__in=officers).count()
        connected.work(DAY // (10 * MINUTE), seconds=10 * MINUTE)
        assert Event.objects.filter(actor__in=officers).count() == acted
    assert connected.clock.now() - began >= dt.timedelta(hours=72)
    assert set(alarms()) == {f"delivery:{letter}" for letter in letters}
    assert not connected.node.disk.of_kind("in")

    del lines.cut["SN"]
    back = connected.clock.now()
    while OutgoingLetter.objects.filter(complete=False).exists():
        connected.work(seconds=15)
    assert connected.clock.now() - back <= dt.timedelta(minutes=5)
    connected.work(2, seconds=15)
    assert alarms() == []
    assert sorted(row.letter.id for row in connected.node.disk.of_kind("in")) == sorted(letters)
    for row in OutgoingLetter.objects.filter(partner="SN"):
        sent = SentLetter(row.pk, row.digest, "SN")
        accept_machine_receipt(
            bytes(row.receipt or b""), sent, directory=connected.node.trust, now=connected.clock.now()
        )
        assert Event.objects.filter(action="letter-delivered", subject=row.pk).count() == 1


def test_p134_letters_to_a_living_partner_leave_at_once_while_another_is_away(
    connected: Connected, lines: Lines
) -> None:
    lines.cut["SN"] = unreachable
    for _ in range(6):
        writes(connected, "SN")
    connected.work(3, seconds=15)
    for _hour in range(5):
        letter = writes(connected, "MN")
        connected.work(2, seconds=1)
        row = OutgoingLetter.objects.get(pk=letter)
        assert row.delivered_at is not None
        assert row.delivered_at - row.queued_at <= dt.timedelta(seconds=2)
        connected.work(seconds=60 * MINUTE)
    assert OutgoingLetter.objects.filter(partner="SN", complete=False).count() == 6


def test_p133_a_silent_partner_is_asked_by_one_errand_at_a_time(connected: Connected, lines: Lines) -> None:
    lines.cut["SN"] = unreachable
    for _ in range(6):
        writes(connected, "SN")
    connected.work(4, seconds=5 * MINUTE)
    for _ in range(20):
        before = lines.asked.count("SN")
        connected.worker.once()
        assert lines.asked.count("SN") - before <= 1
        connected.clock.advance(dt.timedelta(minutes=5))
