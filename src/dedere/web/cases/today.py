"""Today: what needs this officer, sorted by what happens when nobody does it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dedere.node.accounts import actions as accounts
from dedere.node.desk import today as queries
from dedere.web.cases import today_persons
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
    accounts.see_notices(by=request.user)
    calls = [_call(each) for each in found.concerns]
    return render(request, "cases/today.html", {"now": found.now, "calls": calls, "total": found.total})


_PLACES: Mapping[str, str] = {
    "register": "messages:letter-in",
    "approve": "requests:draft",
    "sent-back": "requests:draft",
    "assigned": "cases:measure",
    "undelivered": "messages:letter",
    "card-expiry": "register:state",
    "look-asked": "persons:look",
    "look-granted": "persons:look",
    "glass-broken": "persons:look",
    "journey-asked": "persons:seal-journey",
    "history-asked": "persons:answer-history",
}


def _call(concern: queries.Concern) -> Call:
    return Call(concern, _title(concern), _consequence(concern), _where(concern), _action(concern.kind))


_ALARMS = frozenset({"guard-locked", "key-waiting", "identity-unread", "rehearsal-due"})
_PROTECTION = _ALARMS | {"look-asked", "look-granted", "glass-broken", "journey-asked", "history-asked"}


def _where(concern: queries.Concern) -> str:
    if concern.kind in today_persons.KINDS:
        return today_persons.page_of(concern)
    if concern.kind in _ALARMS:
        return reverse("persons:desk")
    place = _PLACES.get(concern.kind)
    if place and concern.object_id:
        return reverse(place, args=[concern.object_id])
    if concern.kind in _PROTECTION:
        return ""
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
        case kind if kind in today_persons.KINDS:
            return today_persons.title_of(concern)
        case kind if kind in _PROTECTION:
            return _about_protection(kind) % {"alias": concern.text}
        case _:
            return concern.text


def _about_protection(kind: str) -> str:
    return {
        "look-asked": _("An officer asks to see who %(alias)s is"),
        "look-granted": _("You may look who %(alias)s is"),
        "glass-broken": _("The glass was broken for %(alias)s"),
        "journey-asked": _("The identity of %(alias)s is to travel"),
        "history-asked": _("An officer asks whether %(alias)s was interviewed before"),
        "guard-locked": _("The leak guard is locked"),
        "key-waiting": _("The key of %(alias)s waits for your confirmation"),
        "identity-unread": _("The leak guard does not know %(alias)s yet"),
        "rehearsal-due": _("Rehearse the recovery of protected identities"),
    }[kind]


def _why_protection(kind: str) -> str:
    return {
        "look-asked": _("Only a custodian who unlocks can grant it."),
        "look-granted": _("In the browser in which you asked, for some minutes."),
        "glass-broken": _("A custodian asked for an identity without a case officer. Find out why."),
        "journey-asked": _("It is sealed to the other State's custodians once you unlock."),
        "history-asked": _("Search under your key, and choose what is said."),
        "guard-locked": _("Nothing leaves this office until a custodian opens it."),
        "key-waiting": _("Until then nothing is sealed to it."),
        "identity-unread": _("Its name would not be stopped. It is known once a custodian granted a look."),
        "rehearsal-due": _("Show that your key alone opens everything."),
    }[kind]


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
        case "clock":
            return _("The clock does nothing by itself; you decide.")
        case kind if kind in today_persons.KINDS:
            return today_persons.consequence_of(concern)
        case kind if kind in _PROTECTION:
            return _why_protection(kind)
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
    if kind in today_persons.KINDS:
        return today_persons.action_of(kind)
    return words.get(kind, _("Open the case"))
