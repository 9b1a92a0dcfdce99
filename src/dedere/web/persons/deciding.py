"""Pages of custodians: their desk, their keys, and every decision that needs a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dedere.base.errors import InputError
from dedere.node.exchange.journeys import seal_journey
from dedere.node.persons import actions, custody
from dedere.node.persons.hearings import waiting_inquiries
from dedere.web.components.forms import Checkboxes, File, Line, OfficeForm, Passage, Secret
from dedere.web.components.views import OfficerRequest, for_officers, handed_out, posted, posted_with_files
from dedere.web.persons.compartment import ReasonForm
from dedere.web.persons.keeping import keep_secret
from dedere.web.persons.roles import look_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse


class UnlockForm(OfficeForm):
    """The custodian's key file and its passphrase: used for this moment, never kept."""

    key_file = forms.FileField(
        label=gettext_lazy("Your key file"),
        help_text=gettext_lazy("From where you keep it, outside this office's machines."),
        max_length=255,
        widget=File(),
    )
    passphrase = forms.CharField(
        label=gettext_lazy("Its passphrase"), max_length=400, strip=False, widget=Secret(autocomplete="off")
    )

    def unlocking(self) -> actions.Unlocking:
        """What the custodian brought."""
        file = self.cleaned_data["key_file"]
        return actions.Unlocking(file.read(actions.LARGEST_KEY_FILE + 1), self.cleaned_data["passphrase"])


class GrantForm(UnlockForm):
    """For how long."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        help_text=gettext_lazy("Between 1 and 60. Afterwards nothing of it is left."),
        initial=15,
        widget=Line(width="govuk-input--width-3", inputmode="numeric"),
    )
    field_order = ("minutes", "key_file", "passphrase")


class RefuseForm(OfficeForm):
    """Why not."""

    remark = forms.CharField(label=gettext_lazy("Why you refuse"), max_length=500, widget=Passage(rows=3))


class KeyForm(OfficeForm):
    """A passphrase for a new key, twice."""

    passphrase = forms.CharField(
        label=gettext_lazy("A passphrase for your key"),
        help_text=gettext_lazy("At least 16 characters; several words that nobody joins."),
        max_length=400,
        strip=False,
        widget=Secret(autocomplete="new-password"),
    )
    again = forms.CharField(
        label=gettext_lazy("The same again"), max_length=400, strip=False, widget=Secret(autocomplete="new-password")
    )

    def clean(self) -> dict[str, object]:
        """Both must be the same."""
        given = super().clean() or {}
        if given.get("again") and given.get("passphrase") != given.get("again"):
            self.add_error("again", _("The two passphrases are not the same."))
        return given


class ConfirmForm(OfficeForm):
    """What the other custodian read out."""

    fingerprint = forms.CharField(
        label=gettext_lazy("The number that the custodian reads to you"),
        max_length=60,
        widget=Line(width="govuk-input--width-30", inputmode="numeric", autocomplete="off"),
    )


class ResealForm(UnlockForm):
    """To whom everything is sealed anew."""

    custodians = forms.MultipleChoiceField(label=gettext_lazy("Sealed to these custodians"), widget=Checkboxes())
    field_order = ("custodians", "key_file", "passphrase")


@require_safe
@for_officers
def desk(request: OfficerRequest) -> HttpResponse:
    """Everything that waits for a custodian."""
    found = custody.custody_view(request.user)
    context = {"found": found, "glass": look_words(found.glass), "inquiries": waiting_inquiries(request.user)}
    return render(request, "persons/desk.html", context)


def decide(request: OfficerRequest, row: custody.LookRow) -> HttpResponse:
    """A custodian grants a look by unlocking, or refuses it."""
    refusing = "remark" in request.POST
    form = GrantForm(*((None, None) if refusing else posted_with_files(request)))
    refuse = RefuseForm(posted(request) if refusing else None)
    if request.method == "POST" and (refuse if refusing else form).is_valid():
        try:
            if refusing:
                actions.refuse_look(by=request.user, look_id=row.id, remark=refuse.cleaned_data["remark"])
            else:
                actions.grant_look(
                    by=request.user,
                    look_id=row.id,
                    minutes=form.cleaned_data["minutes"],
                    with_=form.unlocking(),
                )
        except InputError as error:
            (refuse if refusing else form).show_refusal(error)
        else:
            messages.success(request, _("Refused.") if refusing else _("Granted. The officer sees it under Today."))
            return redirect("persons:desk")
    faulty = bool(form.errors or refuse.errors)
    context = {"look": row, "form": refuse if refusing else form, "grant": form, "refuse": refuse}
    return render(request, "persons/decide.html", context, status=422 if faulty else 200)


@require_http_methods(["GET", "POST"])
@for_officers
def journey(request: OfficerRequest, journey_id: str) -> HttpResponse:
    """A custodian seals an identity to the other State's custodians."""
    row = custody.journey_row(request.user, journey_id)
    return _unlocked(
        request,
        {"journey": row},
        lambda form: seal_journey(by=request.user, journey_id=journey_id, with_=form.unlocking()),
        _("Sealed to the other State's custodians and attached to the draft."),
    )


