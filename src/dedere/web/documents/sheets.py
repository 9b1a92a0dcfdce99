"""Certificates, records and plans of a case: begun from its records, read as they will be signed, approved, signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dedere.base.errors import InputError
from dedere.node.papers import queries, records
from dedere.node.papers import sheets as actions
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.edited import WORD
from dedere.papers.errors import DocumentInputError
from dedere.papers.sheet_fields import SHEET_FIELDS, FieldKind, SheetField
from dedere.papers.wording import COMPLETE
from dedere.web.components.forms import Choice, DateField, Line, Passage, yes_or_no
from dedere.web.components.names import all_languages, all_states
from dedere.web.components.readable import wording_of_page
from dedere.web.components.tables import value_at, with_values
from dedere.web.components.views import OfficerRequest, for_officers, handed_out, posted
from dedere.web.documents.forms import LanguagesForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse


# Of each kind so many offers stand on the page; further ones are made from the item's own page.
_SHOWN = 20


@require_safe
@for_officers
def listing(request: OfficerRequest, case_id: str) -> HttpResponse:
    """The documents of a case that are no letters', and what can be made, of what."""
    wording = wording_of_page()
    found: dict[SheetKind, list[records.Offer]] = {}
    for offer in records.offers(request.user, case_id):
        found.setdefault(offer.kind, []).append(offer)
    kinds = [kind for kind in SheetKind if kind in SHEET_FIELDS or kind in found]
    context = {
        "case_id": case_id,
        "sheets": [(each, wording.text(f"document.{each.kind}")) for each in queries.sheets_of(request.user, case_id)],
        "kinds": [
            (kind.value, wording.text(f"document.{kind}"), kind in SHEET_FIELDS, found.get(kind, [])[:_SHOWN])
            for kind in kinds
        ],
    }
    return render(request, "documents/sheets.html", context)


