"""Every examination, in the order in which they are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dedere.base.clock import Clock
from dedere.base.errors import DedereError
from dedere.node import checking
from dedere.node.doctor import outside, records
from dedere.node.doctor.examined import Examined, Verdict
from dedere.node.doctor.machine import Machine
from dedere.node.home import Home
from dedere.node.house import house_complaints
from dedere.node.keys import is_wrapped, pairs
from dedere.node.trust import own_card

_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Patient:
    """Whom the doctor looks at, and when."""

    home: Home
    clock: Clock
    machine: Machine


def examine(home: Home, *, clock: Clock, machine: Machine) -> Iterator[Examined]:
    """Look at everything. An examination that finds nothing to be said says that all is good.

    One that cannot be done because of what an earlier one found says so, and the next ones go on.
    """
    patient = Patient(home, clock, machine)
    for topic, look, good in EXAMINATIONS:
        try:
            found = list(look(patient))
        except DedereError as error:
            found = [Examined(topic, Verdict.UNKNOWN, f"This could not be looked at: {error}")]
        yield from found or [Examined(topic, Verdict.GOOD, good)]


def _home(patient: Patient) -> Iterator[Examined]:
    home = patient.home
    yield from _as("home", Verdict.WRONG, checking.folders(home))
    yield from _as("home", Verdict.WRONG, house_complaints(home))
    for path in (home.folder, home.keys, home.dossiers):
        if path.is_dir() and path.stat().st_mode & _OTHERS:
            yield Examined("home", Verdict.WRONG, f"Others can look into {path}: run chmod 700 {path}.")
    owner = home.folder.stat().st_uid
    if owner != patient.machine.user():
        yield Examined(
            "home",
            Verdict.ADVICE,
            f"{home.folder} belongs to the user with number {owner}, not to you: run the node and its commands as that "
            "user, or files appear that it cannot read.",
        )
    elif owner == 0:
        yield Examined(
            "home",
            Verdict.ADVICE,
            f"{home.folder} belongs to root: give the node a user of its own, as docs/operate/services.md says.",
        )


def _keys(patient: Patient) -> Iterator[Examined]:
    home = patient.home
    yield from _as("keys", Verdict.WRONG, checking.key_files(home))
    yield from _as("keys", Verdict.WRONG, checking.keys_open(home, patient.clock))
    if home.demonstration:
        return
    in_clear = [
        name
        for name in ("authority", "gateway", "tls", "timestamp")
        if any(not is_wrapped(pair.key.read_bytes()) for pair in pairs(home, name))
        and not (name == "authority" and home.places.authority)
    ]
    if in_clear:
        yield Examined(
            "keys",
            Verdict.ADVICE,
            f"Whoever reads the disk has the keys ({', '.join(in_clear)}): wrap them with `dedere node wrap`, or keep "
            "the authority's key in a device.",
        )


def _card(patient: Patient) -> Iterator[Examined]:
    home, clock = patient.home, patient.clock
    today, ours = clock.now().date(), own_card(home).card
    verdict = Verdict.WRONG if ours.valid_until < today else Verdict.ADVICE
    yield from _as("card", verdict, checking.card(home, clock))
    if ours.valid_from > today:
        yield Examined(
            "card", Verdict.WRONG, f"Our card counts from {ours.valid_from} on, which is not today: set the clock."
        )
    yield from _as("card", Verdict.ADVICE, checking.partners(home, clock))


def _clock(patient: Patient) -> Iterator[Examined]:
    latest = records.latest_entry(patient.home)
    now = patient.clock.now()
    if latest is not None and latest - now > dt.timedelta(minutes=2):
        yield Examined(
            "clock",
            Verdict.WRONG,
            f"The clock says {now:%Y-%m-%d %H:%M} UTC, and the log already holds an entry of {latest:%Y-%m-%d %H:%M} "
            "UTC: stop the node and set the clock before letters are signed with a wrong time.",
        )
    synchronised = patient.machine.clock_is_synchronised()
    if synchronised is None:
        sentence = "This machine does not say whether its clock is kept right: see that a time service runs."
        yield Examined("clock", Verdict.UNKNOWN, sentence)
    elif not synchronised:
        sentence = (
            "No time service keeps this machine's clock: install and enable one (chrony, systemd-timesyncd), since "
            "signatures and deadlines depend on it."
        )
        yield Examined("clock", Verdict.ADVICE, sentence)


def _chance(patient: Patient) -> Iterator[Examined]:
    if not patient.machine.chance_is_ready():
        yield Examined(
            "chance",
            Verdict.WRONG,
            "The kernel's random numbers are not seeded yet: wait, or give this machine a source of them (virtio-rng).",
        )


def _as(topic: str, verdict: Verdict, sentences: Iterator[str] | list[str]) -> Iterator[Examined]:
    for sentence in sentences:
        yield Examined(topic, verdict, sentence)


EXAMINATIONS: tuple[tuple[str, Callable[[Patient], Iterator[Examined]], str], ...] = (
    ("home", _home, "Every folder is here, and nobody else can look into it."),
    ("keys", _keys, "Every key that the card names is here and opens."),
    ("card", _card, "Our card and those of our partners count for two more months at least."),
    ("clock", _clock, "A time service keeps the clock, and it is not behind the log."),
    ("chance", _chance, "The kernel's random numbers are seeded."),
    ("TLS", outside.examine_tls, "What goes over the network is in TLS under certificates that count."),
    ("backup", outside.examine_backups, "A backup was made within two days."),
    ("restore", outside.examine_restore, "The home was not made from a backup, or that is settled."),
    ("disk", outside.examine_disk, "The disk takes files, and there is room."),
    ("database", records.examine_database, "The database answers, is whole, and keeps what it was told."),
    ("processes", records.examine_processes, "Every process that is started is at work."),
)
