"""What goes to and comes from partners: each errand in a thread of its own, so that one that is dead delays nobody.

A partner's line is closed for a while when it does not answer; its letters, its mailbox and its card wait together,
and a single errand finds out whether it is back. Connections are kept for the next errand.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from functools import partial

from django.db import close_old_connections, connection

from dedere.base.errors import DedereError
from dedere.node.exchange.actions.cards import want_card
from dedere.node.exchange.clients import Clients
from dedere.node.exchange.directory import trust_directory
from dedere.node.exchange.following import cards_to_look_for, look_for_card
from dedere.node.exchange.polling import POLL_EVERY, Mailboxes, polled_partners
from dedere.node.exchange.sending import carry, due_deliveries, open_client
from dedere.node.exchange.witnessing import WITNESS_EVERY, exchange_heads, partners_to_witness
from dedere.node.office import office
from dedere.protocol.delivery import PartnerLine, Work, choose_work
from dedere.protocol.errors import TrustRefusedError
from dedere.transport.errors import PartnerUnreachableError

LOG = logging.getLogger(__name__)
# Threads are made when they are needed, and wait for partners most of the time. A partner that has just fallen silent
# can hold a few of them until its time is up, one that is known to be silent holds one: two hundred may be.
MOST_THREADS = 256
MOST_CONNECTED = 8


class Errands:
    """Errands under way. `executor` runs them; None: threads."""

    def __init__(self, executor: Executor | None = None) -> None:
        self._executor = executor or ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="partner")
        self._lines: dict[str, PartnerLine] = {}
        self._carrying: dict[Work, Future[None]] = {}
        self._others: dict[str, Future[None]] = {}
        self._mailboxes = Mailboxes()
        self._polled: dict[str, dt.datetime] = {}
        self._witnessed: dict[str, dt.datetime] = {}
        self._clients = Clients()
        self._connected: set[int] = set()
        self._ended = threading.Event()
        self._stop = threading.Event()

    def carry_what_is_due(self) -> bool:
        """Begin to carry the letters and parts whose time has come; whether there were any."""
        for work in [work for work, future in self._carrying.items() if future.done()]:
            del self._carrying[work]
        now = office().clock.now()
        chosen = choose_work(due_deliveries(), self._lines, now=now, busy=frozenset(self._carrying))
        for work in [work for work in chosen if not self._is_probed(work.partner)]:
            self._carrying[work] = self._executor.submit(self._guarded, work.partner, partial(self._carry, work))
        return bool(chosen)

    def look_around(self) -> None:
        """Begin to fetch from mailboxes, ask for cards and exchange heads, where it is time and the line is open."""
        for key in [key for key, future in self._others.items() if future.done()]:
            del self._others[key]
        for partner in cards_to_look_for():
            self._begin(f"card {partner}", partner, partial(self._look, partner))
        now = office().clock.now()
        for partner in polled_partners():
            if self._polled.get(partner, now) <= now and self._begin(
                f"mailbox {partner}", partner, partial(self._poll, partner)
            ):
                self._polled[partner] = now + POLL_EVERY
        for partner in [each for each in partners_to_witness() if self._witnessed.get(each, now) <= now]:
            if self._begin(f"log {partner}", partner, partial(self._witness, partner)):
                self._witnessed[partner] = now + WITNESS_EVERY

    def rest(self, seconds: float) -> None:
        """Wait so long, or until an errand has ended or `hurry` is called: there may be more to carry."""
        self._ended.wait(seconds)
        self._ended.clear()

    def hurry(self) -> None:
        """There is something new to carry."""
        self._ended.set()

    def close(self, *, within: float) -> bool:
        """Begin nothing more, and wait some seconds for what is under way; whether all of it ended."""
        self._stop.set()
        self._executor.shutdown(wait=False, cancel_futures=True)
        _, left = wait([*self._carrying.values(), *self._others.values()], timeout=within)
        self._clients.close()
        return not left

    def _begin(self, key: str, partner: str, errand: Callable[[], None]) -> bool:
        line = self._lines.get(partner, PartnerLine(partner))
        if key in self._others or not line.is_open(office().clock.now()) or self._is_probed(partner):
            return False
        self._others[key] = self._executor.submit(self._guarded, partner, errand)
        return True

    def _is_probed(self, partner: str) -> bool:
        """Whether the partner did not answer lately and an errand is finding out whether it does now."""
        if not self._lines.get(partner, PartnerLine(partner)).failures:
            return False
        carrying = any(work.partner == partner and not future.done() for work, future in self._carrying.items())
        return carrying or any(key.endswith(f" {partner}") and not self._others[key].done() for key in self._others)

    def _guarded(self, partner: str, errand: Callable[[], None]) -> None:
        """Run one errand; whatever comes of it, the partner's line is told and the next errand finds its way."""
        line = self._lines.get(partner, PartnerLine(partner))
        try:
            errand()
            self._lines[partner] = line.answered()
        except TrustRefusedError as error:
            # No card of the partner counts today: the line is closed for a while, the letters wait, and its newest
            # card is looked for.
            LOG.warning("nothing can be sent to %s: %s", partner, error.code)
            want_card(partner)
            self._lines[partner] = line.unreachable(office().clock.now(), chance=office().identifiers)
        except PartnerUnreachableError:
            self._lines[partner] = line.unreachable(office().clock.now(), chance=office().identifiers)
        except DedereError as error:
            LOG.warning("an errand to %s failed: %s", partner, error.code)
            self._lines[partner] = line.unreachable(office().clock.now(), chance=office().identifiers)
        except Exception:  # the outer border of a thread: a defect must not end the worker
            LOG.exception("an errand to %s failed", partner)
            self._lines[partner] = line.unreachable(office().clock.now(), chance=office().identifiers)
        finally:
            self._give_back_connection()
            self._ended.set()

    def _give_back_connection(self) -> None:
        """Keep a few threads' connections to the database: opening one costs as much as a small letter."""
        thread = threading.get_ident()
        if thread in self._connected or len(self._connected) < MOST_CONNECTED:
            self._connected.add(thread)
            close_old_connections()
        else:
            connection.close()

    def _carry(self, work: Work) -> None:
        with self._clients.lent(work.partner) as client:
            carry(work, client, stopped=self._stop.is_set)

    def _look(self, partner: str) -> None:
        # The newest card, whatever its day: one that has ended is the very reason to ask for the next.
        with open_client(partner, trust_directory().chain(partner).newest.card) as client:
            look_for_card(partner, client)

    def _poll(self, partner: str) -> None:
        with self._clients.lent(partner) as client:
            self._mailboxes.empty(partner, client)

    def _witness(self, partner: str) -> None:
        with self._clients.lent(partner) as client:
            exchange_heads(partner, client)
