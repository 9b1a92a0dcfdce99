"""What is wrong with a home, in plain sentences, each with what to do."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator

from dedere.base.clock import Clock
from dedere.base.errors import DedereError, FacilityError
from dedere.node.databases import is_embedded, reading
from dedere.node.home import Home
from dedere.node.house import house_complaints
from dedere.node.keys import PURPOSES, SECOND, private_files, read_sealing_identities, signer_for
from dedere.node.timestamping import is_stamped_by_service
from dedere.node.trust import certificate_in_use, own_card

CARD_WARNS = dt.timedelta(days=60)
MOVED = "moved.json"
LEAST_FREE_BYTES = 1024**3
_NEWEST_CARDS = (
    "SELECT state, valid_until FROM exchange_partnercard AS card WHERE serial = "
    "(SELECT max(serial) FROM exchange_partnercard AS other WHERE other.state = card.state) ORDER BY state"
)


def complaints(home: Home, *, clock: Clock) -> list[str]:
    """What keeps the node from being served, a sentence each; empty when nothing does."""
    return [
        *moved(home),
        *folders(home),
        *key_files(home),
        *keys_open(home, clock),
        *database(home),
        *house_complaints(home),
    ]


def warnings(home: Home, *, clock: Clock) -> list[str]:
    """What somebody should do soon. Ask only where there are no complaints."""
    return [*card(home, clock), *partners(home, clock), *disk(home)]


def moved(home: Home) -> Iterator[str]:
    """Whether the node has moved elsewhere: two homes of one authority must never both be served."""
    if (home.folder / MOVED).exists():
        yield f"This node has moved, {home.folder / MOVED} says where to: serve it there."


def folders(home: Home) -> Iterator[str]:
    """Folders of the home that are not there."""
    for folder in home.folders():
        if not folder.is_dir():
            yield f"The folder {folder} is missing: restore it from the backup, or make it if it was empty."


def key_files(home: Home) -> Iterator[str]:
    """Private files that are missing, or that others can read."""
    for path in private_files(home):
        if not path.is_file():
            yield f"The key file {path} is missing: restore it from the backup."
        elif path.stat().st_mode & 0o077:
            yield f"The key file {path} can be read by others: run chmod 600 {path}."


def keys_open(home: Home, clock: Clock) -> Iterator[str]:
    """Whether our card is here, and every key that it names is here and opens."""
    try:
        ours = own_card(home).card
        read_sealing_identities(home)
        stamped_elsewhere = is_stamped_by_service(home, ours)
    except DedereError as error:
        yield str(error)
        return
    used = [name for name in PURPOSES if name != "timestamp" or not stamped_elsewhere]
    for name in [*used, *([SECOND] if ours.second_signing_certificates else [])]:
        try:
            signer_for(home, name, [certificate_in_use(ours, name, clock.now().date())])
        except DedereError as error:
            yield str(error)


def card(home: Home, clock: Clock) -> Iterator[str]:
    """Our card's end, and whether it says where we are."""
    ours = own_card(home).card
    if ours.valid_until - clock.now().date() < CARD_WARNS:
        yield _ending("The authority's card", ours.valid_until, clock, "issue the next one with `dedere card rotate`")
    if (home.gateway.url,) * home.is_reachable != ours.addresses:
        yield (
            f"home.toml says the gateway is at {home.gateway.url or 'no address'}, "
            f"the card says {', '.join(ours.addresses) or 'no address'}: "
            "correct home.toml, or issue the next card with `dedere card rotate`."
        )
    told = home.signatures
    if bool(told.stamped_by) != is_stamped_by_service(home, ours) or told.second != bool(
        ours.second_signing_certificates
    ):
        yield (
            "home.toml says otherwise than the card how letters are stamped and signed, and the card decides: "
            "issue the next one with `dedere card rotate`."
        )
    if not home.is_reachable and not home.polls:
        yield 'Nobody can reach this node and it polls nobody: write polls = ["*"] under [exchange] in home.toml.'


def partners(home: Home, clock: Clock) -> Iterator[str]:
    """Partners whose newest card that we know ends soon."""
    try:
        with reading(home) as connection:
            cursor = connection.cursor()
            cursor.execute(_NEWEST_CARDS)
            rows = cursor.fetchall()
    except FacilityError:
        return  # a database of an earlier version, without this table yet: serving brings it up to date
    for state, until in rows:
        last = dt.date.fromisoformat(str(until)[:10])
        if last - clock.now().date() < CARD_WARNS:
            yield _ending(f"The card of {state}", last, clock, "ask that authority for its next one")


def _ending(what: str, last: dt.date, clock: Clock, then: str) -> str:
    return f"{what} {'ended' if last < clock.now().date() else 'ends'} on {last}: {then}."


def database(home: Home) -> Iterator[str]:
    """Whether the records can be read, and are whole as far as the database itself can tell."""
    try:
        with reading(home) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA quick_check(1)" if is_embedded(home) else "SELECT 'ok'")
            (verdict,) = cursor.fetchone()
    except FacilityError as error:
        yield str(error)
        return
    if verdict != "ok":
        yield f"The database {home.database} is damaged ({verdict}): restore it from the backup."


def disk(home: Home) -> Iterator[str]:
    """Whether there is room where the home lies."""
    free = shutil.disk_usage(home.folder).free
    if free < LEAST_FREE_BYTES:
        yield f"Only {free // 1024**2} MiB are free where {home.folder} lies: make room before evidence arrives."
