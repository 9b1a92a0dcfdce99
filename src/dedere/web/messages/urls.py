"""Addresses of letters: those that came in, and the deliveries of those that went out."""

from __future__ import annotations

from django.urls import path

from dedere.web.messages import deliveries, incoming

app_name = "messages"

urlpatterns = [
    path("", deliveries.listing, name="list"),
    path("incoming/", incoming.listing, name="incoming"),
    path("incoming/<slug:letter_id>/", incoming.letter, name="letter-in"),
    path("incoming/<slug:letter_id>/take-up/", incoming.take_up, name="take-up"),
    path("<slug:letter_id>/", deliveries.letter, name="letter"),
    path("<slug:letter_id>/document/", incoming.document, name="document"),
    path("<slug:letter_id>/container/", deliveries.container, name="container"),
    path("<slug:letter_id>/receipt/", deliveries.receipt, name="receipt"),
    path("<slug:letter_id>/retry/", deliveries.retry, name="retry"),
]
