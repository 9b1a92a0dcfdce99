"""Assurances as objects: offered, accepted or declined, monitored, breached, ended. Pure; nothing is stored here.

What an assurance of a kind promises, and who gives it, is the law's data; what a ground does with it is said by
`dedere.treaty.grounds`. Source of the record's fields: the practice check `practice.assurance-record`.
"""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant, parse_instant, require_utc
from dedere.treaty.errors import AssuranceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.treaty.requestfile import RequestFile

__all__ = [
    "Assurance",
    "AssuranceStep",
    "AssuranceTerms",
    "Standing",
    "StepKind",
    "lacking_in",
    "offer_assurance",
    "offers_in",
]


class Standing(enum.StrEnum):
    """Where an assurance stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    BREACHED = "breached"
    ENDED = "ended"


class StepKind(enum.StrEnum):
    """What can be recorded about an assurance."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MONITORED = "monitored"
    BREACH_REPORTED = "breach-reported"
    BREACH_SETTLED = "breach-settled"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class AssuranceTerms:
    """What is promised. `kind` is the law's id, e.g. `assurance.death-penalty`; blank fields are not yet known.

    `given_by` is the office, `authority` why it may bind its State, `monitoring` how keeping can be checked.
    """

    kind: str
    text: str = ""
    given_by: str = ""
    authority: str = ""
    persons: tuple[str, ...] = ()
    monitoring: str = ""


@dataclass(frozen=True, slots=True)
class AssuranceStep:
    """One thing recorded: what, when (UTC), by which State's officer, and in words."""

    kind: StepKind
    at: dt.datetime
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Assurance:
    """One assurance with its whole history, oldest first; every change makes a new object."""

    id: str
    terms: AssuranceTerms
    state: str
    history: tuple[AssuranceStep, ...]

    @property
    def standing(self) -> Standing:
        """Where it stands after the last step that changed it."""
        standing = Standing.OFFERED
        for step in self.history:
            standing = _AFTER.get(step.kind, standing)
        return standing

    @property
    def cures(self) -> bool:
        """Whether a ground may be treated as cured by it: accepted and neither breached nor ended."""
        return self.standing is Standing.ACCEPTED

    def recorded(self, kind: StepKind, *, at: dt.datetime, by: str, note: str = "") -> Assurance:
        """The assurance with one more step.

        Raises:
            AssuranceError: the step cannot follow where it stands, or lies before the last one, or lacks its reason.
        """
        if self.standing not in _FROM[kind]:
            raise AssuranceError(f"An assurance that is {self.standing} cannot be {_PASSIVE[kind]}.")
        instant = require_utc(at)
        if instant < self.history[-1].at:
            raise AssuranceError("A step of an assurance cannot lie before the step that came before it.")
        if kind in _REASONED and not note.strip():
            raise AssuranceError(f"Say in words why: an assurance is not {_PASSIVE[kind]} without a reason.")
        return replace(self, history=(*self.history, AssuranceStep(kind, instant, by=by, note=note)))

    def as_json(self) -> dict[str, object]:
        """The assurance as plain data, always the same keys; `assurance_from_json` reads it back."""
        terms = self.terms
        return {
            "version": VERSION,
            "id": self.id,
            "kind": terms.kind,
            "state": self.state,
            "text": terms.text,
            "given_by": terms.given_by,
            "authority": terms.authority,
            "persons": list(terms.persons),
            "monitoring": terms.monitoring,
            "standing": self.standing.value,
            "history": [
                {"kind": step.kind.value, "at": format_instant(step.at), "by": step.by, "note": step.note}
                for step in self.history
            ],
        }


VERSION = "dedere-assurance/1"

_AFTER = {
    StepKind.ACCEPTED: Standing.ACCEPTED,
    StepKind.DECLINED: Standing.DECLINED,
    StepKind.WITHDRAWN: Standing.WITHDRAWN,
    StepKind.BREACH_REPORTED: Standing.BREACHED,
    StepKind.BREACH_SETTLED: Standing.ACCEPTED,
    StepKind.ENDED: Standing.ENDED,
}
_FROM: dict[StepKind, frozenset[Standing]] = {
    StepKind.OFFERED: frozenset(),
    StepKind.ACCEPTED: frozenset({Standing.OFFERED}),
    StepKind.DECLINED: frozenset({Standing.OFFERED}),
    # Once accepted, the other State has acted on it: it can be breached, not withdrawn.
    StepKind.WITHDRAWN: frozenset({Standing.OFFERED}),
    StepKind.MONITORED: frozenset({Standing.ACCEPTED, Standing.BREACHED}),
    StepKind.BREACH_REPORTED: frozenset({Standing.ACCEPTED}),
    StepKind.BREACH_SETTLED: frozenset({Standing.BREACHED}),
    StepKind.ENDED: frozenset({Standing.ACCEPTED, Standing.BREACHED}),
}
_PASSIVE = {
    StepKind.OFFERED: "offered again",
    StepKind.ACCEPTED: "accepted",
    StepKind.DECLINED: "declined",
    StepKind.WITHDRAWN: "withdrawn",
    StepKind.MONITORED: "monitored",
    StepKind.BREACH_REPORTED: "reported as breached",
    StepKind.BREACH_SETTLED: "settled after a breach",
    StepKind.ENDED: "ended",
}
_REASONED = frozenset({StepKind.DECLINED, StepKind.MONITORED, StepKind.BREACH_REPORTED, StepKind.BREACH_SETTLED})


