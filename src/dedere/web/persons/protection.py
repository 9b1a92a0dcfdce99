"""What protects a person: the danger they are in, and measures from asked for to ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dedere.base.errors import InputError
from dedere.casework.persons.protection import Protection, Risk, Stage
from dedere.node.cases.access import standing
from dedere.node.cases.actions.protection import put_measure
from dedere.node.desk import persons as queries
from dedere.node.desk import protection as protections
from dedere.node.persons import actions
from dedere.web.components.forms import Choice, DateField, Line, OfficeForm, Passage, Radios, yes_or_no
from dedere.web.components.labels import label
from dedere.web.components.views import OfficerRequest, for_officers, posted
from dedere.web.persons.pages import FormPage, form_page
from dedere.web.persons.words import MEASURE_STAGES, MEASURES, PUT, RISKS, choices, marked, word

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dedere.node.persons.queries import PersonView


@require_safe
@for_officers
def protection(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Everything that protects the person."""
    person = queries.person_view(request.user, case_id, person_id)
    found = protections.protection_of(request.user, case_id, person_id)
    context = {
        "person": person,
        "measures": [
            (each, word(MEASURES, each.kind), marked(MEASURE_STAGES, each.stage), _put(each)) for each in found.measures
        ],
        "assessments": [(each, marked(RISKS, each.level)) for each in found.assessments],
        "partner": found.partner,
    }
    return render(request, "persons/protection.html", context)


class AskForm(OfficeForm):
    """A measure that was asked for."""

    kind = forms.ChoiceField(label=gettext_lazy("Measure"), choices=list(MEASURES.items()), widget=Radios())
    text = forms.CharField(
        label=gettext_lazy("What it is to do"),
        help_text=gettext_lazy(
            "No names, and nothing about where a person is moved to. For a relocation leave it empty."
        ),
        required=False,
        max_length=4000,
        widget=Passage(rows=3),
    )
    authority = forms.CharField(
        label=gettext_lazy("Authority that decides"), required=False, max_length=200, widget=Line(dir="auto")
    )
    asked_on = DateField(label=gettext_lazy("Asked for on"))
    binds = yes_or_no(gettext_lazy("Does the other State have to keep it too?"))


@require_http_methods(["GET", "POST"])
@for_officers
def ask(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Note that a measure was asked for."""
    person = queries.person_view(request.user, case_id, person_id)
    form = AskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = actions.AskedMeasure(
            kind=Protection(given["kind"]),
            asked_on=given["asked_on"],
            text=given["text"],
            authority=given["authority"],
            binds_partner=given["binds"],
        )
        try:
            actions.ask_measure(by=standing(request.user, case_id), person_id=person_id, new=new)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The measure is noted as asked for."))
            return redirect("persons:protection", case_id, person_id)
    return form_page(request, person, form, _page(person, _("Ask for a protective measure"), _("Note it")))


class StepForm(OfficeForm):
    """What became of a measure."""

    stage = forms.ChoiceField(label=gettext_lazy("What it has become"), widget=Radios())
    on = DateField(label=gettext_lazy("On"))
    authority = forms.CharField(
        label=gettext_lazy("By decision of"),
        help_text=gettext_lazy("Left empty, the authority stays as it is noted."),
        required=False,
        max_length=200,
        widget=Line(dir="auto"),
    )


@require_http_methods(["GET", "POST"])
@for_officers
def measure(request: OfficerRequest, case_id: str, person_id: str, measure_id: str) -> HttpResponse:
    """One measure, and its next step."""
    person = queries.person_view(request.user, case_id, person_id)
    found = protections.measure_of_person(request.user, case_id, person_id, measure_id)
    form = StepForm(posted(request))
    form.offer("stage", choices(MEASURE_STAGES, found.following))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        step = actions.MeasureStep(Stage(given["stage"]), given["on"], given["authority"])
        try:
            by = standing(request.user, case_id)
            actions.step_measure(by=by, person_id=person_id, measure_id=measure_id, step=step)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The step is noted."))
            return redirect("persons:measure", case_id, person_id, measure_id)
    context = {
        "person": person,
        "measure": found,
        "kind": word(MEASURES, found.kind),
        "stage": marked(MEASURE_STAGES, found.stage),
        "put": _put(found),
        "form": form,
    }
    return render(request, "persons/measure.html", context, status=422 if form.errors else 200)


class PutForm(OfficeForm):
    """In which proceeding the measure is put to the other State."""

    proceeding = forms.ChoiceField(label=gettext_lazy("Proceeding"), widget=Choice())


@require_http_methods(["GET", "POST"])
@for_officers
def put(request: OfficerRequest, case_id: str, person_id: str, measure_id: str) -> HttpResponse:
    """Begin the letter that puts the measure to the other State as a condition."""
    person = queries.person_view(request.user, case_id, person_id)
    protections.measure_of_person(request.user, case_id, person_id, measure_id)
    form = PutForm(posted(request))
    offered = protections.proceedings_for_conditions(request.user, case_id)
    form.offer("proceeding", [(name, label("proceeding", kind)) for name, kind in offered])
    if request.method == "POST" and form.is_valid():
        try:
            draft = put_measure(
                by=request.user,
                case_id=case_id,
                person_id=person_id,
                measure_id=measure_id,
                proceeding=form.cleaned_data["proceeding"],
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The letter is begun. It leaves once a second officer has approved it."))
            return redirect("requests:draft", draft.pk)
    page = _page(person, _("Put the measure to the other State"), _("Begin the letter"))
    return form_page(request, person, form, page)


class RiskForm(OfficeForm):
    """How great the danger is."""

    level = forms.ChoiceField(label=gettext_lazy("Danger"), choices=list(RISKS.items()), widget=Radios())
    text = forms.CharField(
        label=gettext_lazy("What the assessment rests on"),
        help_text=gettext_lazy("No names: write the alias."),
        max_length=10_000,
        widget=Passage(rows=5),
    )
    made_on = DateField(label=gettext_lazy("Made on"))
    review_by = DateField(label=gettext_lazy("To be looked at again by"))


@require_http_methods(["GET", "POST"])
@for_officers
def assess(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Note how great the danger to the person is held to be."""
    person = queries.person_view(request.user, case_id, person_id)
    form = RiskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = actions.Assessment(Risk(given["level"]), given["text"], given["made_on"], given["review_by"])
        try:
            actions.assess_risk(by=standing(request.user, case_id), person_id=person_id, new=new)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The assessment is noted. Today reminds you of its review."))
            return redirect("persons:protection", case_id, person_id)
    return form_page(request, person, form, _page(person, _("Assess the danger"), _("Note the assessment")))


def _put(found: protections.MeasureRow) -> object:
    return marked(PUT, found.put) if found.put else None


def _page(person: PersonView, title: str, button: str) -> FormPage:
    back = reverse("persons:protection", args=[person.case_id, person.id])
    return FormPage(title=title, button=button, back=back, back_to=_("What protects the person"))
