"""Addresses of the register."""

from __future__ import annotations

from django.urls import path

from dedere.web.register import states

app_name = "register"

urlpatterns = [
    path("", states.listing, name="index"),
    path("<slug:state>/", states.state, name="state"),
    path("<slug:state>/card/", states.pin, name="pin"),
]
