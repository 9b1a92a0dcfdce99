"""What a node shows to the network, and what it has beneath it: TLS, backups, the disk."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import os
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dedere.base.errors import DedereError
from dedere.crypto.keys import parse_certificate
from dedere.node import checking
from dedere.node.backup.making import RESTORED
from dedere.node.backup.noted import last_backup
from dedere.node.backup.recipients import read_recipients
from dedere.node.doctor.examined import Examined, Verdict
from dedere.node.home import Home
from dedere.node.keys import PURPOSES
from dedere.node.trust import certificate_in_use, own_card

if TYPE_CHECKING:
    from dedere.node.doctor.examining import Patient

BACKUP_WITHIN = dt.timedelta(days=2)
LEAST_FREE_PART = 0.05
LEAST_FREE_FILES = 10_000


def examine_tls(patient: Patient) -> Iterator[Examined]:
    """Pages that leave this machine go through TLS; certificates count, and name the host that partners call."""
    home = patient.home
    yield from _pages(home)
    today, ours = patient.clock.now().date(), own_card(home).card
    for name in PURPOSES:
        certificate = parse_certificate(certificate_in_use(ours, name, today))
        last = certificate.not_valid_after_utc.date()
        if last < today:
            yield Examined("TLS", Verdict.WRONG, f"The {name} certificate ended on {last}: {_rotate(name)}")
        elif last - today < checking.CARD_WARNS:
            yield Examined("TLS", Verdict.ADVICE, f"The {name} certificate ends on {last}: {_rotate(name)}")


def _rotate(name: str) -> str:
    return f"issue the next one with `dedere card rotate --key {name}`."


def _pages(home: Home) -> Iterator[Examined]:
    inside = ipaddress.ip_address(home.pages.host).is_loopback
    scheme = urlsplit(home.pages.url).scheme
    if not inside and scheme != "https":
        yield Examined(
            "TLS",
            Verdict.WRONG,
            f"Officers' passwords travel in clear to {home.pages.host}: let the pages listen at 127.0.0.1, put a TLS "
            "proxy before them, and write its https address into url under [pages].",
        )
    elif not inside:
        yield Examined(
            "TLS",
            Verdict.ADVICE,
            f"The pages listen in clear at {home.pages.host} beside the TLS proxy: let them listen at 127.0.0.1 where "
            "the proxy is on this machine.",
        )


def examine_backups(patient: Patient) -> Iterator[Examined]:
    """Whether somebody could open a backup, and when the last one was made."""
    try:
        read_recipients(patient.home)
    except DedereError as error:
        yield Examined("backup", Verdict.ADVICE, str(error))
        return
    last = last_backup(patient.home)
    if last is None:
        yield Examined("backup", Verdict.ADVICE, "No backup was ever made: run `dedere backup make HOME MEDIUM`.")
        return
    age = patient.clock.now() - last.at
    if age > BACKUP_WITHIN:
        yield Examined(
            "backup",
            Verdict.ADVICE,
            f"The last backup was made {age.days} days ago: run `dedere backup make HOME MEDIUM` every night.",
        )
    if last.complaints:
        yield Examined(
            "backup",
            Verdict.WRONG,
            f"The last backup left out {last.complaints} damaged files: run `dedere vault check`, then make it again.",
        )


def examine_restore(patient: Patient) -> Iterator[Examined]:
    """Whether the home came from a backup: partners may know of letters that it does not."""
    try:
        about = json.loads((patient.home.folder / RESTORED).read_bytes())
        moment = str(about["moment"])
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError):
        moment = "an unknown moment"
    yield Examined(
        "restore",
        Verdict.ADVICE,
        f"This home is as it was at {moment}: what was sent and received later is not in it, and partners have it. "
        "Look on Today whether a partner holds a head of our log that we do not have, ask it for its letters since "
        f"then and for copies of ours, and remove {patient.home.folder / RESTORED} when all is in order.",
    )


def examine_disk(patient: Patient) -> Iterator[Examined]:
    """Whether the disk takes a file and keeps it, and how much more fits."""
    home = patient.home
    try:
        with tempfile.NamedTemporaryFile(dir=home.run, prefix="doctor-") as probe:
            probe.write(b"taken\n")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        yield Examined(
            "disk",
            Verdict.WRONG,
            f"{home.run} takes no file ({error.strerror}): make room, or mount the disk so that it can be written to.",
        )
    room = patient.machine.room_at(home.folder)
    if room.free < checking.LEAST_FREE_BYTES or room.free < room.total * LEAST_FREE_PART:
        yield Examined(
            "disk",
            Verdict.ADVICE,
            f"Only {room.free // 1024**2} MiB of {room.total // 1024**2} are free where {home.folder} lies: make room "
            "before evidence arrives.",
        )
    if room.files is not None and room.files < LEAST_FREE_FILES:
        yield Examined(
            "disk",
            Verdict.ADVICE,
            f"The file system of {home.folder} takes only {room.files} more files: make one with more inodes.",
        )
