"""The state of the node: queues, processes, keys and their expiry, storage, the audit log's root."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from dedere.casework.acts import Role
from dedere.node.accounts.models import Officer
from dedere.node.accounts.permissions import require_role
from dedere.node.audit.queries import count_events
from dedere.node.backup.noted import LastBackup, last_backup
from dedere.node.exchange.models import Alarm
from dedere.node.exchange.queries import KeyRow, own_keys
from dedere.node.jobs.queries import ProcessRow, QueueRow, processes, queues
from dedere.node.office import office
from dedere.node.watch.storage import Storage, storage


@dataclass(frozen=True, slots=True)
class SystemView:
    """The whole page. `alarms` is how many stand; `backup` is None where none was ever made here."""

    version: str
    queues: tuple[QueueRow, ...]
    processes: tuple[ProcessRow, ...]
    keys: tuple[KeyRow, ...]
    storage: Storage
    backup: LastBackup | None
    alarms: int
    events: int


def system(officer: Officer) -> SystemView:
    """The state of the node.

    Raises:
        PermissionRefusedError: the officer is neither administrator nor auditor.
    """
    require_role(officer, Role.ADMINISTRATOR, Role.AUDITOR)
    return SystemView(
        version=version("dedere"),
        queues=queues(),
        processes=processes(),
        keys=own_keys(),
        storage=storage(),
        backup=last_backup(office().home),
        alarms=Alarm.objects.filter(ended_at=None).count(),
        events=count_events(),
    )
