"""System: delivery, queues, keys and their expiry, storage, version; and the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from dedere.node.desk import access_log, system
from dedere.web.components.views import OfficerRequest, for_officers, page_number

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_safe
@for_officers
def overview(request: OfficerRequest) -> HttpResponse:
    """The state of the node."""
    return render(request, "system/overview.html", {"system": system.system(request.user)})


@require_safe
@for_officers
def log(request: OfficerRequest) -> HttpResponse:
    """The audit log: what happened, in order, without case content."""
    found = access_log.whole_log(request.user, page=page_number(request))
    return render(request, "system/log.html", {"found": found})
