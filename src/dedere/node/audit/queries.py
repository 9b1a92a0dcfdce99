"""Reading the audit log: the whole of it for an auditor, the part of one case for those who have part in it."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.errors import DefectError
from dedere.crypto.merkle import MerkleTree, Peaks
from dedere.node.audit.models import Event, Frontier
from dedere.node.office import office

if TYPE_CHECKING:
    from pathlib import Path

PAGE = 50

_grown: dict[Path, MerkleTree] = {}
_growing = threading.Lock()


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event. `actor` is an officer's identifier or the name of a part of the system."""

    sequence: int
    at: dt.datetime
    actor: str
    action: str
    subject: str


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page of the log, newest first."""

    rows: tuple[EventRow, ...]
    page: int
    pages: int


def all_events(*, page: int) -> EventPage:
    """A page of the whole log. The caller has checked that the reader may read it.

    Places in the log have no gaps, so no page costs more than another.
    """
    count = count_events()
    page, pages = _within(page, count)
    newest = count - 1 - (page - 1) * PAGE
    rows = Event.objects.filter(sequence__lte=newest, sequence__gt=newest - PAGE).order_by("-sequence")
    return EventPage(tuple(map(_row, rows)), page, pages)


def events_of_case(case_id: str, *, page: int) -> EventPage:
    """A page of what happened in one case. The caller has checked that the reader has part in it."""
    events = Event.objects.filter(case=case_id)
    page, pages = _within(page, events.count())
    start = (page - 1) * PAGE
    return EventPage(tuple(map(_row, events.order_by("-sequence")[start : start + PAGE])), page, pages)


def count_events() -> int:
    """How many events the log has."""
    last = Event.objects.order_by("-sequence").first()
    return 0 if last is None else last.sequence + 1


@dataclass(frozen=True, slots=True)
class LogView:
    """The log as it was at one moment: the tree, of which the first `size` leaves count."""

    tree: MerkleTree
    size: int
    root: bytes


def view_log() -> LogView:
    """The whole log as a Merkle tree. The process keeps it and only adds what is new: 64 bytes of memory an entry.

    Raises:
        DefectError: the log's rows are not those that its frontier was made of: somebody changed the database.
    """
    with _growing:
        frontier = Frontier.objects.get()
        root = Peaks(frontier.size, tuple(bytes.fromhex(peak) for peak in frontier.peaks)).root()
        folder = office().home.folder
        tree = _extended(_grown.get(folder, MerkleTree()), frontier.size)
        if tree.size < frontier.size or tree.root(frontier.size) != root:
            tree = _extended(MerkleTree(), frontier.size)
        if tree.size < frontier.size or tree.root(frontier.size) != root:
            raise DefectError("The audit log is not the one that was written here: its entries were changed.")
        _grown[folder] = tree
        return LogView(tree, frontier.size, root)


def _extended(tree: MerkleTree, size: int) -> MerkleTree:
    new = Event.objects.filter(sequence__gte=tree.size, sequence__lt=size).order_by("sequence")
    for leaf in new.values_list("leaf", flat=True).iterator(chunk_size=10_000):
        tree.append_hash(bytes.fromhex(leaf))
    return tree


def _within(page: int, count: int) -> tuple[int, int]:
    """The page nearest to the one asked for, and how many there are."""
    pages = max(1, -(-count // PAGE))
    return min(max(1, page), pages), pages


def _row(event: Event) -> EventRow:
    return EventRow(event.sequence, event.at, event.actor, event.action, event.subject)
