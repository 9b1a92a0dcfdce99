"""Turns the errors of the layers below into pages: what is not there, what is not allowed, what is out of order.

An `InputError` that a view did not put beside its field comes here as a last resort and becomes a page with its
sentence; a defect is left to Django, which logs it and shows the page for a fault of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render

from dedere.base.errors import FacilityError, InputError, PermissionRefusedError
from dedere.node.errors import UnknownObjectError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class OfficeErrors:
    """Middleware; see the module."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; case files are never kept by a browser or a cache on the way."""
        response = self._get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for an error of ours, or nothing for anybody else's."""
        match error:
            case UnknownObjectError():
                return render(request, "404.html", status=404)
            case PermissionRefusedError():
                return render(request, "403.html", {"sentence": error.sentence}, status=403)
            case InputError():
                return render(request, "400.html", {"sentence": error.sentence}, status=400)
            case FacilityError():
                return render(request, "503.html", {"sentence": error.sentence}, status=503)
            case _:
                return None
