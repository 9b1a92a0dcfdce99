"""Persons who need no protection: added to a case by name, and corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dedere.base.errors import InputError
from dedere.node.cases.access import standing
from dedere.node.desk import persons as queries
from dedere.node.persons import actions
from dedere.web.components.views import OfficerRequest, for_officers, posted
from dedere.web.persons.identity_form import IdentityForm, typed
from dedere.web.persons.pages import FormPage, form_page
from dedere.web.persons.roles import role_choices

if TYPE_CHECKING:
    from django.http import HttpResponse


# What is asked for the leak guard's sake alone.
_OF_PROTECTED = ("rare", "tell_tales", "relocation_pointer")


class PlainForm(IdentityForm):
    """Who the person is, and what they are in the case."""

    places = forms.CharField(
        label=gettext_lazy("Places"),
        help_text=gettext_lazy("One a line: kind; address"),
        required=False,
        max_length=4000,
        widget=IdentityForm.base_fields["places"].widget,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput())
    field_order = ("names", "roles", "reference")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _OF_PROTECTED:
            del self.fields[name]

    def person(self) -> actions.PlainPerson | None:
        """The person typed, or nothing: then the form says what is wrong."""
        identity = self.identity()
        given = self.cleaned_data
        reference = given.get("reference", "")
        return None if identity is None else actions.PlainPerson(identity, tuple(given["roles"]), reference)


@require_http_methods(["GET", "POST"])
@for_officers
def add(request: OfficerRequest, case_id: str) -> HttpResponse:
    """Add a person to the case by name."""
    by = standing(request.user, case_id)
    form = PlainForm(posted(request))
    form.offer("roles", role_choices())
    if request.method == "POST" and form.is_valid() and (new := form.person()) is not None:
        try:
            person = actions.add_person(by=by, new=new)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The person is added to the case."))
            return redirect("persons:person", case_id, person.pk)
    page = FormPage(
        title=_("Add a person"),
        button=_("Add the person"),
        back=reverse("cases:tab", args=[case_id, "persons"]),
        back_to=_("Persons of the case"),
        intro=_(
            "Whoever has part in the case sees this name. Somebody in danger is added as a protected person instead."
        ),
    )
    return form_page(request, None, form, page)


@require_http_methods(["GET", "POST"])
@for_officers
def edit(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Correct what is known of a person."""
    person = queries.person_view(request.user, case_id, person_id)
    known = {"names": person.name} if person.identity is None else typed(person.identity)
    initial = {"seen": person.version, "roles": list(person.roles), **({} if person.protected else known)}
    form = PlainForm(posted(request), initial=initial)
    del form.fields["reference"]
    form.offer("roles", role_choices())
    if request.method == "POST" and form.is_valid() and (new := form.person()) is not None:
        try:
            by = standing(request.user, case_id)
            actions.edit_person(by=by, person_id=person_id, new=new, seen=form.cleaned_data["seen"])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("What is known of the person is corrected."))
            return redirect("persons:person", case_id, person_id)
    page = FormPage(
        title=_("Correct what is known"),
        button=_("Save"),
        back=reverse("persons:person", args=[case_id, person_id]),
        back_to=person.name,
        intro=_("Who a protected person is lies sealed: only a custodian corrects it.") if person.protected else "",
    )
    return form_page(request, person, form, page)
