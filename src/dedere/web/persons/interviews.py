"""Pages about earlier interviews: noted, asked of custodians, asked of the other State, answered by a custodian."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dedere.base.errors import InputError
from dedere.node.cases.access import standing
from dedere.node.desk import hearings as desk
from dedere.node.desk.persons import person_view
from dedere.node.errors import UnknownObjectError
from dedere.node.exchange import interviews as between
from dedere.node.persons import hearings as queries
from dedere.node.persons.actions import interviews as actions
from dedere.web.components.forms import DateField, Line, OfficeForm, Passage, Radios, yes_or_no
from dedere.web.components.views import OfficerRequest, for_officers, posted, posted_with_files
from dedere.web.persons.deciding import UnlockForm
from dedere.web.persons.heard_words import ANSWERS, LIKENESSES, MODES, STATES, choices_of
from dedere.web.persons.pages import FormPage, form_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dedere.node.persons.actions.interviews import Searched
    from dedere.node.persons.queries import PersonView


class InterviewForm(OfficeForm):
    """An interview that took place."""

    on = DateField(label=gettext_lazy("Day of the interview"))
    by = forms.CharField(label=gettext_lazy("Who interviewed the person"), max_length=200, widget=Line(dir="auto"))
    recorded = yes_or_no(gettext_lazy("Picture or sound was recorded"))
    repeat_reason = forms.CharField(
        label=gettext_lazy("Why the person was interviewed again"),
        help_text=gettext_lazy("Needed where an earlier interview is known."),
        required=False,
        max_length=500,
        widget=Passage(rows=3),
    )


class HistoryForm(OfficeForm):
    """Why somebody needs to know of earlier interviews."""

    reason = forms.CharField(
        label=gettext_lazy("Why you need to know whether the person was interviewed before"),
        help_text=gettext_lazy("A custodian searches the whole office and decides what to say. No names."),
        max_length=500,
        widget=Passage(rows=3),
    )


class AnswerForm(OfficeForm):
    """What the custodian chooses to say."""

    answer = forms.ChoiceField(label=gettext_lazy("What you say"), choices=choices_of(ANSWERS), widget=Radios())
    remark = forms.CharField(
        label=gettext_lazy("For the officer who asked"),
        help_text=gettext_lazy("It never leaves this office. No names, nothing of other cases."),
        required=False,
        max_length=500,
        widget=Passage(rows=2),
    )


@require_safe
@for_officers
def heard(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """A person's hearings and interviews, and whether there were others elsewhere."""
    person = person_view(request.user, case_id, person_id)
    found = desk.heard(request.user, person)
    put_already = {(each.letter, each.question) for each in found.inquiries if each.of_partner}
    context = {
        "person": person,
        "heard": found,
        "hearings": [(row, MODES[row.mode], STATES[row.state]) for row in found.hearings],
        "inquiries": [(each, ANSWERS.get(each.answer, "")) for each in found.inquiries],
        "asked": [
            (
                each,
                ANSWERS.get(each.answer, each.answer),
                not each.ours and (each.letter, each.question) not in put_already,
            )
            for each in found.asked
        ],
    }
    return render(request, "persons/heard.html", context)


@require_http_methods(["GET", "POST"])
@for_officers
def note(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Note an interview that took place."""
    person = person_view(request.user, case_id, person_id)
    form = InterviewForm(posted(request))
    if request.method == "POST" and form.is_valid():
        new = actions.NewInterview(**form.cleaned_data)
        try:
            actions.note_interview(by=standing(request.user, case_id), person_id=person_id, new=new)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The interview is noted."))
            return redirect("persons:heard", case_id, person_id)
    return form_page(request, person, form, _page(person, _("Note an interview"), _("Note it")))


@require_http_methods(["GET", "POST"])
@for_officers
def ask(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Ask our custodians."""
    person = person_view(request.user, case_id, person_id)
    form = HistoryForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_history(
                by=standing(request.user, case_id), person_id=person_id, reason=form.cleaned_data["reason"]
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The custodians are asked. What they say will stand on this page."))
            return redirect("persons:heard", case_id, person_id)
    return form_page(request, person, form, _page(person, _("Interviewed before?"), _("Ask the custodians")))


@require_POST
@for_officers
def ask_partner(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Draft the question to the other State."""
    person_view(request.user, case_id, person_id)
    try:
        draft = between.ask_partner(by=request.user, case_id=case_id, person_id=person_id)
    except InputError as error:
        messages.error(request, error.sentence)
        return redirect("persons:heard", case_id, person_id)
    messages.success(
        request, _("The question is drafted. Let the identity travel with it, if the other State does not have it yet.")
    )
    return redirect("requests:draft", draft.pk)


@require_POST
@for_officers
def put(request: OfficerRequest, case_id: str, person_id: str) -> HttpResponse:
    """Put the other State's question to our custodians."""
    person_view(request.user, case_id, person_id)
    letter, question = (request.POST.get(name, "")[:64] for name in ("letter", "question"))
    try:
        between.put_to_custodians(
            by=request.user, case_id=case_id, person_id=person_id, letter_id=letter, question=question
        )
    except UnknownObjectError:
        raise
    except InputError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The custodians are asked. Their answer becomes a draft of yours."))
    return redirect("persons:heard", case_id, person_id)


@require_http_methods(["GET", "POST"])
@for_officers
def answer(request: OfficerRequest, inquiry_id: str) -> HttpResponse:
    """A custodian searches under their own key, and chooses what to say."""
    row = queries.waiting_inquiry(request.user, inquiry_id)
    saying = "answer" in request.POST or "remark" in request.POST
    unlock = UnlockForm(*((None, None) if saying else posted_with_files(request)))
    form = AnswerForm(posted(request) if saying else None)
    found: Searched | None = None
    if request.method == "POST" and (form if saying else unlock).is_valid():
        try:
            if saying:
                between.answer_inquiry(by=request.user, inquiry_id=inquiry_id, **form.cleaned_data)
                messages.success(request, _("Answered."))
                return redirect("persons:desk")
            found = actions.search_history(by=request.user, inquiry_id=inquiry_id, with_=unlock.unlocking())
        except InputError as error:
            (form if saying else unlock).show_refusal(error)
    context = {
        "row": row,
        "found": found,
        "candidates": [(each, LIKENESSES[each.likeness]) for each in found.candidates] if found else [],
        "form": form if saying else unlock,
        "unlock": unlock,
        "answer": form,
    }
    response = render(request, "persons/inquiry.html", context, status=422 if form.errors or unlock.errors else 200)
    response["Cache-Control"] = "no-store, private, max-age=0"
    return response


def _page(person: PersonView, title: str, button: str) -> FormPage:
    return FormPage(title, button, reverse("persons:heard", args=[person.case_id, person.id]), person.name)
