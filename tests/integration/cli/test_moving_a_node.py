"""`dedere node move`: from a file and a folder to a PostgreSQL server, killed on the way; all of it is there afterwards."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from dedere.cli.serving.supervisor import only_supervisor
from dedere.node.home import load_home
from support.commands import ROOT, environment, free_port, page, refused, said, serving, until
from support.killing import moments

if TYPE_CHECKING:
    from support.cluster import Cluster

from .conftest import without_gateway

# Tables whose rows are told by the database itself, or that no row of the node is in.
APART = ("sqlite_", "search_index", "django_migrations")


@pytest.fixture(scope="session")
def populated(founded: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with cases in every stage; all fictional."""
    home = shutil.copytree(founded["NL"], tmp_path_factory.mktemp("populated") / "NL")
    words = [sys.executable, "-m", "support.populated", str(home)]
    subprocess.run(words, check=True, capture_output=True, env=environment() | {"PYTHONPATH": str(ROOT / "tests")})
    return home


@pytest.fixture
def old(populated: Path, tmp_path: Path) -> Path:
    return shutil.copytree(populated, tmp_path / "old")


def tables(home: Path) -> dict[str, int]:
    """How many rows each table of a home on SQLite has."""
    with closing(sqlite3.connect(home / "database.sqlite3")) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in names
            if not name.startswith(APART)
        }


def rows(address: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(address) as connection:
        return connection.execute(query).fetchall()


def files(home: Path) -> dict[str, str]:
    """Every file that a move carries over, by its digest."""
    apart = {"home.toml", "moved.json", "moving.json"}
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file()
        and path.name not in apart
        and not path.name.startswith(("database.sqlite3", "lock", "version"))
        and path.relative_to(home).parts[0] != "run"
    }


