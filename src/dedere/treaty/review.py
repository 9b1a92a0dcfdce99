"""Reviews: what the ministry's lawyers found when they compared a datum with the authentic text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dedere.treaty.document import Document
    from dedere.treaty.overrides import Override


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One record."""

    id: str


def overrides_from(
    reviews: Sequence[Review],
    documents: Mapping[str, Document],
    registers: Mapping[str, str],
) -> dict[str, Override]:
    """What the reviews change, by datum."""
    raise NotImplementedError
