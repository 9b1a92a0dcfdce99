"""One person of one case: by name, or, where protected, by alias alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from dedere.node.desk import persons as queries
from dedere.web.components.readable import readable
from dedere.web.components.views import OfficerRequest, for_officers

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@for_officers
def person(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """What this office may show of the person."""
    found = queries.person_view(request.user, case_id, person_id)
    return render(request, "persons/person.html", {"person": found, "lines": readable(found.details)})
