"""How letters and parts get from one authority to another: over a network at its worst, by polling, or by hand.

The delivery rules are those of `protocol.delivery`; what is simulated here is only the wire. The faults of a try follow
from the letter and the number of the try, so that they are the same whatever else happens.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.cli.simulation.chance import Stream, throw
from dedere.cli.simulation.disk import Crash
from dedere.cli.simulation.plants import Plant
from dedere.cli.simulation.scenario import Trouble
from dedere.cli.simulation.sealing import tampered
from dedere.protocol.delivery import BackOff, DeliveryState, OutgoingDelivery
from dedere.transport.faulty import Fault, Weather

if TYPE_CHECKING:
    from dedere.casework.acts import RecordedAct
    from dedere.cli.simulation.authority import Authority
    from dedere.cli.simulation.world import World

_BACK_OFF = BackOff(first=dt.timedelta(minutes=10), most=dt.timedelta(hours=12))
_POLL = dt.timedelta(hours=6)
_PARTITION_DAYS = 4
_PARTITION_PERCENT = 6
_LONG_PARTITION_DAYS = 24
_LONG_PARTITION_PERCENT = 3
# After so many failures a letter goes by hand as well, and after so many more again.
_BY_HAND_AFTER = 7
_NEXT_BAG_AFTER = 21


class Network:
    """The wires between the authorities of a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._weather = Weather(tuple((fault, 4) for fault in Fault if fault is not Fault.NONE))
        self._partings: dict[tuple[str, str, int], bool] = {}
        self._parts = world.scenario.happens(Trouble.PARTITION)

    def post(self, letter: RecordedAct) -> None:
        """See to it that a queued letter is tried as soon as it is due."""
        sender = self._world.authorities[letter.sender]
        delivery = sender.disk.outbox.get(letter.letter)
        if delivery is None:
            return
        when, life = delivery.next_try, sender.life
        if self._world.authorities[letter.recipient].one_sided:
            when = max(when, self._world.agenda.now) + _POLL
        self._world.agenda.put(when, lambda: self._try(letter, life))

    def resume(self, authority: Authority) -> None:
        """After a restart: everything that is still to be delivered is tried again."""
        for letter in list(authority.disk.queued.values()):
            self.post(letter)

    def _try(self, letter: RecordedAct, life: int) -> None:
        """One try, set by a machine that has not died since."""
        sender = self._world.authorities[letter.sender]
        delivery = sender.disk.outbox.get(letter.letter)
        if sender.life != life or delivery is None:
            return
        try:
            if delivery.letter_due(self._world.agenda.now):
                self._try_letter(sender, letter, delivery)
            else:
                self._try_part(sender, letter, delivery)
        except Crash:
            self._world.strike(sender)
            return
        after = sender.disk.outbox.get(letter.letter)
        if after is not None:
            self.post(letter)
            self._perhaps_by_hand(letter, after)

    def _try_letter(self, sender: Authority, letter: RecordedAct, delivery: OutgoingDelivery) -> None:
        under_way = delivery.sending()
        sender.disk.keep(letter, under_way)
        code = self._carry(letter, self._fault(letter, delivery.failures))
        held, now = sender.disk.outbox.get(letter.letter), self._world.agenda.now
        if held is None:
            return
        if code == "":
            if self._world.authorities[letter.recipient].one_sided:
                self._world.happened("one-sided")
            sender.disk.keep(letter, held.delivered(now, received_at=now))
        elif held.state is DeliveryState.SENDING:
            chance = Stream(f"{letter.letter}/{held.failures}")
            exposed = code != "partner-unreachable"
            sender.disk.keep(letter, held.failed(now, code, chance=chance, back_off=_BACK_OFF, exposed=exposed))

    def _try_part(self, sender: Authority, letter: RecordedAct, delivery: OutgoingDelivery) -> None:
        now = self._world.agenda.now
        part = delivery.part_due(now)
        if part is None:
            return
        fault = self._fault(letter, delivery.failures, part.part)
        receipted = False
        if fault in {Fault.NONE, Fault.REPEAT, Fault.DELAY}:
            for _ in range(2 if fault is Fault.REPEAT else 1):
                receipted = self._arrive_part(letter, part.part)
        if receipted or sender.plant == Plant.PART_FORGOTTEN:
            sender.disk.keep(letter, delivery.part_delivered(part.part, now=now))
        else:
            self._world.happened("part-tried-again")
            chance = Stream(f"{letter.letter}/{part.part}/{delivery.failures}")
            failed = delivery.failed(now, "partner-unreachable", chance=chance, back_off=_BACK_OFF)
            sender.disk.keep(letter, failed)

    def _carry(self, letter: RecordedAct, fault: Fault) -> str:
        """Carry a letter through one fault; the code the sender hears, empty for a receipt."""
        heard = _HEARD.get(fault, "")
        match fault:
            case Fault.UNREACHABLE | Fault.LOSE_REQUEST | Fault.CUT:
                return heard
            case Fault.HOLD_BACK:
                hours = 1 + throw(letter.letter, "held", sides=200)
                self._world.agenda.put(self._world.agenda.now + dt.timedelta(hours=hours), lambda: self._arrive(letter))
                return heard
            case Fault.REPEAT:
                self._arrive(letter)
            case _:
                pass
        code = self._arrive(tampered(letter) if fault is Fault.TAMPER_REQUEST else letter)
        return heard or code

    def _arrive(self, letter: RecordedAct) -> str:
        recipient = self._world.authorities[letter.recipient]
        if not recipient.up:
            return "partner-unreachable"
        try:
            code = recipient.receive(letter)
        except Crash:
            self._world.strike(recipient)
            return "" if recipient.plant == Plant.RECEIPT_BEFORE_RECORD else "partner-unreachable"
        if code == "":
            self._world.arrived(recipient, letter)
        else:
            self._world.tell(letter.case, f"{recipient.state} refuses what came from {letter.sender}: {code}.")
        return code

    def _arrive_part(self, letter: RecordedAct, part: str) -> bool:
        """Bring a part; whether a receipt comes back."""
        recipient = self._world.authorities[letter.recipient]
        if not recipient.up:
            return False
        try:
            recipient.receive_part(letter, part)
        except Crash:
            self._world.strike(recipient)
            return False
        return True

    def _fault(self, letter: RecordedAct, number: int, part: str = "") -> Fault:
        world, now = self._world, self._world.agenda.now
        if not world.authorities[letter.recipient].up:
            return Fault.UNREACHABLE
        if now >= world.end:
            return Fault.NONE
        if self._parts and self._parted(letter.sender, letter.recipient):
            world.happened(Trouble.PARTITION.value)
            return Fault.UNREACHABLE
        fault = self._weather.fault_for(throw(letter.letter, part, number, sides=100))
        if fault is not Fault.NONE and not world.scenario.happens(fault):
            return Fault.NONE
        if fault is not Fault.NONE:
            world.happened(fault.value)
        return fault

    def _parted(self, one: str, other: str) -> bool:
        """Whether nothing gets from one to the other now: for some days, or for some weeks."""
        days = (self._world.agenda.now - self._world.begin).days
        key = (one, other, days // _PARTITION_DAYS)
        if key not in self._partings:
            pair = "/".join(sorted((one, other)))
            seed = self._world.scenario.seed
            self._partings[key] = (
                throw(seed, "parted", pair, days // _PARTITION_DAYS, sides=100) < _PARTITION_PERCENT
                or throw(seed, "long parted", pair, days // _LONG_PARTITION_DAYS, sides=100) < _LONG_PARTITION_PERCENT
            )
        return self._partings[key]

    def _perhaps_by_hand(self, letter: RecordedAct, delivery: OutgoingDelivery) -> None:
        now = self._world.agenda.now
        if delivery.is_there or delivery.failures % _NEXT_BAG_AFTER != _BY_HAND_AFTER or now >= self._world.end:
            return
        sender = self._world.authorities[letter.sender]
        bag = delivery.failures
        days = dt.timedelta(days=3 + throw(letter.letter, "journey", bag, sides=6))
        packed = delivery.packed()
        if sender.plant == Plant.CARRIER_TRUSTED:
            packed = packed.retried(now).sending().delivered(now, received_at=now)
        try:
            sender.disk.keep(letter, packed)
        except Crash:
            self._world.strike(sender)
        self._world.tell(letter.case, f"{sender.state} sends the {letter.kind.value} by hand.")
        if throw(letter.letter, "lost bag", bag, sides=100) < _BAGS_LOST:
            self._world.happened("bag-lost")
        else:
            self._world.happened("by-hand")
            self._world.agenda.put(now + days, lambda: self._bag_arrives(letter, days))

    def _bag_arrives(self, letter: RecordedAct, days: dt.timedelta) -> None:
        if self._arrive(letter) == "":
            self._world.agenda.put(self._world.agenda.now + days, lambda: self._bag_returns(letter))

    def _bag_returns(self, letter: RecordedAct) -> None:
        """The receipt is back by hand."""
        sender = self._world.authorities[letter.sender]
        delivery = sender.disk.outbox.get(letter.letter)
        if not sender.up or delivery is None or delivery.is_there:
            return
        now = self._world.agenda.now
        self._world.happened("receipt-by-hand")
        try:
            sender.disk.keep(letter, delivery.delivered(now, received_at=now))
        except Crash:
            self._world.strike(sender)
            return
        self.post(letter)


_BAGS_LOST = 15

# What the sender hears instead of an answer.
_HEARD = {
    Fault.UNREACHABLE: "partner-unreachable",
    Fault.LOSE_REQUEST: "body-too-slow",
    Fault.CUT: "body-too-slow",
    Fault.HOLD_BACK: "body-too-slow",
    Fault.LOSE_ANSWER: "body-too-slow",
    Fault.TAMPER_ANSWER: "receipt-wrong",
}
