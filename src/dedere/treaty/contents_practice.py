"""The practice checks for drafting: what practitioners ask for beside the treaties; never what the law requires.

Each function is registered under the id of its check in the practice data, which gives severity, reason and source;
a check that the node's lawyers remove from the data is no longer made. `NOT_MADE_HERE` names those that this package
cannot make, and why; the links between facts, persons and items are in `contents_links`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedere.treaty.contents_asked import absent_details
from dedere.treaty.contents_practice_kinds import CHECKS_OF_KINDS
from dedere.treaty.contents_view import ContentFinding, View, Weight, is_hearing
from dedere.treaty.requestfile_schema import fields
from dedere.treaty.rule_scope import check_reference
from dedere.treaty.words import Measure, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dedere.treaty.contents_practice_kinds import Defect
    from dedere.treaty.model import Check

_WEIGHTS = {Severity.BLOCKS: Weight.MISSING, Severity.WARNS: Weight.WEAK, Severity.ADVISES: Weight.ADVICE}

_WEAK_WHEN_PRESENT = {
    "practice.urgency-reason": "request.kind",
    "practice.arrest-before-request": "provisional_arrest.file_ready_by",
}
"""Checks that block in practice although something stands in the field that can be read: then it is weak."""

NOT_MADE_HERE: Mapping[str, str] = {
    "practice.nexus.item-fact": "made with the links",
    "practice.nexus.item-person": "made with the links",
    "practice.nexus.person-fact": "made with the links",
    "practice.one-measure-per-item": "every item has exactly one measure by the file's format",
    "practice.protected-identity": "the file's format refuses what identifies a protected person",
}
"""Checks for drafting and sending that no function here makes."""


def practice_remarks(view: View) -> Iterator[ContentFinding]:
    """One finding for each way in which the request falls short of a practice check that concerns it."""
    for check in view.checks.values():
        if check.id in NOT_MADE_HERE:
            continue
        make = _CHECKS.get(check.id)
        if make is not None:
            for field, path, reason in make(view):
                yield _remark(check, view, field=field, path=path, reason=reason)
        else:
            yield _consider(check)


def _remark(check: Check, view: View, *, field: str, path: str, reason: str) -> ContentFinding:
    weight = _WEIGHTS[check.severity]
    if check.id in _WEAK_WHEN_PRESENT and view.request.value(_WEAK_WHEN_PRESENT[check.id]) is not None:
        weight = Weight.WEAK
    known = fields().get(path)
    return ContentFinding(
        weight=weight,
        field=field,
        path=path,
        ask=known.description if known is not None else check.check,
        reason=reason,
        consequence=check.why,
        references=(check_reference(check),),
    )


def _consider(check: Check) -> ContentFinding:
    """Advice that no field answers: the officer ticks it in `request.considered`."""
    return ContentFinding(
        weight=Weight.ADVICE,
        field=f"request.considered[{check.id}]",
        path="request.considered",
        ask=check.check,
        reason=f"{check.check} Once considered, add {check.id} to request.considered.",
        consequence=check.why,
        references=(check_reference(check),),
    )


def _is_given(path: str, reason: str) -> Callable[[View], Iterator[Defect]]:
    def make(view: View) -> Iterator[Defect]:
        for found in view.request.located(path):
            if found.value is None:
                yield found.path, path, reason

    return make


def _roles(view: View) -> Iterator[Defect]:
    for index, person in enumerate(view.persons, start=1):
        if not person.role:
            yield f"request.persons[{index}].role", "request.persons.role", "The person has no role."


def _rights(view: View) -> Iterator[Defect]:
    for index, person in enumerate(view.persons, start=1):
        if person.id in view.heard and not person.row.get("rights"):
            reason = "The person is to be heard, and the rights to be given are not stated."
            yield f"request.persons[{index}].rights", "request.persons.rights", reason


def _legal_basis(view: View) -> Iterator[Defect]:
    if not view.request.instruments and not view.request.text("request.legal_basis.other"):
        yield "request.legal_basis", "request.legal_basis", "Neither a treaty nor another legal basis is stated."


def _law_annexed(view: View) -> Iterator[Defect]:
    request = view.request
    attached = request.words("request.offence.attachments") or request.words("transfer.documents.judgment_certified")
    stated = request.text("extradition.offence.provisions_text") or request.text("request.offence.provisions_text")
    if not attached and not stated and request.kind in {"mla", "extradition", "transfer"}:
        path = "request.offence.provisions_text"
        yield path, path, "Neither annexed nor stated: the provisions and penalties."


def _facts_five(view: View) -> Iterator[Defect]:
    """What, when, where, who: each fact dated and placed, and a person in them; *how* is in the links of the crimes."""
    statements = view.request.facts
    path = "request.facts.statements"
    if not statements:
        yield path, path, "No single facts are stated for persons, crimes and items to point to."
    for index, fact in enumerate(statements, start=1):
        if fact.begins is None:
            yield f"{path}[{index}].from", f"{path}.from", "The fact does not say when it happened."
        if not fact.place:
            yield f"{path}[{index}].place", f"{path}.place", "The fact does not say where it happened."
    if not view.persons and not any(item.person_unknown for item in view.items):
        yield "request.persons", "request.persons", "Nobody is named, and it is not said that the person is unknown."


_ALL_RECORDS = re.compile(
    r"\b(all|any and all|every|whatever|complete set of) (\w+ )?(records|documents|data|files|information|materials?)\b"
    r"|\beverything\b",
    re.IGNORECASE,
)


def _signed(view: View) -> Iterator[Defect]:
    for path, what in {"request.signature": "who signs, and how", "request.dated": "when it was signed"}.items():
        if view.request.value(path) is None:
            yield path, path, f"It is not said {what}."


def _precise_scope(view: View) -> Iterator[Defect]:
    for index, item in enumerate(view.items, start=1):
        field = f"request.assistance.items[{index}].description"
        path = "request.assistance.items.description"
        if not item.description:
            yield field, path, "The item does not say what exactly is asked for."
        elif _ALL_RECORDS.search(item.description) and not (item.begins or item.place):
            yield field, path, "Asks for everything, without period, place, account, device or document."
    for measure, paths in _PRECISE.items():
        for path in paths:
            for field in absent_details(path, view, measure=measure):
                yield field, path, f"The measure is not described precisely without: {fields()[path].description}."


_PRECISE = {
    Measure.SEARCH: ("measure.search.location", "measure.search.items"),
    Measure.SERVICE: ("measure.service.addressee", "measure.service.document_description"),
    Measure.FREEZING: ("measure.freezing.action_requested",),
    Measure.OBSERVATION: ("measure.observation.person",),
    Measure.TEMPORARY_TRANSFER: ("measure.temporary_transfer.agreed_terms",),
}
"""What a measure cannot do without, whatever treaty carries it."""


def _item_purpose(view: View) -> Iterator[Defect]:
    for index, item in enumerate(view.items, start=1):
        if not item.purpose:
            field = f"request.assistance.items[{index}].purpose"
            yield field, "request.assistance.items.purpose", "The item does not say what it is needed to prove."


def _coercion(view: View) -> Iterator[Defect]:
    coercive = {form.measure for name in view.instruments for form in view.law.instrument(name).forms if form.coercive}
    for index, item in enumerate(view.items, start=1):
        if item.measure in coercive and not item.coercion_reason:
            field = f"request.assistance.items[{index}].coercion_reason"
            reason = "A coercive measure is asked for without saying why a milder one will not do."
            yield field, "request.assistance.items.coercion_reason", reason


def _urgency(view: View) -> Iterator[Defect]:
    request = view.request
    day, reason = request.day("request.deadline.date"), request.text("request.deadline.reason")
    if request.flag("request.urgent.claimed") and day is None:
        yield "request.deadline.date", "request.deadline.date", "Urgency is claimed without a date."
    if (day is not None or request.flag("request.urgent.claimed")) and not reason:
        yield "request.deadline.reason", "request.deadline.reason", "A date or urgency is claimed without a reason."


_SHORTEST_NOTICE = 21
"""Days that translation, transmission and execution take at the very least; our rule of thumb, not law."""


def _realistic(view: View) -> Iterator[Defect]:
    day = view.request.day("request.deadline.date")
    if day is None or view.request.flag("request.urgent.claimed"):
        return
    left = (day - view.on).days
    if 0 < left < _SHORTEST_NOTICE:
        path = "request.deadline.date"
        yield path, path, f"Leaves {left} days for translation, transmission and execution, and claims no urgency."


def _confidentiality(view: View) -> Iterator[Defect]:
    wanted, reason = "request.confidentiality.wanted", "request.confidentiality.reason"
    if view.request.flag(wanted) is None:
        yield wanted, wanted, "Confidentiality is stated neither way."
    elif not view.request.text(reason):
        yield reason, reason, "Confidentiality is stated without its reason."


_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_FEWEST_DIGITS = 6


def _contact(view: View) -> Iterator[Defect]:
    request = view.request
    email, telephone = request.text("request.contact.email"), request.text("request.contact.telephone")
    if not request.text("request.contact.name") or not (email or telephone):
        yield "request.contact", "request.contact", "No named person with a telephone number or address is given."
    if email and not _EMAIL.fullmatch(email):
        yield "request.contact.email", "request.contact.email", "This is not an e-mail address."
    if telephone and sum(character.isdigit() for character in telephone) < _FEWEST_DIGITS:
        yield "request.contact.telephone", "request.contact.telephone", "This is not a telephone number."


def _crime_conduct(view: View) -> Iterator[Defect]:
    if not view.request.crimes and view.request.kind in {"mla", "extradition", "jit"}:
        yield "request.crime", "request.crime", "No crime is named."
    for index, crime in enumerate(view.request.crimes, start=1):
        if not crime.conduct:
            reason = "The crime is named without the conduct that makes it out."
            yield f"request.crime[{index}].conduct", "request.crime.conduct", reason


def _earlier_interviews(view: View) -> Iterator[Defect]:
    for index, person in enumerate(view.persons, start=1):
        if person.id in view.heard and not person.row.get("earlier_interviews"):
            reason = "The person is to be heard, and earlier interviews by anyone are neither listed nor denied."
            yield f"request.persons[{index}].earlier_interviews", "request.persons.earlier_interviews", reason


def _video_plan(view: View) -> Iterator[Defect]:
    by_video = {item.id for item in view.items if is_hearing(item) and item.measure.startswith("hearing-video")}
    for index, detail in enumerate(view.request.rows("measure.hearing_video"), start=1):
        links = detail.get("for")
        if by_video & set(links if isinstance(links, tuple) else ()) and not detail.get("plan"):
            reason = "The video hearing has no plan."
            yield f"measure.hearing_video[{index}].plan", "measure.hearing_video.plan", reason


_CHECKS: Mapping[str, Callable[[View], Iterator[Defect]]] = {
    "practice.role-of-person": _roles,
    "practice.role-rights": _rights,
    "practice.legal-basis": _legal_basis,
    "practice.law-annexed": _law_annexed,
    "practice.stage-of-proceedings": _is_given(
        "request.proceeding.stage", "The stage of the proceeding is not stated."
    ),
    "practice.facts-five": _facts_five,
    "practice.precise-scope": _precise_scope,
    "practice.purpose-per-item": _item_purpose,
    "practice.formalities-wanted": _is_given(
        "request.assistance.procedure_wanted", "Neither formalities nor their absence are stated."
    ),
    "practice.coercive-reason": _coercion,
    "practice.informal-contact": _is_given(
        "request.informal_contacts", "Earlier informal contacts are neither told nor denied."
    ),
    "practice.earlier-requests-linked": _is_given(
        "request.related.same_state", "Earlier requests to the same State are neither named nor denied."
    ),
    "practice.other-states": _is_given(
        "request.related.other_states", "Requests to other States are neither named nor denied."
    ),
    "practice.urgency-reason": _urgency,
    "practice.deadline-realistic": _realistic,
    "practice.confidentiality-stated": _confidentiality,
    "practice.use-limits": _is_given("request.use_limits", "Limits of use are not stated."),
    "practice.contact-person": _contact,
    "practice.reference": _is_given("request.reference", "The request has no reference."),
    "practice.signature": _signed,
    "practice.directory-age": _is_given("request.addressee", "The authority addressed is not named."),
    "practice.crime-label": _crime_conduct,
    "practice.interview-history": _earlier_interviews,
    "practice.video-plan": _video_plan,
    "practice.protection-early": _is_given(
        "request.protection_needs", "A witness, victim or expert is named, and protection needs are not stated."
    ),
    **CHECKS_OF_KINDS,
}
