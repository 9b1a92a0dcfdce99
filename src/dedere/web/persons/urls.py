"""Addresses of persons."""

from __future__ import annotations

from django.urls import path

from dedere.web.persons import person

app_name = "persons"

urlpatterns = [
    path("<slug:case_id>/<slug:person_id>/", person.person, name="person"),
]
