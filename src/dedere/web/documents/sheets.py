"""Certificates, records and plans of a case: filled in, read as they will be signed, approved, signed."""

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
from dedere.node.papers import queries
from dedere.node.papers import sheets as actions
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.edited import WORD
from dedere.papers.sheet_fields import SHEET_FIELDS, FieldKind, SheetField
from dedere.papers.wording import COMPLETE
from dedere.web.components.forms import Choice, DateField, Line, Passage, yes_or_no
from dedere.web.components.names import all_languages, all_states
from dedere.web.components.readable import wording_of_page
from dedere.web.components.tables import with_values
from dedere.web.components.views import OfficerRequest, for_officers, handed_out, posted
from dedere.web.documents.forms import LanguagesForm

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@for_officers
def listing(request: OfficerRequest, case_id: str) -> HttpResponse:
    """The documents of a case that are no letters', and what can be made."""
    wording = wording_of_page()
    context = {
        "case_id": case_id,
        "sheets": [(each, wording.text(f"document.{each.kind}")) for each in queries.sheets_of(request.user, case_id)],
        "kinds": [(kind.value, wording.text(f"document.{kind}")) for kind in SHEET_FIELDS],
    }
    return render(request, "documents/sheets.html", context)


@require_http_methods(["GET", "POST"])
@for_officers
def make(request: OfficerRequest, case_id: str, kind: str) -> HttpResponse:
    """Fill a document in."""
    queries.sheets_of(request.user, case_id)
    if kind not in {each.value for each in SHEET_FIELDS}:
        raise Http404
    sheet_kind = SheetKind(kind)
    form = _form_for(sheet_kind)(posted(request), offered=COMPLETE, initial={"language": COMPLETE[0]})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_sheet(
                by=request.user,
                case_id=case_id,
                kind=sheet_kind,
                data=_data(sheet_kind, form.cleaned_data),
                choice=form.choice(),
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The document is made. A second officer reads it before it is signed."))
            return redirect("documents:sheet", made.pk)
    context = {"case_id": case_id, "title": wording_of_page().text(f"document.{kind}"), "form": form}
    return render(request, "documents/make_sheet.html", context, status=422 if form.errors else 200)


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


def _form_for(kind: SheetKind) -> type[LanguagesForm]:
    made: dict[str, object] = {_name(each): _field(each) for each in SHEET_FIELDS[kind]}
    made["__doc__"] = "What one document asks for."
    made["field_order"] = [*(_name(each) for each in SHEET_FIELDS[kind]), "language", "second_language", "arrangement"]
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


def _data(kind: SheetKind, given: dict[str, object]) -> dict[str, object]:
    values: dict[str, object] = {}
    for each in SHEET_FIELDS[kind]:
        typed = given.get(_name(each))
        if each.kind is FieldKind.DAY and hasattr(typed, "isoformat"):
            typed = typed.isoformat()
        elif each.kind is FieldKind.LINES and isinstance(typed, str):
            typed = [line.strip() for line in typed.splitlines() if line.strip()]
        values[each.path] = typed
    return with_values({}, values)
