"""The mailbox: what waits at a node for a partner that fetches, because nobody can reach it.

Requirements P-180 to P-183. The list names letters and sizes, nothing else; the letters in it are the same sealed bytes
that would have been pushed, and the same receipts come back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.protocol.content import check_content, write_content

if TYPE_CHECKING:
    from collections.abc import Iterable

MAILBOX_VERSION = "dedere-mailbox/1"


@dataclass(frozen=True, slots=True)
class MailboxPart:
    """A part that waits: its identifier and sealed size."""

    part: str
    sealed_size: int


@dataclass(frozen=True, slots=True)
class MailboxEntry:
    """A letter that waits: its identifier, its sealed size, 0 once its receipt is held, and the parts that wait."""

    letter: str
    sealed_size: int
    parts: tuple[MailboxPart, ...] = ()


def write_mailbox(entries: Iterable[MailboxEntry]) -> bytes:
    """The canonical JSON of the list, as `GET /mailbox` answers it."""
    letters = [
        {
            "letter": entry.letter,
            "sealed_size": entry.sealed_size,
            "parts": [{"part": part.part, "sealed_size": part.sealed_size} for part in entry.parts],
        }
        for entry in entries
    ]
    return write_content({"version": MAILBOX_VERSION, "letters": letters})


def read_mailbox(data: bytes) -> tuple[MailboxEntry, ...]:
    """The list in `data`.

    Raises:
        ContentRefusedError: it is not one.
    """
    value = check_content(data, kinds=("mailbox",))
    return tuple(
        MailboxEntry(
            entry["letter"],
            entry["sealed_size"],
            tuple(MailboxPart(part["part"], part["sealed_size"]) for part in entry["parts"]),
        )
        for entry in value["letters"]
    )
