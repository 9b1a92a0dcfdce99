"""Persons become known to a case through its acts."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from dedere.base.errors import InputError
from dedere.casework.request import RequestDraft
from dedere.node.office import office
from dedere.node.persons.models import Person


@transaction.atomic(savepoint=False)
def note_persons(*, case: str, act: Mapping[str, object]) -> None:
    """Note each person that a request names, once, under the id the request gives them.

    A protected person is noted by alias alone: whatever else stood in the act about them is not copied.
    """
    body = act.get("body")
    if not isinstance(body, Mapping) or "request" not in body:
        return
    try:
        named = RequestDraft.from_body(body).file.persons
    except InputError:
        # Another State's request in another form is kept as it came; its persons are read from the letter.
        return
    known = set(Person.objects.filter(case=case).values_list("reference", flat=True))
    Person.objects.bulk_create(
        Person(
            identifier=office().identifiers.new(),
            case=case,
            reference=person.id,
            role=person.role,
            protected=person.protected,
            alias=(person.alias or person.id) if person.protected else person.alias,
            name="" if person.protected else person.name,
            details={} if person.protected else {"part": person.part, "nationality": list(person.nationality)},
        )
        for person in named
        if person.id not in known
    )
