"""Delivery: the states of a letter on its way out, when it is tried again, when it is late. No input or output.

Requirements P-120 to P-134. A letter is *queued*, is being *sent*, is *delivered* when a true machine receipt is held,
*acknowledged* when a named officer of the other side has registered it; or it was *refused* by the other side's rules,
or *withdrawn* before it can have reached anybody. Its parts follow once it is delivered, whatever the officer does.

Every step gives a new value; the caller stores it before it acts on it. A crash between two steps leaves *sending*,
which `recovered` puts back into the queue: the other side answers a duplicate with the same receipt, so trying again
is always right. Trying ends only with an answer or with a withdrawal; there is no last attempt.

Each partner has a line of its own (`PartnerLine`): while a partner does not answer, its line is closed until the next
try and one letter probes it; the letters of others do not notice.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from dedere.protocol.codes import Then, what_then
from dedere.protocol.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dedere.base.identifiers import Identifiers
    from dedere.protocol.letter import Letter

_CHANCE_BYTES = 4


class DeliveryState(enum.StrEnum):
    """Where an outgoing letter stands."""

    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Step(enum.StrEnum):
    """At which step a delivery is late."""

    DELIVERY = "delivery"
    PARTS = "parts"
    ACKNOWLEDGEMENT = "acknowledgement"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class BackOff:
    """Exponential with jitter and without end (P-123): between half and all of `first` · 2ⁿ, never above `most`.

    `most` bounds how long a partner that is back waits for its letters.
    """

    first: dt.timedelta = dt.timedelta(seconds=2)
    most: dt.timedelta = dt.timedelta(minutes=4)

    def delay(self, failures: int, chance: Identifiers) -> dt.timedelta:
        """How long to wait after `failures` failures in a row (1 for the first)."""
        whole: dt.timedelta = min(self.most, self.first * (1 << min(max(failures, 1) - 1, 30)))
        share = int.from_bytes(chance.random_bytes(_CHANCE_BYTES), "big") / (1 << 8 * _CHANCE_BYTES)
        return whole * (0.5 + share / 2)


@dataclass(frozen=True, slots=True)
class Allowances:
    """How long each step may take before it is late. An alarm shows at once, so it stands within five minutes."""

    delivery: dt.timedelta = dt.timedelta(minutes=4)
    parts: dt.timedelta = dt.timedelta(minutes=4)
    acknowledgement: dt.timedelta = dt.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Late:
    """An alarm: which letter, at which step, since when, and the last code heard."""

    letter: str
    partner: str
    step: Step
    since: dt.datetime
    code: str


@dataclass(frozen=True, slots=True)
class PartProgress:
    """How far a part has come. `offset` counts sealed bytes that the other side has confirmed."""

    part: str
    sealed_size: int
    offset: int = 0
    receipted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingDelivery:
    """One letter on its way to one partner. Immutable: each step returns the delivery after it.

    `exposed`: its bytes may have left the house; from then on it can no longer be withdrawn.
    `moved_at`: the last instant at which anything went forward.
    """

    letter: str
    partner: str
    queued_at: dt.datetime
    next_try: dt.datetime
    moved_at: dt.datetime
    state: DeliveryState = DeliveryState.QUEUED
    failures: int = 0
    last_code: str = ""
    exposed: bool = False
    delivered_at: dt.datetime | None = None
    acknowledged_at: dt.datetime | None = None
    parts: tuple[PartProgress, ...] = ()

    @classmethod
    def queue(cls, letter: Letter, now: dt.datetime) -> OutgoingDelivery:
        """`letter` in the queue of its recipient, due at once."""
        parts = tuple(PartProgress(part.id, part.sealed_size) for part in letter.parts)
        partner = letter.recipient.state
        return cls(letter=letter.id, partner=partner, queued_at=now, next_try=now, moved_at=now, parts=parts)

    @property
    def complete(self) -> bool:
        """Whether letter and parts are with the other side, receipts held."""
        return self.is_there and all(part.receipted for part in self.parts)

    @property
    def is_there(self) -> bool:
        """Whether the letter is with the other side."""
        return self.state in {DeliveryState.DELIVERED, DeliveryState.ACKNOWLEDGED}

    def letter_due(self, now: dt.datetime) -> bool:
        """Whether the letter is to be tried now."""
        return self.state is DeliveryState.QUEUED and self.next_try <= now

    def part_due(self, now: dt.datetime) -> PartProgress | None:
        """The part that is to be pushed now, if any."""
        if not self.is_there or self.next_try > now:
            return None
        return next((part for part in self.parts if not part.receipted), None)

    def sending(self) -> OutgoingDelivery:
        """A try begins. To be stored before the first byte leaves (P-121)."""
        self._require(DeliveryState.QUEUED)
        return replace(self, state=DeliveryState.SENDING)

    def recovered(self, now: dt.datetime) -> OutgoingDelivery:
        """After a crash: what was being sent may have arrived; it is queued again, due at once (P-122)."""
        if self.state is not DeliveryState.SENDING:
            return self
        return replace(self, state=DeliveryState.QUEUED, next_try=now, exposed=True)

    def failed(
        self, now: dt.datetime, code: str, *, chance: Identifiers, exposed: bool = True, back_off: BackOff | None = None
    ) -> OutgoingDelivery:
        """A try, of the letter or of a part, ended with `code`: tried again later, or refused for good (P-124).

        `exposed` is False only where it is sure that not one byte was sent.
        """
        if self.state not in {DeliveryState.SENDING, DeliveryState.DELIVERED, DeliveryState.ACKNOWLEDGED}:
            raise DeliveryError(f"A delivery that is {self.state.value} cannot fail.")
        out = self.exposed or exposed or self.is_there
        if what_then(code) is Then.STOP and not self.is_there:
            return replace(self, last_code=code, exposed=out, state=DeliveryState.REFUSED, moved_at=now)
        failures = self.failures + 1
        due = now + (back_off or BackOff()).delay(failures, chance)
        state = self.state if self.is_there else DeliveryState.QUEUED
        return replace(self, last_code=code, exposed=out, state=state, failures=failures, next_try=due)

    def delivered(self, now: dt.datetime, *, received_at: dt.datetime) -> OutgoingDelivery:
        """A true machine receipt is held (P-125). Holding it again changes nothing."""
        if self.is_there:
            return self
        self._require(DeliveryState.SENDING, DeliveryState.QUEUED, DeliveryState.REFUSED)
        return replace(
            self,
            state=DeliveryState.DELIVERED,
            delivered_at=received_at,
            moved_at=now,
            next_try=now,
            failures=0,
            last_code="",
            exposed=True,
        )

    def acknowledged(self, now: dt.datetime) -> OutgoingDelivery:
        """The other side's officer has registered it. This proves delivery even where the receipt was lost (P-126)."""
        if self.state is DeliveryState.ACKNOWLEDGED:
            return self
        there = self.delivered(now, received_at=now)
        return replace(there, state=DeliveryState.ACKNOWLEDGED, acknowledged_at=now)

    def part_moved(self, part: str, offset: int, *, now: dt.datetime) -> OutgoingDelivery:
        """The other side holds `offset` sealed bytes of `part`; it may be fewer than before (P-127)."""
        moved = tuple(replace(each, offset=offset) if each.part == part else each for each in self.parts)
        further = any(new.offset > old.offset for new, old in zip(moved, self.parts, strict=True))
        if not further:
            return replace(self, parts=moved)
        return replace(self, parts=moved, moved_at=now, failures=0, last_code="")

    def part_delivered(self, part: str, *, now: dt.datetime) -> OutgoingDelivery:
        """A true receipt for `part` is held (P-128)."""
        parts = tuple(
            replace(each, offset=each.sealed_size, receipted=True) if each.part == part else each for each in self.parts
        )
        return replace(self, parts=parts, moved_at=now, next_try=now, failures=0, last_code="")

    def withdrawn(self, now: dt.datetime) -> OutgoingDelivery:
        """Taken back, which is possible only while it is sure that nobody else has it (P-129).

        The caller sees to it that no later letter of the case is queued: a number in between would be missing.
        """
        if self.exposed or self.state not in {DeliveryState.QUEUED, DeliveryState.REFUSED}:
            raise DeliveryError("The letter may have left the house; send a letter that withdraws the act instead.")
        return replace(self, state=DeliveryState.WITHDRAWN, moved_at=now)

    def packed(self) -> OutgoingDelivery:
        """It was written to a carrier: from now on somebody may hold it (P-130). It stays queued."""
        return replace(self, exposed=True)

    def retried(self, now: dt.datetime) -> OutgoingDelivery:
        """An officer has it tried now: a refused letter is queued again, a waiting one does not wait (P-131)."""
        if self.state is DeliveryState.REFUSED:
            return replace(self, state=DeliveryState.QUEUED, next_try=now, queued_at=now, failures=0)
        return replace(self, next_try=now)

    def late(self, now: dt.datetime, allowances: Allowances | None = None) -> Late | None:
        """The alarm that stands now, if one does (P-132)."""
        allowed = allowances or Allowances()
        found: tuple[Step, dt.datetime] | None = None
        match self.state:
            case DeliveryState.WITHDRAWN:
                pass
            case DeliveryState.REFUSED:
                found = (Step.REFUSED, self.moved_at)
            case DeliveryState.QUEUED | DeliveryState.SENDING:
                if now - self.queued_at >= allowed.delivery:
                    found = (Step.DELIVERY, self.queued_at)
            case DeliveryState.DELIVERED | DeliveryState.ACKNOWLEDGED:
                found = self._late_there(now, allowed)
            case _:
                assert_never(self.state)
        return Late(self.letter, self.partner, found[0], found[1], self.last_code) if found else None

    def _late_there(self, now: dt.datetime, allowed: Allowances) -> tuple[Step, dt.datetime] | None:
        if not self.complete and now - self.moved_at >= allowed.parts:
            return Step.PARTS, self.moved_at
        if self.acknowledged_at is None and self.delivered_at and now - self.delivered_at >= allowed.acknowledgement:
            return Step.ACKNOWLEDGEMENT, self.delivered_at
        return None

    def _require(self, *states: DeliveryState) -> None:
        if self.state not in states:
            raise DeliveryError(f"A delivery that is {self.state.value} cannot take this step.")


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """The line to one partner: closed until `next_try` while it does not answer (P-133)."""

    partner: str
    failures: int = 0
    next_try: dt.datetime | None = None

    def is_open(self, now: dt.datetime) -> bool:
        """Whether the partner may be tried now."""
        return self.next_try is None or self.next_try <= now

    def unreachable(self, now: dt.datetime, *, chance: Identifiers, back_off: BackOff | None = None) -> PartnerLine:
        """The partner did not answer."""
        failures = self.failures + 1
        return PartnerLine(self.partner, failures, now + (back_off or BackOff()).delay(failures, chance))

    def answered(self) -> PartnerLine:
        """The partner answered, whatever it said."""
        return PartnerLine(self.partner)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done next for a partner: the letter, or (`part` given) a part of it."""

    partner: str
    letter: str
    part: str | None = None


def choose_work(
    deliveries: Iterable[OutgoingDelivery],
    lines: Mapping[str, PartnerLine],
    *,
    now: dt.datetime,
    busy: frozenset[Work] = frozenset(),
    letters_each: int = 4,
) -> tuple[Work, ...]:
    """What to do now: for each partner whose line is open up to `letters_each` letters and one part, oldest first.

    P-134: partners do not share anything here, so one dead partner delays nobody. A line that has just failed is
    probed with one letter. `busy` is what is under way already. Letters never wait behind parts.
    """
    chosen: list[Work] = []
    letters: dict[str, int] = {}
    parts: set[str] = set()
    for work in busy:
        if work.part is None:
            letters[work.partner] = letters.get(work.partner, 0) + 1
        else:
            parts.add(work.partner)
    for each in sorted(deliveries, key=lambda one: (one.queued_at, one.letter)):
        line = lines.get(each.partner, PartnerLine(each.partner))
        if not line.is_open(now):
            continue
        room = 1 if line.failures else letters_each
        work = Work(each.partner, each.letter)
        if each.letter_due(now) and letters.get(each.partner, 0) < room and work not in busy:
            letters[each.partner] = letters.get(each.partner, 0) + 1
            chosen.append(work)
        part = each.part_due(now)
        if part is not None and each.partner not in parts and not (line.failures and letters.get(each.partner)):
            parts.add(each.partner)
            chosen.append(Work(each.partner, each.letter, part.part))
    return tuple(chosen)
