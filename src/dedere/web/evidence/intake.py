"""Taking evidence in for a measure: the file streams into the vault and its custody ledger is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dedere.base.errors import InputError
from dedere.node.desk import work
from dedere.node.evidence import actions
from dedere.web.components.forms import DateField, File, Line, OfficeForm, Passage
from dedere.web.components.views import OfficerRequest, for_officers, posted_with_files

if TYPE_CHECKING:
    from django.http import HttpResponse


class IntakeForm(OfficeForm):
    """The file, and where it comes from."""

    file = forms.FileField(label=gettext_lazy("File"), max_length=255, widget=File())
    title = forms.CharField(label=gettext_lazy("What it is"), max_length=300, widget=Line(dir="auto"))
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


@require_http_methods(["GET", "POST"])
@for_officers
def add(request: OfficerRequest, assignment: str) -> HttpResponse:
    """Add one item to a measure."""
    measure = work.assignment(request.user, assignment)
    form = IntakeForm(*posted_with_files(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        file = given["file"]
        media_type = file.content_type or "application/octet-stream"
        upload = actions.Upload(name=file.name, title=given["title"], media_type=media_type, source=file.file)
        collected = actions.Collected(
            on=given["collected_on"], by=given["collected_by"], place=given["place"], note=given["note"]
        )
        try:
            item = actions.ingest(by=request.user, assignment_id=assignment, upload=upload, collected=collected)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The item is in the vault, sealed; its custody ledger is open."))
            return redirect("evidence:item", item.pk)
    return render(
        request, "evidence/add.html", {"assignment": measure, "form": form}, status=422 if form.errors else 200
    )
