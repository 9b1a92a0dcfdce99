"""Whether the other State needs to know who a protected person is: only where a measure concerns the person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from dedere.treaty.words import Measure

if TYPE_CHECKING:
    from collections.abc import Iterable

# Measures that nobody can carry out for a person without knowing who it is.
MEASURES_ON_A_PERSON = frozenset(
    {
        Measure.STATEMENT, Measure.HEARING_VIDEO, Measure.HEARING_VIDEO_ACCUSED, Measure.HEARING_TELEPHONE,
        Measure.SERVICE, Measure.SERVICE_POST, Measure.ATTENDANCE, Measure.TEMPORARY_TRANSFER,
        Measure.TEMPORARY_TRANSFER_TO_REQUESTED, Measure.TRACING, Measure.PROTECTION,
    }
)  # fmt: skip

# Acts by which a State says more about a request that was made before.
FOLLOWING_ACTS = frozenset({"answers", "supplement", "consultation", "consultation-reply", "questions"})


def measures_that_need(body: Mapping[str, object], reference: str) -> tuple[str, ...]:
    """The ids of what a request asks for that cannot be done without knowing the person with this reference."""
    return tuple(
        str(item.get("id", ""))
        for item in _items(body)
        if item.get("measure") in MEASURES_ON_A_PERSON and reference in _texts(item.get("persons"))
    )


def needs_identity(
    kind: str, body: Mapping[str, object], requests: Iterable[Mapping[str, object]], reference: str
) -> bool:
    """Whether an act of this kind needs the identity: a request for itself, another act for a request before it."""
    if kind == "request":
        return bool(measures_that_need(body, reference))
    return kind in FOLLOWING_ACTS and any(measures_that_need(each, reference) for each in requests)


def _items(body: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    found: object = body
    for name in ("request", "request", "assistance", "items"):
        found = found.get(name) if isinstance(found, Mapping) else None
    yield from (item for item in (found if isinstance(found, (list, tuple)) else ()) if isinstance(item, Mapping))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, (list, tuple)) else ()
