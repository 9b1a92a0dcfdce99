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
_BY_HAND_AFTER = 7


class Network:
    """The wires between the authorities of a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._weather = Weather(tuple((fault, 4) for fault in Fault if fault is not Fault.NONE))

    def post(self, letter: RecordedAct) -> None:
        """See to it that a queued letter is tried as soon as it is due."""
        sender = self._world.authorities[letter.sender]
        delivery = sender.disk.outbox.get(letter.letter)
        if delivery is None:
            return
        when = delivery.next_try
        if self._world.authorities[letter.recipient].one_sided:
            when = max(when, self._world.agenda.now) + _POLL
        self._world.agenda.put(when, lambda: self._try(letter))

    def resume(self, authority: Authority) -> None:
        """After a restart: everything that is still to be delivered is tried again."""
        for name, delivery in authority.disk.outbox.items():
            letter = self._letter(authority, name)
            if letter is not None and not delivery.complete:
                self.post(letter)

    def _letter(self, authority: Authority, name: str) -> RecordedAct | None:
        return next((case[name] for case in authority.disk.letters.values() if name in case), None)

    def _try(self, letter: RecordedAct) -> None:
        sender = self._world.authorities[letter.sender]
        delivery = sender.disk.outbox.get(letter.letter)
        if not sender.up or delivery is None or delivery.complete:
            return
        try:
            if delivery.letter_due(self._world.agenda.now):
                self._try_letter(sender, letter, delivery)
            else:
                self._try_part(sender, letter, delivery)
        except Crash:
            self._world.strike(sender)
            return
        after = sender.disk.outbox[letter.letter]
        if not after.complete:
            self.post(letter)
            self._perhaps_by_hand(letter, after)

    def _try_letter(self, sender: Authority, letter: RecordedAct, delivery: OutgoingDelivery) -> None:
        self._keep(sender, letter, delivery.sending())
        code = self._carry(letter, self._fault(letter, delivery.failures))
        delivery, now = sender.disk.outbox[letter.letter], self._world.agenda.now
        if code == "":
            self._keep(sender, letter, delivery.delivered(now, received_at=now))
        elif delivery.state is DeliveryState.SENDING:
            chance = Stream(f"{letter.letter}/{delivery.failures}")
            failed = delivery.failed(
                now, code, chance=chance, back_off=_BACK_OFF, exposed=code != "partner-unreachable"
            )
            self._keep(sender, letter, failed)

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
            self._keep(sender, letter, delivery.part_delivered(part.part, now=now))
        else:
            chance = Stream(f"{letter.letter}/{part.part}/{delivery.failures}")
            self._keep(sender, letter, delivery.failed(now, "partner-unreachable", chance=chance, back_off=_BACK_OFF))

    def _carry(self, letter: RecordedAct, fault: Fault) -> str:
        """Carry a letter through one fault; the code the sender hears, empty for a receipt."""
        heard = _HEARD.get(fault, "")
        match fault:
            case Fault.UNREACHABLE | Fault.LOSE_REQUEST | Fault.CUT:
                return heard
            case Fault.HOLD_BACK:
                hours = 1 + throw(letter.letter, "held", sides=200)
                self._world.agenda.put(
                    self._world.agenda.now + dt.timedelta(hours=hours), lambda: self._arrive_late(letter)
                )
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
        return code

    def _arrive_late(self, letter: RecordedAct) -> None:
        self._arrive(letter)

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
        if now >= world.scenario.end:
            return Fault.NONE
        if world.scenario.happens(Trouble.PARTITION) and self._parted(letter.sender, letter.recipient):
            return Fault.UNREACHABLE
        fault = self._weather.fault_for(throw(letter.letter, part, number, sides=100))
        if fault is not Fault.NONE and not world.scenario.happens(fault):
            return Fault.NONE
        world.count.faults[fault.value] += 1
        return fault

    def _parted(self, one: str, other: str) -> bool:
        days = (self._world.agenda.now - self._world.begin).days // _PARTITION_DAYS
        pair = "/".join(sorted((one, other)))
        return throw(self._world.scenario.seed, "parted", pair, days, sides=100) < _PARTITION_PERCENT

    def _perhaps_by_hand(self, letter: RecordedAct, delivery: OutgoingDelivery) -> None:
        if (
            delivery.is_there
            or delivery.failures != _BY_HAND_AFTER
            or self._world.agenda.now >= self._world.scenario.end
        ):
            return
        sender = self._world.authorities[letter.sender]
        days = dt.timedelta(days=3 + throw(letter.letter, "journey", sides=6))
        lost = throw(letter.letter, "lost bag", sides=100) < _BAGS_LOST
        try:
            now = self._world.agenda.now
            packed = delivery.packed()
            if sender.plant == Plant.CARRIER_TRUSTED:
                packed = packed.retried(now).sending().delivered(now, received_at=now)
            self._keep(sender, letter, packed)
        except Crash:
            self._world.strike(sender)
        self._world.count.faults["by-hand"] += 1
        if not lost:
            self._world.agenda.put(self._world.agenda.now + days, lambda: self._bag_arrives(letter, days))

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
        try:
            self._keep(sender, letter, delivery.delivered(now, received_at=now))
        except Crash:
            self._world.strike(sender)
            return
        self.post(letter)

    def _keep(self, authority: Authority, letter: RecordedAct, delivery: OutgoingDelivery) -> None:
        authority.disk.write(letter.case, lambda: authority.disk.outbox.update({letter.letter: delivery}))


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
