"""The second factor: proving it at sign-in, and an officer's passkeys, recovery codes and visits.

A passkey needs a script in the browser. Where there is none, a recovery code signs in.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dedere.base.errors import InputError
from dedere.node.accounts import actions, queries
from dedere.web.components.forms import Line, OfficeForm
from dedere.web.components.views import PROVEN, OfficerRequest, for_newcomers, for_officers, posted
from dedere.web.system.visit import Means, let_in, site_of, who_waits

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from dedere.node.accounts.webauthn import Question

_ASKED = "passkey-question"
_LONGEST_ANSWER = 20_000


class ProofForm(OfficeForm):
    """A passkey's answer, or a recovery code."""

    answer = forms.CharField(required=False, max_length=_LONGEST_ANSWER, widget=forms.HiddenInput())
    code = forms.CharField(
        label=gettext_lazy("Recovery code"),
        help_text=gettext_lazy("One of the ten codes that you wrote down. Each works once."),
        required=False,
        max_length=100,
        widget=Line(width="govuk-input--width-20", autocomplete="one-time-code", autocapitalize="none"),
    )


@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """After the first factor: a passkey or a recovery code."""
    officer, wanted = who_waits(request)
    if officer is None:
        return redirect("sign-in")
    form = ProofForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            means = _prove(request, officer, form.cleaned_data)
        except InputError as error:
            form.show_refusal(error)
        else:
            return let_in(request, officer, means=means, wanted=wanted)
    question = queries.ask_for_proof(officer, site_of(request))
    request.session[_ASKED] = dict(question.state)
    return render(
        request,
        "accounts/second_factor.html",
        {"form": form, "options": _plain(question)},
        status=422 if form.errors else 200,
    )


def _prove(request: HttpRequest, officer: queries.Officer, given: dict[str, Any]) -> Means:
    if given["answer"]:
        actions.prove_passkey(officer=officer, use=_use(request, given["answer"]))
        return Means.PASSKEY
    actions.spend_recovery_code(officer=officer, code=given["code"])
    return Means.RECOVERY_CODE


class PasskeyForm(OfficeForm):
    """A new passkey: what it is called, and the browser's answer."""

    name = forms.CharField(
        label=gettext_lazy("Name of the passkey"),
        help_text=gettext_lazy("For example: security key in the safe."),
        max_length=100,
        widget=Line(dir="auto", width="govuk-input--width-20"),
    )
    answer = forms.CharField(required=False, max_length=_LONGEST_ANSWER, widget=forms.HiddenInput())

    def clean_answer(self) -> str:
        """The browser's answer, which only a browser with a script and a device gives."""
        if not self.cleaned_data["answer"]:
            raise forms.ValidationError(
                _("The browser gave no passkey. It needs a script, and a security key or a device that keeps passkeys.")
            )
        return str(self.cleaned_data["answer"])


@require_http_methods(["GET", "POST"])
@for_newcomers
def add(request: OfficerRequest) -> HttpResponse:
    """Make a passkey. Somebody without one can do nothing else here; somebody with one must have proven it."""
    if queries.has_second_factor(request.user) and queries.needs_second_factor() and not request.session.get(PROVEN):
        return redirect("sign-in")
    form = PasskeyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            codes = actions.add_passkey(
                by=request.user, use=_use(request, form.cleaned_data["answer"]), name=form.cleaned_data["name"]
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            request.session[PROVEN] = True
            return _show_codes(request, codes) if codes else redirect("account")
    question = queries.ask_for_passkey(request.user, site_of(request))
    request.session[_ASKED] = dict(question.state)
    return render(
        request,
        "accounts/add_passkey.html",
        {"form": form, "options": _plain(question), "first": not queries.has_second_factor(request.user)},
        status=422 if form.errors else 200,
    )


@require_POST
@for_officers
def remove(request: OfficerRequest, identifier: str) -> HttpResponse:
    """Forget a passkey."""
    try:
        actions.remove_passkey(by=request.user, identifier=identifier)
    except InputError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("The passkey is removed."))
    return redirect("account")


@require_POST
@for_officers
def renew_codes(request: OfficerRequest) -> HttpResponse:
    """Ten new recovery codes, shown once."""
    return _show_codes(request, actions.renew_recovery_codes(by=request.user))


@require_POST
@for_officers
def end_visit(request: OfficerRequest) -> HttpResponse:
    """Sign out in another browser, or in all others."""
    if identifier := request.POST.get("visit", ""):
        actions.end_visit(by=request.user, identifier=identifier)
    else:
        actions.end_other_visits(by=request.user, session_key=request.session.session_key or "")
    messages.success(request, _("You are signed out there."))
    return redirect("account")


def _show_codes(request: OfficerRequest, codes: tuple[str, ...]) -> HttpResponse:
    return render(request, "accounts/recovery_codes.html", {"codes": codes})


def _use(request: HttpRequest, answer: str) -> actions.FactorUse:
    """The answer with the question it answers; a question is good for one answer."""
    state = request.session.pop(_ASKED, None)
    try:
        read = json.loads(answer)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(state, dict) or not isinstance(read, dict):
        raise InputError("This passkey did not prove itself: try again, or use another.", code="passkey-refused")
    return actions.FactorUse(site_of(request), state, read)


def _plain(question: Question) -> Any:
    """The question as plain JSON for the page."""
    return json.loads(json.dumps(question.options, default=_plain_value))


def _plain_value(value: Any) -> Any:
    return dict(value)
