"""The worker: seals what was approved, delivers what is due, verifies what arrived, watches the clock.

One loop looks for work; each partner is served by a thread of its own, so that one that is dead delays nobody. All
work is found in the records, none in memory: a worker that dies leaves nothing behind that the next one does not see.
"""

from __future__ import annotations

import datetime as dt
import logging
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import close_old_connections, connection

from dedere.base.errors import DedereError
from dedere.node.exchange.alarms import watch_deliveries
from dedere.node.exchange.arriving import arrived_parts, recover_arrivals, verify_part
from dedere.node.exchange.sealing import approved_drafts, seal_draft
from dedere.node.exchange.sending import carry, due_deliveries, open_client, recover_deliveries
from dedere.node.jobs.exports import pending_exports, run_export
from dedere.node.jobs.models import Heartbeat
from dedere.node.office import office
from dedere.protocol.delivery import PartnerLine, Work, choose_work
from dedere.transport.errors import PartnerUnreachableError

LOG = logging.getLogger(__name__)
PAUSE = 0.2
WATCH_EVERY = dt.timedelta(seconds=15)
RETRY_AFTER = dt.timedelta(seconds=10)
MOST_THREADS = 32


class Worker:
    """One worker at work until it is stopped."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._lines: dict[str, PartnerLine] = {}
        self._busy: dict[Work, Future[None]] = {}
        self._pool = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="partner")
        self._watched: dt.datetime | None = None
        self._failed: dict[str, dt.datetime] = {}

    def stop(self) -> None:
        """End after the work under way."""
        self._stop.set()

    def run(self) -> None:
        """Recover what a crash left, then work until stopped."""
        office().store.sweep()
        recover_deliveries()
        recover_arrivals()
        while not self._stop.is_set():
            if not self.once():
                self._stop.wait(PAUSE)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def once(self) -> bool:
        """Do what there is to do now; whether there was anything."""
        found = self._each(approved_drafts(), seal_draft)
        found |= self._each(arrived_parts(), verify_part)
        found |= self._each(pending_exports(), run_export)
        found |= self._send()
        self._watch()
        return found

    def _each(self, identifiers: list[str], work: Callable[[str], object]) -> bool:
        """Do one kind of work; what fails is logged, left as it was and tried again after a while."""
        done = False
        now = office().clock.now()
        for identifier in identifiers:
            if self._failed.get(identifier, now) > now:
                continue
            try:
                work(identifier)
                done = True
            except DedereError as error:
                self._failed[identifier] = now + RETRY_AFTER
                LOG.warning("%s failed for %s: %s", work.__name__, identifier, error.code)
            except Exception:  # the outer border of the worker: one poisoned item must not stop all others
                self._failed[identifier] = now + RETRY_AFTER
                LOG.exception("%s failed for %s", work.__name__, identifier)
        return done

    def _send(self) -> bool:
        for work in [work for work, future in self._busy.items() if future.done()]:
            self._busy.pop(work).result()
        chosen = choose_work(due_deliveries(), self._lines, now=office().clock.now(), busy=frozenset(self._busy))
        for work in chosen:
            self._busy[work] = self._pool.submit(self._carry, work)
        return bool(chosen)

    def _carry(self, work: Work) -> None:
        line = self._lines.get(work.partner, PartnerLine(work.partner))
        try:
            with open_client(work.partner) as client:
                carry(work, client)
            self._lines[work.partner] = line.answered()
        except PartnerUnreachableError:
            self._lines[work.partner] = line.unreachable(office().clock.now(), chance=office().identifiers)
        except DedereError as error:
            # No card, say: the line is closed for a while, the letter waits, the alarm stands after its time.
            LOG.warning("nothing can be sent to %s: %s", work.partner, error.code)
            self._lines[work.partner] = line.unreachable(office().clock.now(), chance=office().identifiers)
        finally:
            connection.close()

    def _watch(self) -> None:
        now = office().clock.now()
        if self._watched is None or now - self._watched >= WATCH_EVERY:
            self._watched = now
            watch_deliveries()
            Heartbeat.objects.update_or_create(process="worker", defaults={"at": now})
            close_old_connections()


def run() -> int:
    """The worker process: works until SIGTERM."""
    worker = Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: worker.stop())
    worker.run()
    return 0
