"""Addresses of the system pages."""

from __future__ import annotations

from django.urls import path

from dedere.web.system import officers, overview

app_name = "system"

urlpatterns = [
    path("", overview.overview, name="index"),
    path("log/", overview.log, name="log"),
    path("officers/", officers.listing, name="officers"),
    path("officers/invite/", officers.invite, name="invite"),
    path("officers/<slug:identifier>/", officers.officer, name="officer"),
]
