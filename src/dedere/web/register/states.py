"""The register: States, what binds them and since when, and the cards of their authorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dedere.base.errors import InputError, MessageError
from dedere.node.desk import register as queries
from dedere.node.exchange import actions
from dedere.web.components.forms import File, Line, OfficeForm
from dedere.web.components.names import place_in_order, state_name
from dedere.web.components.views import OfficerRequest, for_officers, posted_with_files

if TYPE_CHECKING:
    from django.http import HttpResponse

_LARGEST_CARD = 256 * 1024


@require_safe
@for_officers
def listing(request: OfficerRequest) -> HttpResponse:
    """States that did something towards the Convention and those whose authority's card is pinned, by their names."""
    listed = sorted(queries.states(), key=lambda row: place_in_order(state_name(row.state)))
    return render(request, "register/list.html", {"states": listed})


@require_safe
@for_officers
def state(request: OfficerRequest, state: str) -> HttpResponse:
    """One State: participation, declarations, cards."""
    return render(request, "register/state.html", {"state": queries.state_view(state)})


class PinForm(OfficeForm):
    """A card, and the fingerprint that was compared outside this network."""

    card = forms.FileField(label=gettext_lazy("Card of the authority"), widget=File(accept=".asice"))
    fingerprint = forms.CharField(
        label=gettext_lazy("Fingerprint from the note verbale"),
        help_text=gettext_lazy(
            "Type it from the paper. Never copy it from the card itself or from the message it came with."
        ),
        max_length=200,
        widget=Line(width="govuk-input--width-30", autocomplete="off"),
    )

    def clean_card(self) -> object:
        """The file, if it is small enough to be a card."""
        card = self.cleaned_data["card"]
        if card.size > _LARGEST_CARD:
            raise forms.ValidationError(_("A card has at most 256 kB."))
        return card


@require_http_methods(["GET", "POST"])
@for_officers
def pin(request: OfficerRequest, state: str) -> HttpResponse:
    """Trust a card from now on."""
    form = PinForm(*posted_with_files(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.pin_card(
                by=request.user,
                container=form.cleaned_data["card"].read(),
                fingerprint=form.cleaned_data["fingerprint"],
            )
        except InputError as error:
            form.show_refusal(error)
        except MessageError as error:
            form.add_error("card", error.sentence)
        else:
            messages.success(request, _("The card is pinned. Letters that it signs are accepted from now on."))
            return redirect("register:state", state)
    return render(request, "register/pin.html", {"state": state, "form": form}, status=422 if form.errors else 200)
