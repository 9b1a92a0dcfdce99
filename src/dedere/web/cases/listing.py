"""The list of cases: searched, filtered, paged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from dedere.base.errors import InputError
from dedere.node.desk import cases as queries
from dedere.node.search import actions
from dedere.node.search.queries import views
from dedere.web.components import labels
from dedere.web.components.forms import Choice, Line, OfficeForm
from dedere.web.components.names import state_name
from dedere.web.components.views import OfficerRequest, for_officers, page_number

if TYPE_CHECKING:
    from django.http import HttpResponse

_STAGES = ("sent", "registered", "executing", "executed", "closed", "withdrawn")


class FilterForm(OfficeForm):
    """What narrows the list; a value that is none of the choices narrows nothing."""

    text = forms.CharField(label=_("Names, references, words"), required=False, max_length=200, widget=Line())
    partner = forms.ChoiceField(label=_("Other State"), required=False, widget=Choice())
    direction = forms.ChoiceField(
        label=_("Who asks"),
        required=False,
        choices=[("", _("Both")), ("out", _("We ask")), ("in", _("They ask"))],
        widget=Choice(),
    )
    stage = forms.ChoiceField(
        label=_("Stage"),
        required=False,
        choices=[("", _("Every stage")), *((stage, labels.STAGES.get(stage, stage)) for stage in _STAGES)],
        widget=Choice(),
    )

    def offer_partners(self, partners: tuple[str, ...]) -> None:
        """The States with which this officer has cases."""
        self.offer("partner", [("", _("Every State")), *((code, state_name(code)) for code in partners)])


@require_safe
@for_officers
def listing(request: OfficerRequest) -> HttpResponse:
    """Cases of this officer."""
    asked = request.GET
    wanted = queries.CaseFilter(
        text=asked.get("text", "").strip()[:200],
        partner=asked.get("partner", "")[:2],
        direction=asked.get("direction", "")[:3],
        stage=asked.get("stage", "")[:40],
        page=page_number(request),
    )
    found = queries.list_cases(request.user, wanted)
    form = FilterForm(initial=asked.dict())
    form.offer_partners(found.partners)
    narrowed = bool(wanted.text or wanted.partner or wanted.direction or wanted.stage)
    shown = {"found": found, "filter": form, "narrowed": narrowed, "views": views(request.user)}
    return render(request, "cases/list.html", shown)


@require_POST
@for_officers
def keep_view(request: OfficerRequest) -> HttpResponse:
    """Keep what narrows the list under a name."""
    query = request.POST.get("query", "")
    try:
        actions.save_view(by=request.user, name=request.POST.get("name", ""), query=query)
    except InputError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The search is kept."))
    return _to_list(query)


@require_POST
@for_officers
def remove_view(request: OfficerRequest) -> HttpResponse:
    """Forget a kept search."""
    actions.remove_view(by=request.user, name=request.POST.get("name", ""))
    return _to_list("")


def _to_list(query: str) -> HttpResponse:
    address = reverse("cases:list")
    return redirect(f"{address}?{query}" if query else address)
