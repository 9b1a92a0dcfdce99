"""Whether the node can do its work now: each part of it looked at, none described further than yes or no."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping

from django.db import DatabaseError

from dedere.base.errors import DedereError
from dedere.node.jobs.models import Heartbeat
from dedere.node.jobs.queries import SILENT_AFTER
from dedere.node.office import office
from dedere.node.trust import own_card


def readiness() -> Mapping[str, bool]:
    """Each part by name, and whether it works. The node is ready when all do."""
    return {name: _works(look) for name, look in _PARTS.items()}


def _works(look: Callable[[], bool]) -> bool:
    try:
        return look()
    except (DatabaseError, DedereError, OSError):
        return False


def _database() -> bool:
    Heartbeat.objects.exists()
    return True


def _worker() -> bool:
    return Heartbeat.objects.filter(at__gt=office().clock.now() - SILENT_AFTER).exists()


def _disk() -> bool:
    with tempfile.NamedTemporaryFile(dir=office().home.run, prefix="ready-") as probe:
        probe.write(b"taken\n")
        probe.flush()
        os.fsync(probe.fileno())
    return True


def _card() -> bool:
    card, today = own_card(office().home).card, office().clock.now().date()
    return card.valid_from <= today <= card.valid_until


_PARTS: Mapping[str, Callable[[], bool]] = {
    "database": _database,
    "worker": _worker,
    "disk": _disk,
    "card": _card,
}
