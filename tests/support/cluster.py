"""A PostgreSQL cluster of the tests' own: made by `initdb`, on a socket of its own, gone afterwards."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

READY_WITHIN = 60.0
USER = "dedere"
_numbers = itertools.count(1)


def find_programs() -> Path | None:
    """Where `initdb` and `postgres` lie, the newest version; None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
    if found:
        return found[-1]
    on_path = shutil.which("postgres")
    return Path(on_path).parent if on_path else None


def _user() -> str | None:
    """The server does not run as root: then somebody else runs it."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return "nobody"


@dataclass
class Cluster:
    """A server that can be stopped and started again, as when it is gone and back."""

    folder: Path
    programs: Path
    server: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def socket(self) -> Path:
        """The folder of its socket."""
        return self.folder / "socket"

    def address(self, database: str) -> str:
        """A database of the cluster, as `home.toml` names it."""
        return f"postgresql://{USER}@/{database}?host={self.socket}"

    def make_database(self) -> str:
        """A fresh empty database: its address."""
        import psycopg

        name = f"dedere_{next(_numbers)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.address(name)

    def start(self) -> None:
        """Start it and wait until it answers."""
        import psycopg

        words: list[str | Path] = [self.programs / "postgres", "-D", self.folder / "data", "-k", self.socket]
        settings = ["-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off"]
        with (self.folder / "log").open("ab") as log:
            self.server = subprocess.Popen([*words, *settings], stdout=log, stderr=log, user=_user())
        deadline = time.monotonic() + READY_WITHIN
        while True:
            try:
                psycopg.connect(self.address("postgres")).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self.server.poll() is not None:
                    raise TimeoutError((self.folder / "log").read_text(errors="replace")[-800:]) from None
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """End it at once, its connections too."""
        if self.server is not None:
            self.server.send_signal(signal.SIGINT)
            self.server.wait(READY_WITHIN)
            self.server = None


@contextlib.contextmanager
def started(folder: Path | None = None) -> Iterator[Cluster]:
    """A cluster that runs while the block does. `folder`: where it lies; it must have a short path."""
    programs = find_programs()
    if programs is None:
        raise FileNotFoundError("PostgreSQL is not installed here.")
    place = folder or Path(tempfile.mkdtemp(prefix="dpg-", dir="/tmp"))
    place.mkdir(exist_ok=True)
    try:
        for each in (place, place / "socket"):
            each.mkdir(exist_ok=True)
            if user := _user():
                shutil.chown(each, user)
        subprocess.run(
            [programs / "initdb", "-D", place / "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True, capture_output=True, user=_user(), cwd=place,
        )  # fmt: skip
        cluster = Cluster(place, programs)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(place, ignore_errors=True)
