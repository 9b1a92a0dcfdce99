"""One person of one case: by name, or, where protected, by alias alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from dedere.node.desk import persons as queries
from dedere.web.components.readable import readable
from dedere.web.components.views import OfficerRequest, for_officers
from dedere.web.persons.care import care_of
from dedere.web.persons.identity_form import identity_lines
from dedere.web.persons.roles import look_words, role_words

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@for_officers
def person(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """What this office may show of the person, and what may be done for them."""
    found = queries.person_view(request.user, case_id, person_id)
    around = queries.compartment_of(request.user, found)
    context = {
        "person": found,
        "roles": role_words(found.roles),
        "lines": readable(found.details),
        "around": around,
        "looks": look_words(around.looks),
        "identity": identity_lines(found.identity) if found.identity else [],
        "care": care_of(request.user, found),
        "duties": queries.duties_to_person(request.user, found),
    }
    return render(request, "persons/person.html", context)
