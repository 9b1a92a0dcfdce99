"""A person who comes to one of the two States under safe conduct, or is lent to it out of custody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dedere.base.errors import InputError
from dedere.casework.persons.attendance import AttendanceKind, Terms
from dedere.node.cases.access import standing
from dedere.node.desk import attendance as attendances
from dedere.node.desk import persons as queries
from dedere.node.persons import actions
from dedere.web.components.forms import Choice, DateField, Line, OfficeForm, Passage
from dedere.web.components.names import state_name
from dedere.web.components.views import OfficerRequest, for_officers, posted
from dedere.web.persons.pages import FormPage, form_page
from dedere.web.persons.words import ATTENDANCES, LACKS, word

if TYPE_CHECKING:
    from django.http import HttpResponse


class TermsForm(OfficeForm):
    """What was agreed, and what has happened."""

    host = forms.ChoiceField(label=gettext_lazy("State to which the person comes"), widget=Choice())
    purpose = forms.CharField(label=gettext_lazy("What the person comes for"), max_length=2000, widget=Passage(rows=2))
    agreement = forms.CharField(
        label=gettext_lazy("Where the terms are agreed"),
        help_text=gettext_lazy("The letter or agreement with its day."),
        required=False,
        max_length=300,
        widget=Line(dir="auto"),
    )
    consented_on = DateField(label=gettext_lazy("The person consented on"), required=False)
    custody = forms.CharField(
        label=gettext_lazy("Terms of custody"), required=False, max_length=4000, widget=Passage(rows=3)
    )
    return_by = DateField(label=gettext_lazy("To be returned by"), required=False)
    arrived_on = DateField(label=gettext_lazy("Arrived on"), required=False)
    not_needed_since = DateField(
        label=gettext_lazy("Presence no longer needed since"),
        help_text=gettext_lazy("From this day the end of immunity is counted."),
        required=False,
    )
    immunity_days = forms.IntegerField(
        label=gettext_lazy("Days of immunity, if agreed"),
        help_text=gettext_lazy("Left empty, the clock follows the treaty as far as its number is settled."),
        required=False,
        min_value=1,
        widget=Line(width="govuk-input--width-4", inputmode="numeric"),
    )
    hindered_from = DateField(label=gettext_lazy("Could not leave from"), required=False)
    hindered_until = DateField(label=gettext_lazy("Could not leave until"), required=False)
    left_on = DateField(label=gettext_lazy("Left, or was returned, on"), required=False)

    def terms(self) -> Terms | None:
        """The terms typed, or nothing: then the form says what is wrong."""
        absent = {name: "" for name in ("custody",) if name not in self.fields}
        try:
            return Terms(**{**absent, **self.cleaned_data})
        except InputError as error:
            self.show_refusal(error)
        return None


# What is asked of a person in custody alone.
_OF_CUSTODY = ("consented_on", "custody", "return_by")


@require_safe
@for_officers
def attendance(request: OfficerRequest, case_id: str, person_id: str, attendance_id: str) -> HttpResponse:
    """One presence: terms, clocks, duties, time served."""
    person = queries.person_view(request.user, case_id, person_id)
    found = attendances.attendance_of(request.user, case_id, person_id, attendance_id)
    context = {
        "person": person,
        "found": found,
        "kind": word(ATTENDANCES, found.kind),
        "lacks": [word(LACKS, lack) for lack in found.lacks],
    }
    return render(request, "persons/attendance.html", context)


@require_http_methods(["GET", "POST"])
@for_officers
def attend(request: OfficerRequest, case_id: str, person_id: str, kind: str) -> HttpResponse:
    """Write the terms of a presence."""
    if kind not in set(AttendanceKind):
        raise Http404
    return _write(request, case_id, person_id, kind=AttendanceKind(kind), found=None)


@require_http_methods(["GET", "POST"])
@for_officers
def change(request: OfficerRequest, case_id: str, person_id: str, attendance_id: str) -> HttpResponse:
    """Correct the terms, or note what has happened since."""
    found = attendances.attendance_of(request.user, case_id, person_id, attendance_id)
    return _write(request, case_id, person_id, kind=AttendanceKind(found.kind), found=found)


def _write(
    request: OfficerRequest,
    case_id: str,
    person_id: str,
    *,
    kind: AttendanceKind,
    found: attendances.AttendanceRow | None,
) -> HttpResponse:
    person = queries.person_view(request.user, case_id, person_id)
    initial = {} if found is None else {name: getattr(found.terms, name) for name in TermsForm.base_fields}
    form = TermsForm(posted(request), initial=initial)
    form.offer("host", [(state, state_name(state)) for state in attendances.hosts(request.user, case_id)])
    if kind is AttendanceKind.SAFE_CONDUCT:
        for name in _OF_CUSTODY:
            del form.fields[name]
    if request.method == "POST" and form.is_valid() and (terms := form.terms()) is not None:
        try:
            noted = actions.note_attendance(
                by=standing(request.user, case_id),
                person_id=person_id,
                kind=kind,
                terms=terms,
                attendance_id="" if found is None else found.id,
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The terms are noted."))
            return redirect("persons:attendance", case_id, person_id, noted.pk)
    page = FormPage(
        title=word(ATTENDANCES, kind.value),
        button=_("Save"),
        back=reverse("persons:person", args=[case_id, person_id]),
        back_to=person.name,
        intro=_("A day is filled in once it has happened; the day of return is the one that was agreed.")
        if kind is AttendanceKind.TEMPORARY_TRANSFER
        else _("A day is filled in once it has happened."),
    )
    return form_page(request, person, form, page)
