"""The findings on a draft with the pages where each can be worked on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.urls import reverse

from dedere.web.components.outline import section_holding
from dedere.web.components.remarks import Remark
from dedere.web.components.tables import value_at

if TYPE_CHECKING:
    from dedere.node.desk.drafts import DraftView


def remarks_on(draft: DraftView) -> list[Remark]:
    """Every finding; for a reader who may change the draft, with the section it belongs to."""
    if not draft.can_edit:
        return plain_remarks(draft)
    kind = kind_of(request_tables(draft.body))
    remarks = []
    for finding in draft.findings:
        section = section_holding(kind, finding.path)
        href = reverse("requests:section", args=[draft.row.id, section.slug]) if section else ""
        remarks.append(Remark(finding, href, reverse("requests:considered", args=[draft.row.id])))
    return remarks


def plain_remarks(draft: DraftView) -> list[Remark]:
    """Every finding, to be read."""
    return [Remark(finding) for finding in draft.findings]


def request_tables(body: Mapping[str, object]) -> Mapping[str, object]:
    """The tables of the request in the body of an act."""
    tables = body.get("request")
    return tables if isinstance(tables, Mapping) else {}


def kind_of(tables: Mapping[str, object]) -> str:
    """What the request asks for."""
    return str(value_at(tables, "request.kind") or "mla")
