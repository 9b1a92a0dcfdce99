"""Instruments and provisions: what is known of each, how it is known, and what the software derives from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from dedere.node.desk import law as queries
from dedere.web.components.views import OfficerRequest, for_officers

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@for_officers
def listing(request: OfficerRequest) -> HttpResponse:
    """Every instrument."""
    return render(request, "law/list.html", {"instruments": queries.instruments()})


@require_safe
@for_officers
def instrument(request: OfficerRequest, instrument: str) -> HttpResponse:
    """One instrument with its provisions."""
    text = request.GET.get("text", "").strip()[:100]
    found = queries.instrument_view(instrument, text=text)
    return render(request, "law/instrument.html", {"instrument": found, "text": text})


@require_safe
@for_officers
def provision(request: OfficerRequest, instrument: str, provision: str) -> HttpResponse:
    """One provision."""
    return render(request, "law/provision.html", {"provision": queries.provision_view(instrument, provision)})
