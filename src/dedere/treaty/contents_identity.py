"""Codes and answers in a request that cannot be: unknown States, crimes, treaties, or two answers that contradict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dedere.treaty.assurances import lacking_in, terms_of
from dedere.treaty.contents_quality import weak
from dedere.treaty.contents_view import Weight
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.requestfile_links import SECTIONS
from dedere.treaty.requestfile_schema import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.treaty.contents_view import ContentFinding, View


def impossible_codes(view: View) -> Iterator[ContentFinding]:
    """One finding for each code that nothing knows and each pair of answers that contradict each other."""
    yield from _states(view)
    yield from _names_of_persons(view)
    yield from _crimes(view)
    yield from _names(view)
    yield from _person_moved(view)
    yield from _essentials(view)
    yield from _assurances(view)
    yield from _languages(view)


def _states(view: View) -> Iterator[ContentFinding]:
    request = view.request
    for path, code in {
        "request.requesting_state": request.requesting,
        "request.requested_state": request.requested,
        "re_extradition.third_state": request.text("re_extradition.third_state"),
    }.items():
        if code and code not in view.law.states:
            yield weak(view, path, path=path, reason=f"There is no State with the code {code}.")
    if request.requesting == request.requested:
        path = "request.requested_state"
        yield weak(view, path, path=path, reason="A State asks itself.")
    path = "jit.states_of_operation"
    for code in request.words(path):
        if code not in view.law.states:
            yield weak(view, path, path=path, reason=f"There is no State with the code {code}.")
    for index, person in enumerate(view.persons, start=1):
        unknown = [code for code in person.nationality if code not in view.law.states]
        if unknown:
            reason = f"There is no State with the code {', '.join(unknown)}."
            field = f"request.persons[{index}].nationality"
            yield weak(view, field, path="request.persons.nationality", reason=reason)


def _names_of_persons(view: View) -> Iterator[ContentFinding]:
    for index, person in enumerate(view.persons, start=1):
        if person.row.get("identity") and not person.name:
            field = f"request.persons[{index}].identity.name"
            reason = "The identity is given without a name."
            yield weak(view, field, path="request.persons.identity.name", reason=reason, check=_WHO)


_WHO = "practice.role-of-person"


def _crimes(view: View) -> Iterator[ContentFinding]:
    for index, crime in enumerate(view.request.crimes, start=1):
        try:
            view.law.crime(crime.code)
        except LawQuestionError:
            yield weak(
                view,
                f"request.crime[{index}].code",
                path="request.crime.code",
                reason="No instrument knows a crime of this code.",
                check="practice.crime-label",
            )


def _misnamed_treaties(view: View) -> Iterator[str]:
    """A sentence on treaties that do not exist, and on each protocol that is named without what it belongs to."""
    law, named = view.law, view.request.instruments
    unknown = [name for name in named if name not in law.treaties]
    if unknown:
        yield f"No treaty is called {', '.join(unknown)}; there are {', '.join(law.treaties)}."
    for name in named:
        treaty = law.treaties.get(name)
        if treaty is not None and treaty.instrument not in named:
            whole = law.instruments[treaty.instrument].abbreviation
            yield f"{treaty.abbreviation} is a protocol to {whole}, which is to be named too ({treaty.instrument})."


def _names(view: View) -> Iterator[ContentFinding]:
    """Ids of treaties, advice and fields that the request names and that do not exist."""
    request = view.request
    path = "request.legal_basis.instruments"
    for reason in _misnamed_treaties(view):
        yield weak(view, path, path=path, reason=reason, check="practice.legal-basis")
    practice = {check.id for check in view.law.practice}
    unknown = [name for name in request.words("request.considered") if name not in practice]
    if unknown:
        path = "request.considered"
        yield weak(view, path, path=path, reason=f"There is no advice called {', '.join(unknown)}.")
    for index, row in enumerate(request.rows("request.left_out"), start=1):
        if _plain(str(row["field"])) not in fields():
            field = f"request.left_out[{index}].field"
            yield weak(view, field, path="request.left_out.field", reason="The format has no field of this path.")


def _plain(field: str) -> str:
    """A path without its row numbers."""
    return "".join(part.split("]")[-1] for part in field.split("["))


_SOUGHT = {"accused": frozenset({"accused", "suspect"}), "convicted": frozenset({"convicted"})}
_PERSON_PATHS = (
    "extradition.person.person",
    "provisional_arrest.person",
    "simplified.person.person",
    "transit.person.person",
    "speciality.person",
    "re_extradition.person",
    "prosecution.person",
    "transfer.person.person",
)


def _person_moved(view: View) -> Iterator[ContentFinding]:
    """The one person a request moves or prosecutes: linked, of a role that can be, of a nationality that is stated."""
    persons = {person.id: (index, person) for index, person in enumerate(view.persons, start=1)}
    for path in _PERSON_PATHS:
        if path.split(".", 1)[0] not in SECTIONS[view.request.kind][:1]:
            continue
        who = view.request.text(path)
        if who not in persons:
            reason = "The request does not say which of its persons this is about."
            yield weak(view, path, path=path, reason=reason, check="practice.nexus.person-fact")
            continue
        index, person = persons[who]
        if person.role in {"witness", "victim", "expert", "third-party"}:
            reason = f"A {person.role} is not a person who can be surrendered, transferred or prosecuted."
            yield weak(view, path, path=path, reason=reason, check="practice.role-of-person")
        if not person.nationality:
            field = f"request.persons[{index}].nationality"
            reason = "The nationality of the person is not stated, and rules turn on it."
            yield weak(view, field, path="request.persons.nationality", reason=reason)
        yield from _sought_otherwise(view, role=person.role)


def _sought_otherwise(view: View, *, role: str) -> Iterator[ContentFinding]:
    path = "extradition.sought_as"
    sought_as = view.request.text(path)
    if view.request.kind == "extradition" and sought_as and role and role not in _SOUGHT[sought_as]:
        reason = f"The person is sought as {sought_as} and stands in the request as {role}."
        yield weak(view, path, path=path, reason=reason, check="practice.role-of-person")


_ESSENTIAL = {
    "property": ("property.list",),
    "re-extradition-consent": ("re_extradition.third_state",),
    "spontaneous-information": ("spontaneous.information",),
}


def _essentials(view: View) -> Iterator[ContentFinding]:
    """What no request of its kind can be read without, whichever treaty carries it."""
    for path in ("request.requesting_authority", *_ESSENTIAL.get(view.request.kind, ())):
        if view.request.value(path) is None:
            reason = f"Not given: {fields()[path].description.lower()}. Without it nobody can tell who asks for what."
            yield replace(weak(view, path, path=path, reason=reason), weight=Weight.MISSING)


def _assurances(view: View) -> Iterator[ContentFinding]:
    known = {assurance.id for assurance in view.law.assurances}
    for group in ("extradition.assurances.offered", "request.assurances"):
        for index, row in enumerate(view.request.rows(group), start=1):
            terms = terms_of(row)
            lacking = lacking_in(terms)
            field = f"{group}[{index}]"
            if terms.kind not in known:
                reason = "No instrument knows an assurance of this kind."
                yield weak(view, f"{field}.kind", path=f"{group}.kind", reason=reason)
            if lacking:
                reason = f"The assurance does not say {', '.join(lacking)}."
                yield weak(view, field, path=group, reason=reason, check="practice.assurance-record")


def _languages(view: View) -> Iterator[ContentFinding]:
    """A translation into the language the request is already written in."""
    request = view.request
    path = "request.translation.language"
    if request.text(path) and request.text(path) == request.text("request.language"):
        yield weak(
            view,
            path,
            path=path,
            reason="The translation is into the language the request is written in.",
            check="practice.translation-first",
        )
