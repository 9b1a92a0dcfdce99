"""SIGKILL at random points of taking in: afterwards there is one whole object, or none, and nothing half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.crypto.digests import sha256_hex
from dedere.vault.arrival import Arrival, ingest_arrival
from dedere.vault.check import Scope, check_store
from dedere.vault.store import FileStore
from support.killing import moments, run_and_kill
from support.vaults import content, foreign_part, identity, opening, read_back

if TYPE_CHECKING:
    from pathlib import Path

INGEST = """
import sys
from pathlib import Path
from dedere.base.identifiers import RandomIdentifiers
from dedere.crypto.age import parse_recipient
from dedere.vault.ingest import ingest_file
from dedere.vault.store import FileStore
store = FileStore(Path("vault"))
recipient = parse_recipient(sys.argv[1])
print("ready", flush=True)
ingest_file(Path("evidence"), store=store, recipients=[recipient], chance=RandomIdentifiers())
"""

ARRIVE = """
import sys
from pathlib import Path
from dedere.base.identifiers import RandomIdentifiers
from dedere.crypto.age import parse_identity
from dedere.vault.arrival import Announced, Arrival, Opening, ingest_arrival
from dedere.vault.store import FileStore
store = FileStore(Path("vault"))
ours = parse_identity(sys.argv[1])
size, sha256, sealed_size, sealed_sha256, payload_sha256 = sys.argv[2:]
announced = Announced(int(size), sha256, int(sealed_size), sealed_sha256, payload_sha256)
arrival = Arrival(Path("inbox"), "part")
print("ready", flush=True)
with open("sealed", "rb") as file:
    file.seek(arrival.offset)
    arrival.append(iter(lambda: file.read(65536), b""))
ingest_arrival(arrival, announced, store=store, opening=Opening([ours], [ours.recipient], RandomIdentifiers()))
"""


def ingest_under_fire(tmp_path: Path, *, size: int, count: int, longest: float) -> None:
    data = content(size)
    (tmp_path / "evidence").write_bytes(data)
    finished = 0
    for moment in moments("ingest", count=count, longest=longest):
        finished += run_and_kill(INGEST, identity("vault").recipient.encode(), after=moment, cwd=tmp_path)
        store = FileStore(tmp_path / "vault")
        store.sweep()
        assert list((tmp_path / "vault" / "temporary").iterdir()) == []
        assert check_store(store, Scope(identities=[identity("vault")])).sound
    objects = [presence.object_id for presence in FileStore(tmp_path / "vault").survey()]
    assert len(objects) >= finished
    for object_id in objects:
        assert sha256_hex(read_back(FileStore(tmp_path / "vault"), object_id)) == sha256_hex(data)


def arrive_under_fire(tmp_path: Path, *, size: int, count: int, longest: float) -> None:
    part = foreign_part(content(size))
    (tmp_path / "sealed").write_bytes(part.sealed)
    (tmp_path / "inbox").mkdir()
    told = part.announced
    facts = [str(told.size), told.sha256, str(told.sealed_size), told.sealed_sha256, told.payload_sha256]
    store = FileStore(tmp_path / "vault")
    for moment in moments("arrive", count=count, longest=longest):
        run_and_kill(ARRIVE, identity("our card").encode(), *facts, after=moment, cwd=tmp_path)
        store.sweep()
        assert all(presence.whole for presence in store.survey())
        if store.holds(told.payload_sha256):
            break
    else:
        # As the node does when it starts again: what is whole is taken over, the rest is asked for again.
        arrival = Arrival(tmp_path / "inbox", "part")
        arrival.append([part.sealed[arrival.offset :]])
        ingest_arrival(arrival, told, store=store, opening=opening(kept_for="our card"))
    assert [presence.object_id for presence in store.survey()] == [told.payload_sha256]
    assert sha256_hex(read_back(store, told.payload_sha256, "our card")) == told.sha256


def test_an_ingest_that_is_killed_leaves_a_whole_object_or_none(tmp_path: Path) -> None:
    ingest_under_fire(tmp_path, size=20_000_000, count=4, longest=0.3)


def test_an_arrival_that_is_killed_goes_on_and_is_kept_once(tmp_path: Path) -> None:
    arrive_under_fire(tmp_path, size=10_000_000, count=3, longest=0.2)


@pytest.mark.slow
def test_fifty_killed_ingests(tmp_path: Path) -> None:
    ingest_under_fire(tmp_path, size=200_000_000, count=50, longest=2.5)


@pytest.mark.slow
def test_fifty_killed_arrivals(tmp_path: Path) -> None:
    arrive_under_fire(tmp_path, size=200_000_000, count=50, longest=0.6)
