"""Going through everything the vault holds: what is altered, missing, cut off, or belongs to nobody.

Every payload is hashed again at a rate that leaves the disk to others; every header is opened where the caller has the
vault's identities, otherwise only looked at. What is found is reported and nothing is changed.
"""

from __future__ import annotations

import enum
import hashlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from dedere.crypto.age import SealError, open_header, plain_size
from dedere.crypto.age.header import parse_header
from dedere.vault.errors import StoreError
from dedere.vault.port import PIECE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dedere.crypto.age import Identity
    from dedere.vault.port import ObjectStore, Presence


class Defect(enum.StrEnum):
    """What can be wrong with an object."""

    ALTERED = "altered"
    TRUNCATED = "truncated"
    MISSING = "missing"
    ORPHAN = "orphan"
    HEADER_DAMAGED = "header-damaged"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Problem:
    """One object with a defect, in a sentence for the operator."""

    object_id: str
    defect: Defect
    sentence: str


@dataclass(slots=True)
class CheckReport:
    """What a check went through and found."""

    objects: int = 0
    bytes_read: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


class Pace(Protocol):
    """Holds a check back to the rate it may have."""

    def spent(self, count: int) -> None:
        """Wait after `count` more bytes were read."""
        ...


class Unhurried:
    """A pace of `rate` bytes a second on average."""

    def __init__(
        self, rate: float, *, timer: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._rate = rate
        self._timer = timer
        self._sleep = sleep
        self._started = timer()
        self._bytes = 0

    def spent(self, count: int) -> None:
        """Sleep as long as the bytes so far are ahead of the rate."""
        self._bytes += count
        ahead = self._bytes / self._rate - (self._timer() - self._started)
        if ahead > 0:
            self._sleep(ahead)


class AtOnce:
    """No pace: as fast as the disk."""

    def spent(self, count: int) -> None:
        """Go on."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a check compares with.

    `expected` maps the identifiers of the objects that should be there to their payload sizes; None when the caller
    does not know, then nothing is missing altogether and nothing is an orphan. `identities` open headers; none: their
    form alone is looked at.
    """

    expected: dict[str, int] | None = None
    identities: Sequence[Identity] = ()


def check_store(
    store: ObjectStore,
    scope: Scope | None = None,
    *,
    pace: Pace | None = None,
    progress: Callable[[CheckReport], None] | None = None,
) -> CheckReport:
    """Check every object once, in order of identifier.

    Raises:
        StoreError: the store cannot be listed. What cannot be read of one object is a problem in the report.
    """
    scope = scope or Scope()
    pace = pace or AtOnce()
    report = CheckReport()
    seen: set[str] = set()
    for presence in store.survey():
        seen.add(presence.object_id)
        report.objects += 1
        report.problems.extend(_problems_of(store, presence, scope=scope, pace=pace, report=report))
        if progress is not None:
            progress(report)
    for object_id in sorted((scope.expected or {}).keys() - seen):
        report.problems.append(Problem(object_id, Defect.MISSING, "Header and payload are missing."))
    return report


def _problems_of(
    store: ObjectStore, presence: Presence, *, scope: Scope, pace: Pace, report: CheckReport
) -> Iterable[Problem]:
    object_id = presence.object_id
    if scope.expected is not None and object_id not in scope.expected:
        halves = "" if presence.whole else " It is not whole: a header or a payload alone."
        yield Problem(object_id, Defect.ORPHAN, f"The object belongs to no item.{halves}")
    elif not presence.whole:
        half = "payload" if presence.header else "header"
        yield Problem(object_id, Defect.MISSING, f"The object's {half} is missing.")
    try:
        if presence.header:
            yield from _header_problems(store.read_header(object_id), object_id, identities=scope.identities)
        if presence.payload:
            expected = (scope.expected or {}).get(object_id)
            yield from _payload_problems(store, object_id, expected=expected, pace=pace, report=report)
    except (OSError, StoreError) as error:
        reason = error.sentence if isinstance(error, StoreError) else str(error.strerror)
        yield Problem(object_id, Defect.UNREADABLE, f"The object cannot be read: {reason}")


def _header_problems(header: bytes, object_id: str, *, identities: Sequence[Identity]) -> Iterable[Problem]:
    try:
        if identities:
            open_header(header, identities)
        else:
            parse_header(header)
    except SealError as error:
        yield Problem(object_id, Defect.HEADER_DAMAGED, f"The object's header does not open: {error.sentence}")


def _payload_problems(
    store: ObjectStore, object_id: str, *, expected: int | None, pace: Pace, report: CheckReport
) -> Iterable[Problem]:
    digest = hashlib.sha256()
    size = 0
    with store.open_payload(object_id) as payload:
        while piece := payload.read(PIECE):
            digest.update(piece)
            size += len(piece)
            report.bytes_read += len(piece)
            pace.spent(len(piece))
    if digest.hexdigest() == object_id:
        return
    if (expected is not None and size < expected) or not _possible_size(size):
        wanted = f" of {expected}" if expected is not None else ""
        yield Problem(object_id, Defect.TRUNCATED, f"The payload is cut off after {size}{wanted} bytes.")
    else:
        yield Problem(object_id, Defect.ALTERED, "The payload's SHA-256 is not its name: at least one bit changed.")


def _possible_size(size: int) -> bool:
    try:
        plain_size(size)
    except SealError:
        return False
    return True
