"""A look at a protected identity: how it stands, who it is while it lasts, and the decision for a custodian."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dedere.base.errors import InputError
from dedere.node.accounts import queries as accounts
from dedere.node.persons import actions, custody
from dedere.web.components.views import OfficerRequest, for_officers
from dedere.web.persons.deciding import decide
from dedere.web.persons.identity_form import identity_lines
from dedere.web.persons.keeping import forget_secret, kept_secret

if TYPE_CHECKING:
    from django.http import HttpResponse

_MARKS = 60


@require_http_methods(["GET", "POST"])
@for_officers
def look(request: OfficerRequest, look_id: str) -> HttpResponse:
    """The look; the identity only in answer to a form, so that no link and no reload by itself shows it."""
    row = custody.look_row(request.user, look_id)
    if not row.mine:
        return decide(request, row)
    if request.method != "POST" or row.state != "granted":
        return render(request, "persons/look.html", {"look": row})
    try:
        found = actions.read_look(by=request.user, look_id=look_id, secret=kept_secret(request, look_id))
    except InputError as error:
        return render(request, "persons/look.html", {"look": row, "fault": error.sentence}, status=422)
    mark = f"{accounts.badge(request.user).name} · {look_id[:8]}"
    context = {"look": row, "lines": identity_lines(found.identity), "marks": [mark] * _MARKS}
    response = render(request, "persons/identity.html", context)
    response["Refresh"] = f"{found.seconds_left}; url={reverse('persons:look', args=[look_id])}"
    response["Cache-Control"] = "no-store, private, max-age=0"
    return response


@require_POST
@for_officers
def end(request: OfficerRequest, look_id: str) -> HttpResponse:
    """End a look before its time."""
    actions.end_look(by=request.user, look_id=look_id)
    messages.success(request, _("The look is over."))
    response = redirect("persons:look", look_id)
    forget_secret(response, look_id)
    return response
