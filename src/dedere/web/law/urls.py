"""Addresses of the law."""

from __future__ import annotations

from django.urls import path

from dedere.web.law import instruments, who_may_ask

app_name = "law"

urlpatterns = [
    path("", instruments.listing, name="index"),
    path("who-may-ask/", who_may_ask.who_may_ask, name="who-may-ask"),
    path("<slug:instrument>/", instruments.instrument, name="instrument"),
    path("<slug:instrument>/<str:provision>/", instruments.provision, name="provision"),
]
