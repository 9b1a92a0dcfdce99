"""Fetching from partners' mailboxes: for a node that nobody can reach, which calls and is never called.

What is fetched goes the way of what is pushed: the same checks, the same receipts, given back at the partner's door.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
from dataclasses import dataclass, field

from dedere.base.errors import DedereError
from dedere.node.exchange.actions.receiving import receive_letter
from dedere.node.exchange.actions.receiving_parts import append_part, part_offset
from dedere.node.exchange.arriving import verify_part
from dedere.node.exchange.directory import can_be_called, trust_directory
from dedere.node.exchange.models import IncomingLetter, IncomingPart
from dedere.node.office import office
from dedere.protocol.delivery import BackOff
from dedere.protocol.errors import PartRefusedError
from dedere.protocol.letter import MAX_SEALED_BYTES, Part
from dedere.protocol.mailbox import MailboxEntry
from dedere.transport.client import NodeClient
from dedere.transport.errors import PartnerUnreachableError

LOG = logging.getLogger(__name__)
POLL_EVERY = dt.timedelta(seconds=30)


def polled_partners() -> list[str]:
    """The partners whose mailboxes we empty, by our settings."""
    home = office().home
    if not home.polls:
        return []
    partners = [state for state in trust_directory().states if state != office().state]
    return [state for state in partners if home.polls_at(state) and can_be_called(state)]


@dataclass
class Mailboxes:
    """Empties mailboxes. What was refused is remembered while the process lives, and fetched again ever more rarely."""

    _refused: dict[str, tuple[int, dt.datetime]] = field(default_factory=dict)

    def empty(self, partner: str, client: NodeClient) -> int:
        """Fetch everything that waits for us at a partner; how many letters and parts came whole.

        Raises:
            PartnerUnreachableError: the partner does not answer; what is here stays, the rest is fetched next time.
        """
        return sum(self._take(partner, entry, client) for entry in client.mailbox())

    def _take(self, partner: str, entry: MailboxEntry, client: NodeClient) -> int:
        failures, next_try = self._refused.get(entry.letter, (0, office().clock.now()))
        if next_try > office().clock.now():
            return 0
        try:
            taken = _take_letter(partner, entry, client)
            taken += sum(_take_part(partner, entry.letter, part.part, client) for part in entry.parts)
        except PartnerUnreachableError:
            raise
        except DedereError as error:
            LOG.warning("a letter in the mailbox at %s is not taken: %s", partner, error.code)
            delay = BackOff().delay(failures + 1, office().identifiers)
            self._refused[entry.letter] = (failures + 1, office().clock.now() + delay)
            return 0
        self._refused.pop(entry.letter, None)
        return taken


def _take_letter(partner: str, entry: MailboxEntry, client: NodeClient) -> int:
    """Fetch a letter that is not here yet; give back its receipt where the partner does not hold it."""
    known = IncomingLetter.objects.filter(pk=entry.letter, partner=partner).first()
    if known is None:
        sealed = client.fetch_letter(entry.letter, at_most=MAX_SEALED_BYTES)
        receipt = receive_letter(partner=partner, letter_id=entry.letter, sealed=sealed, at=office().clock.now())
    else:
        receipt = bytes(known.receipt)
    if entry.sealed_size:
        client.send_receipt(entry.letter, receipt)
    return int(known is None)


def _take_part(partner: str, letter_id: str, part_id: str, client: NodeClient) -> int:
    """Fetch a part from where it stands here, verify it, give back its receipt."""
    row = IncomingPart.objects.filter(part=part_id, letter=letter_id, letter__partner=partner).first()
    if row is None:
        raise PartRefusedError("The mailbox lists a part that no letter announced.", code="parts-contradict")
    if row.state == IncomingPart.State.EXPECTED:
        offset, _size = part_offset(partner=partner, letter_id=letter_id, part_id=part_id)
        client.fetch_part(letter_id, Part.from_json(row.facts), _Appending(row, offset), offset=offset)
    verify_part(row.pk)
    row.refresh_from_db()
    if row.receipt is None:
        return 0  # it was not what the letter says, and is fetched anew next time
    client.send_receipt(letter_id, bytes(row.receipt), part_id=part_id)
    return 1


class _Appending(io.BytesIO):
    """Where a fetched part is written: each piece goes in as a pushed one would."""

    def __init__(self, row: IncomingPart, offset: int) -> None:
        super().__init__()
        self._row = row
        self._offset = offset

    def write(self, data: bytes, /) -> int:  # type: ignore[override]  # the client gives bytes
        """Append one piece."""
        self._offset = append_part(
            partner=self._row.letter.partner,
            letter_id=self._row.letter_id,
            part_id=self._row.part,
            offset=self._offset,
            length=len(data),
            pieces=[data],
        )
        return len(data)
