"""The port of the gateway: what it asks the node to do once a request is known to come from a partner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from typing import BinaryIO

    from dedere.protocol.mailbox import MailboxEntry
    from dedere.protocol.trust import TrustDirectory


class Door(Protocol):
    """Everything behind the door. `partner` is the authenticated State; refusals are raised as registered errors."""

    def directory(self) -> TrustDirectory:
        """Whom we trust; asked for at every request."""
        ...

    def own_cards(self) -> tuple[bytes, ...]:
        """Our cards' containers, oldest first."""
        ...

    def receive_letter(self, *, partner: str, letter_id: str, sealed: bytes, at: dt.datetime) -> bytes:
        """Take a letter in; its receipt."""
        ...

    def begin_part(self, *, partner: str, letter_id: str, part_id: str, length: int, at: dt.datetime) -> int:
        """Begin or continue an announced part of `length` sealed bytes; the offset that is here."""
        ...

    def part_offset(self, *, partner: str, letter_id: str, part_id: str) -> tuple[int, int]:
        """How many bytes of how many are here."""
        ...

    def append_part(
        self, *, partner: str, letter_id: str, part_id: str, offset: int, length: int, pieces: Iterable[bytes]
    ) -> int:
        """Append a piece at `offset`; the new offset. When `pieces` raises, nothing of the piece counts."""
        ...

    def part_receipt(self, *, partner: str, letter_id: str, part_id: str) -> bytes:
        """The receipt of a part that is here whole."""
        ...

    def mailbox_list(self, *, partner: str) -> tuple[MailboxEntry, ...]:
        """What waits for the partner."""
        ...

    def mailbox_letter(self, *, partner: str, letter_id: str) -> bytes:
        """The sealed bytes of a waiting letter."""
        ...

    def mailbox_part(self, *, partner: str, letter_id: str, part_id: str) -> BinaryIO:
        """A seekable reader of the sealed bytes of a waiting part. The caller closes it."""
        ...

    def mailbox_receipt(
        self, *, partner: str, letter_id: str, part_id: str | None, receipt: bytes, at: dt.datetime
    ) -> None:
        """Take the receipt for what was fetched."""
        ...

    def held_head(self, *, partner: str) -> bytes:
        """Our countersignature of the newest head that we hold of the partner's log."""
        ...

    def take_checkpoint(self, *, partner: str, checkpoint: bytes, at: dt.datetime) -> bytes:
        """Take a checkpoint of the partner's log; our countersignature."""
        ...

    def own_checkpoint(self, *, partner: str, after: int, at: dt.datetime) -> bytes:
        """A checkpoint of our log that extends its first `after` entries."""
        ...

    def take_countersignature(self, *, partner: str, countersignature: bytes, at: dt.datetime) -> None:
        """Take the partner's countersignature of a checkpoint that it fetched."""
        ...
