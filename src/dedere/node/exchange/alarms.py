"""Alarms: raised once per cause, ended with it."""

from __future__ import annotations

from django.db import transaction

from dedere.node.audit.actions import Happening, record
from dedere.node.exchange.delivering import delivery_of
from dedere.node.exchange.models import Alarm, OutgoingLetter
from dedere.node.office import office
from dedere.protocol.delivery import Late, Step

_SENTENCES = {
    Step.DELIVERY: "A letter has not reached {partner}, which does not answer. It is tried again by itself.",
    Step.PARTS: "The evidence of a letter to {partner} does not move. It is tried again by itself.",
    Step.ACKNOWLEDGEMENT: "{partner} has a letter that no officer there has registered yet.",
    Step.REFUSED: "{partner} refuses a letter ({code}). It will not be tried again: look at the letter.",
}


def watch_deliveries() -> None:
    """Compare what is late now with the alarms that stand; raise and end what changed."""
    now = office().clock.now()
    rows = OutgoingLetter.objects.exclude(state="withdrawn").filter(
        acknowledged_at=None
    ) | OutgoingLetter.objects.filter(complete=False)
    late = {}
    for row in rows.defer("sealed", "receipt").prefetch_related("parts"):
        found = delivery_of(row).late(now)
        if found is not None:
            late[f"{found.step.value}:{found.letter}"] = (found, row.case)
    standing = set(Alarm.objects.filter(ended_at=None, kind="delivery").values_list("cause", flat=True))
    for cause in late.keys() - standing:
        _raise(cause, *late[cause])
    Alarm.objects.filter(cause__in=standing - late.keys(), ended_at=None).update(ended_at=now)


@transaction.atomic
def _raise(cause: str, late: Late, case: str) -> None:
    sentence = _SENTENCES[late.step].format(partner=late.partner, code=late.code)
    Alarm.objects.update_or_create(
        cause=cause,
        defaults={
            "kind": "delivery",
            "case": case,
            "sentence": sentence,
            "raised_at": office().clock.now(),
            "ended_at": None,
        },
    )
    record(
        Happening(
            actor="system:worker",
            action="alarm-raised",
            subject=late.letter,
            case=case,
            details={"step": late.step.value},
        )
    )
