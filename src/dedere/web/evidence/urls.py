"""Addresses of evidence."""

from __future__ import annotations

from django.urls import path

from dedere.web.evidence import content, dossiers, handing, intake, items, retention, setting, uploads

app_name = "evidence"

urlpatterns = [
    path("", items.listing, name="list"),
    path("due/", retention.due, name="due"),
    path("uploads/", uploads.begin, name="uploads"),
    path("uploads/<slug:upload_id>/", uploads.upload, name="upload"),
    path("content/<str:token>/", content.content, name="content"),
    path("measure/<slug:assignment>/add/", intake.add, name="add"),
    path("measure/<slug:assignment>/add-several/", intake.add_several, name="add-several"),
    path("case/<slug:case_id>/dossier/", dossiers.redacted, name="redacted-dossier"),
    path("<slug:item_id>/", items.item, name="item"),
    path("<slug:item_id>/chain.svg", items.chain, name="chain"),
    path("<slug:item_id>/custody/", items.custody, name="custody"),
    path("<slug:item_id>/copy/", handing.hand_out, name="hand-out"),
    path("<slug:item_id>/other-case/", handing.carry_over, name="carry-over"),
    path("<slug:item_id>/made-from/", intake.made_from, name="made-from"),
    path("<slug:item_id>/condition/", setting.set_condition, name="condition"),
    path("<slug:item_id>/condition/<str:condition>/off/", setting.unset_condition, name="unset-condition"),
    path("<slug:item_id>/hold/", retention.hold, name="hold"),
    path("<slug:item_id>/hold/<slug:hold_id>/lift/", retention.lift, name="lift"),
    path("<slug:item_id>/destroy/", retention.order, name="order"),
    path("<slug:item_id>/destroy/<slug:order_id>/approve/", retention.approve, name="approve-order"),
    path("<slug:item_id>/destroy/<slug:order_id>/withdraw/", retention.withdraw, name="withdraw-order"),
    path("<slug:item_id>/destroy/<slug:order_id>/certificate/", retention.certificate, name="certificate"),
]
