"""Addresses of cases and of measures given to executing authorities."""

from __future__ import annotations

from django.urls import path

from dedere.web.cases import case, listing, measures

app_name = "cases"

urlpatterns = [
    path("", listing.listing, name="list"),
    path("views/keep/", listing.keep_view, name="keep-view"),
    path("views/remove/", listing.remove_view, name="remove-view"),
    path("measures/", measures.given, name="measures"),
    path("measures/<slug:assignment>/", measures.measure, name="measure"),
    path("<slug:case_id>/", case.timeline, name="case"),
    path("<slug:case_id>/clocks/", case.clocks, name="clocks"),
    path("<slug:case_id>/log/", case.access_log, name="log"),
    path("<slug:case_id>/assign/<slug:proceeding>/<str:measure>/", measures.assign, name="assign"),
    path("<slug:case_id>/members/", case.members, name="members"),
    path("<slug:case_id>/dossier/", case.dossier, name="dossier"),
    path("<slug:case_id>/dossier/<slug:export_id>/", case.export, name="export"),
    path("<slug:case_id>/<slug:tab>/", case.tab, name="tab"),
]
