"""Signing in with a one-time link or with name and password, signing out, and choosing the language.

Both are the first factor. Whoever has a passkey is asked for it next (`second_factor`); until it has proven itself
nobody is signed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dedere.base.errors import InputError
from dedere.node.accounts import actions, queries
from dedere.web.components.forms import Line, OfficeForm, Secret
from dedere.web.components.views import posted
from dedere.web.system.visit import Means, ask_to_wait, let_in, set_language

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class SignInForm(OfficeForm):
    """Name and password."""

    sign_in_name = forms.CharField(
        label=gettext_lazy("Sign-in name"),
        max_length=150,
        widget=Line(width="govuk-input--width-20", autocomplete="username", autocapitalize="none", spellcheck="false"),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=500,
        strip=False,
        widget=Secret(autocomplete="current-password"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officer: queries.Officer | None = None

    def clean(self) -> dict[str, Any]:
        """The officer, or one sentence that does not tell which of the two was wrong."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.officer = actions.check_password(sign_in_name=cleaned["sign_in_name"], password=cleaned["password"])
        except InputError as error:
            raise forms.ValidationError(error.sentence, code=error.code) from error
        return cleaned


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = SignInForm(posted(request))
    if request.method == "POST" and form.is_valid() and form.officer is not None:
        return _admit(request, form.officer, Means.PASSWORD)
    status = 200 if request.method == "GET" else 422
    return render(request, "accounts/sign_in.html", {"form": form, "wanted": _wanted(request)}, status=status)


@require_http_methods(["GET", "POST"])
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A one-time link. Opening it changes nothing, so that a mail scanner cannot spend it; the button signs in."""
    if request.method == "GET":
        return render(request, "accounts/sign_in_by_link.html", {"token": token})
    try:
        officer = actions.redeem_link(token=token)
    except InputError as error:
        return render(request, "accounts/sign_in_by_link.html", {"refusal": error.sentence}, status=422)
    return _admit(request, officer, Means.LINK)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the officer's visit on this machine."""
    logout(request)
    return redirect(settings.LOGIN_URL)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Changes the language of the pages, and remembers it for the officer who has signed in."""
    language = request.POST.get("language", "")
    response = redirect(_wanted(request))
    if language not in dict(settings.LANGUAGES):
        return response
    if isinstance(request.user, queries.Officer):
        actions.choose_language(by=request.user, language=language)
    set_language(response, language)
    return response


def _admit(request: HttpRequest, officer: queries.Officer, means: Means) -> HttpResponse:
    """On from the first factor: to the second one where the officer has one, otherwise in."""
    if queries.needs_second_factor() and queries.has_second_factor(officer):
        ask_to_wait(request, officer, wanted=_wanted(request))
        return redirect("second-factor")
    return let_in(request, officer, means=means, wanted=_wanted(request))


def _wanted(request: HttpRequest) -> str:
    """Where the officer was going, if that is a page of this office."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    secure = request.is_secure()
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=secure):
        return wanted
    return settings.LOGIN_REDIRECT_URL
