"""Conditions of use that we set on what is ours, before it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dedere.base.errors import InputError
from dedere.casework.conditions import ConditionKind
from dedere.node.evidence import actions, viewing
from dedere.web.components.forms import Choice, DateField, Line, OfficeForm, Passage
from dedere.web.components.readable import coded, wording_of_page
from dedere.web.components.views import OfficerRequest, for_officers, posted

if TYPE_CHECKING:
    from django.http import HttpResponse


class ConditionForm(OfficeForm):
    """One condition."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=lambda: [(kind.value, coded("kind", kind.value, wording_of_page())) for kind in ConditionKind],
        widget=Choice(),
    )
    text = forms.CharField(
        label=gettext_lazy("The condition, as the other State will read it"), max_length=2000, widget=Passage(rows=3)
    )
    purposes = forms.CharField(
        label=gettext_lazy("Purposes that are allowed"),
        help_text=gettext_lazy("One a line."),
        required=False,
        max_length=2000,
        widget=Passage(rows=3),
    )
    states = forms.CharField(
        label=gettext_lazy("States to which it may go on"),
        help_text=gettext_lazy("Two letters each, separated by spaces. Empty: to none."),
        required=False,
        max_length=400,
        widget=Line(),
    )
    by = DateField(label=gettext_lazy("To be given up by"), required=False)


@require_http_methods(["GET", "POST"])
@for_officers
def set_condition(request: OfficerRequest, item_id: str) -> HttpResponse:
    """Set a condition on an item that has not left."""
    found = viewing.item_view(request.user, item_id)
    form = ConditionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = actions.NewCondition(
            kind=ConditionKind(given["kind"]),
            text=given["text"],
            purposes=tuple(line.strip() for line in given["purposes"].splitlines() if line.strip()),
            states=tuple(given["states"].upper().replace(",", " ").split()),
            by=given["by"],
        )
        try:
            actions.set_condition(by=request.user, item_id=item_id, new=new)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The condition goes with the item."))
            return redirect("evidence:item", item_id)
    return render(request, "evidence/condition.html", {"item": found, "form": form}, status=422 if form.errors else 200)


@require_POST
@for_officers
def unset_condition(request: OfficerRequest, item_id: str, condition: str) -> HttpResponse:
    """Take a condition of ours off again."""
    actions.unset_condition(by=request.user, item_id=item_id, condition=condition)
    messages.success(request, _("The condition is off the item."))
    return redirect("evidence:item", item_id)
