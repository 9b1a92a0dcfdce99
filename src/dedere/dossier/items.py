"""The items of a dossier on their way into it: several at a time, each gone through once and held no longer.

While an item's bytes are copied and hashed in threads, its ledger is verified and what the other documents say of it is
spooled: its line of the description, its row and its custody in the readable index.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.crypto.digests import READ_SIZE, sha256_hex
from dedere.dossier import layout
from dedere.dossier.contents import EvidenceForm
from dedere.dossier.description import AttestationLine, ItemLine, Lines
from dedere.dossier.index import item_row, ledger_section
from dedere.dossier.paper import LONGEST
from dedere.vault.ledger import verify_ledger, write_ledger
from dedere.vault.names import safe_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from dedere.dossier.bag import BagWriter, Copied
    from dedere.dossier.contents import ExportedItem
    from dedere.vault.ledger import LedgerReport


class ItemsWriter:
    """Writes items, and what is said of them. `given` are the parts of letters that came with an item."""

    def __init__(self, bag: BagWriter, at_once: int) -> None:
        """Write to `bag`, `at_once` files at a time."""
        self._bag = bag
        self._at_once = at_once
        self._attested: set[str] = set()
        self.lines = Lines(bag.spool())
        self.attestations = Lines(bag.spool())
        self.rows = bag.spool()
        self.ledgers = bag.spool()
        self.first: list[ItemLine] = []
        self.given: set[tuple[str, str]] = set()
        self.count = 0

    def written(self, items: Iterable[ExportedItem]) -> Iterator[ExportedItem]:
        """Write each and give it on, in order.

        Raises:
            InputError: an item contradicts itself.
            LedgerError: its ledger does not hold.
            FacilityError: the disk failed, or the item cannot be read.
        """
        if self._at_once == 1:
            for item in items:
                _require_whole(item)
                yield self._finish(item, self._copy(item))
            return
        pool = ThreadPoolExecutor(self._at_once, "items")
        waiting: deque[tuple[ExportedItem, Future[tuple[Copied, ...]]]] = deque()
        try:
            for item in items:
                _require_whole(item)
                # A large one has two threads of its own: nothing else is copied meanwhile.
                leave = 0 if item.size > READ_SIZE else 2 * self._at_once
                while len(waiting) > leave:
                    yield self._finish(*_done(waiting.popleft()))
                waiting.append((item, pool.submit(self._copy, item)))
                while leave == 0 and waiting:
                    yield self._finish(*_done(waiting.popleft()))
            while waiting:
                yield self._finish(*_done(waiting.popleft()))
        finally:
            pool.shutdown(cancel_futures=True)

    def say(self, line: ItemLine, *, openable: bool = False) -> None:
        """Spool what the description and the index say of an item."""
        self.lines.add(line)
        self.rows.write(item_row(line, openable=openable))
        self.count += 1
        if len(self.first) < LONGEST:
            self.first.append(line)

    def _finish(self, item: ExportedItem, copied: tuple[Copied, ...]) -> ExportedItem:
        """Count what was copied, and spool what is said of it."""
        report = _verified(item)
        for each in copied:
            self._bag.note(each)
        self._say_item(item, copied, report)
        self._attest(item)
        return item

    def _copy(self, item: ExportedItem) -> tuple[Copied, ...]:
        """Write an item and its ledger; runs in a thread."""
        copied: list[Copied] = []
        if item.form is not EvidenceForm.LEFT_OUT and item.open is not None:
            sealed = item.form is EvidenceForm.SEALED
            with item.open() as source:
                found = self._bag.copy_stream(
                    layout.evidence_member(item.id, safe_name(item.name), sealed=sealed), source
                )
            if not sealed and (found.sha256, found.size) != (item.sha256, item.size):
                raise InputError(f"The item {item.id} is not what its record says.", code="dossier-item")
            copied.append(found)
        if item.ledger:
            copied.append(self._bag.copy_bytes(layout.ledger_member(item.id), write_ledger(item.ledger)))
        return tuple(copied)

    def _say_item(self, item: ExportedItem, copied: tuple[Copied, ...], report: LedgerReport | None) -> None:
        evidence = copied[0] if item.form is not EvidenceForm.LEFT_OUT else None
        line = ItemLine(
            id=item.id,
            title=item.title,
            name=item.name,
            media_type=item.media_type,
            size=item.size,
            sha256=item.sha256,
            object=item.object,
            letter=item.letter,
            part=item.part,
            conditions=item.conditions,
            form=item.form.value,
            member=evidence.member if evidence else "",
            left_out=item.left_out,
            ledger=layout.ledger_member(item.id) if report else "",
            ledger_entries=report.entries if report else 0,
            ledger_head=report.head if report else "",
        )
        self.say(line, openable=evidence is not None and evidence.openable)
        if item.ledger:
            self.ledgers.write(ledger_section(item.title or item.name, item.ledger))
        if item.letter:
            self.given.add((item.letter, item.part))

    def _attest(self, item: ExportedItem) -> None:
        for container in item.attestations:
            digest = sha256_hex(container)
            if digest not in self._attested:
                self._attested.add(digest)
                member = layout.attestation_member(digest)
                self.attestations.add(AttestationLine(self._bag.add(member, container), member))


def _done(
    waiting: tuple[ExportedItem, Future[tuple[Copied, ...]]],
) -> tuple[ExportedItem, tuple[Copied, ...]]:
    return waiting[0], waiting[1].result()


def _require_whole(item: ExportedItem) -> None:
    if item.form is EvidenceForm.LEFT_OUT:
        if not item.left_out:
            raise InputError(f"The item {item.id} is left out without a reason.", code="dossier-item")
    elif item.open is None or item.left_out:
        raise InputError(f"The item {item.id} is to be exported, and is not given.", code="dossier-item")


def _verified(item: ExportedItem) -> LedgerReport | None:
    if not item.ledger:
        return None
    report = verify_ledger(item.ledger)
    if report.item != item.id:
        raise InputError(f"The ledger of the item {item.id} is another item's.", code="dossier-item")
    return report
