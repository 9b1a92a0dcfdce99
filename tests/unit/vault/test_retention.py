"""Keeping, returning, destroying: what is owed on a day and what an order needs."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from dedere.vault.errors import RetentionError
from dedere.vault.ledger import CustodyEvent, Happening, append
from dedere.vault.retention import (
    DestructionCertificate,
    DestructionOrder,
    Duty,
    LegalHold,
    Retention,
    duty_on,
    require_destruction_allowed,
)

DAY = dt.date(2026, 6, 1)
AT = dt.datetime(2026, 6, 1, 9, tzinfo=dt.UTC)
HOLD = LegalHold("Court order 7 (fictional)", "Officer Bakker (fictional)", dt.date(2026, 1, 1))
ORDER = DestructionOrder(
    item="item",
    ordered_by="Officer Van Dijk (fictional)",
    approved_by="Officer Bakker (fictional)",
    authority="Fictional court of Rotterdam",
    reference="Order 12",
    ordered_at=AT,
)


@pytest.mark.parametrize(
    ("retention", "duty"),
    [
        (Retention(), Duty.NOTHING),
        (Retention(return_by=DAY), Duty.RETURN),
        (Retention(return_by=DAY + dt.timedelta(days=1)), Duty.NOTHING),
        (Retention(destroy_by=DAY), Duty.DESTROY),
        (Retention(destroy_by=DAY + dt.timedelta(days=1)), Duty.NOTHING),
        (Retention(return_by=DAY, destroy_by=DAY), Duty.RETURN),
        (Retention(holds=(HOLD,), destroy_by=DAY), Duty.HOLD),
        (Retention(holds=(replace(HOLD, lifted_on=DAY),), destroy_by=DAY), Duty.DESTROY),
        (Retention(holds=(replace(HOLD, placed_on=DAY + dt.timedelta(days=1)),)), Duty.NOTHING),
    ],
)
def test_what_is_owed(retention: Retention, duty: Duty) -> None:
    assert duty_on(retention, DAY) is duty


def test_an_order_of_two_officers_is_carried_out() -> None:
    require_destruction_allowed(Retention(destroy_by=DAY), ORDER, on=DAY)
    require_destruction_allowed(Retention(return_by=DAY), replace(ORDER, sender_agreed=True), on=DAY)


@pytest.mark.parametrize(
    ("retention", "order", "sentence"),
    [
        (Retention(holds=(HOLD,)), ORDER, "legal hold .Court order 7"),
        (Retention(), replace(ORDER, approved_by=ORDER.ordered_by), "second officer"),
        (Retention(), replace(ORDER, authority=""), "names the item"),
        (Retention(), replace(ORDER, reference=""), "names the item"),
        (Retention(return_by=DAY), ORDER, "promised back"),
    ],
)
def test_an_order_that_lacks_something_is_refused(retention: Retention, order: DestructionOrder, sentence: str) -> None:
    with pytest.raises(RetentionError, match=sentence):
        require_destruction_allowed(retention, order, on=DAY)


def test_a_certificate_says_what_was_destroyed_and_on_whose_order() -> None:
    first = append("item", Happening(CustodyEvent.COLLECTED, AT, "Officer Diop (fictional)"), last=None)
    last = append(
        "item",
        Happening(CustodyEvent.DESTROYED, AT, "Officer Van Dijk (fictional)", object="a" * 64, sha256="b" * 64),
        last=first,
    )
    certificate = DestructionCertificate(ORDER, last).as_json()
    assert certificate["ledger"] == last.digest()
    assert certificate["destroyed_at"] == "2026-06-01T09:00:00Z"
    assert (certificate["ordered_by"], certificate["approved_by"]) == (ORDER.ordered_by, ORDER.approved_by)
    assert certificate["sha256"] == "b" * 64
