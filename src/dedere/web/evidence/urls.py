"""Addresses of evidence."""

from __future__ import annotations

from django.urls import path

from dedere.web.evidence import content, intake, items

app_name = "evidence"

urlpatterns = [
    path("", items.listing, name="list"),
    path("measure/<slug:assignment>/add/", intake.add, name="add"),
    path("<slug:item_id>/", items.item, name="item"),
    path("<slug:item_id>/content/", content.content, name="content"),
    path("<slug:item_id>/custody/", items.custody, name="custody"),
]
