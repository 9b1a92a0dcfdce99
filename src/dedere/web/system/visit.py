"""Between the first factor and the office: who waits for the second one, and how somebody is let in."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import login
from django.shortcuts import redirect

from dedere.node.accounts import actions, queries
from dedere.node.accounts.webauthn import Site
from dedere.web.components.views import PROVEN

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_WAITING = "waiting"
_WAITS_AT_MOST = 10 * 60  # seconds between the two factors


class Means(enum.StrEnum):
    """What an officer has just shown."""

    LINK = "link"
    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery-code"


def ask_to_wait(request: HttpRequest, officer: queries.Officer, *, wanted: str) -> None:
    """Remember in a session of ten minutes who has shown a first factor and where they were going."""
    request.session.flush()
    request.session[_WAITING] = {"officer": officer.identifier, "wanted": wanted}
    request.session.set_expiry(_WAITS_AT_MOST)


def who_waits(request: HttpRequest) -> tuple[queries.Officer | None, str]:
    """The officer who owes a second factor in this browser, and where they were going."""
    waiting = request.session.get(_WAITING)
    if not waiting:
        return None, settings.LOGIN_REDIRECT_URL
    return queries.waiting_officer(waiting["officer"]), waiting["wanted"]


def let_in(request: HttpRequest, officer: queries.Officer, *, means: Means, wanted: str) -> HttpResponse:
    """Begin the officer's visit and lead them to where they were going, in their language."""
    request.session.flush()
    login(request, officer, backend=_BACKEND)
    request.session[PROVEN] = means in (Means.PASSKEY, Means.RECOVERY_CODE)
    actions.begin_visit(
        by=officer,
        session_key=request.session.session_key or "",
        browser=request.headers.get("User-Agent", ""),
        means=means.value,
    )
    response = redirect(wanted)
    if officer.language in dict(settings.LANGUAGES):
        set_language(response, officer.language)
    return response


def set_language(response: HttpResponse, language: str) -> None:
    """Let the browser remember a language that the office speaks."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax", httponly=True)


def site_of(request: HttpRequest) -> Site:
    """These pages as passkeys know them: the host is one that the settings allow."""
    host = request.get_host()
    return Site(
        host=host.rsplit(":", 1)[0] if host.rsplit(":", 1)[-1].isdigit() else host,
        origin=f"{request.scheme}://{host}",
        authority=queries.house().authority,
    )
