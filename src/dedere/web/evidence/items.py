"""Items of evidence: the list, and one item with its conditions and its custody ledger as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dedere.base.errors import InputError
from dedere.node.evidence import actions, queries
from dedere.vault.ledger import CustodyEvent
from dedere.web.components import labels
from dedere.web.components.chain import draw_chain
from dedere.web.components.forms import Choice, Line, OfficeForm, Passage
from dedere.web.components.views import OfficerRequest, for_officers, page_number, posted

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@for_officers
def listing(request: OfficerRequest) -> HttpResponse:
    """Items of the officer's cases and measures."""
    text = request.GET.get("text", "").strip()[:200]
    found = queries.list_items(request.user, text=text, page=page_number(request))
    return render(request, "evidence/list.html", {"found": found, "text": text})


@require_safe
@for_officers
def item(request: OfficerRequest, item_id: str) -> HttpResponse:
    """One item."""
    found = queries.item_view(request.user, item_id)
    context = {"item": found, "chain": draw_chain(found.ledger), "viewer": _viewer(found.row.media_type)}
    return render(request, "evidence/item.html", context)


class CustodyForm(OfficeForm):
    """An entry that a person makes in the ledger; the others are made by what happens."""

    event = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        choices=[(code, labels.CUSTODY_EVENTS[code]) for code in ("examined", "copied")],
        widget=Choice(),
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, widget=Line(dir="auto"))
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=2000, widget=Passage(rows=3))


@require_http_methods(["GET", "POST"])
@for_officers
def custody(request: OfficerRequest, item_id: str) -> HttpResponse:
    """Add an entry to the ledger. Entries are never changed or taken out."""
    found = queries.item_view(request.user, item_id)
    form = CustodyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_custody(
                by=request.user,
                item_id=item_id,
                event=CustodyEvent(form.cleaned_data["event"]),
                place=form.cleaned_data["place"],
                note=form.cleaned_data["note"],
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The ledger has a new entry."))
            return redirect("evidence:item", item_id)
    return render(request, "evidence/custody.html", {"item": found, "form": form}, status=422 if form.errors else 200)


def _viewer(media_type: str) -> str:
    """Which element shows the item in the page; empty for what is only saved, since a hostile file must never run."""
    kinds = {"image/png": "image", "image/jpeg": "image", "image/gif": "image", "image/webp": "image"}
    kinds |= {"video/mp4": "video", "video/webm": "video", "audio/mpeg": "audio", "audio/wav": "audio"}
    return kinds.get(media_type, "document" if media_type == "application/pdf" else "")
