"""A desk: one proceeding as one side sees it on one day, with the step it is about to take."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedere.casework.acts import JSON, JSONObject
    from dedere.casework.docket import Docket, OpenProceeding
    from dedere.casework.matters import Item, Measure
    from dedere.casework.practice.dice import Dice
    from dedere.casework.transitions import Transition


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with an act: the id the body names it by, a name, and the conditions it carries."""

    id: str
    name: str
    conditions: tuple[JSONObject, ...] = ()


@dataclass(slots=True)
class Desk:
    """What a maker of bodies looks at. It adds to `enclosed` whatever goes with the act."""

    docket: Docket
    here: OpenProceeding
    step: Transition
    state: str
    today: dt.date
    dice: Dice
    enclosed: list[Enclosed] = field(default_factory=list)

    @property
    def day(self) -> str:
        """Today."""
        return self.today.isoformat()

    @property
    def side(self) -> str:
        """The side of the State at this desk."""
        return self.here.sides[self.state]

    def ahead(self, days: int) -> str:
        """The day so many days from now."""
        return (self.today + dt.timedelta(days=days)).isoformat()

    def measures(self) -> list[Measure]:
        """The measures to which the act applies as they stand."""
        sources = {
            source for part in self.here.form.measure_steps if part.act == self.step.act for source in part.sources
        }
        return [measure for measure in self.here.measures.values() if measure.status in sources]

    def items(self) -> list[Item]:
        """The items of this proceeding."""
        return [item for item in self.docket.items.values() if item.proceeding == self.here.id]

    def enclose(self, name: str, *conditions: JSONObject) -> str:
        """Put a file beside the act; the result is the id by which the body names it."""
        identifier = self.dice.identifier()
        self.enclosed.append(Enclosed(identifier, f"{name} (fictional).txt", tuple(conditions)))
        return identifier

    def consultation(self, about: str) -> str:
        """A consultation of this side on it that was answered, or whose date has passed; empty when there is none."""
        for each in self.here.consultations.values():
            answered = not each.is_open or "" < each.reply_by < self.day
            if each.about == about and each.by == self.state and answered:
                return each.id
        return ""

    def choose(self) -> dict[str, JSON]:
        """The fields by which the body chooses this step."""
        return dict(self.step.choice.when)
