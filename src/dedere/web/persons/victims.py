"""A victim: how they want to hear of the case, what they are to be told, what they claim."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dedere.base.errors import InputError
from dedere.casework.persons.victims import Channel, ClaimStage, News, Part, Reparation, Topic
from dedere.node.cases.access import standing
from dedere.node.desk import persons as queries
from dedere.node.desk import victims as victims_of_cases
from dedere.node.errors import UnknownObjectError
from dedere.node.persons import actions
from dedere.web.components.forms import (
    Checkboxes,
    Choice,
    DateField,
    Line,
    OfficeForm,
    Passage,
    Radios,
    yes_or_no,
)
from dedere.web.components.labels import label, spelled
from dedere.web.components.names import all_languages, written_date
from dedere.web.components.readable import coded, wording_of_page
from dedere.web.components.views import OfficerRequest, for_officers, posted
from dedere.web.persons.pages import FormPage, form_page
from dedere.web.persons.words import CHANNELS, CLAIMS, PARTS, REPARATIONS, TOPICS, choices, marked, word

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dedere.node.persons.queries import PersonView


@require_safe
@for_officers
def victim(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """What the victim wants, what they are to be told and were told, and what they claim."""
    person = queries.person_view(request.user, case_id, person_id)
    found = victims_of_cases.victim_view(request.user, case_id, person_id)
    wishes = found.wishes
    context = {
        "person": person,
        "found": found,
        "channel": word(CHANNELS, wishes.channel) if wishes else "",
        "topics": [word(TOPICS, topic) for topic in wishes.topics] if wishes else [],
        "part": word(PARTS, wishes.part) if wishes else "",
        "claims": [(each, word(REPARATIONS, each.form), marked(CLAIMS, each.stage)) for each in found.claims],
    }
    return render(request, "persons/victim.html", context)


class WishesForm(OfficeForm):
    """What the victim wants."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How to reach the victim"), choices=list(CHANNELS.items()), widget=Radios()
    )
    through = forms.CharField(
        label=gettext_lazy("Who is told in the victim's place"),
        help_text=gettext_lazy("Counsel or the support service. No address of the victim is kept here."),
        required=False,
        max_length=200,
        widget=Line(dir="auto"),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language to use"), required=False, widget=Choice())
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("What the victim wants to hear of"),
        choices=list(TOPICS.items()),
        required=False,
        widget=Checkboxes(),
    )
    part = forms.ChoiceField(
        label=gettext_lazy("Part in the proceedings"), choices=list(PARTS.items()), widget=Radios()
    )


@require_http_methods(["GET", "POST"])
@for_officers
def wishes(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Note what the victim wants."""
    person = queries.person_view(request.user, case_id, person_id)
    known = victims_of_cases.victim_view(request.user, case_id, person_id).wishes
    initial = {} if known is None else {name: getattr(known, name) for name in WishesForm.base_fields}
    form = WishesForm(posted(request), initial=initial)
    form.offer("language", [("", "—"), *all_languages()])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = actions.Wishes(
            channel=Channel(given["channel"]),
            topics=tuple(Topic(topic) for topic in given["topics"]),
            part=Part(given["part"]),
            language=given["language"],
            through=given["through"],
        )
        try:
            actions.note_wishes(by=standing(request.user, case_id), person_id=person_id, wishes=new)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The victim's wishes are noted."))
            return redirect("persons:victim", case_id, person_id)
    return form_page(request, person, form, _page(person, _("What the victim wants"), _("Save")))


class ToldForm(OfficeForm):
    """That the victim was told."""

    event = forms.ChoiceField(label=gettext_lazy("What happened"), widget=Choice())
    on = DateField(label=gettext_lazy("Told, or tried, on"))
    reached = yes_or_no(gettext_lazy("Was the victim reached?"))
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("No names: write the alias."),
        required=False,
        max_length=2000,
        widget=Passage(rows=2),
    )


@require_http_methods(["GET", "POST"])
@for_officers
def told(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Note that the victim was told of something, or could not be reached."""
    person = queries.person_view(request.user, case_id, person_id)
    waiting = {each.key: each for each in victims_of_cases.victim_view(request.user, case_id, person_id).to_tell}
    form = ToldForm(posted(request), initial={"event": request.GET.get("event", "")})
    form.offer("event", [(key, f"{_event(each)}, {written_date(each.on)}") for key, each in waiting.items()])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        telling = actions.Telling(waiting[given["event"]], given["on"], given["reached"], given["note"])
        try:
            actions.note_told(by=standing(request.user, case_id), person_id=person_id, telling=telling)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("It is noted."))
            return redirect("persons:victim", case_id, person_id)
    return form_page(request, person, form, _page(person, _("Note that the victim was told"), _("Note it")))


