"""Whether the parts of a request hang together: items on facts and persons, crimes on facts, details on items.

Source: the practice checks `practice.nexus.*`. Missing links are a standard cause of return; presence of every
single field does not show them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.treaty.contents_quality import weak
from dedere.treaty.contents_view import ContentFinding, View, Weight, is_hearing
from dedere.treaty.requestfile_schema import fields
from dedere.treaty.rule_scope import check_reference
from dedere.treaty.words import Measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.treaty.requestfile_rows import ItemAsked, Person

_ITEMS = "request.assistance.items"
_STANDS_ACCUSED = frozenset({"suspect", "accused", "convicted"})


def broken_links(view: View) -> Iterator[ContentFinding]:
    """One finding for each link that is missing or contradicts another part of the request."""
    yield from _items_without_links(view)
    yield from _items_beside_their_facts(view)
    yield from _persons_without_part(view)
    yield from _crimes_without_facts(view)
    yield from _facts_without_use(view)
    yield from _hearings(view)
    yield from _details(view)
    yield from _documents(view)


def _items_without_links(view: View) -> Iterator[ContentFinding]:
    if view.request.kind == "mla" and not view.items:
        yield _missing(view, _ITEMS, path=_ITEMS, check="practice.nexus.item-fact", reason="No item is asked for.")
    for index, item in enumerate(view.items, start=1):
        field = f"{_ITEMS}[{index}]"
        if not item.facts:
            reason = "The item points to no stated fact."
            path = f"{_ITEMS}.facts"
            yield _missing(view, f"{field}.facts", path=path, check="practice.nexus.item-fact", reason=reason)
        if not item.persons and not item.person_unknown:
            reason = "The item points to no person and does not say that the person is unknown."
            path = f"{_ITEMS}.persons"
            yield _missing(view, f"{field}.persons", path=path, check="practice.nexus.item-person", reason=reason)


def _missing(view: View, field: str, *, path: str, check: str, reason: str) -> ContentFinding:
    practice = view.checks.get(check) or next(each for each in view.law.practice if each.id == check)
    return ContentFinding(
        weight=Weight.MISSING,
        field=field,
        path=path,
        ask=fields()[path].description,
        reason=reason,
        consequence=practice.why,
        references=(check_reference(practice),),
    )


def _items_beside_their_facts(view: View) -> Iterator[ContentFinding]:
    by_id = {person.id: person for person in view.persons}
    for index, item in enumerate(view.items, start=1):
        strangers = [person for person in item.persons if _is_stranger(by_id[person], item)]
        if strangers:
            yield weak(
                view,
                f"{_ITEMS}[{index}].persons",
                path=f"{_ITEMS}.persons",
                reason=f"{', '.join(strangers)} has no part in any of the facts on which the item rests.",
                check="practice.nexus.item-person",
            )


def _is_stranger(person: Person, item: ItemAsked) -> bool:
    return bool(item.facts and person.facts) and not set(item.facts) & set(person.facts)


def _persons_without_part(view: View) -> Iterator[ContentFinding]:
    if "practice.nexus.person-fact" not in view.checks:
        return
    has_facts = bool(view.request.facts)
    for index, person in enumerate(view.persons, start=1):
        if not person.part and not (person.facts and has_facts):
            yield weak(
                view,
                f"request.persons[{index}].facts",
                path="request.persons.facts",
                reason="The person is named, but the request does not say what part the person has in the facts.",
                check="practice.nexus.person-fact",
            )


def _crimes_without_facts(view: View) -> Iterator[ContentFinding]:
    for index, crime in enumerate(view.request.crimes, start=1):
        if not crime.facts and view.request.facts:
            yield weak(
                view,
                f"request.crime[{index}].facts",
                path="request.crime.facts",
                reason="No stated fact makes out this crime.",
                check="practice.facts-five",
            )


def _facts_without_use(view: View) -> Iterator[ContentFinding]:
    used = {fact for crime in view.request.crimes for fact in crime.facts}
    used |= {fact for person in view.persons for fact in person.facts}
    used |= {fact for item in view.items for fact in item.facts}
    used |= {fact for attachment in view.request.attachments for fact in attachment.facts}
    for index, fact in enumerate(view.request.facts, start=1):
        if fact.id not in used:
            found = weak(
                view,
                f"request.facts.statements[{index}]",
                path="request.facts.statements",
                reason="No crime, person or item points to this fact; is it needed?",
                check="practice.nexus.item-fact",
            )
            yield ContentFinding(
                weight=Weight.ADVICE,
                field=found.field,
                path=found.path,
                ask=found.ask,
                reason=found.reason,
                consequence="The reader looks for a meaning that is not there.",
                references=found.references,
            )


def _hearings(view: View) -> Iterator[ContentFinding]:
    by_id = {person.id: person for person in view.persons}
    for index, item in enumerate(view.items, start=1):
        if not is_hearing(item):
            continue
        reason = _hearing_reason(item, [by_id[person] for person in item.persons])
        if reason:
            yield weak(
                view,
                f"{_ITEMS}[{index}].persons",
                path=f"{_ITEMS}.persons",
                reason=reason,
                check="practice.role-rights",
            )


def _hearing_reason(item: ItemAsked, persons: list[Person]) -> str:
    if any(person.legal_person for person in persons):
        return "A legal person cannot be heard; name the natural person who speaks for it."
    accused = {person.role in _STANDS_ACCUSED for person in persons if person.role}
    if item.measure == Measure.HEARING_VIDEO_ACCUSED and False in accused:
        return "The item hears an accused by video, and a person it names is neither suspect nor accused."
    if item.measure == Measure.HEARING_VIDEO and True in accused:
        return "A suspect or accused is heard by video under rules of their own; ask for hearing-video-accused."
    return ""


def _details(view: View) -> Iterator[ContentFinding]:
    """Details that describe an item of another measure."""
    measures = {item.id: Measure(item.measure) for item in view.items}
    for group in {path.split(".")[1]: None for path in fields() if path.startswith("measure.")}:
        own = _GROUPS[group]
        for index, detail in enumerate(view.request.rows(f"measure.{group}"), start=1):
            links = detail.get("for")
            items = links if isinstance(links, tuple) else ()
            if any(not any(measures[str(item)].refines(each) for each in own) for item in items):
                yield weak(
                    view,
                    f"measure.{group}[{index}].for",
                    path=f"measure.{group}.for",
                    reason="These details describe an item of another measure.",
                    check="practice.one-measure-per-item",
                )


_GROUPS = {
    "attendance": (Measure.ATTENDANCE,),
    "confiscation": (Measure.CONFISCATION,),
    "covert": (Measure.COVERT,),
    "freezing": (Measure.FREEZING, Measure.TRACING, Measure.PRESERVATION),
    "hearing_telephone": (Measure.HEARING_TELEPHONE,),
    "hearing_video": (Measure.HEARING_VIDEO,),
    "observation": (Measure.OBSERVATION,),
    "provisional": (Measure.PRESERVATION, Measure.FREEZING),
    "restitution": (Measure.RESTITUTION, Measure.ASSET_RETURN),
    "search": (Measure.SEARCH,),
    "service": (Measure.SERVICE,),
    "temporary_transfer": (Measure.TEMPORARY_TRANSFER,),
}
"""Which measures each group of details describes."""


def _documents(view: View) -> Iterator[ContentFinding]:
    """Attachments that stand as one kind of document and are marked as another."""
    roles = {attachment.id: attachment.role for attachment in view.request.attachments}
    for path, role in _DOCUMENT_ROLES.items():
        for found in view.request.located(path):
            links = found.value if isinstance(found.value, tuple) else ()
            wrong = [str(link) for link in links if roles[str(link)] not in {"", role, "other", "translation"}]
            if wrong:
                yield weak(
                    view,
                    found.path,
                    path=path,
                    reason=f"{', '.join(wrong)} is marked as {roles[wrong[0]]}, not as {role}.",
                    check="practice.annexes-present",
                )


_DOCUMENT_ROLES = {
    "extradition.documents.warrant": "order",
    "extradition.documents.judgment": "judgment",
    "transfer.documents.judgment_certified": "judgment",
    "transfer.documents.consent_declaration": "consent",
    "transfer.documents.dual_criminality_law": "law",
    "transfer.documents.expulsion_order": "order",
    "measure.confiscation.order_copy": "order",
    "measure.freezing.order_copy": "order",
    "measure.temporary_transfer.consent_statement": "consent",
    "request.offence.attachments": "law",
}
