"""Codes and answers in a request that cannot be: unknown States, crimes, treaties, or two answers that contradict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.treaty.contents_quality import weak
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.requestfile_schema import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.treaty.contents_view import ContentFinding, View


def impossible_codes(view: View) -> Iterator[ContentFinding]:
    """One finding for each code that nothing knows and each pair of answers that contradict each other."""
    yield from _states(view)
    yield from _crimes(view)
    yield from _names(view)
    yield from _person_sought(view)
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


def _names(view: View) -> Iterator[ContentFinding]:
    """Ids of treaties, advice and fields that the request names and that do not exist."""
    request = view.request
    unknown = [name for name in request.instruments if name not in view.law.instruments]
    if unknown:
        path = "request.legal_basis.instruments"
        reason = f"No instrument is called {', '.join(unknown)}; there are {', '.join(view.law.instruments)}."
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


def _person_sought(view: View) -> Iterator[ContentFinding]:
    roles = {person.id: person.role for person in view.persons}
    sought_as = view.request.text("extradition.sought_as")
    person = view.request.text("extradition.person.person")
    role = roles.get(person, "")
    if sought_as and role and role not in _SOUGHT[sought_as]:
        path = "extradition.sought_as"
        reason = f"The person is sought as {sought_as} and stands in the request as {role}."
        yield weak(view, path, path=path, reason=reason, check="practice.role-of-person")
    for path in _PERSON_PATHS:
        who = view.request.text(path)
        if roles.get(who) in {"witness", "victim", "expert", "third-party"}:
            reason = f"A {roles[who]} is not a person who can be surrendered, transferred or prosecuted."
            yield weak(view, path, path=path, reason=reason, check="practice.role-of-person")


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
