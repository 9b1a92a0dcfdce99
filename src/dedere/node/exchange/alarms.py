"""Alarms: raised once per cause, ended with it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from dedere.node.audit.actions import Happening, record
from dedere.node.exchange.delivering import delivery_of
from dedere.node.exchange.directory import can_be_called
from dedere.node.exchange.models import Alarm, OutgoingLetter
from dedere.node.office import office
from dedere.node.trust import own_chain
from dedere.protocol.delivery import Late, Step

CARD_WARNS = dt.timedelta(days=60)

_SENTENCES = {
    Step.DELIVERY: "A letter has not reached {partner}, which does not answer. It is tried again by itself.",
    Step.PARTS: "The evidence of a letter to {partner} does not move. It is tried again by itself.",
    Step.ACKNOWLEDGEMENT: "{partner} has a letter that no officer there has registered yet.",
    Step.REFUSED: "{partner} refuses a letter ({code}). It will not be tried again: look at the letter.",
}


_CLOCK = "{partner} says that one clock is wrong. Compare this machine's clock with theirs: letters wait until then."
_BY_CODE = {
    "partner-certificate": (
        "{partner} shows another certificate than its card names, so nothing is sent to it. Ask that authority for its "
        "newest card."
    ),
    "unknown-caller": "{partner} does not know us: that authority has not pinned our card. Give it our newest one.",
    "request-time": _CLOCK,
    "sealed-in-future": _CLOCK,
    "card-unknown": "{partner} does not have our newest card yet. It is tried again by itself; giving it helps.",
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
    for cause, (found, case) in late.items():
        raise_alarm(cause, kind="delivery", sentence=_sentence(found), case=case, subject=found.letter)
    Alarm.objects.filter(cause__in=standing - late.keys(), ended_at=None).update(ended_at=now)


def watch_own_card() -> None:
    """Our own card must not end unnoticed."""
    card = own_chain(office().home).newest.card
    if card.valid_until - office().clock.now().date() < CARD_WARNS:
        sentence = f"Our own card ends on {card.valid_until}: issue the next one with `dedere card rotate`."
        raise_alarm(f"own-card:{card.serial}", kind="card", sentence=sentence)
    Alarm.objects.filter(cause__startswith="own-card:", ended_at=None).exclude(cause=f"own-card:{card.serial}").update(
        ended_at=office().clock.now()
    )


def _sentence(late: Late) -> str:
    """What an officer reads: why it is late where that is known, else at which step."""
    sentence = _SENTENCES[late.step]
    if late.step is Step.DELIVERY:
        sentence = _BY_CODE.get(late.code, sentence)
        if not can_be_called(late.partner):
            sentence = "A letter waits to be fetched by {partner}, which cannot be called and has not come for it."
    return sentence.format(partner=late.partner, code=late.code)


@transaction.atomic
def raise_alarm(cause: str, *, kind: str, sentence: str, case: str = "", subject: str = "") -> None:
    """Have an alarm stand for a cause; one that stands already is not raised again, and says what is true now."""
    standing = Alarm.objects.filter(cause=cause, ended_at=None).first()
    if standing is not None:
        if standing.sentence != sentence:
            Alarm.objects.filter(pk=standing.pk).update(sentence=sentence)
        return
    facts = {"kind": kind, "case": case, "sentence": sentence, "raised_at": office().clock.now(), "ended_at": None}
    Alarm.objects.update_or_create(cause=cause, defaults=facts)
    step = cause.partition(":")[0]
    record(
        Happening(
            actor="system:worker", action="alarm-raised", subject=subject or cause, case=case, details={"step": step}
        )
    )


def end_alarm(cause: str) -> None:
    """The cause is gone."""
    Alarm.objects.filter(cause=cause, ended_at=None).update(ended_at=office().clock.now())
