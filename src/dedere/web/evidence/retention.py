"""How long an item is kept: what falls due, legal holds, and destruction by order of two officers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dedere.base.errors import InputError
from dedere.node.evidence import actions, queries, viewing
from dedere.web.components.forms import Checkboxes, Line, OfficeForm
from dedere.web.components.views import OfficerRequest, for_officers, handed_out, posted

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@for_officers
def due(request: OfficerRequest) -> HttpResponse:
    """Items to be returned or destroyed, items under hold, and orders that wait for a second officer."""
    context = {"duties": viewing.duties(request.user), "orders": viewing.orders_to_approve(request.user)}
    return render(request, "evidence/due.html", context)


class HoldForm(OfficeForm):
    """Why an item must be kept."""

    reference = forms.CharField(
        label=gettext_lazy("Order to keep it"),
        help_text=gettext_lazy("Whose order, and where it stands."),
        max_length=200,
        widget=Line(dir="auto"),
    )


class OrderForm(OfficeForm):
    """On what an order to destroy rests."""

    authority = forms.CharField(
        label=gettext_lazy("Whose decision it carries out"),
        help_text=gettext_lazy("The court, or the State that sent it."),
        max_length=200,
        widget=Line(dir="auto"),
    )
    reference = forms.CharField(
        label=gettext_lazy("Where that decision stands"), max_length=200, widget=Line(dir="auto")
    )
    holds = forms.MultipleChoiceField(
        label=gettext_lazy("What holds"),
        choices=[("agreed", gettext_lazy("The State that is to get it back agreed to its destruction"))],
        required=False,
        widget=Checkboxes(),
    )


@require_http_methods(["GET", "POST"])
@for_officers
def hold(request: OfficerRequest, item_id: str) -> HttpResponse:
    """Place a legal hold on an item."""
    found = viewing.item_view(request.user, item_id)
    form = HoldForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.place_hold(by=request.user, item_id=item_id, reference=form.cleaned_data["reference"])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The item is kept until the hold is lifted."))
            return redirect("evidence:item", item_id)
    return render(request, "evidence/hold.html", {"item": found, "form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_officers
def order(request: OfficerRequest, item_id: str) -> HttpResponse:
    """Order an item destroyed; nothing happens before a second officer approves."""
    found = viewing.item_view(request.user, item_id)
    form = OrderForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        grounds = actions.DestructionGrounds(given["authority"], given["reference"], "agreed" in given["holds"])
        try:
            actions.order_destruction(by=request.user, item_id=item_id, grounds=grounds)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The order waits for a second officer."))
            return redirect("evidence:item", item_id)
    return render(request, "evidence/order.html", {"item": found, "form": form}, status=422 if form.errors else 200)


@require_POST
@for_officers
def lift(request: OfficerRequest, item_id: str, hold_id: str) -> HttpResponse:
    """Lift a hold."""
    actions.lift_hold(by=request.user, hold_id=hold_id)
    messages.success(request, _("The hold is lifted."))
    return redirect("evidence:item", item_id)


@require_POST
@for_officers
def approve(request: OfficerRequest, item_id: str, order_id: str) -> HttpResponse:
    """The second officer's yes to a destruction."""
    actions.approve_destruction(by=request.user, order_id=order_id)
    messages.success(request, _("Approved. The item's key is destroyed, then its bytes; the certificate appears here."))
    return redirect("evidence:item", item_id)


@require_POST
@for_officers
def withdraw(request: OfficerRequest, item_id: str, order_id: str) -> HttpResponse:
    """Take an order back."""
    actions.withdraw_destruction(by=request.user, order_id=order_id)
    messages.success(request, _("The order is withdrawn; the item stays."))
    return redirect("evidence:item", item_id)


@require_safe
@for_officers
def certificate(request: OfficerRequest, item_id: str, order_id: str) -> HttpResponse:
    """The signed certificate of a destruction, to keep and to verify elsewhere."""
    data = queries.certificate(request.user, order_id)
    return handed_out(data, name=f"destruction-{item_id}.asice", media_type="application/vnd.etsi.asic-e+zip")
