"""What reviews change in the data: values, status and who verified them; made by `review`, applied by the loader."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Override:
    """What holds for one datum instead of what was shipped.

    `values` are keys and values as in the file. `verified_by` names the review, empty while it waits for a second
    person. `absent`: the authentic text has no such rule.
    """

    verified_by: str
    values: Mapping[str, object] = field(default_factory=dict)
    absent: bool = False
