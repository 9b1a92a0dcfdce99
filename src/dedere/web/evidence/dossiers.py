"""A dossier for somebody outside: for whom, for which purpose, and what goes in by its digest alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dedere.base.errors import InputError
from dedere.node.jobs import redacting
from dedere.web.components.forms import Checkboxes, Line, OfficeForm
from dedere.web.components.names import state_name, written_instant
from dedere.web.components.readable import coded, wording_of_page
from dedere.web.components.views import OfficerRequest, for_officers, posted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from dedere.node.jobs.redacting import Choices


class RedactionForm(OfficeForm):
    """What the dossier is for, and what is left out of it."""

    recipient = forms.CharField(
        label=gettext_lazy("For whom the dossier is"),
        help_text=gettext_lazy("For example: the defence of the accused, before the Rotterdam District Court."),
        max_length=200,
        widget=Line(dir="auto"),
    )
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"),
        help_text=gettext_lazy("In the words of the conditions, where they name purposes."),
        max_length=200,
        widget=Line(dir="auto"),
    )
    letters = forms.MultipleChoiceField(label=gettext_lazy("Letters to leave out"), required=False, widget=Checkboxes())
    items = forms.MultipleChoiceField(label=gettext_lazy("Items to leave out"), required=False, widget=Checkboxes())
    reason = forms.CharField(
        label=gettext_lazy("Why they are left out"),
        help_text=gettext_lazy(
            "The dossier tells its reader, beside the digest of each. Name nobody who is protected."
        ),
        required=False,
        max_length=300,
        widget=Line(dir="auto"),
    )

    def offer_from(self, found: Choices) -> None:
        """Fill in what there is to choose from."""
        self._choose("letters", [(each.id, _letter(each)) for each in found.letters])
        self._choose("items", [(each.id, _item(each)) for each in found.items])
        if found.items:
            self.fields["items"].initial = [each.id for each in found.items if each.forbidden]

    def _choose(self, name: str, rows: Sequence[tuple[str, str]]) -> None:
        self.offer(name, rows)
        if not rows:
            del self.fields[name]


@require_http_methods(["GET", "POST"])
@for_officers
def redacted(request: OfficerRequest, case_id: str) -> HttpResponse:
    """Ask for a dossier that leaves something out."""
    found = redacting.choices(request.user, case_id)
    form = RedactionForm(posted(request))
    form.offer_from(found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        redaction = redacting.Redaction(
            recipient=given["recipient"],
            purpose=given["purpose"],
            reason=given["reason"],
            letters=frozenset(given.get("letters", ())),
            items=frozenset(given.get("items", ())),
        )
        try:
            redacting.ask_for_redacted_dossier(by=request.user, case_id=case_id, redaction=redaction)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The dossier is being written. It appears under Letters when it is ready."))
            return redirect("cases:tab", case_id, "letters")
    context = {"found": found, "form": form}
    return render(request, "evidence/redacted.html", context, status=422 if form.errors else 200)


def _letter(letter: redacting.LetterChoice) -> str:
    kind = coded("act", letter.kind, wording_of_page())
    return _("%(act)s of %(state)s, sealed %(at)s") % {
        "act": kind,
        "state": state_name(letter.sender),
        "at": written_instant(letter.sealed_at),
    }


def _item(item: redacting.ItemChoice) -> str:
    return f"{item.title} — {item.forbidden}" if item.forbidden else item.title
