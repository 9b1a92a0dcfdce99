"""Letters that came in: the list, one letter as it was received and checked, and taking its case up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from dedere.node.cases import actions
from dedere.node.desk import incoming as queries
from dedere.web.components.outline import body_shown
from dedere.web.components.remarks import Remark
from dedere.web.components.views import OfficerRequest, for_officers, handed_out, page_number

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@for_officers
def listing(request: OfficerRequest) -> HttpResponse:
    """What came in and whom it waits for."""
    found = queries.incoming(request.user, page=page_number(request))
    return render(request, "messages/incoming.html", {"found": found})


@require_safe
@for_officers
def letter(request: OfficerRequest, letter_id: str) -> HttpResponse:
    """One received letter: who signed it, what it says, what seems to be missing, what may be done."""
    found = queries.incoming_view(request.user, letter_id)
    context = {
        "letter": found,
        **body_shown(found.act.get("body")),
        "possible": [act for act in found.permitted if act.permitted],
        "remarks": [Remark(finding) for finding in found.findings if finding.severity != "advice"],
    }
    return render(request, "messages/letter_in.html", context)


@require_POST
@for_officers
def take_up(request: OfficerRequest, letter_id: str) -> HttpResponse:
    """A registrar takes the case up and goes on to register the letter."""
    case = actions.take_up(by=request.user, letter_id=letter_id)
    messages.success(request, _("You now have part in the case. Register the letter under an own reference."))
    return redirect("cases:case", case.pk)


@require_safe
@xframe_options_sameorigin
@for_officers
def document(request: OfficerRequest, letter_id: str) -> HttpResponse:
    """The formal document in the letter, byte for byte as it was signed."""
    name, data = queries.letter_pdf(request.user, letter_id)
    return handed_out(data, name=name, media_type="application/pdf", inline=True)
