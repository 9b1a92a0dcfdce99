"""Addresses of drafts: requests section by section, and every other act of a case."""

from __future__ import annotations

from django.urls import path

from dedere.web.requests import acts, approval, attachments, drafts, sections

app_name = "requests"

urlpatterns = [
    path("", drafts.listing, name="list"),
    path("new/", drafts.start, name="start"),
    path("new/from-file/", drafts.start_from_file, name="start-from-file"),
    path("act/<slug:case_id>/<slug:proceeding>/<slug:kind>/", acts.propose, name="propose"),
    path("begin/<slug:case_id>/<slug:kind>/", acts.begin, name="begin"),
    path("further/<slug:case_id>/", drafts.start_further, name="start-further"),
    path("<slug:draft_id>/", drafts.draft, name="draft"),
    path("<slug:draft_id>/body/", acts.edit, name="body"),
    path("<slug:draft_id>/attachments/", attachments.attachments, name="attachments"),
    path("<slug:draft_id>/attachments/<slug:attachment_id>/remove/", attachments.remove, name="detach"),
    path("<slug:draft_id>/attachments/<slug:attachment_id>/strip/", attachments.strip, name="strip-file"),
    path("<slug:draft_id>/attachments/<slug:attachment_id>/restore/", attachments.restore, name="restore-file"),
    path("<slug:draft_id>/preview/", approval.preview, name="preview"),
    path("<slug:draft_id>/submit/", approval.submit, name="submit"),
    path("<slug:draft_id>/approve/", approval.approve, name="approve"),
    path("<slug:draft_id>/send-back/", approval.send_back, name="send-back"),
    path("<slug:draft_id>/discard/", drafts.discard, name="discard"),
    path("<slug:draft_id>/considered/", sections.considered, name="considered"),
    path("<slug:draft_id>/<slug:section>/", sections.section, name="section"),
    path("<slug:draft_id>/<slug:section>/<str:list_path>/new/", sections.new_row, name="new-row"),
    path("<slug:draft_id>/<slug:section>/<str:list_path>/<int:place>/", sections.row, name="row"),
]
