"""Tokens of programs that act in an officer's place: made on the officer's own page, shown once, ended there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dedere.base.errors import InputError
from dedere.node.accounts import actions, queries
from dedere.web.components.forms import Checkboxes, Line, OfficeForm
from dedere.web.components.views import OfficerRequest, for_officers, posted

if TYPE_CHECKING:
    from django.http import HttpResponse


class TokenForm(OfficeForm):
    """What a token is for, and how long it is good."""

    name = forms.CharField(label=gettext_lazy("Program that will use it"), max_length=100, widget=Line(dir="auto"))
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do in your place"),
        choices=[
            (actions.Scope.READ.value, gettext_lazy("Read what you may read")),
            (actions.Scope.WRITE.value, gettext_lazy("Prepare drafts; a second officer still approves them")),
        ],
        widget=Checkboxes(),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days it is good for"),
        min_value=1,
        max_value=actions.LONGEST.days,
        initial=90,
        widget=Line(width="govuk-input--width-4", inputmode="numeric"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].localize = False


@require_http_methods(["GET", "POST"])
@for_officers
def tokens(request: OfficerRequest) -> HttpResponse:
    """The officer's tokens, and making one: its text is shown in the answer and never again."""
    form = TokenForm(posted(request))
    made = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.make_token(
                by=request.user, name=given["name"], scopes=given["scopes"], days=int(given["days"])
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            form = TokenForm()
    shown = {"form": form, "made": made, "tokens": queries.tokens(request.user)}
    return render(request, "accounts/tokens.html", shown, status=422 if form.errors else 200)


@require_POST
@for_officers
def remove_token(request: OfficerRequest) -> HttpResponse:
    """End a token at once."""
    actions.remove_token(by=request.user, identifier=request.POST.get("token", ""))
    messages.success(request, _("The token is no longer good."))
    return redirect("tokens")
