"""Handing a copy out: to whom, for what, as what; refused where a condition forbids it, with its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dedere.base.errors import InputError
from dedere.casework.conditions import UseKind
from dedere.node.evidence import actions, queries, viewing
from dedere.web.components.forms import Checkboxes, Choice, Line, OfficeForm, Radios
from dedere.web.components.views import OfficerRequest, for_officers, posted
from dedere.web.evidence.links import make_link

if TYPE_CHECKING:
    from django.http import HttpResponse


class HandOutForm(OfficeForm):
    """A copy for somebody."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What the copy is for"),
        choices=[
            (UseKind.COPY.value, gettext_lazy("Work in this office or in the executing authority")),
            (UseKind.EVIDENCE.value, gettext_lazy("Use as evidence before a court")),
            (UseKind.DISCLOSURE.value, gettext_lazy("Disclosure, to the defence or anybody else outside")),
        ],
        widget=Radios(),
    )
    to = forms.CharField(label=gettext_lazy("To whom"), max_length=200, widget=Line(dir="auto"))
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"),
        help_text=gettext_lazy("In the words of the conditions, where they name purposes."),
        max_length=300,
        widget=Line(dir="auto"),
    )
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=200, widget=Line(dir="auto"))
    holds = forms.MultipleChoiceField(
        label=gettext_lazy("What holds"),
        choices=[
            ("reported", gettext_lazy("The use is reported to the State that asked for that")),
            (
                "exculpatory",
                gettext_lazy("It speaks for an accused, and the State that set the condition was told beforehand"),
            ),
        ],
        required=False,
        widget=Checkboxes(),
    )


@require_http_methods(["GET", "POST"])
@for_officers
def hand_out(request: OfficerRequest, item_id: str) -> HttpResponse:
    """Hand a copy out: an entry in the ledger, and a link that ends soon."""
    found = viewing.item_view(request.user, item_id)
    form = HandOutForm(posted(request))
    link = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        out = actions.HandOut(
            kind=UseKind(given["kind"]),
            to=given["to"],
            purpose=given["purpose"],
            place=given["place"],
            reported="reported" in given["holds"],
            exculpatory="exculpatory" in given["holds"],
        )
        try:
            actions.hand_out(by=request.user, item_id=item_id, out=out)
        except InputError as error:
            form.show_refusal(error)
        else:
            link = make_link(request.user, item_id, save=True)
    context = {"item": found, "form": form, "link": link}
    return render(request, "evidence/hand_out.html", context, status=422 if form.errors else 200)


class CarryForm(OfficeForm):
    """Into which case an item is brought."""

    case = forms.ChoiceField(label=gettext_lazy("Case"), widget=Choice())


@require_http_methods(["GET", "POST"])
@for_officers
def carry_over(request: OfficerRequest, item_id: str) -> HttpResponse:
    """Bring an item into another case, to send it on from there."""
    found = viewing.item_view(request.user, item_id)
    form = CarryForm(posted(request))
    others = [each for each in queries.cases_to_choose(request.user) if each[0] != found.case_id]
    form.offer("case", [("", "—"), *others])
    if request.method == "POST" and form.is_valid():
        try:
            item = actions.carry_over(by=request.user, item_id=item_id, case_id=form.cleaned_data["case"])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The item is in that case now, under the same conditions."))
            return redirect("evidence:item", item.pk)
    return render(
        request, "evidence/carry_over.html", {"item": found, "form": form}, status=422 if form.errors else 200
    )
