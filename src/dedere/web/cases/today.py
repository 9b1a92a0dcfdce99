"""Today: what needs this officer, sorted by what happens when nobody does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dedere.node.desk import today as queries
from dedere.web.components import labels
from dedere.web.components.names import state_name
from dedere.web.components.views import OfficerRequest, for_officers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse


@dataclass(frozen=True, slots=True)
class Call:
    """One concern in words, with the page where it is dealt with."""

    concern: queries.Concern
    title: str
    consequence: str
    href: str
    action: str


@require_safe
@for_officers
def today(request: OfficerRequest) -> HttpResponse:
    """The first page after signing in."""
    found = queries.today(request.user)
    return render(request, "cases/today.html", {"now": found.now, "calls": [_call(each) for each in found.concerns]})


_PLACES: Mapping[str, str] = {
    "register": "messages:letter-in",
    "approve": "requests:draft",
    "sent-back": "requests:draft",
    "assigned": "cases:measure",
    "undelivered": "messages:letter",
    "card-expiry": "register:state",
}


def _call(concern: queries.Concern) -> Call:
    return Call(concern, _title(concern), _consequence(concern), _where(concern), _action(concern.kind))


def _where(concern: queries.Concern) -> str:
    place = _PLACES.get(concern.kind)
    if place and concern.object_id:
        return reverse(place, args=[concern.object_id])
    return reverse("cases:case", args=[concern.case_id]) if concern.case_id else reverse("cases:list")


def _title(concern: queries.Concern) -> str:  # noqa: PLR0911 - one sentence a kind reads best as a list
    act, state = labels.label("act", concern.subject), state_name(concern.partner)
    match concern.kind:
        case "register":
            return _("%(act)s from %(state)s to be registered") % {"act": act, "state": state}
        case "approve":
            return _("%(act)s to %(state)s waits for your approval") % {"act": act, "state": state}
        case "sent-back":
            return _("%(act)s to %(state)s was sent back to you") % {"act": act, "state": state}
        case "undelivered":
            return _("A letter is not getting through")
        case "assigned":
            return _("A measure for %(state)s is given to you") % {"state": state}
        case "card-expiry":
            return _("The card of %(state)s ends soon") % {"state": state}
        case _:
            return concern.text


def _consequence(concern: queries.Concern) -> str:  # noqa: PLR0911 - as above
    match concern.kind:
        case "register":
            return _("Until an officer registers it, %(state)s has a machine's receipt and nobody's name.") % {
                "state": state_name(concern.partner)
            }
        case "approve":
            return _("Nothing leaves before a second officer has read it: %(title)s") % {"title": concern.text}
        case "sent-back":
            return _("The second officer asks: %(remark)s") % {"remark": concern.text}
        case "assigned":
            return concern.text
        case "card-expiry":
            return _("After that day no letter can be sealed to %(name)s.") % {"name": concern.text}
        case "undelivered":
            return concern.text
        case _:
            return _("%(state)s waits for it.") % {"state": state_name(concern.partner)}


def _action(kind: str) -> str:
    words = {
        "register": _("Register"),
        "approve": _("Read and approve"),
        "sent-back": _("Revise"),
        "undelivered": _("See the delivery"),
        "card-expiry": _("See the card"),
        "assigned": _("Report the result"),
    }
    return words.get(kind, _("Open the case"))
