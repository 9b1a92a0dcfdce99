"""Items of evidence: the list, and one item with its conditions and its custody ledger as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dedere.base.errors import InputError
from dedere.node.evidence import actions, queries, viewing
from dedere.vault.ledger import CustodyEvent
from dedere.vault.media import shown_as
from dedere.web.components.chain import draw_chain
from dedere.web.components.forms import Line, OfficeForm, Passage
from dedere.web.components.views import OfficerRequest, for_officers, page_number, posted
from dedere.web.evidence.links import make_link

if TYPE_CHECKING:
    from dedere.node.evidence.viewing import ItemView

_ELEMENTS = ("image", "video", "audio")


class LookForm(OfficeForm):
    """Why somebody opens an item."""

    reason = forms.CharField(
        label=gettext_lazy("Why you open it"), required=False, max_length=300, widget=Line(dir="auto")
    )


@require_safe
@for_officers
def listing(request: OfficerRequest) -> HttpResponse:
    """Items of the officer's cases and measures."""
    text = request.GET.get("text", "").strip()[:200]
    found = queries.list_items(request.user, text=text, page=page_number(request))
    return render(request, "evidence/list.html", {"found": found, "text": text})


@require_http_methods(["GET", "HEAD", "POST"])
@for_officers
def item(request: OfficerRequest, item_id: str) -> HttpResponse:
    """One item; its content only after the look was asked for, and logged."""
    found = viewing.item_view(request.user, item_id)
    form = LookForm(posted(request))
    link = ""
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_look(by=request.user, item_id=item_id, reason=form.cleaned_data["reason"])
        except InputError as error:
            form.show_refusal(error)
        else:
            link = make_link(request.user, item_id)
    context = {
        "item": found,
        "chain": draw_chain(found.ledger),
        "viewer": _viewer(found.row.media_type),
        "form": form,
        "link": link,
    }
    return render(request, "evidence/item.html", context, status=422 if form.errors else 200)


@require_safe
@for_officers
def chain(request: OfficerRequest, item_id: str) -> HttpResponse:
    """The picture of the chain of custody as a file of its own."""
    found: ItemView = viewing.item_view(request.user, item_id)
    picture = render_to_string("evidence/chain.svg", {"item": found, "chain": draw_chain(found.ledger)})
    response = HttpResponse(picture, content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    disposition = content_disposition_header(True, f"custody-{item_id}.svg")  # noqa: FBT003 - Django's interface
    response["Content-Disposition"] = disposition or "attachment"
    return response


class CustodyForm(OfficeForm):
    """An examination, which a person notes in the ledger; the other entries are made by what happens."""

    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, widget=Line(dir="auto"))
    note = forms.CharField(
        label=gettext_lazy("What was examined, and what came of it"), max_length=2000, widget=Passage(rows=3)
    )


@require_http_methods(["GET", "POST"])
@for_officers
def custody(request: OfficerRequest, item_id: str) -> HttpResponse:
    """Note an examination in the ledger. Entries are never changed or taken out."""
    found = viewing.item_view(request.user, item_id)
    form = CustodyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_custody(
                by=request.user,
                item_id=item_id,
                event=CustodyEvent.EXAMINED,
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
    if media_type == "application/pdf":
        return "document"
    kind = media_type.partition("/")[0]
    return kind if kind in _ELEMENTS and shown_as(media_type) else ""
