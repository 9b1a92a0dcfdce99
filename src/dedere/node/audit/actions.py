"""Adding to the audit log: the one write it knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from dedere.crypto.canonical import canonical_json
from dedere.crypto.merkle import Peaks, leaf_hash
from dedere.node.audit.entry import Entry
from dedere.node.audit.models import Event, Frontier
from dedere.node.office import office


@dataclass(frozen=True, slots=True)
class Happening:
    """What is to be logged. `subject` names the thing; `details` holds no personal data and no secret."""

    actor: str
    action: str
    subject: str
    case: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


@transaction.atomic(savepoint=False)
def record(happening: Happening) -> Event:
    """Append one entry. Call it inside the transaction of the write it tells of: both happen, or neither.

    Writers take turns on the frontier's row, so places in the log are given without gaps.
    """
    frontier = Frontier.objects.select_for_update().get()
    entry = Entry(
        sequence=frontier.size,
        at=office().clock.now().replace(microsecond=0),
        actor=happening.actor,
        action=happening.action,
        subject=happening.subject,
        case=happening.case,
        details=happening.details,
    )
    leaf = leaf_hash(canonical_json(entry.as_json()))
    peaks = Peaks(frontier.size, tuple(bytes.fromhex(peak) for peak in frontier.peaks)).appended(leaf)
    frontier.size = peaks.size
    frontier.peaks = [peak.hex() for peak in peaks.hashes]
    frontier.save()
    return Event.objects.create(
        sequence=entry.sequence,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        case=entry.case,
        details=dict(entry.details),
        leaf=leaf.hex(),
    )
