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
from django.views.decorators.http import require_http_methods

from dedere.base.errors import InputError
from dedere.node.accounts import actions, queries
from dedere.web.components.forms import OfficeForm, Secret
from dedere.web.components.views import OfficerRequest, for_officers, posted

if TYPE_CHECKING:
    from django.http import HttpResponse

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
    shown = {
        "form": form,
        "factors": queries.factors(request.user),
        "visits": queries.visits(request.user, session_key=request.session.session_key or ""),
    }
    return render(request, "accounts/account.html", shown, status=422 if form.errors else 200)
