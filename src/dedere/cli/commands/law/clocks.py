"""`dedere law clocks`: from a file of events to time limits and duties, each with its consequence and its provision."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.clock import SystemClock, format_instant, parse_instant
from dedere.cli.commands.law.options import add_command, file_bytes, law_of, print_json
from dedere.cli.commands.law.paper import references, sentence, wrapped
from dedere.treaty.duties import DutyQuestion, OwedDuty, duties_owed
from dedere.treaty.limits import Clock, ClockQuestion, run_clocks
from dedere.treaty.limits_file import parse_events_file
from dedere.treaty.wording import say_day

if TYPE_CHECKING:
    from collections.abc import Iterator


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    clocks = add_command(commands, "clocks", "say which time limits and duties events have started", run=_clocks)
    clocks.add_argument("file", type=Path, metavar="FILE", help="an events file, TOML or JSON")
    clocks.add_argument("--at", metavar="INSTANT", help="the moment, e.g. 2026-11-24T09:30:00Z; now if left out")


def _clocks(arguments: argparse.Namespace) -> int:
    law = law_of(arguments)
    now = parse_instant(arguments.at) if arguments.at else SystemClock().now()
    file = parse_events_file(file_bytes(arguments.file), name=arguments.file.name, law=law)
    question = ClockQuestion(
        instruments=file.instruments,
        place=file.place,
        now=now,
        kinds=file.kinds,
        settings=file.settings,
        suspensions=file.suspensions,
        treaties=file.treaties,
    )
    found = run_clocks(law, file.events, question=question)
    asked = DutyQuestion(instruments=file.instruments, kinds=file.kinds, treaties=file.treaties)
    duties = duties_owed(law, file.events, question=asked)
    if arguments.json:
        print_json(
            {
                "version": "dedere-clocks/1",
                "at": format_instant(now),
                "clocks": [clock.as_json() for clock in found],
                "duties": [duty.as_json() for duty in duties],
            }
        )
        return 0
    print(
        wrapped(f"{arguments.file.name}: {len(found)} time limits and {len(duties)} duties, at {format_instant(now)}.")
    )
    for clock in found:
        print("\n".join(["", *_clock(clock)]))
    if duties:
        print("\nDuties without a number:")
        print("\n".join(line for duty in duties for line in _duty(duty)))
    return 0


def _clock(clock: Clock) -> Iterator[str]:
    standing = clock.standing.value.replace("-", " ").upper()
    subject = f" ({clock.started.subject})" if clock.started.subject else ""
    yield wrapped(f"{sentence(clock.gist)}{subject}", first=f"{standing}: ")
    yield wrapped(
        f"Started by {clock.started.name}, {clock.started.at.isoformat()}; ends with {clock.ends}.", indent="   "
    )
    for reckoning in clock.reckonings:
        due = f"{say_day(reckoning.due_day)} in {clock.place.zone}"
        yield wrapped(f"{reckoning.length}: last day {due} [{reckoning.source}]", indent="   ", first="- ")
    if clock.suspended_days:
        yield wrapped(f"{clock.suspended_days} suspended days are added.", indent="   ")
    if not clock.decides:
        yield wrapped("It decides nothing by itself: it only warns.", indent="   ")
    yield wrapped(sentence(clock.reason), indent="   ")
    yield wrapped(f"If it passes: {sentence(clock.consequence)}", indent="   ")
    yield from references([clock.reference], indent="   ")


def _duty(duty: OwedDuty) -> Iterator[str]:
    yield wrapped(
        f"{sentence(duty.gist)} Owed by: {duty.owed_by.value}; since {duty.event.name}.", indent="   ", first="- "
    )
    if duty.doubt:
        yield wrapped(duty.doubt, indent="     ")
    yield from references([duty.reference], indent="     ")
