"""Addresses of formal documents and of paper."""

from __future__ import annotations

from django.urls import path

from dedere.web.documents import card, codes, drafts, files, letters, reading, received, sheets

app_name = "documents"

urlpatterns = [
    path("code/", codes.code, name="code"),
    path("drafts/<slug:draft_id>/", drafts.draft, name="draft"),
    path("drafts/<slug:draft_id>/word/", drafts.word, name="draft-word"),
    path("drafts/<slug:draft_id>/copies/", drafts.copy, name="draft-copy"),
    path("drafts/<slug:draft_id>/passages/<int:place>/", drafts.passage, name="passage"),
    path("letters/<slug:letter_id>/", letters.letter, name="letter"),
    path("letters/<slug:letter_id>/copies/", letters.copy, name="letter-copy"),
    path("letters/<slug:letter_id>/<slug:language>/<slug:form>/", letters.reading, name="letter-reading"),
    path("files/<slug:file_id>/", files.content, name="file"),
    path("received/", received.listing, name="received"),
    path("received/new/", received.register, name="register"),
    path("received/<slug:request_id>/", received.request, name="request"),
    path("received/<slug:request_id>/pages/", received.add_pages, name="add-pages"),
    path("received/<slug:request_id>/hand-over/", received.hand_over, name="hand-over"),
    path("received/<slug:request_id>/confirm/", received.confirm, name="confirm"),
    path("received/<slug:request_id>/request-file/", received.request_file, name="request-file"),
    path("received/<slug:request_id>/reading/<slug:section>/", reading.section, name="section"),
    path("received/<slug:request_id>/reading/<slug:section>/<str:list_path>/new/", reading.new_row, name="new-row"),
    path("received/<slug:request_id>/reading/<slug:section>/<str:list_path>/<int:place>/", reading.row, name="row"),
    path("cases/<slug:case_id>/", sheets.listing, name="sheets"),
    path("cases/<slug:case_id>/new/<slug:kind>/", sheets.make, name="make-sheet"),
    path("cases/<slug:case_id>/new/<slug:kind>/<slug:about>/", sheets.make, name="make-sheet-about"),
    path("cases/<slug:case_id>/dossiers/<slug:export_id>/", codes.dossier_index, name="dossier-index"),
    path("card/", card.card, name="card"),
    path("card/<slug:language>/<slug:form>/", card.paper, name="card-paper"),
    path("sheets/<slug:sheet_id>/", sheets.sheet, name="sheet"),
    path("sheets/<slug:sheet_id>/pdf/", sheets.pdf, name="sheet-pdf"),
    path("sheets/<slug:sheet_id>/word/", sheets.word, name="sheet-word"),
    path("sheets/<slug:sheet_id>/approve/", sheets.approve, name="approve-sheet"),
    path("sheets/<slug:sheet_id>/discard/", sheets.discard, name="discard-sheet"),
]
