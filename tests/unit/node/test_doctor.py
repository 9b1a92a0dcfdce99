"""`node.doctor`: what is looked at, what is said, and what is to be done about it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import fcntl
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from dedere.base.clock import FixedClock
from dedere.base.identifiers import SeededIdentifiers
from dedere.node.backup.noted import last_backup, note_backup
from dedere.node.backup.recipients import make_backup_key
from dedere.node.doctor import Examined, Machine, Room, ThisMachine, Verdict, examine
from dedere.node.home import DatabasePlace, Home
from dedere.node.wrapping import wrap_keys
from support.homes import NOW, fresh_home

TABLES = (
    "CREATE TABLE exchange_partnercard (state text, serial integer, valid_until text)",
    "CREATE TABLE audit_event (at text)",
    "CREATE TABLE jobs_heartbeat (process text, at text)",
)


ROOMY = Room(free=50 * 1024**3, total=100 * 1024**3, files=1_000_000)


@dataclass
class Sound(Machine):
    """A machine of the tests on which all is well unless the test says otherwise."""

    synchronised: bool | None = True
    seeded: bool = True
    kind: str = "ext4"
    room: Room = ROOMY
    runs_as: int = 0

    def clock_is_synchronised(self) -> bool | None:
        return self.synchronised

    def chance_is_ready(self) -> bool:
        return self.seeded

    def file_system_of(self, path: Path) -> str:
        del path
        return self.kind

    def room_at(self, path: Path) -> Room:
        del path
        return self.room

    def user(self) -> int:
        return self.runs_as


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Everything as it should be: rights, backup, tables."""
    home = fresh_home(tmp_path / "nl")
    home.folder.chmod(0o700)
    with closing(sqlite3.connect(home.database)) as connection:
        for table in TABLES:
            connection.execute(table)
    make_backup_key(home, tmp_path / "backup.key", identifiers=SeededIdentifiers("doctor"))
    note_backup(home, at=NOW, files=3, complaints=0)
    return home


