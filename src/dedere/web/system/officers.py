"""Officers of the authority: who they are, what they may do, and inviting one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.node.accounts import actions, queries
from dedere.web.components import labels
from dedere.web.components.forms import Checkboxes, Choice, Line, OfficeForm
from dedere.web.components.views import OfficerRequest, for_officers, posted

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@for_officers
def listing(request: OfficerRequest) -> HttpResponse:
    """Every officer."""
    return render(request, "system/officers.html", {"officers": queries.all_officers(request.user)})


class InviteForm(OfficeForm):
    """Who is to be an officer."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200, widget=Line(dir="auto"))
    title = forms.CharField(label=gettext_lazy("Function"), required=False, max_length=200, widget=Line(dir="auto"))
    sign_in_name = forms.CharField(
        label=gettext_lazy("Sign-in name"), max_length=150, widget=Line(width="govuk-input--width-20")
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), required=False, widget=Line(type="email", autocomplete="off")
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES, widget=Choice())
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=[(role.value, labels.ROLES[role.value]) for role in Role],
        widget=Checkboxes(),
    )


@require_http_methods(["GET", "POST"])
@for_officers
def invite(request: OfficerRequest) -> HttpResponse:
    """Invite an officer; the one-time link is shown once, to be handed over in person."""
    queries.all_officers(request.user)
    form = InviteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        new = actions.NewOfficer(
            sign_in_name=given["sign_in_name"],
            name=given["name"],
            title=given["title"],
            roles=tuple(Role(role) for role in given["roles"]),
            language=given["language"],
            email=given["email"],
        )
        try:
            token = actions.invite_with_link(by=request.user, new=new)
        except InputError as error:
            form.show_refusal(error)
        else:
            link = request.build_absolute_uri(reverse("sign-in-link", args=[token]))
            return render(request, "system/invited.html", {"name": new.name, "link": link})
    return render(request, "system/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_officers
def officer(request: OfficerRequest, identifier: str) -> HttpResponse:
    """One officer: another sign-in link, a reset of the second factor, the end of their access."""
    found = queries.officer_to_administer(request.user, identifier)
    if request.method == "POST":
        try:
            match request.POST.get("do"):
                case "link":
                    token = actions.renew_link(by=request.user, officer=found)
                    link = request.build_absolute_uri(reverse("sign-in-link", args=[token]))
                    return render(request, "system/invited.html", {"name": found.name, "link": link})
                case "reset":
                    actions.reset_second_factor(by=request.user, officer=found)
                    messages.success(request, _("Passkeys and recovery codes of this officer are forgotten."))
                case "end":
                    actions.deactivate_officer(by=request.user, officer=found)
                    messages.success(request, _("This officer's access has ended."))
                case _:
                    messages.error(request, _("Choose what is to be done."))
        except InputError as error:
            messages.error(request, error.sentence)
        return redirect("system:officer", identifier)
    shown = {"officer": queries.badge(found), "active": found.is_active, "factors": queries.factors(found)}
    return render(request, "system/officer.html", shown)
