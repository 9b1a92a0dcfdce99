"""Deliveries: how far each letter has come, what its receipts prove, and trying again now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dedere.node.exchange import actions, queries
from dedere.web.components.views import OfficerRequest, for_officers, handed_out, page_number

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpResponse

_CONTAINER = "application/vnd.etsi.asic-e+zip"
_STATES = ("queued", "delivered", "acknowledged", "refused", "withdrawn")


@dataclass(frozen=True, slots=True)
class Step:
    """One station of a letter. `place` is "done", "now", "failed" or "" for what has not come yet."""

    name: str
    at: dt.datetime | None
    note: str
    place: str


@require_safe
@for_officers
def listing(request: OfficerRequest) -> HttpResponse:
    """Every letter of the officer's cases with its receipt."""
    state = request.GET.get("state", "")
    wanted = state if state in _STATES else ""
    found = queries.deliveries(request.user, state=wanted, page=page_number(request))
    return render(request, "messages/list.html", {"found": found, "state": wanted, "states": _STATES})


@require_safe
@for_officers
def letter(request: OfficerRequest, letter_id: str) -> HttpResponse:
    """One letter on its way."""
    found = queries.delivery(request.user, letter_id)
    return render(request, "messages/letter.html", {"delivery": found, "steps": _steps(found)})


@require_safe
@for_officers
def container(request: OfficerRequest, letter_id: str) -> HttpResponse:
    """The signed letter as a file, for whoever wants to check it without this office."""
    data = queries.letter_container(request.user, letter_id)
    return handed_out(data, name=f"letter-{letter_id}.asice", media_type=_CONTAINER)


@require_safe
@for_officers
def receipt(request: OfficerRequest, letter_id: str) -> HttpResponse:
    """The other side's signed machine receipt as a file."""
    data = queries.letter_receipt(request.user, letter_id)
    return handed_out(data, name=f"receipt-{letter_id}.asice", media_type=_CONTAINER)


@require_POST
@for_officers
def retry(request: OfficerRequest, letter_id: str) -> HttpResponse:
    """Try again at once instead of at the next scheduled time."""
    actions.retry_delivery(by=request.user, letter_id=letter_id)
    messages.success(request, _("The letter is tried again now."))
    return redirect("messages:letter", letter_id)


def _steps(found: queries.DeliveryRow) -> list[Step]:
    failed = found.state in {"refused", "withdrawn"}
    sealed = Step(_("Approved and sealed"), found.queued_at, "", "done")
    tries = _("%(count)d tries failed so far") % {"count": found.failures} if found.failures else ""
    delivered_place = "done" if found.delivered_at else "failed" if failed else "now"
    delivered = Step(
        _("Received by their machine"), found.delivered_at, "" if found.delivered_at else tries, delivered_place
    )
    parts_done = found.parts_done == found.parts
    parts_place = "" if not found.delivered_at else "done" if parts_done else "now"
    parts_note = _("%(done)d of %(all)d") % {"done": found.parts_done, "all": found.parts}
    parts = [Step(_("Large parts received"), None, parts_note, parts_place)] if found.parts else []
    waits = "now" if found.delivered_at and parts_done else ""
    registered = Step(
        _("Registered by their officer"), found.acknowledged_at, "", "done" if found.acknowledged_at else waits
    )
    return [sealed, delivered, *parts, registered]
