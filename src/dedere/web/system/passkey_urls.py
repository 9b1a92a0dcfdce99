"""Addresses of an officer's own second factor and visits."""

from __future__ import annotations

from django.urls import path

from dedere.web.system import second_factor

app_name = "passkeys"

urlpatterns = [
    path("passkeys/add/", second_factor.add, name="add"),
    path("passkeys/<slug:identifier>/remove/", second_factor.remove, name="remove"),
    path("recovery-codes/", second_factor.renew_codes, name="codes"),
    path("visits/end/", second_factor.end_visit, name="end-visit"),
]