class AssetsForm(OfficeForm):
    """From which property a claim might be paid."""

    assets = forms.MultipleChoiceField(
        label=gettext_lazy("Property it might be paid from"),
        help_text=gettext_lazy("Frozen, confiscated or to be returned by a measure of this case."),
        required=False,
        widget=Checkboxes(),
    )


class ClaimForm(AssetsForm):
    """What the victim claims."""

    form = forms.ChoiceField(label=gettext_lazy("Reparation"), choices=list(REPARATIONS.items()), widget=Radios())
    text = forms.CharField(
        label=gettext_lazy("What is claimed"),
        help_text=gettext_lazy("No names: write the alias."),
        max_length=4000,
        widget=Passage(rows=3),
    )
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        required=False,
        max_digits=16,
        decimal_places=2,
        localize=True,
        widget=Line(width="govuk-input--width-10", inputmode="decimal"),
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        help_text=gettext_lazy("Three letters, like EUR"),
        required=False,
        max_length=3,
        widget=Line(width="govuk-input--width-3"),
    )
    made_on = DateField(label=gettext_lazy("Claimed on"))
    field_order = ("form", "text", "amount", "currency", "made_on", "assets")


@require_http_methods(["GET", "POST"])
@for_officers
def claim(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Note what the victim claims."""
    person = queries.person_view(request.user, case_id, person_id)
    known = victims_of_cases.victim_view(request.user, case_id, person_id).known_assets
    form = ClaimForm(posted(request))
    _offer_assets(form, known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = actions.NewClaim(
            form=Reparation(given["form"]),
            text=given["text"],
            made_on=given["made_on"],
            amount=given["amount"],
            currency=given["currency"],
            assets=tuple(given.get("assets", ())),
        )
        try:
            by = standing(request.user, case_id)
            actions.make_claim(by=by, person_id=person_id, new=new, known_assets=[asset.key for asset in known])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The claim is noted."))
            return redirect("persons:victim", case_id, person_id)
    return form_page(request, person, form, _page(person, _("Note a claim"), _("Note the claim")))


class ClaimStepForm(AssetsForm):
    """What became of a claim; with neither, only its property is said anew."""

    stage = forms.ChoiceField(label=gettext_lazy("What it has become"), required=False, widget=Radios())
    on = DateField(label=gettext_lazy("On"), required=False)
    field_order = ("stage", "on", "assets")

    def clean(self) -> dict[str, object]:
        """A step has a day, and a day a step."""
        given = self.cleaned_data
        if bool(given.get("stage")) != bool(given.get("on")) and "on" not in self.errors:
            self.add_error("on", _("A step has a day, and a day a step."))
        return given


@require_http_methods(["GET", "POST"])
@for_officers
def claim_step(request: OfficerRequest, case_id: str, person_id: str, claim_id: str) -> HttpResponse:
    """Note what became of a claim, and from which property it might be paid."""
    person = queries.person_view(request.user, case_id, person_id)
    found = victims_of_cases.victim_view(request.user, case_id, person_id)
    here = next((each for each in found.claims if each.id == claim_id), None)
    if here is None:
        raise UnknownObjectError
    form = ClaimStepForm(posted(request), initial={"assets": [asset.key for asset in here.assets]})
    form.offer("stage", choices(CLAIMS, here.following))
    if not here.following:
        del form.fields["stage"], form.fields["on"]
    _offer_assets(form, found.known_assets)
    if request.method == "POST" and form.is_valid():
        try:
            _step(request, person, here.id, form, [asset.key for asset in found.known_assets])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The claim is brought up to date."))
            return redirect("persons:victim", case_id, person_id)
    title = f"{word(REPARATIONS, here.form)}: {word(CLAIMS, here.stage)}"
    return form_page(request, person, form, _page(person, title, _("Save"), intro=here.text))


def _step(request: OfficerRequest, person: PersonView, claim_id: str, form: ClaimStepForm, known: list[str]) -> None:
    by, given = standing(request.user, person.case_id), form.cleaned_data
    stage, on = given.get("stage"), given.get("on")
    step = actions.ClaimStep(ClaimStage(stage), on) if stage and isinstance(on, dt.date) else None
    assets = given.get("assets", [])
    actions.change_claim(by=by, person_id=person.id, claim_id=claim_id, step=step, assets=assets, known_assets=known)


def _offer_assets(form: OfficeForm, known: tuple[victims_of_cases.Asset, ...]) -> None:
    if not known:
        del form.fields["assets"]
        return
    wording = wording_of_page()
    named = [(each, coded("measure", each.kind, wording)) for each in known]
    form.offer(
        "assets",
        [(each.key, f"{kind}: {each.description} ({label('stage', each.stage)})") for each, kind in named],
    )


def _event(news: News) -> str:
    return spelled(news.event.replace(".", " "))


def _page(person: PersonView, title: str, button: str, *, intro: str = "") -> FormPage:
    back = reverse("persons:victim", args=[person.case_id, person.id])
    return FormPage(title=title, button=button, back=back, back_to=_("As a victim"), intro=intro)