def tell(home: Home, *statements: str) -> None:
    with closing(sqlite3.connect(home.database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def found(home: Home, machine: Machine | None = None, *, days: float = 0) -> dict[str, list[Examined]]:
    """What is not good, by topic."""
    clock = FixedClock(NOW + dt.timedelta(days=days))
    machine = machine or Sound(runs_as=home.folder.stat().st_uid)
    topics: dict[str, list[Examined]] = {}
    for each in examine(home, clock=clock, machine=machine):
        if each.verdict is not Verdict.GOOD:
            topics.setdefault(each.topic, []).append(each)
    if home.folder.stat().st_uid == 0:
        topics["home"] = [each for each in topics.get("home", []) if "belongs to root" not in each.sentence]
    return {topic: each for topic, each in topics.items() if each}


def only(home: Home, topic: str, machine: Machine | None = None, *, days: float = 0) -> Examined:
    """The one thing that is not good, besides that nothing serves the home."""
    topics = found(home, machine, days=days)
    topics.pop("processes", None)
    assert set(topics) == {topic}, topics
    (one,) = topics[topic]
    return one


def test_of_a_sound_home_every_topic_is_good_and_nothing_is_changed(home: Home) -> None:
    before = {path: path.stat().st_mtime_ns for path in home.folder.rglob("*")}
    told = list(
        examine(home, clock=FixedClock(NOW), machine=Sound(runs_as=home.folder.stat().st_uid)),
    )
    assert {each.topic for each in told} == {
        "home", "keys", "card", "clock", "chance", "TLS", "backup", "restore", "disk", "database", "processes",
    }  # fmt: skip
    assert not found(home).keys() - {"processes"}
    assert {path: path.stat().st_mtime_ns for path in home.folder.rglob("*")}.keys() == before.keys()


def test_what_the_check_says_the_doctor_says(home: Home) -> None:
    (home.keys / "tls.key").chmod(0o640)
    told = only(home, "keys")
    assert told.verdict is Verdict.WRONG
    assert "run chmod 600" in told.sentence


def test_a_home_that_others_can_look_into_is_wrong(home: Home) -> None:
    home.folder.chmod(0o755)
    assert "chmod 700" in only(home, "home").sentence


def test_a_home_of_somebody_else_is_named(home: Home) -> None:
    (told,) = found(home, Sound(runs_as=home.folder.stat().st_uid + 1))["home"]
    assert "belongs to the user with number" in told.sentence


def test_keys_in_clear_are_advised_against_where_the_node_is_real(home: Home) -> None:
    real = dataclasses.replace(home, demonstration=False)
    told = only(real, "keys")
    assert told.verdict is Verdict.ADVICE
    assert "(authority, gateway, tls, timestamp): wrap them with `dedere node wrap`" in told.sentence
    (home.folder / "secret").write_text("a passphrase of the tests\n")
    wrap_keys(home, passphrase="a passphrase of the tests", identifiers=SeededIdentifiers("wrap"))
    wrapped = dataclasses.replace(real, places=dataclasses.replace(home.places, passphrase="file:secret"))
    assert "keys" not in found(wrapped)


def test_a_clock_behind_the_log_is_wrong(home: Home) -> None:
    tell(home, "INSERT INTO audit_event VALUES ('2026-11-24 11:00:00')")
    told = only(home, "clock")
    assert told.verdict is Verdict.WRONG
    assert "stop the node and set the clock" in told.sentence
    assert not found(home, days=1).keys() - {"processes"}


@pytest.mark.parametrize(
    ("synchronised", "verdict", "words"),
    [(False, Verdict.ADVICE, "chrony"), (None, Verdict.UNKNOWN, "does not say whether")],
)
def test_a_clock_that_nobody_keeps_is_named(
    home: Home, *, synchronised: bool | None, verdict: Verdict, words: str
) -> None:
    told = only(home, "clock", Sound(synchronised=synchronised, runs_as=home.folder.stat().st_uid))
    assert told.verdict is verdict
    assert words in told.sentence


def test_a_kernel_without_chance_is_named(home: Home) -> None:
    told = only(home, "chance", Sound(seeded=False, runs_as=home.folder.stat().st_uid))
    assert told.verdict is Verdict.WRONG


def test_a_card_that_ended_is_wrong_and_one_that_has_not_begun_is_the_clocks_fault(home: Home) -> None:
    assert found(home, days=650)["card"][0].verdict is Verdict.ADVICE
    assert found(home, days=800)["card"][0].verdict is Verdict.WRONG
    assert any("set the clock" in each.sentence for each in found(home, days=-40)["card"])


def test_certificates_that_end_are_named_with_the_remedy(home: Home) -> None:
    soon, past = found(home, days=5 * 365 - 60)["TLS"], found(home, days=5 * 365)["TLS"]
    assert {each.verdict for each in soon} == {Verdict.ADVICE}
    assert {each.verdict for each in past} == {Verdict.WRONG}
    assert any("`dedere card rotate --key tls`" in each.sentence for each in past)


def test_pages_in_clear_on_the_network_are_wrong(home: Home) -> None:
    outside = dataclasses.replace(home.pages, host="192.0.2.1", url="http://192.0.2.1:8000")
    told = only(dataclasses.replace(home, pages=outside), "TLS")
    assert told.verdict is Verdict.WRONG
    assert "passwords travel in clear" in told.sentence
    behind = dataclasses.replace(outside, url="https://office.example")
    assert only(dataclasses.replace(home, pages=behind), "TLS").verdict is Verdict.ADVICE


def test_backups_that_nobody_opens_nobody_made_or_that_are_old_are_named(home: Home) -> None:
    assert "3 days ago" in only(home, "backup", days=3).sentence
    note_backup(home, at=NOW, files=3, complaints=2)
    assert "left out 2 damaged files" in only(home, "backup").sentence
    (home.run / "backed-up.json").write_text("{}")
    assert last_backup(home) is None
    assert "No backup was ever made" in only(home, "backup").sentence
    (home.folder / "backup.recipients").unlink()
    assert "dedere backup key" in only(home, "backup").sentence


@pytest.mark.parametrize(
    ("note", "moment"), [('{"moment": "20261123T020000Z"}', "20261123T020000Z"), ("[]", "an unknown moment")]
)
def test_a_home_from_a_backup_is_reminded_of_what_partners_have(home: Home, note: str, moment: str) -> None:
    (home.folder / "restored.json").write_text(note)
    told = only(home, "restore")
    assert told.verdict is Verdict.ADVICE
    assert moment in told.sentence
    assert "ask it for its letters since then" in told.sentence


def test_a_disk_without_room_or_that_takes_nothing_is_named(home: Home) -> None:
    uid = home.folder.stat().st_uid
    tight = Sound(room=Room(free=1024**3, total=100 * 1024**3, files=5), runs_as=uid)
    bytes_, files = found(home, tight)["disk"]
    assert "1024 MiB of 102400 are free" in bytes_.sentence
    assert "takes only 5 more files" in files.sentence
    assert not found(home, Sound(room=Room(2 * 1024**3, 3 * 1024**3, None), runs_as=uid)).keys() - {"processes"}
    home.run.rmdir() if not any(home.run.iterdir()) else home.run.rename(home.folder / "away")
    assert any("takes no file" in each.sentence for each in found(home)["disk"])


def test_a_database_over_a_network_or_spoilt_is_wrong(home: Home) -> None:
    told = only(home, "database", Sound(kind="nfs4", runs_as=home.folder.stat().st_uid))
    assert "loses SQLite's locks" in told.sentence
    home.database.write_bytes(b"no database" * 100)
    assert any("restore it from the backup" in each.sentence for each in found(home)["database"])


@pytest.mark.network
def test_a_server_that_does_not_answer_is_named_without_the_password(home: Home) -> None:
    (home.folder / "password").write_text("hidden\n")
    place = DatabasePlace("postgresql://dedere@127.0.0.1:1/dedere", "file:password")
    (told,) = found(dataclasses.replace(home, records=place))["database"]
    assert told.verdict is Verdict.WRONG
    assert "does not answer" in told.sentence
    assert "hidden" not in told.sentence


def test_a_served_home_whose_worker_is_silent_is_wrong(home: Home) -> None:
    assert found(home)["processes"][0].verdict is Verdict.UNKNOWN
    with (home.run / "supervisor.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert found(home)["processes"][0].verdict is Verdict.WRONG
        tell(home, f"INSERT INTO jobs_heartbeat VALUES ('worker', '{NOW:%Y-%m-%d %H:%M:%S}')")
        assert "processes" not in found(home)
    assert "processes" in found(home), "the lock is free"


def test_what_cannot_be_looked_at_is_said_and_the_rest_is_looked_at(home: Home) -> None:
    (home.cards / "0001.card.asice").unlink()
    topics = found(home)
    assert topics["card"][0].verdict is Verdict.UNKNOWN
    assert topics["TLS"][0].verdict is Verdict.UNKNOWN
    assert "disk" not in topics


def test_a_database_of_an_earlier_version_is_no_trouble(home: Home) -> None:
    tell(home, "DROP TABLE audit_event", "DROP TABLE jobs_heartbeat")
    assert not found(home).keys() - {"processes"}


def test_this_machine_answers_as_the_fake_does(tmp_path: Path) -> None:
    machine = ThisMachine()
    assert machine.clock_is_synchronised() in {True, False, None}
    assert machine.chance_is_ready() is True
    assert machine.file_system_of(tmp_path)
    assert machine.file_system_of(Path("/proc/self/status")) == "proc"
    room = machine.room_at(tmp_path)
    assert 0 <= room.free <= room.total
    assert room.files is None or room.files >= 0
    assert machine.user() == os.geteuid()
