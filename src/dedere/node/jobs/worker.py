"""The worker: seals what was approved, verifies what arrived, carries what is due, watches the clock.

All work is found in the records, none in memory: a worker that dies leaves nothing behind that the next one does not
see. What goes to partners is done in threads (`errands`), found by one of its own; everything else in the one loop.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import threading
from collections.abc import Callable
from contextvars import copy_context

from django.db import close_old_connections, connection

from dedere.base.errors import DedereError
from dedere.node.cases.clocks import cases_to_look_at, tell_clocks
from dedere.node.evidence.uploads import forget_old_uploads
from dedere.node.exchange.alarms import watch_deliveries, watch_own_card
from dedere.node.exchange.arriving import arrived_parts, recover_arrivals, verify_part
from dedere.node.exchange.copies import sweep_copies
from dedere.node.exchange.sealing import approved_drafts, seal_draft, seal_together
from dedere.node.exchange.sending import recover_deliveries
from dedere.node.jobs.errands import Errands
from dedere.node.jobs.evidence import EVIDENCE_WORK
from dedere.node.jobs.exports import pending_exports, run_export
from dedere.node.jobs.models import Heartbeat
from dedere.node.jobs.practice import PracticePartner
from dedere.node.jobs.turns import Turn
from dedere.node.office import office
from dedere.node.papers.sheets import approved_sheets, sign_sheet
from dedere.node.persons.actions import end_expired_looks
from dedere.node.practising import practice

LOG = logging.getLogger(__name__)
PAUSE, PAUSE_AFTER_TROUBLE = 0.2, 2.0
WATCH_EVERY = dt.timedelta(seconds=15)
LOOK_EVERY = dt.timedelta(seconds=2)
RETRY_AFTER = dt.timedelta(seconds=10)
END_WITHIN = 8.0
# So many letters are on the disk with one commit; then what is sealed is carried.
SEALED_TOGETHER = 8


class Worker:
    """One worker at work until it is stopped."""

    def __init__(self, errands: Errands | None = None) -> None:
        self._stop = threading.Event()
        self._errands = errands or Errands()
        self._turn = Turn(office().home)
        self._watched: dt.datetime | None = None
        self._looked: dt.datetime | None = None
        self._failed: dict[str, dt.datetime] = {}
        practising = practice()
        self._practice = PracticePartner(practising) if practising else None

    def stop(self) -> None:
        """End after the work under way."""
        self._stop.set()

    def run(self) -> bool:
        """Recover what a crash left, then work until stopped; whether every errand ended in time.

        Where another worker works on the same database, wait for its end first.
        """
        if not self._wait_for_turn():
            self._turn.give_back()
            return True
        office().store.sweep()
        sweep_copies()
        recover_deliveries()
        recover_arrivals()
        carrying = threading.Thread(target=copy_context().run, args=(self._carry_on,), name="carrying")
        carrying.start()
        while not self._stop.is_set():
            self._stop.wait(0.0 if self._guarded(self._in_the_house) else PAUSE)
            if not self._turn.is_held():
                LOG.warning("the database was gone, and the worker's place with it: this worker ends")
                self._stop.set()
        self._errands.hurry()
        carrying.join()
        self._turn.give_back()
        return self._errands.close(within=END_WITHIN)

    def _wait_for_turn(self) -> bool:
        """Wait until no other worker works on the database; False when told to stop first."""
        told = False
        while not self._turn.take():
            if not told:
                LOG.warning("another worker works on this database, or it does not answer: this worker waits")
                told = True
            if self._stop.wait(PAUSE_AFTER_TROUBLE):
                return False
        return True

    def once(self) -> bool:
        """Do what there is to do now, in the house and outside; whether there was anything."""
        return self._in_the_house() | self._outside()

    def _carry_on(self) -> None:
        """What goes to partners does not wait for work in the house: a large part that is being verified, say."""
        while not self._stop.is_set():
            self._guarded(self._outside)
            self._errands.rest(PAUSE)
        connection.close()

    def _guarded(self, work: Callable[[], bool]) -> bool:
        """Do one round of work; whether there was anything. Whatever trouble it meets, the next round is tried."""
        try:
            return work()
        except Exception:  # the outer border of the worker: trouble with the database, say, passes
            LOG.exception("the worker met trouble")
            close_old_connections()
            self._stop.wait(PAUSE_AFTER_TROUBLE)
            return False

    def _in_the_house(self) -> bool:
        found = self._seal()
        if found:
            self._errands.hurry()
        found |= self._each(approved_sheets(), sign_sheet)
        found |= self._each(arrived_parts(), verify_part)
        found |= self._each(pending_exports(), run_export)
        for waiting, work in EVIDENCE_WORK:
            found |= self._each(waiting(), work)
        if self._practice is not None:
            found |= self._each(self._practice.waiting(), self._practice.act)
        self._watch()
        return found

    def _outside(self) -> bool:
        found = self._errands.carry_what_is_due()
        now = office().clock.now()
        if self._looked is None or now - self._looked >= LOOK_EVERY:
            self._looked = now
            self._errands.look_around()
        return found

    def _seal(self) -> bool:
        """Seal some of the approved drafts together; when one of them cannot be, each for itself."""
        now = office().clock.now()
        resting = [identifier for identifier, until in self._failed.items() if until > now]
        together = approved_drafts(without=resting)[:SEALED_TOGETHER]
        if len(together) > 1:
            try:
                seal_together(together)
            except Exception:  # whichever it is, and why, is found and told below
                LOG.info("drafts are not sealed together", exc_info=True)
            else:
                return True
        return self._each(together, seal_draft)

    def _each(self, identifiers: list[str], work: Callable[[str], object]) -> bool:
        """Do one kind of work; what fails is logged, left as it was and tried again after a while."""
        done = False
        now = office().clock.now()
        for identifier in identifiers:
            if self._failed.get(identifier, now) > now:
                continue
            self._failed.pop(identifier, None)
            try:
                work(identifier)
                done = True
            except DedereError as error:
                self._failed[identifier] = now + RETRY_AFTER
                LOG.warning("%s failed for %s: %s", work.__name__, identifier, error.code)
            except Exception:  # the outer border of one piece of work: it must not stop all others
                self._failed[identifier] = now + RETRY_AFTER
                LOG.exception("%s failed for %s", work.__name__, identifier)
        return done

    def _watch(self) -> None:
        now = office().clock.now()
        if self._watched is None or now - self._watched >= WATCH_EVERY:
            self._watched = now
            watch_deliveries()
            watch_own_card()
            self._each(cases_to_look_at(), tell_clocks)
            forget_old_uploads()
            end_expired_looks()
            Heartbeat.objects.update_or_create(process="worker", defaults={"at": now})
            close_old_connections()


def run() -> int:
    """The worker process: works until SIGTERM."""
    worker = Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: worker.stop())
    if not worker.run():
        # A thread still waits for a partner. Its letter is marked as being sent, and the next start goes on with it.
        logging.shutdown()
        os._exit(0)
    return 0
