"""What watchers are told: alive, ready, numbers; and nothing of a case, a person or a partner."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from django.test import Client, override_settings
from prometheus_client.parser import text_string_to_metric_families

from dedere.node.backup.noted import note_backup
from dedere.node.evidence.models import Item
from dedere.node.exchange.alarms import raise_alarm
from dedere.node.exchange.models import PartnerCard
from dedere.node.jobs.models import Heartbeat
from dedere.node.watch.readiness import readiness
from dedere.node.watch.storage import storage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.offices import Bureau


@pytest.fixture
def watcher(bureau: Bureau) -> Iterator[Client]:
    """Asks as the watch process answers."""
    del bureau
    with override_settings(ROOT_URLCONF="dedere.web.watch.urls", MIDDLEWARE=[]):
        yield Client(raise_request_exception=False)


def numbers(client: Client) -> dict[tuple[str, tuple[str, ...]], float]:
    """Every number by its name and labels, read by the library that defines the form."""
    text = client.get("/metrics").content.decode()
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def beat(bureau: Bureau) -> None:
    Heartbeat.objects.update_or_create(process="worker", defaults={"at": bureau.clock.now()})


def test_a_process_that_answers_is_alive_and_nothing_else_is_there(watcher: Client) -> None:
    assert watcher.get("/health").json() == {"alive": True}
    assert watcher.get("/").status_code == 404
    assert watcher.get("/cases/").status_code == 404
    assert watcher.post("/health").status_code == 405


def test_a_node_is_ready_when_every_part_works(bureau: Bureau, watcher: Client) -> None:
    answer = watcher.get("/ready")
    assert (answer.status_code, answer.json()["parts"]["worker"]) == (503, False)
    beat(bureau)
    answer = watcher.get("/ready")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
    bureau.clock.advance(dt.timedelta(minutes=2))
    assert watcher.get("/ready").json()["parts"] == {"database": True, "worker": False, "disk": True, "card": True}


def test_a_disk_that_takes_nothing_and_a_card_that_ended_are_not_ready(bureau: Bureau) -> None:
    bureau.office.home.run.rename(bureau.office.home.folder / "away")
    assert readiness()["disk"] is False
    bureau.clock.advance(dt.timedelta(days=3 * 365))
    assert readiness()["card"] is False


def test_the_numbers_are_those_of_the_records(bureau: Bureau, watcher: Client) -> None:
    beat(bureau)
    bureau.requested()
    raise_alarm("test", kind="delivery", sentence="A letter is late.")
    note_backup(bureau.office.home, at=bureau.clock.now() - dt.timedelta(hours=3), files=1, complaints=0)
    said = numbers(watcher)
    assert said["dedere_queue_waiting", ("to-be-delivered",)] == 1
    assert said["dedere_process_seen_seconds", ("worker",)] >= 0
    assert said["dedere_ready", ("database",)] == 1
    assert said["dedere_alarms", ("delivery",)] == 1
    assert said["dedere_letters", ("sent",)] == 1
    assert said["dedere_cases", ()] == 1
    assert said["dedere_log_entries", ()] > 1
    assert said["dedere_backup_age_seconds", ()] == 3 * 3600
    assert said["dedere_card_ends_seconds", ("own",)] > 0
    assert said["dedere_disk_free_bytes", ()] > 0


def test_no_number_names_a_person_a_case_or_a_partner(bureau: Bureau, watcher: Client) -> None:
    case = bureau.requested()
    text = watcher.get("/metrics").content.decode()
    partners = {f'"{card.state}"' for card in PartnerCard.objects.all()}
    for word in (case.pk, case.reference, "Dol", "anna", "Anna", *partners):
        assert word not in text
    assert partners


def test_the_forecast_goes_by_the_pace_of_the_last_ninety_days(bureau: Bureau) -> None:
    assert storage().days_left is None
    add(bureau, size=900_000, days_ago=9)
    now = storage()
    assert (now.items, now.item_bytes, now.per_day, now.over_days) == (1, 900_000, 100_000, 9)
    assert now.days_left == now.free_bytes // 100_000
    add(bureau, size=10**12, days_ago=400)
    assert storage().per_day == 10_000, "what came long ago is no pace"


def add(bureau: Bureau, *, size: int, days_ago: int) -> None:
    case = bureau.requested()
    Item.objects.create(
        pk=bureau.office.identifiers.new(),
        case=case,
        size=size,
        created_at=bureau.clock.now() - dt.timedelta(days=days_ago),
    )


def test_answers_are_json_that_nobody_keeps(watcher: Client) -> None:
    answer = watcher.get("/ready")
    assert "no-store" in answer.headers["Cache-Control"]
    assert json.loads(answer.content)["ready"] is False
