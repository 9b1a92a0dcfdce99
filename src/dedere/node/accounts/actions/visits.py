"""Signing in and out: the first factor, how often it may fail, and the browsers in which an officer is signed in.

After five failures within a quarter of an hour nothing is accepted for that name until the oldest of them is a quarter
of an hour old. It says so for any name, whether there is such an officer or not.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.hashers import check_password as matches
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction

from dedere.base.errors import InputError
from dedere.crypto.digests import sha256_hex
from dedere.node.accounts.actions.log import log
from dedere.node.accounts.models import FailedSignIn, Officer, SignInLink, Visit
from dedere.node.office import office

FAILURES_AT_MOST = 5
FAILURES_WITHIN = dt.timedelta(minutes=15)
_LONGEST_BROWSER = 200


def check_password(*, sign_in_name: str, password: str) -> Officer:
    """The officer whose name and password these are.

    Raises:
        InputError: `refused`: not right, or nobody, which are not told apart; `locked`: too many failures.
    """
    require_few_failures(sign_in_name)
    officer = Officer.objects.filter(sign_in_name__iexact=sign_in_name, is_active=True).first()
    if officer is None:
        # As long as the check of a real one takes, so that time does not tell who works here.
        make_password(password)
    elif matches(password, officer.password):
        return officer
    note_failure(sign_in_name, officer)
    raise InputError("The sign-in name or the password is not right.", code="refused")


@transaction.atomic
def redeem_link(*, token: str) -> Officer:
    """The officer whom this token signs in; the token is spent.

    Raises:
        InputError: unknown, expired or used before; the three are not told apart.
    """
    link = SignInLink.objects.select_for_update().filter(digest=sha256_hex(token.encode())).first()
    if link is None or link.used_at is not None or link.expires_at < office().clock.now() or not link.officer.is_active:
        raise InputError("This sign-in link is no longer good: ask your administrator for another.", code="link-spent")
    link.used_at = office().clock.now()
    link.save()
    log(link.officer, "link-redeemed", link.officer)
    return link.officer


@transaction.atomic
def begin_visit(*, by: Officer, session_key: str, browser: str, means: str) -> None:
    """The officer is in. `means` says how: link, password, passkey, recovery-code. Past failures are forgotten."""
    FailedSignIn.objects.filter(subject=_subject(by.sign_in_name)).delete()
    Visit.objects.update_or_create(
        session_key=session_key,
        defaults={
            "identifier": office().identifiers.new(),
            "officer": by,
            "browser": browser[:_LONGEST_BROWSER],
            "started_at": office().clock.now(),
        },
    )
    log(by, "signed-in", by, means=means)


@transaction.atomic
def end_visit(*, by: Officer, identifier: str) -> None:
    """Sign the officer out in one of their browsers. One that is not theirs, or has ended, changes nothing."""
    if close_visits(by, identifier=identifier):
        log(by, "visit-ended", by)


@transaction.atomic
def end_other_visits(*, by: Officer, session_key: str) -> None:
    """Sign the officer out everywhere but here."""
    if close_visits(by, but=session_key):
        log(by, "visits-ended", by)


def close_visits(officer: Officer, *, identifier: str = "", but: str = "") -> int:
    """Delete the sessions behind the officer's visits, all or one, all `but` one; how many there were."""
    found = Visit.objects.filter(officer=officer).exclude(session_key=but)
    if identifier:
        found = found.filter(identifier=identifier)
    keys = list(found.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    found.delete()
    return len(keys)


def require_few_failures(sign_in_name: str) -> None:
    """Let pass a name that has not failed too often.

    Raises:
        InputError: `locked`, with the time from which it may be tried again.
    """
    since = office().clock.now() - FAILURES_WITHIN
    failures = FailedSignIn.objects.filter(subject=_subject(sign_in_name), at__gt=since).order_by("-at")
    latest = list(failures.values_list("at", flat=True)[:FAILURES_AT_MOST])
    if len(latest) == FAILURES_AT_MOST:
        again = latest[-1] + FAILURES_WITHIN
        raise InputError(f"Too many attempts failed: try again after {again:%H:%M} UTC.", code="locked")


@transaction.atomic
def note_failure(sign_in_name: str, officer: Officer | None) -> None:
    """Remember that signing in with this name failed; an officer's own failures stand in the audit log too."""
    now = office().clock.now()
    FailedSignIn.objects.filter(at__lt=now - FAILURES_WITHIN).delete()
    FailedSignIn.objects.create(subject=_subject(sign_in_name), at=now)
    if officer is not None:
        log(officer, "sign-in-refused", officer)


def _subject(sign_in_name: str) -> str:
    return sha256_hex(sign_in_name.strip().casefold().encode())
