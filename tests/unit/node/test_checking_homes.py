"""What is wrong with a home, said in sentences; what will be wrong soon."""

from __future__ import annotations

import dataclasses
import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from dedere.base.clock import FixedClock
from dedere.node.checking import complaints, warnings
from dedere.node.home import Home
from support.homes import NOW, fresh_home

PARTNERS = "CREATE TABLE exchange_partnercard (state text, serial integer, valid_until text)"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = fresh_home(tmp_path / "nl")
    with closing(sqlite3.connect(home.database)) as connection:
        connection.execute(PARTNERS)
    return home


def wrong(home: Home) -> list[str]:
    return complaints(home, clock=FixedClock(NOW))


def soon(home: Home, *, days: int = 0) -> list[str]:
    return warnings(home, clock=FixedClock(NOW + dt.timedelta(days=days)))


def test_a_sound_home_has_nothing_to_be_said_about(home: Home) -> None:
    assert wrong(home) == []
    assert soon(home) == []


def test_a_missing_folder_is_named(home: Home) -> None:
    home.reviews.rmdir()
    (sentence,) = wrong(home)
    assert "reviews is missing" in sentence


@pytest.mark.parametrize("name", ["sealing.age", "pages.secret"])
def test_a_missing_key_file_is_named(home: Home, name: str) -> None:
    (home.keys / name).unlink()
    assert any(f"{name} is missing: restore it" in sentence for sentence in wrong(home))


def test_a_key_that_others_can_read_is_named_with_the_remedy(home: Home) -> None:
    (home.keys / "tls.key").chmod(0o640)
    (sentence,) = wrong(home)
    assert "can be read by others: run chmod 600" in sentence


def test_a_key_that_the_card_names_and_that_is_gone_is_named(home: Home) -> None:
    (home.keys / "gateway.key").unlink()
    (sentence,) = wrong(home)
    assert "The gateway key that our card names is not in" in sentence


def test_a_missing_card_is_named_once(home: Home) -> None:
    (home.cards / "0001.card.asice").unlink()
    (sentence,) = wrong(home)
    assert "holds no card" in sentence


def test_a_missing_or_spoilt_database_is_named(home: Home) -> None:
    home.database.write_bytes(b"no database" * 100)
    assert any("cannot be opened" in sentence for sentence in wrong(home))
    home.database.unlink()
    assert any("is missing" in sentence for sentence in wrong(home))


def test_a_damaged_database_is_named(home: Home) -> None:
    with closing(sqlite3.connect(home.database)) as connection:
        connection.execute("CREATE TABLE t (x text)")
        connection.execute("CREATE INDEX i ON t (x)")
        connection.executemany("INSERT INTO t VALUES (?)", [(f"row {number}" * 50,) for number in range(200)])
        connection.commit()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'i'")
        connection.commit()
    assert any("database" in sentence for sentence in wrong(home))


def test_a_card_that_ends_soon_warns_and_one_that_ended_says_so(home: Home) -> None:
    assert soon(home, days=600) == []
    (sentence,) = soon(home, days=650)
    assert sentence.startswith("The authority's card ends on 2028-10-24")
    (sentence,) = soon(home, days=800)
    assert sentence.startswith("The authority's card ended on")
    assert "dedere card rotate" in sentence


def test_a_partners_card_that_ends_soon_warns(home: Home) -> None:
    rows = [("SN", 1, "2026-11-30 00:00:00"), ("SN", 2, "2029-01-01 00:00:00"), ("MN", 1, "2026-12-24 00:00:00")]
    with closing(sqlite3.connect(home.database)) as connection:
        connection.executemany("INSERT INTO exchange_partnercard VALUES (?, ?, ?)", rows)
        connection.commit()
    assert soon(home) == ["The card of MN ends on 2026-12-24: ask that authority for its next one."]


def test_a_database_of_an_earlier_version_is_no_trouble(home: Home) -> None:
    home.database.unlink()
    with closing(sqlite3.connect(home.database)) as connection:
        connection.execute("CREATE TABLE something (x)")
    assert soon(home) == []


def test_another_address_than_the_cards_is_named(home: Home) -> None:
    gateway = dataclasses.replace(home.gateway, url="https://node.example.org:8443")
    (sentence,) = soon(dataclasses.replace(home, gateway=gateway))
    assert "home.toml says the gateway is at https://node.example.org:8443" in sentence


def test_a_node_that_is_not_reached_and_does_not_fetch_is_named(home: Home) -> None:
    nowhere = dataclasses.replace(home, gateway=dataclasses.replace(home.gateway, url=""))
    said = soon(nowhere)
    assert any("at no address" in sentence for sentence in said)
    assert any("it polls nobody" in sentence for sentence in said)
    assert not any("polls nobody" in sentence for sentence in soon(dataclasses.replace(nowhere, polls=("SN",))))


def test_a_disk_that_is_nearly_full_warns(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=1024**2))
    (sentence,) = soon(home)
    assert "MiB are free" in sentence
