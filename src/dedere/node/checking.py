"""What is wrong with a home, in plain sentences, each with what to do."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from dedere.base.clock import Clock
from dedere.base.errors import DedereError
from dedere.node.home import Home
from dedere.node.house import house_complaints
from dedere.node.keys import PURPOSES, private_files, read_sealing_identities, signer_for
from dedere.node.trust import certificate_in_use, own_card

CARD_WARNS = dt.timedelta(days=60)
LEAST_FREE_BYTES = 1024**3


def complaints(home: Home, *, clock: Clock) -> list[str]:
    """What keeps the node from being served, a sentence each; empty when nothing does."""
    return [*_folders(home), *_keys(home), *_opening(home, clock), *_database(home), *house_complaints(home)]


def warnings(home: Home, *, clock: Clock) -> list[str]:
    """What somebody should do soon. Ask only where there are no complaints."""
    return [*_card(home, clock), *_partners(home, clock), *_disk(home)]


def _folders(home: Home) -> Iterator[str]:
    for folder in home.folders():
        if not folder.is_dir():
            yield f"The folder {folder} is missing: restore it from the backup, or make it if it was empty."


def _keys(home: Home) -> Iterator[str]:
    for path in private_files(home):
        if not path.is_file():
            yield f"The key file {path} is missing: restore it from the backup."
        elif path.stat().st_mode & 0o077:
            yield f"The key file {path} can be read by others: run chmod 600 {path}."


def _opening(home: Home, clock: Clock) -> Iterator[str]:
    """Whether our card is here, and every key that it names is here and opens."""
    try:
        card = own_card(home).card
        read_sealing_identities(home)
    except DedereError as error:
        yield str(error)
        return
    for name in PURPOSES:
        try:
            signer_for(home, name, [certificate_in_use(card, name, clock.now().date())])
        except DedereError as error:
            yield str(error)


def _card(home: Home, clock: Clock) -> Iterator[str]:
    card = own_card(home).card
    if card.valid_until - clock.now().date() < CARD_WARNS:
        yield _ending("The authority's card", card.valid_until, clock, "issue the next one with `dedere card rotate`")
    if (home.gateway.url,) * home.is_reachable != card.addresses:
        yield (
            f"home.toml says the gateway is at {home.gateway.url or 'no address'}, "
            f"the card says {', '.join(card.addresses) or 'no address'}: "
            "correct home.toml, or issue the next card with `dedere card rotate`."
        )
    if not home.is_reachable and not home.polls:
        yield 'Nobody can reach this node and it polls nobody: write polls = ["*"] under [exchange] in home.toml.'


def _partners(home: Home, clock: Clock) -> Iterator[str]:
    """Partners whose newest card that we know ends soon."""
    query = "SELECT state, valid_until FROM exchange_partnercard GROUP BY state HAVING serial = max(serial)"
    try:
        with closing(_opened(home)) as connection:
            rows = connection.execute(query).fetchall()
    except sqlite3.OperationalError:
        return  # a database of an earlier version, without this table yet: serving brings it up to date
    for state, until in rows:
        last = dt.date.fromisoformat(str(until)[:10])
        if last - clock.now().date() < CARD_WARNS:
            yield _ending(f"The card of {state}", last, clock, "ask that authority for its next one")


def _ending(what: str, last: dt.date, clock: Clock, then: str) -> str:
    return f"{what} {'ended' if last < clock.now().date() else 'ends'} on {last}: {then}."


def _opened(home: Home) -> sqlite3.Connection:
    """The database for reading. Where nobody has it open no lock is taken, which would leave files in the home."""
    quiet = not home.database.with_name(f"{home.database.name}-wal").exists()
    return sqlite3.connect(f"{home.database.as_uri()}?{'immutable=1' if quiet else 'mode=ro'}", uri=True)


def _database(home: Home) -> Iterator[str]:
    if not home.database.is_file():
        yield f"The database {home.database} is missing: restore it from the backup."
        return
    try:
        with closing(_opened(home)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        yield f"The database {home.database} cannot be opened ({error}): restore it from the backup."
        return
    if verdict != "ok":
        yield f"The database {home.database} is damaged ({verdict}): restore it from the backup."


def _disk(home: Home) -> Iterator[str]:
    free = shutil.disk_usage(home.folder).free
    if free < LEAST_FREE_BYTES:
        yield f"Only {free // 1024**2} MiB are free where {home.folder} lies: make room before evidence arrives."
