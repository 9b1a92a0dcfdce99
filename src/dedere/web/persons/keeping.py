"""The secret of a look: in the asker's browser, for the look's page alone, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.urls import reverse

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dedere.node.persons.actions import AskedLook
    from dedere.web.components.views import OfficerRequest

_LASTS = 3 * 24 * 60 * 60


def keep_secret(request: OfficerRequest, asked: AskedLook) -> HttpResponse:
    """Give the secret to the browser, and lead to the look."""
    response = redirect(_page(asked.id))
    response.set_cookie(
        _cookie(asked.id),
        asked.secret,
        max_age=_LASTS,
        path=_page(asked.id),
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )
    return response


def kept_secret(request: OfficerRequest, look_id: str) -> str:
    """The secret that the browser brings, empty where it has none."""
    return request.COOKIES.get(_cookie(look_id), "")


def forget_secret(response: HttpResponse, look_id: str) -> None:
    """Have the browser forget it."""
    response.delete_cookie(_cookie(look_id), path=_page(look_id))


def _page(look_id: str) -> str:
    return reverse("persons:look", args=[look_id])


def _cookie(look_id: str) -> str:
    return f"dedere-look-{look_id}"
