"""The vault's keys: wrap everything for new ones without touching a payload, and destroy one item's for ever."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.crypto.age import SealError, rewrap_header
from dedere.vault.errors import UnknownObjectError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dedere.base.identifiers import Identifiers
    from dedere.crypto.age import Identity, Recipient
    from dedere.vault.port import ObjectStore


@dataclass(slots=True)
class RotationReport:
    """How far a rotation came. `unopened` are objects whose header opens with none of the identities given."""

    wrapped: int = 0
    unopened: list[str] = field(default_factory=list)


def rotate_keys(
    store: ObjectStore,
    *,
    identities: Sequence[Identity],
    recipients: Sequence[Recipient],
    chance: Identifiers,
    progress: Callable[[RotationReport], None] | None = None,
) -> RotationReport:
    """Wrap the header of every object for `recipients`, each replaced at once.

    `identities` are the old ones and, so that an interrupted rotation can be run again, the new. The old keys still
    open headers in backups made before: destroy those, or keep the old keys as safe as the new.

    Raises:
        StoreError: the store failed; what was wrapped so far stays so.
    """
    report = RotationReport()
    for presence in store.survey():
        if presence.header:
            try:
                header = rewrap_header(store.read_header(presence.object_id), identities, recipients, chance=chance)
                store.replace_header(presence.object_id, header)
            except (SealError, UnknownObjectError):  # UnknownObjectError: destroyed since it was listed
                report.unopened.append(presence.object_id)
            else:
                report.wrapped += 1
            if progress is not None:
                progress(report)
    return report