def killed_after(seconds: float, *words: object) -> bool:
    """Run `dedere` and kill it after a while; whether it had ended by then."""
    command = [sys.executable, "-m", "dedere", *map(str, words)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            return False
        return True


def serves_and_comes_back(new: Path, address: str, cluster: Cluster, log: Path) -> None:
    """The node is served from the server, and goes on by itself when that was gone for a while."""
    home = without_gateway(new)
    watch = free_port()
    ready = f"http://127.0.0.1:{watch}/ready"
    with home.settings_file.open("a") as settings:
        settings.write(f"\n[watch]\nport = {watch}\n")
    with serving(new, log) as node:
        until("the pages", lambda: page(f"{home.pages.url}/sign-in/") == 200)
        until("a worker's word", lambda: rows(address, "SELECT count(*) FROM jobs_heartbeat") == [(1,)])
        doctor = json.loads(said("node", "doctor", new, "--json", code=1))
        database = [each for each in doctor if each["topic"] == "database"]
        assert {each["verdict"] for each in database} == {"wrong"}, "the tests' server is fast, not safe"
        assert "set fsync = on" in database[0]["sentence"]
        assert [each["verdict"] for each in doctor if each["topic"] == "processes"] == ["good"]
        until("readiness", lambda: page(ready) == 200)
        cluster.stop()
        try:
            until("word that the database is gone", lambda: page(ready) == 503)
        finally:
            cluster.start()
        # A worker that lost the database ends, is started again and says that it works.
        until("readiness again", lambda: page(ready) == 200)
        (seen,) = rows(address, "SELECT at FROM jobs_heartbeat")
        until("the worker again", lambda: rows(address, "SELECT at FROM jobs_heartbeat") != [seen])
        node.terminate()
        assert node.wait(30) == 0
    assert "Traceback" not in log.read_text()


@pytest.mark.network
def test_a_home_moves_to_a_server_killed_on_the_way_and_every_row_and_file_is_the_same(
    old: Path, tmp_path: Path, cluster: Cluster
) -> None:
    before, address, new = files(old), cluster.make_database(), tmp_path / "new"
    words = ["node", "move", old, new, "--database", address]
    for moment in moments("move", count=3, longest=8.0):
        if not killed_after(moment, *words):
            assert not (new / "home.toml").exists(), "half a home is none"
            assert files(old) == before
    told = said(*words) if not (old / "moved.json").exists() else ""
    assert files(new) == before
    counted = tables(old)
    assert sum(counted.values()) > 200
    for table, count in counted.items():
        assert rows(address, f'SELECT count(*) FROM "{table}"') == [(count,)], table
    with closing(sqlite3.connect(old / "database.sqlite3")) as connection:
        leaves = connection.execute("SELECT sequence, leaf FROM audit_event ORDER BY sequence").fetchall()
    assert rows(address, "SELECT sequence, leaf FROM audit_event ORDER BY sequence") == leaves
    assert not told or f"{sum(counted.values())} rows" in told
    assert not (new / "database.sqlite3").exists()
    assert load_home(new).records.address == address
    assert not (new / "moving.json").exists()

    assert json.loads((old / "moved.json").read_text())["to"] == str(new)
    assert "has moved" in refused("node", "serve", old, code=1)
    assert "has moved already" in refused(*words)
    assert said("node", "check", new) == "Nothing is wrong with this home.\n"
    link = said("node", "officer", new, "nora", "--name", "Nora Nieuw (fictional)", "--role", "auditor")
    assert "/sign-in/" in link
    (sequence,) = rows(address, "SELECT max(sequence) FROM audit_event")
    assert sequence[0] > leaves[-1][0], "the log goes on"
    with pytest.raises(psycopg.errors.RaiseException, match="only grows"):
        rows(address, "DELETE FROM audit_event")

    serves_and_comes_back(new, address, cluster, tmp_path / "log")


def test_what_cannot_be_moved_is_said_and_nothing_is_changed(home: Path, tmp_path: Path, cluster: Cluster) -> None:
    before, new = files(home), tmp_path / "new"
    assert "written postgresql://" in refused("node", "move", home, new, "--database", "mysql://x/y")
    assert not new.exists()
    assert "must not lie in the old one" in refused("node", "move", home, home / "inside")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("x")
    assert "is not an empty folder" in refused("node", "move", home, tmp_path / "full")
    with only_supervisor(load_home(home)):
        assert "another supervisor" in refused("node", "move", home, new, code=1)
    gone = f"postgresql:///dedere?host={tmp_path}"
    assert "does not answer" in refused("node", "move", home, new, "--database", gone, code=1)
    new.mkdir()
    (new / "moving.json").write_text('{"from": "elsewhere"}')
    address = cluster.make_database()
    assert "filled by another move" in refused("node", "move", home, new, "--database", address)
    assert files(home) == before
    assert said("node", "check", home) == "Nothing is wrong with this home.\n"


def test_a_database_in_use_is_not_moved_into_and_a_row_that_differs_stops_the_move(
    home: Path, tmp_path: Path, cluster: Cluster
) -> None:
    address, new = cluster.make_database(), tmp_path / "new"
    words = ["node", "move", home, new, "--database", address]
    said("node", "officer", home, "nora", "--name", "Nora Nieuw (fictional)", "--role", "auditor")
    said(*words)
    moved = (home / "moved.json").rename(tmp_path / "moved.json")
    assert moved.exists()
    assert "is in use" in refused("node", "move", home, tmp_path / "other", "--database", address)
    assert not (tmp_path / "other").exists()

    # As if it had been killed just before its last step, and somebody had written to the database meanwhile.
    (new / "home.toml").unlink()
    mark = {"from": str(home), "records": address, "store": ""}
    (new / "moving.json").write_text(json.dumps(mark))
    with psycopg.connect(address) as connection:
        connection.execute("UPDATE accounts_officer SET name = 'Somebody else'")
    assert "A row of accounts_officer is not the same" in refused(*words, code=1)
    assert not (new / "home.toml").exists()
    assert not (home / "moved.json").exists()


def test_a_node_moves_back_to_a_file(home: Path, tmp_path: Path, cluster: Cluster) -> None:
    said("node", "officer", home, "nora", "--name", "Nora Nieuw (fictional)", "--role", "auditor")
    before = tables(home)
    said("node", "move", home, tmp_path / "there", "--database", cluster.make_database())
    assert " are the same in " in said("node", "move", tmp_path / "there", tmp_path / "back")
    assert tables(tmp_path / "back") == before
    assert said("node", "check", tmp_path / "back") == "Nothing is wrong with this home.\n"
