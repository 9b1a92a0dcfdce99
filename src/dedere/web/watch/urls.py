"""The addresses of the watch, and what answers at each. Nobody signs in here: only watchers reach its address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseServerError, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dedere.node.watch.measures import exposition
from dedere.node.watch.readiness import readiness


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    del request
    return JsonResponse({"alive": True})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when every part works, 503 with the parts that do not."""
    del request
    parts = readiness()
    return JsonResponse(
        {"ready": all(parts.values()), "parts": dict(parts)}, status=200 if all(parts.values()) else 503
    )


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus."""
    del request
    return HttpResponse(exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


def nowhere(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is here."""
    del request, exception
    return HttpResponseNotFound("Nothing is here.\n", content_type="text/plain")


def trouble(request: HttpRequest) -> HttpResponse:
    """The node's log says what."""
    del request
    return HttpResponseServerError("The node is in trouble.\n", content_type="text/plain")


urlpatterns = [path("health", health), path("ready", ready), path("metrics", metrics)]
handler400 = handler403 = handler404 = nowhere
handler500 = trouble
