"""Evidence from Senegal under conditions, in the office under test. Every person and case is fictional."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.node.evidence.models import Item
from support.offices import CONDITION, measure_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.node.cases.models import Case
    from support.offices import Bureau


def received(bureau: Bureau, *conditions: Mapping[str, object], accept: bool = True) -> tuple[Case, Item]:
    """A case in which Senegal sent a record under conditions, signed for and accepted."""
    bureau.conditions = conditions or (CONDITION,)
    case = bureau.requested()
    bureau.arrives(
        "acknowledgement", {"own_reference": "SN-1", "received_on": "2026-11-24"}, case=case, role="registrar"
    )
    bureau.arrives("acceptance", {"measures": [{"measure": measure_of(case)}]}, case=case)
    outcome = {"measure": measure_of(case), "outcome": "executed", "text": "Heard."}
    bureau.arrives(
        "result",
        {"measures": [outcome]},
        case=case,
        files={"record.pdf": b"%PDF-1.7 the record (fictional)"},
    )
    item = Item.objects.get(case=case)
    if accept:
        signed_for(bureau, case, item)
    return case, item


def signed_for(bureau: Bureau, case: Case, item: Item, *, accepted: bool = True) -> None:
    replies = [{"condition": raw["id"], "accepted": accepted} for raw in item.conditions]
    row = {"item": item.pk, "sha256": item.sha256, "intact": True, "condition_replies": replies}
    body = {"items": [row], "received_on": "2026-11-24"}
    bureau.sent(bureau.proposed(case, "custody-receipt", body, by="anna"))
