"""Pages of a case's officers around protected persons: sealing one, asking for a look, letting one travel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dedere.base.errors import InputError
from dedere.node.cases.access import standing
from dedere.node.desk import persons as queries
from dedere.node.exchange.journeys import ask_journey
from dedere.node.persons import actions, custody
from dedere.web.components.forms import Checkboxes, Choice, Line, OfficeForm, Passage
from dedere.web.components.views import OfficerRequest, for_officers, posted
from dedere.web.persons.identity_form import IdentityForm
from dedere.web.persons.keeping import keep_secret
from dedere.web.persons.roles import role_choices

if TYPE_CHECKING:
    from django.http import HttpResponse


class ProtectForm(IdentityForm):
    """An alias for every page and letter, and the identity that is sealed."""

    alias = forms.CharField(
        label=gettext_lazy("Alias"),
        help_text=gettext_lazy("What everybody sees instead of the name. It must tell nothing about the person."),
        max_length=120,
        widget=Line(width="govuk-input--width-20", autocomplete="off"),
    )
    custodians = forms.MultipleChoiceField(
        label=gettext_lazy("Sealed to these custodians"),
        help_text=gettext_lazy(
            "Two at least. Compare the numbers with the custodians: whoever holds one of these keys can read it."
        ),
        widget=Checkboxes(),
    )
    field_order = ("alias", "reference", "roles", "custodians")


@require_http_methods(["GET", "POST"])
@for_officers
def protect(request: OfficerRequest, case_id: str) -> HttpResponse:
    """Add a protected person to the case; what is typed here is sealed and forgotten."""
    by = standing(request.user, case_id)
    form = ProtectForm(posted(request))
    form.offer("roles", role_choices())
    keys = custody.usable_keys(request.user)
    form.offer("custodians", [(key.digest, f"{key.officer}: {key.fingerprint}") for key in keys])
    if request.method == "POST" and form.is_valid() and (identity := form.identity()) is not None:
        given = form.cleaned_data
        new = actions.NewProtected(given["alias"], tuple(given["roles"]), identity, given["reference"])
        try:
            person = actions.protect_person(by=by, new=new, custodians=given["custodians"])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The identity is sealed. From now on the person is known by alias alone."))
            return redirect("persons:person", case_id, person.pk)
    context = {"case_id": case_id, "form": form, "keys": keys}
    return render(request, "persons/protect.html", context, status=422 if form.errors else 200)


class ReasonForm(OfficeForm):
    """Why somebody needs to know."""

    reason = forms.CharField(
        label=gettext_lazy("Why you need to know who this is"),
        help_text=gettext_lazy("The custodian decides on it, and it stays in the log. No names."),
        max_length=500,
        widget=Passage(rows=3),
    )


@require_http_methods(["GET", "POST"])
@for_officers
def ask(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Ask the custodians to see who a protected person is."""
    person = queries.person_view(request.user, case_id, person_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.ask_look(
                by=standing(request.user, case_id), person_id=person_id, reason=form.cleaned_data["reason"]
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            return keep_secret(request, asked)
    context = {"person": person, "form": form}
    return render(request, "persons/ask.html", context, status=422 if form.errors else 200)


class JourneyForm(ReasonForm):
    """With which draft the identity goes, and why."""

    draft = forms.ChoiceField(label=gettext_lazy("Draft with which it goes"), widget=Choice())
    field_order = ("draft", "reason")


@require_http_methods(["GET", "POST"])
@for_officers
def journey(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Ask that the identity go to the other State, sealed to its custodians, with one draft."""
    person = queries.person_view(request.user, case_id, person_id)
    around = queries.compartment_of(request.user, person)
    form = JourneyForm(posted(request))
    form.fields["reason"].label = _("Why the other State needs to know who this is")
    form.offer("draft", [(draft, f"{kind} {draft[:6]}") for draft, kind in around.drafts])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            ask_journey(by=request.user, draft_id=given["draft"], person_id=person_id, reason=given["reason"])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("A custodian decides; then the sealed identity is attached to the draft."))
            return redirect("persons:person", case_id, person_id)
    context = {"person": person, "form": form}
    return render(request, "persons/journey.html", context, status=422 if form.errors else 200)
