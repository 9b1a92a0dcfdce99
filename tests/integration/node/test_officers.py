"""Officers come, sign in and go; each step is in the log."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from dedere.base.errors import InputError, PermissionRefusedError
from dedere.casework.acts import Role
from dedere.crypto.digests import sha256_hex
from dedere.node.accounts.actions import (
    NewOfficer,
    change_password,
    choose_language,
    deactivate_officer,
    invite_officer,
    invite_with_link,
    make_sign_in_link,
    redeem_link,
)
from dedere.node.accounts.models import Grant, Officer, SignInLink
from dedere.node.accounts.permissions import require_case_role, require_officer, require_role
from dedere.node.audit.models import Event
from dedere.node.errors import FieldsError, UnknownObjectError
from support.offices import PASSWORD, Bureau

NEW = NewOfficer("nora", "Nora Nieuw (fictional)", "Registrar", (Role.REGISTRAR,))


def changed(**changes: object) -> NewOfficer:
    import dataclasses

    return dataclasses.replace(NEW, **changes)  # type: ignore[arg-type]  # the caller names fields of an officer


def test_an_administrator_invites_an_officer_who_signs_in_once_with_a_link(bureau: Bureau) -> None:
    token = invite_with_link(by=bureau["max"], new=NEW)
    nora = redeem_link(token=token)
    assert (nora.name, nora.roles(), str(nora)) == (NEW.name, frozenset({Role.REGISTRAR}), NEW.name)
    with pytest.raises(InputError, match="no longer good"):
        redeem_link(token=token)
    actions = list(Event.objects.filter(subject=nora.identifier).values_list("action", "actor"))
    assert actions == [("officer-invited", bureau["max"].identifier), ("link-redeemed", nora.identifier)]


def test_only_the_digest_of_a_link_is_kept(bureau: Bureau) -> None:
    token = make_sign_in_link(officer=bureau["anna"])
    link = SignInLink.objects.get()
    assert link.digest == sha256_hex(token.encode())
    assert token not in str(link.__dict__)


def test_a_link_expires_and_says_no_more_than_an_unknown_one(bureau: Bureau) -> None:
    token = make_sign_in_link(officer=bureau["anna"])
    bureau.clock.advance(dt.timedelta(days=3, seconds=1))
    sentences = set()
    for bad in (token, "unknown"):
        with pytest.raises(InputError) as refusal:
            redeem_link(token=bad)
        sentences.add(str(refusal.value))
    assert len(sentences) == 1


def test_a_link_is_good_to_its_last_moment(bureau: Bureau) -> None:
    token = make_sign_in_link(officer=bureau["anna"])
    bureau.clock.advance(dt.timedelta(days=3))
    assert redeem_link(token=token) == bureau["anna"]


def test_an_officer_who_left_signs_in_no_more_and_may_nothing(bureau: Bureau) -> None:
    token = make_sign_in_link(officer=bureau["anna"])
    deactivate_officer(by=bureau["max"], officer=bureau["anna"])
    with pytest.raises(InputError, match="no longer good"):
        redeem_link(token=token)
    anna = Officer.objects.get(pk=bureau["anna"].pk)
    with pytest.raises(PermissionRefusedError):
        require_role(anna, Role.CASE_OFFICER)
    with pytest.raises(InputError, match="who works here"):
        require_officer(anna.identifier)
    assert Event.objects.filter(action="officer-ended", subject=anna.identifier).exists()


def test_nobody_ends_their_own_access_and_only_an_administrator_anothers(bureau: Bureau) -> None:
    with pytest.raises(InputError, match="your own access"):
        deactivate_officer(by=bureau["max"], officer=bureau["max"])
    with pytest.raises(PermissionRefusedError, match="Only an administrator"):
        deactivate_officer(by=bureau["anna"], officer=bureau["bram"])
    assert Officer.objects.filter(is_active=False).count() == 0


@pytest.mark.parametrize("officer", ["anna", "bram", "rosa", "eva", "koos", "ada"])
def test_only_an_administrator_invites(bureau: Bureau, officer: str) -> None:
    with pytest.raises(PermissionRefusedError, match="Only an administrator"):
        invite_officer(by=bureau[officer], new=NEW)
    assert not Officer.objects.filter(sign_in_name="nora").exists()


@pytest.mark.parametrize("changes", [{"sign_in_name": " "}, {"name": ""}, {"roles": ()}])
def test_an_officer_needs_a_name_and_something_to_do(bureau: Bureau, changes: dict[str, object]) -> None:
    with pytest.raises(InputError, match="needs a sign-in name, a name and at least one role"):
        invite_officer(by=None, new=changed(**changes))


def test_a_sign_in_name_is_taken_whatever_its_case(bureau: Bureau) -> None:
    with pytest.raises(InputError, match="is taken"):
        invite_officer(by=None, new=changed(sign_in_name="ANNA"))
    assert Officer.objects.get_by_natural_key("AnNa") == bureau["anna"]


def test_a_password_is_set_and_changed_by_who_knows_the_present_one(bureau: Bureau) -> None:
    anna = bureau["anna"]
    change_password(by=anna, old="", new=PASSWORD)
    assert anna.check_password(PASSWORD)
    with pytest.raises(FieldsError) as refusal:
        change_password(by=anna, old="a guess", new="another four words here")
    assert set(refusal.value.fields) == {"old"}
    change_password(by=anna, old=PASSWORD, new="another four words here")
    assert Event.objects.filter(action="password-changed").count() == 2


@pytest.mark.parametrize("weak", ["short", "password1234"])
def test_a_weak_password_is_refused_with_reasons(bureau: Bureau, weak: str) -> None:
    with pytest.raises(FieldsError) as refusal:
        change_password(by=bureau["anna"], old="", new=weak)
    assert set(refusal.value.fields) == {"new"}


def test_a_language_is_remembered(bureau: Bureau) -> None:
    choose_language(by=bureau["anna"], language="fr")
    assert Officer.objects.get(pk=bureau["anna"].pk).language == "fr"


def test_cases_do_not_exist_for_whoever_does_not_work_on_them(bureau: Bureau) -> None:
    for name in ("anna", "bram", "rosa"):
        require_case_role(bureau[name])
    for name in ("eva", "koos", "ada", "max"):
        with pytest.raises(UnknownObjectError):
            require_case_role(bureau[name])


def test_the_database_knows_no_other_roles(bureau: Bureau) -> None:
    for broken in ({"role": "king"}, {"role": Role.CASE_OFFICER.value}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.create(officer=bureau["anna"], **broken)
