"""Heads of audit logs: partners' verified, countersigned and kept; our own given and countersigned.

Requirements P-240 to P-248. None of this stands in the audit log itself: it would never come to rest. What contradicts
does, as an alarm.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from dedere.base.errors import InputError
from dedere.crypto.digests import sha256_hex
from dedere.node.audit.queries import view_log
from dedere.node.exchange.alarms import end_alarm, raise_alarm
from dedere.node.exchange.directory import own_card, trust_directory
from dedere.node.exchange.models import ContradictingCheckpoint, HeldHead, WitnessedHead
from dedere.node.office import office
from dedere.protocol.container import Signing
from dedere.protocol.errors import DoorRefusedError, OrderRefusedError
from dedere.protocol.log import (
    Checkpoint,
    Countersignature,
    Head,
    accept_checkpoint,
    accept_countersignature,
    pack_checkpoint,
    pack_countersignature,
)

MOST_CONTRADICTIONS = 20
_THEIRS = (
    "{partner} shows an audit log that is not the one whose head is held here: it was rewritten, or entries were lost. "
    "Ask that authority, and keep what it signed."
)
_OURS = (
    "{partner} holds a head that our audit log does not have: our log was rewritten, or restored from a backup that is "
    "older. Tell your auditor."
)


def held_head(*, partner: str) -> bytes:
    """Our countersignature of the newest head that we hold of the partner's log.

    Raises:
        DoorRefusedError: we hold none.
    """
    row = _newest(partner)
    if row is None:
        raise DoorRefusedError("No head of this log is held here.", code="unknown-object")
    return bytes(row.countersignature)


def take_checkpoint(*, partner: str, checkpoint: bytes, at: dt.datetime) -> bytes:
    """Keep a checkpoint that extends what we hold of the partner's log; our countersignature, the same every time.

    Raises:
        ProtocolRefusedError: it is not the partner's word, or contradicts what we hold: then an alarm stands.
    """
    try:
        countersignature = _take(partner, checkpoint, at)
    except OrderRefusedError as error:
        if error.code == "log-contradicts":
            _keep_contradiction(partner, checkpoint, at)
        raise
    end_alarm(f"their-log:{partner}")
    return countersignature


@transaction.atomic
def _take(partner: str, data: bytes, at: dt.datetime) -> bytes:
    newest = _newest(partner)
    if newest is not None and bytes(newest.checkpoint) == data:
        return bytes(newest.countersignature)
    held = None if newest is None else Head(newest.size, newest.root)
    found = accept_checkpoint(data, sender=partner, held=held, directory=trust_directory(), now=at)
    if newest is not None and newest.size == found.head.size:
        return bytes(newest.countersignature)
    now = at.replace(microsecond=0)
    given = pack_countersignature(
        Countersignature(
            log=found.log, head=found.head, checkpoint_sha256=sha256_hex(data), by=own_card().party, held_at=now
        ),
        signing=Signing(office().gateway_signer, now),
    )
    HeldHead.objects.create(
        partner=partner,
        size=found.head.size,
        root=found.head.root,
        checkpoint=data,
        countersignature=given,
        held_at=now,
    )
    return given


@transaction.atomic
def _keep_contradiction(partner: str, checkpoint: bytes, at: dt.datetime) -> None:
    """Keep what the partner signed, as long as it has not signed too much of it, and tell a person."""
    if ContradictingCheckpoint.objects.filter(partner=partner).count() < MOST_CONTRADICTIONS:
        facts = {"partner": partner, "checkpoint": checkpoint, "came_at": at}
        ContradictingCheckpoint.objects.get_or_create(digest=sha256_hex(checkpoint), defaults=facts)
    raise_alarm(f"their-log:{partner}", kind="log", sentence=_THEIRS.format(partner=partner))


def own_checkpoint(*, partner: str, after: int, at: dt.datetime) -> bytes:
    """A checkpoint of our log as it is, with the proof that it extends its first `after` entries.

    Raises:
        DoorRefusedError: our log has no entry yet, or not so many.
    """
    del partner  # everybody is told the same
    view = view_log()
    if view.size == 0 or after > view.size:
        raise DoorRefusedError("The log has no such head.", code="unknown-object")
    now = at.replace(microsecond=0)
    proof = view.tree.consistency_proof(after, view.size) if after else ()
    checkpoint = Checkpoint(
        log=own_card().party,
        at=now,
        head=Head(view.size, view.root.hex()),
        after=after,
        proof=tuple(step.hex() for step in proof),
    )
    return pack_checkpoint(checkpoint, signing=Signing(office().gateway_signer, now))


def take_countersignature(*, partner: str, countersignature: bytes, at: dt.datetime) -> None:
    """Keep a partner's word that it holds a head of our log.

    Raises:
        ReceiptRefusedError: it is not the partner's word.
        OrderRefusedError: our log does not have that head: then an alarm stands.
    """
    found = accept_countersignature(
        countersignature, by=partner, of=office().state, directory=trust_directory(), now=at
    )
    if not _is_ours(found.head):
        raise_alarm(f"own-log:{partner}", kind="log", sentence=_OURS.format(partner=partner))
        raise OrderRefusedError("Our log does not have that head.", code="log-contradicts")
    end_alarm(f"own-log:{partner}")
    WitnessedHead.objects.get_or_create(
        partner=partner,
        size=found.head.size,
        defaults={"root": found.head.root, "countersignature": countersignature, "held_at": found.held_at},
    )


def _is_ours(head: Head) -> bool:
    view = view_log()
    try:
        return head.size <= view.size and view.tree.root(head.size).hex() == head.root
    except InputError:
        return False


def _newest(partner: str) -> HeldHead | None:
    return HeldHead.objects.filter(partner=partner).order_by("-size").first()
