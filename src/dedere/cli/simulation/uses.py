"""What officers want to do with evidence, and the naked reading of conditions that the invariants trust."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.conditions import Use, UseKind

if TYPE_CHECKING:
    from dedere.casework.matters import Condition
    from dedere.casework.practice.dice import Dice


@dataclass(frozen=True, slots=True)
class Used:
    """A use that an office let through: of which item, how, and under which conditions at that moment."""

    item: str
    use: Use
    conditions: tuple[Condition, ...]


def wanted(dice: Dice, today: dt.date) -> Use:
    """Something an officer wants to do with an item."""
    kind = dice.one_of([UseKind.EVIDENCE, UseKind.DISCLOSURE, UseKind.TRANSFER, UseKind.KEEPING])
    purpose = dice.one_of(["this case", "another case"])
    return Use(kind, today, purpose=purpose, state=dice.one_of(["SI", "FR"]), reported=dice.percent(50))


def breaks(used: Used) -> str:
    """The condition that the use broke, said the plainest way; empty when it broke none.

    Written apart from `casework.conditions`, so that a slip there shows here.
    """
    use = used.use
    for each in used.conditions:
        if each.status == "lifted":
            continue
        open_use = use.kind in (UseKind.EVIDENCE, UseKind.DISCLOSURE)
        broken = {
            "not accepted": each.status == "proposed" and use.kind != UseKind.KEEPING,
            "declined": each.status == "declined",
            "confidential": each.kind == "confidentiality" and use.kind == UseKind.DISCLOSURE,
            "purpose": each.kind in ("use-limitation", "speciality") and open_use and use.purpose not in each.purposes,
            "onward": each.kind == "no-onward-transfer"
            and use.kind == UseKind.TRANSFER
            and use.state not in (each.set_by, *each.states),
            "too late": each.kind in ("return-by", "destroy-by") and use.on.isoformat() > each.by,
            "silent": each.kind == "report-on-use" and use.kind == UseKind.EVIDENCE and not use.reported,
        }
        for name, holds in broken.items():
            if holds:
                return f"{each.kind} ({name})"
    return ""
