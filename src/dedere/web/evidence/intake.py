"""Taking evidence in: for a measure, with its origin; or made from an item, with how and for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from dedere.base.errors import InputError
from dedere.node.desk import work
from dedere.node.evidence import actions, viewing
from dedere.web.components.forms import DateField, Line, OfficeForm, Passage
from dedere.web.components.uploads import SeveralUploadForm, UploadForm, waiting_uploads
from dedere.web.components.views import OfficerRequest, for_officers, posted_with_files

if TYPE_CHECKING:
    from django.http import HttpResponse


class OriginForm(OfficeForm):
    """Where something comes from."""

    collected_on = DateField(label=gettext_lazy("Collected on"))
    collected_by = forms.CharField(
        label=gettext_lazy("Collected by"),
        help_text=gettext_lazy("Name and function, as a court will ask for them."),
        max_length=200,
        widget=Line(dir="auto"),
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, widget=Line(dir="auto"))
    note = forms.CharField(
        label=gettext_lazy("How it was collected"), required=False, max_length=2000, widget=Passage(rows=3)
    )

    def collected(self) -> actions.Collected:
        """The origin that a valid form gives."""
        given = self.cleaned_data
        return actions.Collected(
            on=given["collected_on"], by=given["collected_by"], place=given["place"], note=given["note"]
        )


class IntakeForm(UploadForm, OriginForm):
    """The file, what it is, and where it comes from."""

    title = forms.CharField(label=gettext_lazy("What it is"), max_length=300, widget=Line(dir="auto"))
    field_order = ("file", "upload", "title", "collected_on", "collected_by", "place", "note")


class SeveralForm(SeveralUploadForm, OriginForm):
    """Several files of one origin."""

    field_order = ("chosen", "folder", "upload", "collected_on", "collected_by", "place", "note")


@require_http_methods(["GET", "POST"])
@for_officers
def add(request: OfficerRequest, assignment: str) -> HttpResponse:
    """Add one item to a measure."""
    measure = work.assignment(request.user, assignment)
    target = f"measure:{assignment}"
    form = IntakeForm(*posted_with_files(request))
    if request.method == "POST" and form.is_valid():
        try:
            upload = form.given_file(request.user, target=target, title=form.cleaned_data["title"])
            item = actions.ingest(by=request.user, assignment_id=assignment, upload=upload, collected=form.collected())
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The item is in the vault, sealed; its custody ledger is open."))
            return redirect("evidence:item", item.pk)
    context = {"assignment": measure, "form": form, **waiting_uploads(request.user, target)}
    return render(request, "evidence/add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_officers
def add_several(request: OfficerRequest, assignment: str) -> HttpResponse:
    """Add several files, or a folder, to a measure: what cannot be taken in is said and does not stop the rest."""
    measure = work.assignment(request.user, assignment)
    target = f"measure:{assignment}"
    form = SeveralForm(*posted_with_files(request))
    refused: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        taken = 0
        for upload in form.given_files(request.user, target=target):
            try:
                actions.ingest(by=request.user, assignment_id=assignment, upload=upload, collected=form.collected())
            except InputError as error:
                refused.append((upload.title, error.sentence))
            else:
                taken += 1
        if taken:
            said = ngettext("%(count)d item is in the vault.", "%(count)d items are in the vault.", taken)
            messages.success(request, said % {"count": taken})
        if not refused:
            return redirect("cases:measure", assignment)
    context = {"assignment": measure, "form": form, "refused": refused, **waiting_uploads(request.user, target)}
    return render(request, "evidence/add_several.html", context, status=422 if form.errors or refused else 200)


class MadeForm(UploadForm):
    """What was made from an item, how, and for which purpose."""

    title = forms.CharField(label=gettext_lazy("What it is"), max_length=300, widget=Line(dir="auto"))
    how = forms.CharField(
        label=gettext_lazy("How it was made"),
        help_text=gettext_lazy("For example: translation into Dutch, extract from 00:12 to 00:40, faces made unknown."),
        max_length=1500,
        widget=Passage(rows=3),
    )
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"),
        help_text=gettext_lazy("In the words of the conditions, where they name purposes."),
        max_length=300,
        widget=Line(dir="auto"),
    )


@require_http_methods(["GET", "POST"])
@for_officers
def made_from(request: OfficerRequest, item_id: str) -> HttpResponse:
    """Take in what was made from an item; it stands under the same conditions."""
    found = viewing.item_view(request.user, item_id)
    target = f"item:{item_id}"
    form = MadeForm(*posted_with_files(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = actions.Made(how=given["how"], purpose=given["purpose"])
        try:
            upload = form.given_file(request.user, target=target, title=given["title"])
            item = actions.derive_item(by=request.user, sources=[item_id], upload=upload, made=made)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("It is in the vault, under the conditions of what it was made from."))
            return redirect("evidence:item", item.pk)
    context = {"item": found, "form": form, **waiting_uploads(request.user, target)}
    return render(request, "evidence/made_from.html", context, status=422 if form.errors else 200)
