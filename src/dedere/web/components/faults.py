"""The pages for what Django itself refuses. They ask nothing of the database beyond what every page's frame asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from django.http import HttpRequest


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """400: the request itself is malformed; nothing of it is shown again."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """403."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """404."""
    return render(request, "404.html", status=404)


def fault(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """500: a page that needs neither database nor session, since either may be what failed."""
    return HttpResponse(render_to_string("500.html"), status=500)