def offer_assurance(identifier: str, terms: AssuranceTerms, *, state: str, at: dt.datetime, by: str) -> Assurance:
    """A new assurance, offered by `state` (two-letter code).

    Raises:
        AssuranceError: it has no text; an assurance that says nothing promises nothing.
    """
    if not terms.text.strip():
        raise AssuranceError("An assurance needs its text before it is offered.")
    step = AssuranceStep(StepKind.OFFERED, require_utc(at), by=by)
    return Assurance(identifier, terms, state=state, history=(step,))


def assurance_from_json(data: dict[str, object]) -> Assurance:
    """The assurance that `as_json` wrote.

    Raises:
        AssuranceError: another version, a field missing or of the wrong kind, steps that cannot follow each other.
    """
    if data.get("version") != VERSION:
        raise AssuranceError(f"An assurance of version {VERSION} was expected.")
    try:
        terms = AssuranceTerms(
            kind=_string(data, "kind"),
            text=_string(data, "text"),
            given_by=_string(data, "given_by"),
            authority=_string(data, "authority"),
            persons=tuple(str(person) for person in _list(data, "persons")),
            monitoring=_string(data, "monitoring"),
        )
        steps = [_step(step) for step in _list(data, "history")]
        first = steps[0]
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise AssuranceError("A stored assurance lacks a field or has one of the wrong kind.") from error
    assurance = offer_assurance(_string(data, "id"), terms, state=_string(data, "state"), at=first.at, by=first.by)
    for step in steps[1:]:
        assurance = assurance.recorded(step.kind, at=step.at, by=step.by, note=step.note)
    return assurance


def lacking_in(terms: AssuranceTerms) -> tuple[str, ...]:
    """What an assurance still needs before it can be checked: its fields in words, empty when complete."""
    needed = {
        "text": terms.text,
        "who gives it": terms.given_by,
        "why that office may bind the State": terms.authority,
        "how its keeping can be checked": terms.monitoring,
    }
    return tuple(name for name, value in needed.items() if not value.strip())


def offers_in(request: RequestFile) -> tuple[AssuranceTerms, ...]:
    """The assurances a request offers, wherever its kind has them; in the order of the file."""
    rows = (*request.rows("extradition.assurances.offered"), *request.rows("request.assurances"))
    terms = [terms_of(row) for row in rows]
    for kind, path in _SHORT_FORMS.items():
        if request.text(path) and kind not in {term.kind for term in terms}:
            terms.append(AssuranceTerms(kind=kind, text=request.text(path)))
    return tuple(terms)


def terms_of(row: Mapping[str, object]) -> AssuranceTerms:
    """The terms in a row of a request's assurances."""
    return AssuranceTerms(
        kind=str(row.get("kind", "")),
        text=str(row.get("text", "")),
        given_by=str(row.get("given_by", "")),
        authority=str(row.get("authority", "")),
        persons=_words(row.get("persons")),
        monitoring=str(row.get("monitoring", "")),
    )


_SHORT_FORMS = {
    "assurance.death-penalty": "extradition.assurances.death_penalty",
    "assurance.retrial": "extradition.assurances.retrial",
}


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(word) for word in value) if isinstance(value, tuple) else ()


def _string(data: dict[str, object], key: str) -> str:
    value = data[key]
    if not isinstance(value, str):
        raise TypeError(key)
    return value


def _list(data: dict[str, object], key: str) -> list[object]:
    value = data[key]
    if not isinstance(value, list):
        raise TypeError(key)
    return value


def _step(data: object) -> AssuranceStep:
    if not isinstance(data, dict):
        raise TypeError("step")
    return AssuranceStep(
        StepKind(_string(data, "kind")),
        at=parse_instant(_string(data, "at")),
        by=_string(data, "by"),
        note=_string(data, "note"),
    )
