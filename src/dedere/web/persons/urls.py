"""Addresses of persons, of the compartment around protected ones, and of what is done for them."""

from __future__ import annotations

from django.urls import path

from dedere.web.persons import compartment, deciding, looking, person

app_name = "persons"

urlpatterns = [
    path("custody/", deciding.desk, name="desk"),
    path("custody/key/", deciding.key, name="key"),
    path("custody/key/<slug:digest>/confirm/", deciding.confirm, name="confirm"),
    path("custody/key/<slug:digest>/retire/", deciding.retire, name="retire"),
    path("custody/guard/", deciding.guard, name="guard"),
    path("custody/rehearse/", deciding.rehearse, name="rehearse"),
    path("custody/reseal/", deciding.reseal, name="reseal"),
    path("custody/glass/<slug:person_id>/", deciding.glass, name="glass"),
    path("custody/journeys/<slug:journey_id>/", deciding.journey, name="seal-journey"),
    path("looks/<slug:look_id>/", looking.look, name="look"),
    path("looks/<slug:look_id>/end/", looking.end, name="end-look"),
    path("<slug:case_id>/protect/", compartment.protect, name="protect"),
    path("<slug:case_id>/<slug:person_id>/", person.person, name="person"),
    path("<slug:case_id>/<slug:person_id>/look/", compartment.ask, name="ask-look"),
    path("<slug:case_id>/<slug:person_id>/journey/", compartment.journey, name="journey"),
]
