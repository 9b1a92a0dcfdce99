"""An officer's own page: name, roles, passkeys, password, and where they are signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from dedere.base.errors import InputError
from dedere.node.accounts import actions, queries
from dedere.web.components.forms import Line, OfficeForm, Radios, Secret
from dedere.web.components.views import OfficerRequest, for_officers, posted

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from dedere.node.accounts.queries import Officer


class PasswordForm(OfficeForm):
    """A new password. The old one is asked for where there is one."""

    old = forms.CharField(
        label=gettext_lazy("Present password"),
        help_text=gettext_lazy("Leave it empty if you have only used one-time links so far."),
        required=False,
        strip=False,
        max_length=500,
        widget=Secret(autocomplete="current-password"),
    )
    new = forms.CharField(
        label=gettext_lazy("New password"),
        help_text=gettext_lazy("At least 12 characters. Three or four words that do not belong together are good."),
        strip=False,
        max_length=500,
        widget=Secret(autocomplete="new-password"),
    )

    def __init__(self, officer: Officer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._officer = officer

    def clean_new(self) -> str:
        """The new password, if it is a good one."""
        new = str(self.cleaned_data["new"])
        validate_password(new, self._officer)
        return new


class MailForm(OfficeForm):
    """Whether and where the officer is told by e-mail that something waits."""

    mail = forms.ChoiceField(
        label=gettext_lazy("Tell me by e-mail that something waits"),
        help_text=gettext_lazy("The e-mail says how many things wait and where to sign in; nothing of any case."),
        choices=[
            (queries.MailWish.NONE.value, gettext_lazy("Never")),
            (queries.MailWish.DAILY.value, gettext_lazy("Once a day, in the morning")),
            (queries.MailWish.AT_ONCE.value, gettext_lazy("At once")),
        ],
        widget=Radios(),
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail address"), required=False, max_length=254, widget=Line(autocomplete="email")
    )


@require_http_methods(["GET", "POST"])
@for_officers
def account(request: OfficerRequest) -> HttpResponse:
    """The officer's own page."""
    form = PasswordForm(request.user, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_password(by=request.user, old=form.cleaned_data["old"], new=form.cleaned_data["new"])
        except InputError as error:
            form.show_refusal(error)
        else:
            request.user.refresh_from_db()
            update_session_auth_hash(request, request.user)
            messages.success(request, _("The password is changed."))
            return redirect("account")
    return _shown(request, form, _mail_form(request.user, None))


@require_POST
@for_officers
def choose_mail(request: OfficerRequest) -> HttpResponse:
    """How the officer is told that something waits."""
    form = _mail_form(request.user, request.POST)
    if form.is_valid():
        try:
            actions.choose_mail(by=request.user, wish=form.cleaned_data["mail"], email=form.cleaned_data["email"])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("You are told as you wish."))
            return redirect("account")
    return _shown(request, PasswordForm(request.user), form)


def _mail_form(officer: Officer, given: QueryDict | None) -> MailForm:
    return MailForm(given, initial={"mail": officer.mail, "email": officer.email})


def _shown(request: OfficerRequest, form: PasswordForm, mail: MailForm) -> HttpResponse:
    wrong = form if form.errors else mail
    shown = {
        "form": wrong,
        "password_form": form,
        "mail_form": mail,
        "factors": queries.factors(request.user),
        "visits": queries.visits(request.user, session_key=request.session.session_key or ""),
    }
    return render(request, "accounts/account.html", shown, status=422 if wrong.errors else 200)
