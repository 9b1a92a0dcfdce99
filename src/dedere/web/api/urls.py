"""Addresses of the interface for other programs: one for each path of its operations."""

from __future__ import annotations

from django.urls import path

from dedere.web.api import views
from dedere.web.api.operations import OPERATIONS

app_name = "api"

_PATHS = dict.fromkeys(operation.path for operation in OPERATIONS)

urlpatterns = [
    path("openapi.json", views.document, name="document"),
    *(path(each, views.answer) for each in _PATHS),
]
