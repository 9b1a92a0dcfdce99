"""Practice checks that look past the file: languages and channels of the other State, annexes, single kinds."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, TypeAlias

from dedere.base.finding import Outcome
from dedere.treaty.requestfile_schema import fields
from dedere.treaty.statements import annex_between, in_effect_rows
from dedere.treaty.words import RequestKind, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dedere.treaty.contents_view import View
    from dedere.treaty.register import PartyRow

Defect: TypeAlias = tuple[str, str, str]
"""Exact field, data path, reason."""


def _translation(view: View) -> Iterator[Defect]:
    request = view.request
    written = {request.text("request.language"), request.text("request.translation.language")} - {""}
    accepted = {word for row in _statements(view, "languages") for word in row.effect["languages"]}
    if not request.text("request.language"):
        yield "request.language", "request.language", "The language of the request is not stated."
        return
    if request.text("request.translation.waiver"):
        return
    path = "request.translation"
    if accepted and not written & accepted:
        yield path, path, f"The requested State wants {', '.join(sorted(accepted))}; no such text is attached."
    elif request.text("request.translation.language") not in {"", request.text("request.language")}:
        path = "request.translation.attachments"
        if not request.words(path):
            yield path, path, "A translation is named, and none is attached."


def _translation_payer(view: View) -> Iterator[Defect]:
    path = "request.translation.settled"
    if view.request.text("request.translation.language") and not view.request.text(path):
        yield path, path, "Who translates and who pays is not settled."


def _statements(view: View, effect: str) -> list[PartyRow]:
    """What the requested State has declared under the instruments relied on and may still hold to."""
    if view.request.requested not in view.law.states:
        return []
    return [
        row
        for name in view.instruments
        for treaty in view.law.instrument(name).treaties
        for row in in_effect_rows(view.law, view.request.requested, treaty=treaty, on=view.on)
        if effect in row.effect
    ]


def _channel(view: View) -> Iterator[Defect]:
    path = "request.channel"
    chosen = view.request.text(path)
    if not chosen:
        yield path, path, "The channel is not chosen."
        return
    open_here = [
        channel
        for name in view.instruments
        for channel in view.law.instrument(name).channels
        if view.request.kind in channel.functions or _broader(view.request.kind) in channel.functions
    ]
    known = [channel for channel in open_here if channel.id == chosen]
    wanted = {word for row in _statements(view, "channel") for word in row.effect["channel"]}
    if wanted and chosen not in wanted:
        yield path, path, f"The requested State has declared that it wants {', '.join(sorted(wanted))}."
        return
    if open_here and not known:
        names = ", ".join(dict.fromkeys(channel.id for channel in open_here))
        yield path, path, f"Not a channel for this kind of request; there are {names}."
    elif known and all(channel.urgency is Urgency.URGENT for channel in known) and not _is_urgent(view):
        yield path, path, "A channel for urgent cases, and no urgency is claimed."


def _is_urgent(view: View) -> bool:
    return view.request.flag("request.urgent.claimed") is True


def _broader(kind: str) -> str:
    """The kind whose channels a narrower kind uses: what serves extradition serves its side procedures."""
    if kind in {"transfer-interest", "transfer-provisional"}:
        return RequestKind.TRANSFER.value
    if kind in {"jit", "spontaneous-information"}:
        return RequestKind.MLA.value
    return kind if kind in {"mla", "transfer"} else RequestKind.EXTRADITION.value


_NAMED_ANNEX = re.compile(r"\bannex[ -](\d{1,3})\b", re.IGNORECASE)


def _annexes(view: View) -> Iterator[Defect]:
    attached = {attachment.id for attachment in view.request.attachments}
    named = {
        f"annex-{int(number)}"
        for field in fields().values()
        if field.shape.value == "text" and field.path.split(".", 1)[0] in view.request.data
        for found in view.request.located(field.path)
        if isinstance(found.value, str)
        for number in _NAMED_ANNEX.findall(found.value)
    }
    absent = sorted(named - attached)
    if absent:
        yield "request.annexes", "request.annexes", f"The text names {', '.join(absent)}, which is not attached."


def _annexed_crimes(view: View) -> Iterator[Defect]:
    states = (view.request.requesting, view.request.requested)
    if not set(states) <= set(view.law.states):
        return
    treaties = [name for name in view.instruments if view.law.instrument(name).annexes is not None]
    annexed = [(index, crime) for index, crime in enumerate(view.request.crimes, start=1) if crime.annex]
    for index, crime in annexed:
        findings = [
            annex_between(view.law, states, treaty=treaty, letter=crime.annex, on=view.on) for treaty in treaties
        ]
        if findings and not any(each.outcome is Outcome.HOLDS for each in findings):
            yield f"request.crime[{index}].annex", "request.crime.annex", findings[0].reason


_FILE = (
    "extradition.person.description",
    "extradition.offence.statement",
    "extradition.offence.provisions_text",
    "extradition.offence.penalty",
    "extradition.offence.limitation",
)


def _extradition_file(view: View) -> Iterator[Defect]:
    request = view.request
    for path in _FILE:
        if not request.text(path):
            yield path, path, f"The file lacks: {fields()[path].description.lower()}."
    title = "judgment" if request.text("extradition.sought_as") == "convicted" else "warrant"
    path = f"extradition.documents.{title}"
    if request.text("extradition.sought_as") and not request.words(path):
        yield path, path, f"The file lacks the {title}."
    if title == "judgment" and not request.text("extradition.judgment.time_left"):
        path = "extradition.judgment.time_left"
        yield path, path, "The file does not say how much of the sentence is left."


def _absentia(view: View) -> Iterator[Defect]:
    if view.request.flag("extradition.judgment.in_absentia"):
        for name in ("summons_and_defence", "retrial"):
            path = f"extradition.judgment.{name}"
            if not view.request.text(path):
                yield path, path, f"A judgment in absentia, without: {fields()[path].description.lower()}."


def _assurances(view: View) -> Iterator[Defect]:
    path = "extradition.assurances.offered"
    if view.request.kind == "extradition" and not view.request.rows(path):
        yield path, path, "No assurance is offered with the request."


def _arrest_time(view: View) -> Iterator[Defect]:
    path = "provisional_arrest.file_ready_by"
    ready = view.request.day(path)
    if ready is None:
        yield path, path, "It is not said by when the full file can be ready and translated."
        return
    shortest = _shortest_arrest(view)
    if shortest is not None and ready > view.on + dt.timedelta(days=shortest):
        yield path, path, f"The full file would come after the shortest period that may apply, {shortest} days."


def _shortest_arrest(view: View) -> int | None:
    """The shortest number of days, verified or not, after which an arrest may end: used for a warning only."""
    days = [
        (limit.length.after(view.on) - view.on).days if limit.length else None
        for name in view.instruments
        for limit in view.law.instrument(name).limits
        if limit.request is RequestKind.PROVISIONAL_ARREST
    ]
    candidates = [
        (candidate.quantity.after(view.on) - view.on).days
        for name in view.instruments
        for limit in view.law.instrument(name).limits
        if limit.request is RequestKind.PROVISIONAL_ARREST
        for candidate in limit.candidates
    ]
    known = [number for number in (*days, *candidates) if number is not None]
    return min(known) if known else None


def _informed_consent(view: View) -> Iterator[Defect]:
    request = view.request
    if request.kind != "transfer" or request.flag("transfer.expulsion") or request.flag("transfer.fled"):
        return
    for name in ("language", "counsel", "verification"):
        path = f"transfer.consent.{name}"
        if not request.text(path):
            yield path, path, f"Consent is stated without: {fields()[path].description.lower()}."


def _time_left(view: View) -> Iterator[Defect]:
    path = "transfer.sentence.days_left"
    request = view.request
    left = request.value(path)
    if left is None and not request.flag("transfer.sentence.indeterminate"):
        yield path, path, "The time left at receipt of the request is not calculated."
        return
    for name in view.instruments:
        for threshold in view.law.instrument(name).thresholds:
            if threshold.request is not RequestKind.TRANSFER or not isinstance(left, int):
                continue
            lengths = [threshold.value] if threshold.value else [each.quantity for each in threshold.candidates]
            least = max((length.after(view.on) - view.on).days for length in lengths)
            if left < least:
                yield path, path, f"{left} days are left where {lengths[0]} may be needed."


_AGREEMENT = "jit.agreement"


def _team_agreement(view: View) -> Iterator[Defect]:
    wanted = [field for path, field in fields().items() if path.startswith(f"{_AGREEMENT}.")]
    absent = [field.description.lower() for field in wanted if not view.request.text(field.path)]
    if absent:
        yield _AGREEMENT, _AGREEMENT, f"The draft agreement does not cover {', '.join(absent)}."


CHECKS_OF_KINDS: Mapping[str, Callable[[View], Iterator[Defect]]] = {
    "practice.translation-first": _translation,
    "practice.translation-payer": _translation_payer,
    "practice.channel-allowed": _channel,
    "practice.annexes-present": _annexes,
    "practice.annex-pairwise": _annexed_crimes,
    "practice.case-file-complete": _extradition_file,
    "practice.absentia-details": _absentia,
    "practice.assurances-ahead": _assurances,
    "practice.arrest-before-request": _arrest_time,
    "practice.transfer-consent-understood": _informed_consent,
    "practice.transfer-time-left": _time_left,
    "practice.jit-content": _team_agreement,
}
