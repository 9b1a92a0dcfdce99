"""A delivery, driven by any steps in any order, keeps its promises."""

from __future__ import annotations

import datetime as dt

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dedere.base.identifiers import SeededIdentifiers
from dedere.protocol.codes import registry
from dedere.protocol.delivery import DeliveryState, OutgoingDelivery
from dedere.protocol.errors import DeliveryError
from support.exchange import NOW, part_of, plain_letter

PARTS = (part_of("film"), part_of("sound"))
ENDED = {DeliveryState.WITHDRAWN}


class DeliveryMachine(RuleBasedStateMachine):
    """Steps that a worker, an officer, a partner or a crash can make."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.chance = SeededIdentifiers("machine")
        self.delivery = OutgoingDelivery.queue(plain_letter(parts=PARTS), NOW)
        self.was_there = False
        self.was_exposed = False
        self.bytes_left = False
        self.receipted: set[str] = set()

    @rule(seconds=st.integers(0, 100_000))
    def time_passes(self, seconds: int) -> None:
        self.now += dt.timedelta(seconds=seconds)

    @rule()
    def worker_begins(self) -> None:
        if self.delivery.letter_due(self.now):
            self.delivery = self.delivery.sending()

    @rule()
    def crash(self) -> None:
        if self.delivery.state is DeliveryState.SENDING:
            self.bytes_left = True
        self.delivery = self.delivery.recovered(self.now)

    @rule(code=st.sampled_from([*sorted(registry()), "unknown-code"]), exposed=st.booleans())
    def try_fails(self, code: str, exposed: bool) -> None:  # noqa: FBT001 - drawn
        if self.delivery.state is DeliveryState.SENDING or self.delivery.is_there:
            self.bytes_left |= exposed
            self.delivery = self.delivery.failed(self.now, code, chance=self.chance, exposed=exposed)

    @rule()
    def receipt_comes(self) -> None:
        if self.delivery.state is DeliveryState.SENDING:
            self.bytes_left = True
            self.delivery = self.delivery.delivered(self.now, received_at=self.now)

    @rule()
    def acknowledgement_comes(self) -> None:
        if self.bytes_left and self.delivery.state is not DeliveryState.WITHDRAWN:
            self.delivery = self.delivery.acknowledged(self.now)

    @rule(offset=st.integers(0, 2000))
    def part_moves(self, offset: int) -> None:
        due = self.delivery.part_due(self.now)
        if due is not None:
            self.delivery = self.delivery.part_moved(due.part, min(offset, due.sealed_size), now=self.now)

    @rule()
    def part_is_receipted(self) -> None:
        due = self.delivery.part_due(self.now)
        if due is not None:
            self.receipted.add(due.part)
            self.delivery = self.delivery.part_delivered(due.part, now=self.now)

    @rule()
    def officer_withdraws(self) -> None:
        try:
            self.delivery = self.delivery.withdrawn(self.now)
        except DeliveryError:
            return
        # P-129
        assert not self.bytes_left

    @rule()
    def officer_retries(self) -> None:
        self.delivery = self.delivery.retried(self.now)

    @invariant()
    def what_is_there_stays_there(self) -> None:
        # P-124, P-125
        assert self.delivery.is_there or not self.was_there
        self.was_there = self.delivery.is_there

    @invariant()
    def what_left_stays_exposed(self) -> None:
        assert self.delivery.exposed or not self.was_exposed
        self.was_exposed = self.delivery.exposed

    @invariant()
    def there_is_always_a_next_step(self) -> None:
        # P-123: a queued letter is due at the latest four minutes from now; nothing is forgotten.
        if self.delivery.state is DeliveryState.QUEUED:
            assert self.delivery.letter_due(self.now + dt.timedelta(minutes=4))
        if self.delivery.is_there and not self.delivery.complete:
            assert self.delivery.part_due(self.now + dt.timedelta(minutes=4)) is not None

    @invariant()
    def complete_means_every_receipt(self) -> None:
        # P-128
        assert self.delivery.complete == (self.delivery.is_there and len(self.receipted) == len(PARTS))

    @invariant()
    def what_does_not_move_is_an_alarm(self) -> None:
        # P-132
        if self.delivery.state in {DeliveryState.QUEUED, DeliveryState.SENDING}:
            late = self.delivery.late(self.delivery.queued_at + dt.timedelta(minutes=5))
            assert late is not None


TestDeliveryMachine = DeliveryMachine.TestCase
