"""Answers of the door: what a partner may learn of a refusal, and nothing at all for a stranger.

Requirements P-092 and P-200. A stranger gets an empty 404 whatever the path, method or fault. A partner gets a
registered code. Nobody gets versions, paths, names or traces.
"""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse

from dedere.base.errors import DedereError, DefectError
from dedere.protocol.codes import Told, answer_for

RECEIPT_TYPE = "application/vnd.etsi.asic-e+zip"


def stranger() -> HttpResponse:
    """An empty 404 that ends the connection."""
    return HttpResponse(status=404, headers={"Connection": "close"}, content_type="text/plain")


def refusal(error: DedereError) -> HttpResponse:
    """What a partner is told of `error`."""
    return _told(answer_for(error))


def trouble() -> HttpResponse:
    """What a partner is told when our own code failed."""
    return _told(answer_for(DefectError("The door failed.")))


def container(data: bytes, *, status: int = 200) -> HttpResponse:
    """A signed container: a receipt or a card."""
    return HttpResponse(data, status=status, content_type=RECEIPT_TYPE, headers={"Cache-Control": "no-store"})


def _told(told: Told) -> HttpResponse:
    headers = {"Dedere-Code": told.code, "Cache-Control": "no-store"}
    return JsonResponse(told.as_json(), status=told.status, headers=headers)
