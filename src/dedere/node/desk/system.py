"""The state of the node: queues, processes, keys and their expiry, storage, the audit log's root."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from django.db.models import Sum

from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.queries import count_events
from dedere.node.evidence.models import Item
from dedere.node.exchange.queries import KeyRow, own_keys
from dedere.node.jobs.queries import ProcessRow, QueueRow, processes, queues
from dedere.node.office import office

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class SystemView:
    """The whole page. Sizes in bytes."""

    version: str
    queues: tuple[QueueRow, ...]
    processes: tuple[ProcessRow, ...]
    keys: tuple[KeyRow, ...]
    items: int
    item_bytes: int
    free_bytes: int
    events: int


def system(officer: Officer) -> SystemView:
    """The state of the node.

    Raises:
        PermissionRefusedError: the officer is neither administrator nor auditor.
    """
    require_role(officer, Role.ADMINISTRATOR, Role.AUDITOR)
    vault: Path = office().home.vault
    return SystemView(
        version=version("dedere"),
        queues=queues(),
        processes=processes(),
        keys=own_keys(),
        items=Item.objects.count(),
        item_bytes=Item.objects.aggregate(total=Sum("size"))["total"] or 0,
        free_bytes=shutil.disk_usage(vault).free,
        events=count_events(),
    )
