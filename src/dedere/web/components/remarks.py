"""A finding with the page where it can be worked on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedere.node.desk.findings import DraftFinding


@dataclass(frozen=True, slots=True)
class Remark:
    """`href`: where it can be mended; `considered`: where it can be noted as weighed; empty for nowhere."""

    finding: DraftFinding
    href: str = ""
    considered: str = ""
