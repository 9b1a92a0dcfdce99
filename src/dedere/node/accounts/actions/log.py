"""What accounts writes into the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.node.audit.actions import Happening, record

if TYPE_CHECKING:
    from dedere.node.accounts.models import Officer


def log(by: Officer | None, action: str, officer: Officer, **details: object) -> None:
    """One entry about an officer; `by` is None where the command line acts."""
    actor = "system:command-line" if by is None else by.identifier
    record(Happening(actor=actor, action=action, subject=officer.identifier, details=details))
