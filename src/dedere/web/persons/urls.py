"""Addresses of persons, of the compartment around protected ones, and of what is done for them."""

from __future__ import annotations

from django.urls import path

from dedere.web.persons import (
    attendance,
    compartment,
    deciding,
    hearings,
    interviews,
    looking,
    person,
    plain,
    protection,
    victims,
)

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
    path("custody/interviewed/<slug:inquiry_id>/", interviews.answer, name="answer-history"),
    path("looks/<slug:look_id>/", looking.look, name="look"),
    path("looks/<slug:look_id>/end/", looking.end, name="end-look"),
    path("<slug:case_id>/protect/", compartment.protect, name="protect"),
    path("<slug:case_id>/add/", plain.add, name="add"),
    path("<slug:case_id>/<slug:person_id>/", person.person, name="person"),
    path("<slug:case_id>/<slug:person_id>/edit/", plain.edit, name="edit"),
    path("<slug:case_id>/<slug:person_id>/protection/", protection.protection, name="protection"),
    path("<slug:case_id>/<slug:person_id>/protection/ask/", protection.ask, name="ask-measure"),
    path("<slug:case_id>/<slug:person_id>/protection/danger/", protection.assess, name="assess"),
    path("<slug:case_id>/<slug:person_id>/protection/<slug:measure_id>/", protection.measure, name="measure"),
    path("<slug:case_id>/<slug:person_id>/protection/<slug:measure_id>/put/", protection.put, name="put-measure"),
    path("<slug:case_id>/<slug:person_id>/attend/<slug:kind>/", attendance.attend, name="attend"),
    path("<slug:case_id>/<slug:person_id>/attendance/<slug:attendance_id>/", attendance.attendance, name="attendance"),
    path(
        "<slug:case_id>/<slug:person_id>/attendance/<slug:attendance_id>/change/",
        attendance.change,
        name="change-attendance",
    ),
    path("<slug:case_id>/<slug:person_id>/victim/", victims.victim, name="victim"),
    path("<slug:case_id>/<slug:person_id>/victim/wishes/", victims.wishes, name="wishes"),
    path("<slug:case_id>/<slug:person_id>/victim/told/", victims.told, name="told"),
    path("<slug:case_id>/<slug:person_id>/victim/claim/", victims.claim, name="claim"),
    path("<slug:case_id>/<slug:person_id>/victim/claim/<slug:claim_id>/", victims.claim_step, name="claim-step"),
    path("<slug:case_id>/<slug:person_id>/look/", compartment.ask, name="ask-look"),
    path("<slug:case_id>/<slug:person_id>/journey/", compartment.journey, name="journey"),
    path("<slug:case_id>/<slug:person_id>/heard/", interviews.heard, name="heard"),
    path("<slug:case_id>/<slug:person_id>/heard/interview/", interviews.note, name="note-interview"),
    path("<slug:case_id>/<slug:person_id>/heard/before/", interviews.ask, name="ask-history"),
    path("<slug:case_id>/<slug:person_id>/heard/there/", interviews.ask_partner, name="ask-partner"),
    path("<slug:case_id>/<slug:person_id>/heard/put/", interviews.put, name="put-history"),
    path("<slug:case_id>/<slug:person_id>/hearings/new/", hearings.plan, name="plan-hearing"),
    path("<slug:case_id>/<slug:person_id>/hearings/<slug:hearing_id>/", hearings.hearing, name="hearing"),
    path("<slug:case_id>/<slug:person_id>/hearings/<slug:hearing_id>/change/", hearings.change, name="change-hearing"),
    path("<slug:case_id>/<slug:person_id>/hearings/<slug:hearing_id>/test/", hearings.test, name="test-hearing"),
    path(
        "<slug:case_id>/<slug:person_id>/hearings/<slug:hearing_id>/call-off/",
        hearings.call_off,
        name="call-off-hearing",
    ),
    path(
        "<slug:case_id>/<slug:person_id>/hearings/<slug:hearing_id>/protocol/",
        hearings.protocol,
        name="hearing-protocol",
    ),
    path(
        "<slug:case_id>/<slug:person_id>/hearings/<slug:hearing_id>/calendar/",
        hearings.calendar,
        name="hearing-calendar",
    ),
]