@require_http_methods(["GET", "POST"])
@for_officers
def make(request: OfficerRequest, case_id: str, kind: str, about: str = "") -> HttpResponse:
    """Fill a document in, from the records about something where it is named; some are made from records alone."""
    queries.sheets_of(request.user, case_id)
    sheet_kind = _kind(kind, about)
    whole = records.is_whole(sheet_kind, about)
    try:
        begun = records.beginning(request.user, case_id, sheet_kind, about) if about else {}
    except DocumentInputError as error:
        messages.error(request, error.sentence)
        return redirect("documents:sheets", case_id)
    asked = () if whole else SHEET_FIELDS[sheet_kind]
    initial = {"language": COMPLETE[0], **{_name(each): _shown(value_at(begun, each.path)) for each in asked}}
    form = _form_for(asked)(posted(request), offered=queries.languages_of(sheet_kind), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if whole:
                made = actions.make_sheet_from_records(
                    by=request.user, case_id=case_id, kind=sheet_kind, about=about, choice=form.choice()
                )
            else:
                data = _data(asked, form.cleaned_data)
                made = actions.make_sheet(
                    by=request.user, case_id=case_id, kind=sheet_kind, data=data, choice=form.choice()
                )
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The document is made. A second officer reads it before it is signed."))
            return redirect("documents:sheet", made.pk)
    title = wording_of_page().text(f"document.{kind}")
    context = {"case_id": case_id, "title": title, "form": form, "whole": whole, "begun": bool(begun)}
    return render(request, "documents/make_sheet.html", context, status=422 if form.errors else 200)


def _kind(kind: str, about: str) -> SheetKind:
    """The kind of document, if one can be filled in or made from the records about something."""
    try:
        found = SheetKind(kind)
    except ValueError as error:
        raise Http404 from error
    if found not in SHEET_FIELDS and not records.is_whole(found, about):
        raise Http404
    return found


def _shown(value: object) -> object:
    """A value of the records as its box in the form shows it."""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


@require_safe
@for_officers
def sheet(request: OfficerRequest, sheet_id: str) -> HttpResponse:
    """One document as it will be signed, or as it was."""
    found = queries.sheet(request.user, sheet_id)
    context = {"sheet": found, "title": wording_of_page().text(f"document.{found.kind}")}
    return render(request, "documents/sheet.html", context)


@require_safe
@xframe_options_sameorigin
@for_officers
def pdf(request: OfficerRequest, sheet_id: str) -> HttpResponse:
    """The document."""
    name, data = queries.sheet_content(request.user, sheet_id)
    return handed_out(data, name=name, media_type="application/pdf", inline=True)


@require_safe
@for_officers
def word(request: OfficerRequest, sheet_id: str) -> HttpResponse:
    """The document as a Word file."""
    name, data = queries.sheet_content(request.user, sheet_id, word=True)
    return handed_out(data, name=name, media_type=WORD)


@require_POST
@for_officers
def approve(request: OfficerRequest, sheet_id: str) -> HttpResponse:
    """The second officer's yes to what was read."""
    try:
        actions.approve_sheet(by=request.user, sheet_id=sheet_id, digest=request.POST.get("digest", "")[:64])
    except InputError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Approved. It is signed for the authority within moments."))
    return redirect("documents:sheet", sheet_id)


@require_POST
@for_officers
def discard(request: OfficerRequest, sheet_id: str) -> HttpResponse:
    """Give a document up."""
    found = queries.sheet(request.user, sheet_id)
    try:
        actions.discard_sheet(by=request.user, sheet_id=sheet_id)
    except InputError as error:
        messages.error(request, error.sentence)
        return redirect("documents:sheet", sheet_id)
    return redirect("documents:sheets", found.case_id)


def _form_for(asked: Sequence[SheetField]) -> type[LanguagesForm]:
    made: dict[str, object] = {_name(each): _field(each) for each in asked}
    made["__doc__"] = "What one document asks for."
    made["field_order"] = [*(_name(each) for each in asked), "language", "second_language", "arrangement"]
    return type("SheetForm", (LanguagesForm,), made)


def _name(asked: SheetField) -> str:
    """The field's name in the form; a document may ask for a language and is written in one."""
    return f"said.{asked.path}"


def _field(asked: SheetField) -> forms.Field:
    made = _bare_field(asked.kind)
    group, _dot, name = asked.path.rpartition(".")
    label = wording_of_page().label(name, inside=group)
    made.label = f"{wording_of_page().label(group)}: {label}" if group else label
    made.required = asked.required
    return made


def _bare_field(kind: FieldKind) -> forms.Field:  # noqa: PLR0911 - one line a kind reads best
    match kind:
        case FieldKind.DAY:
            return DateField()
        case FieldKind.TEXT:
            return forms.CharField(max_length=100_000, widget=Passage(rows=6))
        case FieldKind.LINES:
            return forms.CharField(max_length=100_000, widget=Passage(rows=4), help_text=_("One on each line."))
        case FieldKind.YES_NO:
            return yes_or_no("")
        case FieldKind.COUNT:
            return forms.IntegerField(min_value=0, widget=Line(width="govuk-input--width-5", inputmode="numeric"))
        case FieldKind.STATE:
            return forms.ChoiceField(choices=[("", "—"), *all_states()], widget=Choice())
        case FieldKind.LANGUAGE:
            return forms.ChoiceField(choices=[("", "—"), *all_languages()], widget=Choice())
        case _:
            return forms.CharField(max_length=300, widget=Line(dir="auto"))


def _data(asked: Sequence[SheetField], given: dict[str, object]) -> dict[str, object]:
    values: dict[str, object] = {}
    for each in asked:
        typed = given.get(_name(each))
        if each.kind is FieldKind.DAY and hasattr(typed, "isoformat"):
            typed = typed.isoformat()
        elif each.kind is FieldKind.LINES and isinstance(typed, str):
            typed = [line.strip() for line in typed.splitlines() if line.strip()]
        values[each.path] = typed
    return with_values({}, values)
