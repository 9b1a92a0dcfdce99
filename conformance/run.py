#!/usr/bin/env python3
"""Run the conformance suite: run.py IMPL [IMPL] [--no-vectors]. See README.md for the contract."""
# ruff: noqa: T201 - a program that prints

from __future__ import annotations

import socket
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent))

from checks import DOOR_CHECKS, PAIR_CHECKS, check_vectors
from implementation import ContractError, Implementation
from tester import Correspondent, Tester, chain_from

from dedere.base.errors import DedereError

if TYPE_CHECKING:
    from collections.abc import Callable


class Suite:
    """Runs checks, says what each shows, counts what failed."""

    def __init__(self) -> None:
        self.failed = 0
        self.done = 0

    def check(self, name: str, action: Callable[[], None]) -> None:
        """Run one check."""
        self.done += 1
        try:
            action()
        except (AssertionError, ContractError, DedereError) as error:
            self.failed += 1
            print(f"FAILED {name}\n       {error}", flush=True)
        else:
            print(f"ok     {name}", flush=True)


def main(arguments: list[str]) -> int:
    """Run everything; 0 when all checks hold."""
    programs = [word for word in arguments if not word.startswith("--")]
    if not 1 <= len(programs) <= 2:  # noqa: PLR2004 - one or two implementations
        print(__doc__)
        return 2
    suite = Suite()
    with tempfile.TemporaryDirectory() as name:
        found = [
            Implementation(program, Path(name) / state, state, port)
            for program, state, port in zip(programs, ("NL", "SN"), _free_ports(), strict=False)
        ]
        if "--no-vectors" not in arguments:
            for each in found[: len(set(programs))]:
                suite.check("every vector gives its outcome", partial(check_vectors, each, print))
        try:
            _drive(suite, found)
        finally:
            for each in found:
                each.stop()
    print(f"{suite.done} checks, {suite.failed} failed")
    return 1 if suite.failed else 0


def _drive(suite: Suite, found: list[Implementation]) -> None:
    tester = Tester.make()
    chains = {}
    for each in found:
        each.init()
        container, fingerprint = each.card()
        chains[each.state] = chain_from(container)
        told = chains[each.state].newest.fingerprint
        suite.check(f"{each.state}: P-054 its card's fingerprint", partial(_same, told, fingerprint))
    for each in found:
        each.pin(tester.card.container, tester.card.fingerprint)
        for other in found:
            if other is not each:
                newest = chains[other.state].newest
                each.pin(newest.container, newest.fingerprint)
        each.start()
    for each in found[: len({one.program for one in found})]:
        correspondent = Correspondent(tester, chains[each.state])
        for check in DOOR_CHECKS:
            suite.check(f"{each.state}: {check.__doc__}", partial(check, correspondent, each))
    if len(found) > 1:
        for pair_check in PAIR_CHECKS:
            suite.check(str(pair_check.__doc__), partial(pair_check, *found))


def _same(one: str, other: str) -> None:
    digits = ["".join(filter(str.isdigit, text)) for text in (one, other)]
    if digits[0] != digits[1]:
        raise AssertionError(f"{other} instead of {one}")


def _free_ports() -> list[int]:
    """Two ports, each with a free one after it: an implementation may want one for its pages."""
    ports: list[int] = []
    while len(ports) < 2:  # noqa: PLR2004 - one or two implementations
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
        if all(abs(port - other) > 1 for other in ports):
            ports.append(port)
    return ports


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
