"""The node in numbers, in Prometheus' text form. No number has a person, a case or a partner as its label."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from importlib.metadata import version

from django.db.models import Count, Max, Min
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from dedere.node.audit.queries import count_events
from dedere.node.backup.noted import last_backup
from dedere.node.cases.models import Case
from dedere.node.exchange.models import Alarm, IncomingLetter, OutgoingLetter, PartnerCard
from dedere.node.jobs.queries import processes, queues
from dedere.node.office import office
from dedere.node.trust import own_card
from dedere.node.watch.readiness import readiness
from dedere.node.watch.storage import storage


def exposition() -> bytes:
    """Every number as it is now.

    Raises:
        DatabaseError: the database does not answer.
    """
    registry = CollectorRegistry()
    registry.register(_Node())
    return generate_latest(registry)


class _Node(Collector):
    """Reads the numbers anew at each collection; all of it lies in the records, so any process can tell it."""

    def describe(self) -> Iterable[Metric]:
        """Nothing: a registry would collect once only to learn the names."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Every number."""
        yield InfoMetricFamily("dedere", "The program that runs.", {"version": version("dedere")})
        yield from _work()
        yield from _records()
        yield from _ends()
        yield from _room()


def _work() -> Iterator[Metric]:
    now = office().clock.now()
    waiting = GaugeMetricFamily("dedere_queue_waiting", "What waits in a queue.", labels=["queue"])
    oldest = GaugeMetricFamily("dedere_queue_oldest_seconds", "How long the oldest has waited.", labels=["queue"])
    for queue in queues():
        waiting.add_metric([queue.name], queue.waiting)
        oldest.add_metric([queue.name], _seconds(now - queue.oldest) if queue.oldest else 0)
    seen = GaugeMetricFamily("dedere_process_seen_seconds", "Since a process last said it works.", labels=["process"])
    for process in processes():
        seen.add_metric([process.name], _seconds(now - process.seen_at))
    ready = GaugeMetricFamily("dedere_ready", "Whether a part of the node works.", labels=["part"])
    for part, works in readiness().items():
        ready.add_metric([part], works)
    alarms = GaugeMetricFamily("dedere_alarms", "Alarms that stand.", labels=["kind"])
    standing = Alarm.objects.filter(ended_at=None).values("kind").annotate(count=Count("pk"))
    for row in standing.order_by("kind"):
        alarms.add_metric([row["kind"]], row["count"])
    yield from (waiting, oldest, seen, ready, alarms)


def _records() -> Iterator[Metric]:
    letters = GaugeMetricFamily("dedere_letters", "Letters in the record.", labels=["direction"])
    letters.add_metric(["sent"], OutgoingLetter.objects.count())
    letters.add_metric(["received"], IncomingLetter.objects.count())
    yield letters
    failing = OutgoingLetter.objects.filter(complete=False, failures__gt=0).exclude(state="withdrawn").count()
    yield GaugeMetricFamily("dedere_letters_failing", "Letters whose delivery failed at least once.", failing)
    yield GaugeMetricFamily("dedere_cases", "Cases in the record.", Case.objects.count())
    yield GaugeMetricFamily("dedere_log_entries", "Entries of the audit log.", count_events())


def _ends() -> Iterator[Metric]:
    now = office().clock.now()
    ends = GaugeMetricFamily(
        "dedere_card_ends_seconds", "Until a card ends: ours, the first of a partner.", labels=["whose"]
    )
    last = dt.datetime.combine(own_card(office().home).card.valid_until, dt.time.max, dt.UTC)
    ends.add_metric(["own"], _seconds(last - now))
    newest = PartnerCard.objects.values("state").annotate(until=Max("valid_until"))
    if first := newest.aggregate(first=Min("until"))["first"]:
        ends.add_metric(["partner"], _seconds(first - now))
    yield ends
    backup = last_backup(office().home)
    if backup is not None:
        yield GaugeMetricFamily("dedere_backup_age_seconds", "Since the last backup.", _seconds(now - backup.at))


def _room() -> Iterator[Metric]:
    kept = storage()
    yield GaugeMetricFamily("dedere_items", "Items of evidence kept.", kept.items)
    yield GaugeMetricFamily("dedere_item_bytes", "Their size.", kept.item_bytes)
    yield GaugeMetricFamily("dedere_item_bytes_per_day", "How fast it grows.", kept.per_day)
    yield GaugeMetricFamily("dedere_disk_free_bytes", "Free where the vault lies.", kept.free_bytes)


def _seconds(span: dt.timedelta) -> float:
    return span.total_seconds()
