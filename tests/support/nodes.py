"""Real nodes in processes of their own, each with officers at work: for journeys between States. All fictional."""

from __future__ import annotations

import datetime as dt
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from dedere.base.clock import SystemClock
from dedere.cli.demonstration.homes import Cast, Person, Ports, make_home, pin_each_other
from dedere.cli.demonstration.office import DeedRefusedError, DemonstrationOffice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from dedere.node.home import Home

# A journey of some thirty letters on a busy machine.
PATIENCE = 120.0
OFFICERS = (
    Person("vera", "Vera Vorm (fictional)", "Case officer and registrar", ("case-officer", "registrar")),
    Person("zeno", "Zeno Zegel (fictional)", "Senior legal adviser", ("approver",)),
)


@dataclass
class Node:
    """One State's node. Vera prepares everything, Zeno approves it."""

    office: DemonstrationOffice
    taken_up: set[str] = field(default_factory=set)

    @property
    def state(self) -> str:
        return self.office.home.state

    def do(self, deed: str, *, officer: str = "vera", **words: Any) -> dict[str, Any]:
        return self.office.do(deed, officer=officer, **words)

    def start(self, opens: str, request: Mapping[str, object], **words: Any) -> dict[str, Any]:
        """Begin a request and let it leave; what was begun."""
        begun = self.do("start", opens=opens, request=dict(request), **words)
        self.leave(begun["draft"])
        return begun

    def act(self, case: str, proceeding: str, kind: str, /, **body: object) -> str:
        """Write an act and let it leave: the draft's identifier."""
        self.take_up(case)
        made = {name.removesuffix("_"): value for name, value in body.items()}
        draft = self.do("propose", case=case, proceeding=proceeding, kind=kind, body=made)["draft"]
        self.leave(draft)
        return str(draft)

    def leave(self, draft: str) -> None:
        """Second officer, seal, and every other State's receipt."""
        digest = self.do("submit", draft=draft, approver="zeno")["digest"]
        self.do("approve", officer="zeno", draft=draft, digest=digest)
        until(lambda: self.do("look_at_draft", draft=draft)["complete"], f"{self.state} to deliver {draft}")

    def take_up(self, case: str) -> None:
        """Have part in a case that came from another State, once it is here."""
        if case in self.taken_up:
            return
        try:
            self.do("look_at_case", case=case)
        except DeedRefusedError:
            seen = until(lambda: self._waiting(case), f"the case to reach {self.state}")
            self.do("take_up", letter=seen["letter"], members=["zeno"])
        self.taken_up.add(case)

    def _waiting(self, case: str) -> dict[str, Any] | None:
        seen = self.do("look_for_case")
        return seen if seen["case"] == case else None

    def case(self, case: str) -> dict[str, Any]:
        """The state of a case as this node holds it."""
        self.take_up(case)
        return self.do("look_at_case", case=case)

    def status(self, case: str, proceeding: str) -> str:
        """Where a proceeding stands here; empty when it has not come yet."""
        found = (each for each in self.case(case)["proceedings"] if each["id"] == proceeding)
        return next((str(each["status"]) for each in found), "")


def until(look: Callable[[], Any], what: str) -> Any:  # whatever is looked for
    """Look until there is something to see."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        seen = look()
        if seen:
            return seen
        time.sleep(0.1)
    raise TimeoutError(f"Waited {PATIENCE:.0f} s for {what}.")


def all_at(nodes: Sequence[Node], case: str, proceeding: str, status: str) -> str:
    """Wait until every node has the proceeding there and the same record; the record's digest."""

    def agreed() -> str:
        states = [node.case(case) for node in nodes]
        digests = {state["record_digest"] for state in states}
        there = {node.status(case, proceeding) for node in nodes} == {status}
        return next(iter(digests)) if there and len(digests) == 1 else ""

    return str(until(agreed, f"{proceeding} to stand at {status} on every node"))


def today(days: int = 0) -> str:
    """A day as acts write it."""
    return (SystemClock().now().date() + dt.timedelta(days=days)).isoformat()


@contextmanager
def running(folder: Path, *states: str, serve: Mapping[str, Sequence[str]] | None = None) -> Iterator[list[Node]]:
    """Nodes of these States, each other's cards pinned. `serve`: further words for a State's `dedere node serve`."""
    with ThreadPoolExecutor() as pool:
        homes = list(pool.map(lambda each: _home(folder, *each), zip(states, _free_ports(states), strict=True)))
    for number, first in enumerate(homes):
        for second in homes[number + 1 :]:
            pin_each_other(first, second)
    with ExitStack() as stack:
        nodes = []
        for home in homes:
            words = tuple((serve or {}).get(home.state, ()))
            office = DemonstrationOffice(home, folder / f"{home.state}.log", serve_words=words)
            stack.enter_context(office)
            nodes.append(Node(office))
        for node in nodes:
            node.office.do("begin_work", officer="", officers=[asdict(person) for person in OFFICERS])
            node.office.wait()
        yield nodes


def _home(folder: Path, state: str, ports: Ports) -> Home:
    cast = Cast(state, f"Central Authority of {state} (fictional)", "en,fr", "UTC", OFFICERS)
    return make_home(folder / state.lower(), cast, ports)


def _free_ports(states: Sequence[str]) -> list[Ports]:
    sockets = [socket.socket() for _ in range(2 * len(states))]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        numbers = [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()
    return [Ports(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=True)]
