"""Who may ask whom: the legal basis between two States for a kind of request and a crime, as a tree of reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dedere.base.errors import InputError
from dedere.node.accounts import queries as accounts
from dedere.node.desk import law as queries
from dedere.treaty.words import RequestKind
from dedere.web.components import labels
from dedere.web.components.forms import Choice, OfficeForm
from dedere.web.components.names import all_states
from dedere.web.components.views import OfficerRequest, for_officers

if TYPE_CHECKING:
    from django.http import HttpResponse


class AskForm(OfficeForm):
    """The question."""

    requesting = forms.ChoiceField(label=_("Who asks"), widget=Choice())
    requested = forms.ChoiceField(label=_("Who is asked"), widget=Choice())
    function = forms.ChoiceField(label=_("For what"), widget=Choice())
    crime = forms.ChoiceField(label=_("About which crime"), widget=Choice())

    def offer_all(self) -> None:
        """What may be chosen: every State, the kinds of request and the crimes that the law knows."""
        offers = {
            "requesting": all_states(),
            "requested": all_states(),
            "function": [(kind.value, labels.label("proceeding", kind.value)) for kind in RequestKind],
            "crime": list(queries.crimes()),
        }
        for name, choices in offers.items():
            self.offer(name, [("", "—"), *choices])


@require_safe
@for_officers
def who_may_ask(request: OfficerRequest) -> HttpResponse:
    """The question, and its answer once it is asked."""
    asked = "requested" in request.GET
    form = AskForm(request.GET if asked else None, initial={"requesting": accounts.house().state, "function": "mla"})
    form.offer_all()
    answers: tuple[queries.BasisAnswer, ...] = ()
    if asked and form.is_valid():
        chosen = form.cleaned_data
        try:
            answers = queries.who_may_ask(
                requesting=chosen["requesting"],
                requested=chosen["requested"],
                function=RequestKind(chosen["function"]),
                crime=chosen["crime"],
            )
        except InputError as error:
            form.show_refusal(error)
    status = 422 if asked and form.errors else 200
    return render(request, "law/who_may_ask.html", {"form": form, "answers": answers}, status=status)
