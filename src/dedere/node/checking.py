"""What is wrong with a home, in plain sentences, each with what to do."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterator

from dedere.base.clock import Clock
from dedere.base.errors import DedereError
from dedere.node.home import Home
from dedere.node.keys import key_files
from dedere.node.trust import own_card

CARD_WARNS = dt.timedelta(days=60)
LEAST_FREE_BYTES = 1024**3


def complaints(home: Home, *, clock: Clock) -> list[str]:
    """Every sentence about what is wrong; empty when nothing is."""
    return [*_folders(home), *_keys(home), *_card(home, clock), *_database(home), *_disk(home)]


def _folders(home: Home) -> Iterator[str]:
    for folder in home.folders():
        if not folder.is_dir():
            yield f"The folder {folder} is missing: restore it from the backup, or make it if it was empty."


def _keys(home: Home) -> Iterator[str]:
    for path in key_files(home):
        if not path.is_file():
            yield f"The key file {path} is missing: restore it from the backup."
        elif path.stat().st_mode & 0o077:
            yield f"The key file {path} can be read by others: run chmod 600 {path}."


def _card(home: Home, clock: Clock) -> Iterator[str]:
    try:
        card = own_card(home).card
    except DedereError as error:
        yield str(error)
        return
    left = card.valid_until - clock.now().date()
    if left < dt.timedelta(0):
        yield f"The authority's card ended on {card.valid_until}: issue the next one with `dedere card rotate`."
    elif left < CARD_WARNS:
        yield f"The authority's card ends on {card.valid_until}: issue the next one with `dedere card rotate`."
    if home.gateway.url not in card.addresses:
        yield (
            f"home.toml says the gateway is at {home.gateway.url}, the card says {', '.join(card.addresses)}: "
            "correct home.toml, or issue the next card with `dedere card rotate`."
        )


def _database(home: Home) -> Iterator[str]:
    if not home.database.is_file():
        yield f"The database {home.database} is missing: restore it from the backup."
        return
    try:
        connection = sqlite3.connect(f"file:{home.database}?mode=ro", uri=True)
        try:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        yield f"The database {home.database} cannot be opened ({error}): restore it from the backup."
        return
    if verdict != "ok":
        yield f"The database {home.database} is damaged ({verdict}): restore it from the backup."


def _disk(home: Home) -> Iterator[str]:
    free = shutil.disk_usage(home.folder).free
    if free < LEAST_FREE_BYTES:
        yield f"Only {free // 1024**2} MiB are free where {home.folder} lies: make room before evidence arrives."
