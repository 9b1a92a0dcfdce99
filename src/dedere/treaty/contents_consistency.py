"""Whether the parts of a request agree: stage and role, notice and date, consent and language, and nothing twice."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from dedere.treaty.contents_quality import weak
from dedere.treaty.words import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedere.treaty.contents_view import ContentFinding, View
    from dedere.treaty.model import Limit

_Value = TypeVar("_Value")
_BEFORE_JUDGMENT = frozenset({"inquiry", "investigation", "charge"})


def contradictions(view: View) -> Iterator[ContentFinding]:
    """One finding for each pair of answers that cannot both be right, and for each thing that stands there twice."""
    yield from _stage_of_a_judgment(view)
    yield from _short_notice(view)
    yield from _consent_not_understood(view)
    yield from _doubles(view)


def _stage_of_a_judgment(view: View) -> Iterator[ContentFinding]:
    path = "request.proceeding.stage"
    judged = view.request.text("extradition.sought_as") == "convicted" or view.request.kind == "transfer"
    if judged and view.request.text(path) in _BEFORE_JUDGMENT:
        reason = "The request rests on a judgment, and the proceeding stands before one."
        yield weak(view, path, path=path, reason=reason, check="practice.stage-of-proceedings")


def _short_notice(view: View) -> Iterator[ContentFinding]:
    """A summons too close to the hearing: warns on the shortest notice that a State may want, verified or not."""
    path = "measure.service.hearing_date"
    shortest = min((days for limit in _notices(view) for days in _days(limit)), default=0)
    for found in view.request.located(path):
        left = (dt.date.fromisoformat(str(found.value)) - view.on).days if found.value is not None else 0
        if 0 < left < shortest:
            reason = f"Leaves {left} days, where a State may want {shortest} days' notice."
            yield weak(view, found.path, path=path, reason=reason)


def _notices(view: View) -> Iterator[Limit]:
    for name in view.instruments:
        for limit in view.law.instrument(name).limits:
            if (limit.starts_on, limit.ends) == ("summons.received", "hearing.date"):
                yield limit


def _days(limit: Limit) -> Iterator[int]:
    for quantity in (limit.length, *(candidate.quantity for candidate in limit.candidates)):
        if quantity is not None and quantity.unit is Unit.DAYS:
            yield quantity.amount


def _consent_not_understood(view: View) -> Iterator[ContentFinding]:
    """Consent given in another language than the one the person is said to understand."""
    path = "transfer.consent.language"
    given = view.request.text(path)
    moved = view.request.text("transfer.person.person")
    for person in view.persons:
        understood = person.row.get("language")
        if given and person.id == moved and understood and understood != given:
            reason = f"The person understands {understood}, and consent was explained in {given}."
            yield weak(view, path, path=path, reason=reason, check="practice.transfer-consent-understood")


def _doubles(view: View) -> Iterator[ContentFinding]:
    items = [(item.measure, item.description, item.facts, item.persons, item.place) for item in view.items]
    persons = [(person.name or person.alias, person.row.get("identity")) for person in view.persons]
    yield from _repeated(view, items, path="request.assistance.items", named=lambda item: bool(item[1]))
    yield from _repeated(view, persons, path="request.persons", named=lambda person: bool(person[0]))


def _repeated(
    view: View, values: list[_Value], *, path: str, named: Callable[[_Value], bool]
) -> Iterator[ContentFinding]:
    for index, value in enumerate(values, start=1):
        first = values.index(value) + 1
        if first < index and named(value):
            field = f"{path}[{index}]"
            yield weak(view, field, path=path, reason=f"This is the same as row {first}.", check=_TWICE)


_TWICE = "practice.one-measure-per-item"
