"""Pages of hearings: planned, changed, tested, called off, recorded; and the file for a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dedere.base.clock import parse_instant
from dedere.base.errors import InputError
from dedere.casework.persons.moments import instant_of, shown_in
from dedere.node.cases.access import standing
from dedere.node.cases.actions.papers import PaperChoice
from dedere.node.desk import hearings as queries
from dedere.node.desk.persons import person_view
from dedere.node.office import office
from dedere.node.papers.protocols import Account, make_protocol
from dedere.node.persons.actions import hearings as actions
from dedere.node.persons.calendars import calendar_file
from dedere.papers.wording import COMPLETE
from dedere.web.components.forms import Choice, Line, Passage, yes_or_no
from dedere.web.components.names import language_name, state_name, written_date
from dedere.web.components.views import OfficerRequest, for_officers, handed_out, posted
from dedere.web.persons import heard_words as words
from dedere.web.persons.pages import FormPage, form_page
from dedere.web.persons.planning import CallOffForm, PlanForm, TestForm, WhenForm, beginning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from dedere.casework.persons.hearings import Plan
    from dedere.node.persons.hearings import HearingView
    from dedere.node.persons.queries import PersonView

_CALENDAR = "text/calendar; charset=utf-8"


class ProtocolForm(WhenForm):
    """How the hearing went, as it will be signed."""

    clock = None  # type: ignore[assignment] # the room here has one clock
    ended = forms.TimeField(
        label=gettext_lazy("End"),
        input_formats=["%H:%M"],
        widget=forms.TimeInput(
            attrs={"class": "govuk-input govuk-input--width-5", "inputmode": "numeric"}, format="%H:%M"
        ),
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=300, widget=Line(dir="auto"))
    conducted_by = forms.CharField(
        label=gettext_lazy("Who conducted the hearing"), max_length=300, widget=Line(dir="auto")
    )
    present = forms.CharField(
        label=gettext_lazy("Persons present"),
        help_text=gettext_lazy("One on each line."),
        required=False,
        max_length=4000,
        widget=Passage(rows=4),
    )
    rights_explained = yes_or_no(gettext_lazy("Rights were explained"), required=False)
    oath = yes_or_no(gettext_lazy("The oath, or an affirmation, was given"), required=False)
    text = forms.CharField(
        label=gettext_lazy("What was said"),
        help_text=gettext_lazy("A protected person stands in it by alias."),
        max_length=100_000,
        widget=Passage(rows=12),
    )
    remarks = forms.CharField(
        label=gettext_lazy("Remarks, also on the technique"),
        required=False,
        max_length=20_000,
        widget=Passage(rows=3),
    )
    written_in = forms.ChoiceField(label=gettext_lazy("Language of the document"), widget=Choice())
    field_order = ("day", "time", "ended", "which")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.offer("written_in", [(code, language_name(code)) for code in COMPLETE])

    def account(self, zone: str) -> Account:
        """What was typed, on the clock of the room.

        Raises:
            InputError: that time never comes on that clock, or comes twice.
        """
        given = self.cleaned_data
        return Account(
            started_at=instant_of(given["day"], given["time"], zone, which=given["which"]),
            ended_at=instant_of(given["day"], given["ended"], zone, which=given["which"] or "later"),
            place=given["place"],
            conducted_by=given["conducted_by"],
            text=given["text"],
            present=tuple(line.strip() for line in given["present"].splitlines() if line.strip()),
            rights_explained=given["rights_explained"],
            oath=given["oath"],
            remarks=given["remarks"],
        )


@require_http_methods(["GET", "POST"])
@for_officers
def plan(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Plan a hearing of a person."""
    person = person_view(request.user, case_id, person_id)
    form = _plan_form(request, case_id, person_id)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.plan_hearing(
                by=standing(request.user, case_id),
                person_id=person_id,
                new=form.planned(interviewed_there=queries.heard(request.user, person).interviewed_there),
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The hearing is planned. What it lacks and collides with stands below."))
            return redirect("persons:hearing", case_id, person_id, made.pk)
    return form_page(request, person, form, _page(person, _("Plan a hearing"), _("Plan the hearing")))


@require_safe
@for_officers
def hearing(request: OfficerRequest, case_id: str, person_id: str, hearing_id: str) -> HttpResponse:
    """One hearing: when on both clocks, what is arranged, what is lacking, what collides, what the law says."""
    page = queries.hearing_page(request.user, case_id, person_id, hearing_id)
    context = {
        "page": page,
        "ends": [(end.zone.replace("_", " "), _on_the_clock(end)) for end in page.ends],
        "mode": words.MODES[page.view.row.mode],
        "stands": words.STATES[page.view.row.state],
        "lines": list(_plan_lines(page.view)),
        "lacks": [words.LACKS[each] for each in page.lacks],
        "clashes": [(words.CLASHES[each.kind], each.at, each.kind in words.GRAVE) for each in page.clashes],
        "apart": f"{page.apart.total_seconds() / 3600:+g}" if page.apart else "",
    }
    return render(request, "persons/hearing.html", context)


@require_http_methods(["GET", "POST"])
@for_officers
def change(request: OfficerRequest, case_id: str, person_id: str, hearing_id: str) -> HttpResponse:
    """Change a planned hearing."""
    view = queries.hearing_page(request.user, case_id, person_id, hearing_id).view
    person = person_view(request.user, case_id, person_id)
    form = _plan_form(request, case_id, person_id, initial=beginning(view))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_hearing(
                by=standing(request.user, case_id),
                hearing_id=hearing_id,
                new=form.planned(interviewed_there=queries.heard(request.user, person).interviewed_there),
                seen=form.cleaned_data["seen"],
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(
                request, _("The hearing is changed. Send a new calendar file to those who have the old one.")
            )
            return redirect("persons:hearing", case_id, person_id, hearing_id)
    return form_page(request, person, form, _page(person, _("Change the hearing"), _("Save"), view))


@require_http_methods(["GET", "POST"])
@for_officers
def test(request: OfficerRequest, case_id: str, person_id: str, hearing_id: str) -> HttpResponse:
    """Record how the technical test went."""
    view = queries.hearing_page(request.user, case_id, person_id, hearing_id).view
    person = person_view(request.user, case_id, person_id)
    form = TestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_test(
                by=standing(request.user, case_id),
                hearing_id=hearing_id,
                passed=form.cleaned_data["result"] == "passed",
                note=form.cleaned_data["note"],
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            return redirect("persons:hearing", case_id, person_id, hearing_id)
    return form_page(request, person, form, _page(person, _("The technical test"), _("Save"), view))


@require_http_methods(["GET", "POST"])
@for_officers
def call_off(request: OfficerRequest, case_id: str, person_id: str, hearing_id: str) -> HttpResponse:
    """Call a hearing off."""
    view = queries.hearing_page(request.user, case_id, person_id, hearing_id).view
    person = person_view(request.user, case_id, person_id)
    form = CallOffForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.call_off_hearing(
                by=standing(request.user, case_id), hearing_id=hearing_id, reason=form.cleaned_data["reason"]
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The hearing is called off."))
            return redirect("persons:hearing", case_id, person_id, hearing_id)
    return form_page(request, person, form, _page(person, _("Call the hearing off"), _("Call it off"), view))


@require_http_methods(["GET", "POST"])
@for_officers
def protocol(request: OfficerRequest, case_id: str, person_id: str, hearing_id: str) -> HttpResponse:
    """Say how the hearing went: it is recorded, and its protocol waits for a second officer."""
    view = queries.hearing_page(request.user, case_id, person_id, hearing_id).view
    person = person_view(request.user, case_id, person_id)
    form = ProtocolForm(posted(request), initial=_went_as_planned(view))
    if request.method == "POST" and form.is_valid():
        try:
            made = make_protocol(
                by=request.user,
                case_id=case_id,
                hearing_id=hearing_id,
                account=form.account(view.plan.zone_here),
                choice=PaperChoice(language=form.cleaned_data["written_in"]),
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The protocol is made. A second officer reads it before it is signed."))
            return redirect("documents:sheet", made.pk)
    intro = _("Times are those of %(zone)s. Once it is signed, the protocol is kept as evidence.") % {
        "zone": view.plan.zone_here
    }
    return form_page(
        request, person, form, _page(person, _("Protocol of the hearing"), _("Make the protocol"), view, intro=intro)
    )


@require_safe
@for_officers
def calendar(request: OfficerRequest, case_id: str, person_id: str, hearing_id: str) -> HttpResponse:
    """The hearing for a calendar: no name, no place, no case."""
    view = queries.hearing_page(request.user, case_id, person_id, hearing_id).view
    made = calendar_file(view, at=office().clock.now(), words=(_("Hearing"), _("Technical test of a hearing")))
    return handed_out(made, name="hearing.ics", media_type=_CALENDAR)


def _plan_form(request: OfficerRequest, case_id: str, person_id: str, *, initial: object = None) -> PlanForm:
    partner = queries.partner_of_person(request.user, case_id, person_id)
    started = initial or {"zone_here": office().home.place, "clock": "here", "mode": "video", "minutes": 120}
    return PlanForm(posted(request), ends=(office().state, partner), initial=started)


def _page(person: PersonView, title: str, button: str, view: HearingView | None = None, *, intro: str = "") -> FormPage:
    if view is None:
        return FormPage(title, button, reverse("persons:heard", args=[person.case_id, person.id]), person.name, intro)
    return FormPage(
        title,
        button,
        reverse("persons:hearing", args=[person.case_id, person.id, view.row.id]),
        _("The hearing"),
        intro,
    )


def _went_as_planned(view: HearingView) -> dict[str, object]:
    start, end = (shown_in(each, view.plan.zone_here) for each in (view.row.starts_at, view.row.ends_at))
    return {
        "day": start.date(),
        "time": start.time(),
        "ended": end.time(),
        "place": view.plan.place,
        "present": "\n".join(view.plan.present),
        "written_in": COMPLETE[0],
    }


def _on_the_clock(end: queries.Ends) -> str:
    """A hearing as one wall clock shows it."""
    last = "" if end.start.date() == end.end.date() else f"{written_date(end.end.date())}, "
    return f"{written_date(end.start.date())}, {end.start:%H:%M} – {last}{end.end:%H:%M}"


def _test_lines(plan: Plan) -> str:
    """When the technical test is, on both clocks, and what it showed."""
    if not plan.test_at:
        return ""
    at = parse_instant(plan.test_at)
    zones = dict.fromkeys((plan.zone_here, plan.zone_there))
    shown = [(shown_in(at, zone), zone.replace("_", " ")) for zone in zones]
    when = [f"{written_date(local.date())}, {local:%H:%M}, {zone}" for local, zone in shown]
    return "\n".join(filter(None, (*when, str(words.TEST_RESULTS.get(plan.test_result, "")), plan.test_note)))


def _plan_lines(view: HearingView) -> Iterator[tuple[str, str]]:
    """What is arranged, in reading order; what is not is said under what is lacking."""
    plan = view.plan
    laws = {"both": _("Both"), plan.law: state_name(plan.law)} if plan.law != "both" else {"both": _("Both")}
    rows = [
        (_("Room here"), plan.place),
        (_("Room there"), plan.place_there),
        (_("Who summons the person"), plan.summoned_by),
        (_("Under whose law the person is heard"), str(laws.get(plan.law, ""))),
        (_("Oath"), str(words.OATHS.get(plan.oath, ""))),
        (_("What the person may refuse to say under our law"), plan.privileges_here),
        (_("What the person may refuse to say under the other State's law"), plan.privileges_there),
        (_("Consent of the person"), str(words.CONSENTS.get(plan.consent, ""))),
        (_("Counsel"), plan.counsel),
        (_("Language of the hearing"), language_name(plan.language) if plan.language else ""),
        (_("Interpreter"), plan.interpreter),
        (_("Number of the interpreter's certificate"), plan.interpreter_certificate),
        (_("Persons present, and where each sits"), "\n".join(plan.present)),
        (_("Documents shown"), "\n".join(plan.documents)),
        (_("Recording"), str(words.RECORDINGS.get(plan.recording, ""))),
        (_("The technical test"), _test_lines(plan)),
        (_("Who bears which costs"), plan.costs),
        (_("Why the person is heard again"), view.repeat_reason),
        (_("Why it is called off"), view.called_off),
    ]
    yield from ((label, text) for label, text in rows if text)