@require_http_methods(["GET", "POST"])
@for_officers
def guard(request: OfficerRequest) -> HttpResponse:
    """A custodian opens the leak guard after a restart."""
    custody.custody_view(request.user)
    return _unlocked(
        request,
        {"purpose": _("Open the leak guard")},
        lambda form: actions.unlock_guard(by=request.user, with_=form.unlocking()),
        _("The leak guard reads again."),
    )


@require_http_methods(["GET", "POST"])
@for_officers
def rehearse(request: OfficerRequest) -> HttpResponse:
    """A custodian shows that they alone could recover the compartment."""
    custody.custody_view(request.user)

    def done(form: UnlockForm) -> str:
        found = actions.rehearse(by=request.user, with_=form.unlocking())
        return _("Your key opens %(opened)d of %(all)d identities.") % {
            "opened": found.opened,
            "all": found.opened + len(found.closed),
        }

    return _unlocked(request, {"purpose": _("Rehearse the recovery")}, done, "")


@require_http_methods(["GET", "POST"])
@for_officers
def reseal(request: OfficerRequest) -> HttpResponse:
    """Seal everything anew after a key was lost."""
    keys = custody.usable_keys(request.user)
    custody.custody_view(request.user)
    form = ResealForm(*posted_with_files(request))
    form.offer("custodians", [(key.digest, f"{key.officer}: {key.fingerprint}") for key in keys])

    def done(form: UnlockForm) -> str:
        chosen = form.cleaned_data["custodians"]
        found = actions.reseal_all(by=request.user, custodians=chosen, with_=form.unlocking())
        return _("%(opened)d identities are sealed anew.") % {"opened": found.opened}

    return _unlocked(request, {"purpose": _("Seal everything anew")}, done, "", form=form)


@require_http_methods(["GET", "POST"])
@for_officers
def key(request: OfficerRequest) -> HttpResponse:
    """Make a key: the answer is the file, once."""
    custody.custody_view(request.user)
    form = KeyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            content = actions.make_key(by=request.user, passphrase=form.cleaned_data["passphrase"])
        except InputError as error:
            form.show_refusal(error)
        else:
            return handed_out(content, name="custodian.age", media_type="application/octet-stream")
    return render(request, "persons/key.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_officers
def confirm(request: OfficerRequest, digest: str) -> HttpResponse:
    """Confirm another custodian's key by its number."""
    custody.custody_view(request.user)
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_key(by=request.user, digest=digest, fingerprint=form.cleaned_data["fingerprint"])
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, _("The key counts from now on."))
            return redirect("persons:desk")
    return render(request, "persons/confirm.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@for_officers
def retire(request: OfficerRequest, digest: str) -> HttpResponse:
    """Nothing new is sealed to this key."""
    actions.retire_key(by=request.user, digest=digest)
    messages.success(request, _("The key is retired. Seal everything anew to the custodians who remain."))
    return redirect("persons:desk")


class GlassForm(UnlockForm, ReasonForm):
    """A look without a case officer."""

    field_order = ("reason", "key_file", "passphrase")


@require_http_methods(["GET", "POST"])
@for_officers
def glass(request: OfficerRequest, person_id: str) -> HttpResponse:
    """A custodian breaks the glass: another one must grant it, and everybody concerned is alarmed."""
    row = custody.sealed_person(request.user, person_id)
    form = GlassForm(*posted_with_files(request))
    if request.method == "POST" and form.is_valid():
        try:
            asked = actions.break_glass(
                by=request.user, person_id=person_id, reason=form.cleaned_data["reason"], with_=form.unlocking()
            )
        except InputError as error:
            form.show_refusal(error)
        else:
            return keep_secret(request, asked)
    context = {"form": form, "purpose": _("Break the glass"), "sealed": row}
    return render(request, "persons/unlock.html", context, status=422 if form.errors else 200)


def _unlocked(
    request: OfficerRequest,
    context: dict[str, object],
    action: Callable[[UnlockForm], str | None],
    said: str,
    *,
    form: UnlockForm | None = None,
) -> HttpResponse:
    """A page that does one thing with the custodian's key and leads back to the desk with a word about it."""
    form = form or UnlockForm(*posted_with_files(request))
    if request.method == "POST" and form.is_valid():
        try:
            found = action(form)
        except InputError as error:
            form.show_refusal(error)
        else:
            messages.success(request, found or said)
            return redirect("persons:desk")
    return render(request, "persons/unlock.html", {**context, "form": form}, status=422 if form.errors else 200)
