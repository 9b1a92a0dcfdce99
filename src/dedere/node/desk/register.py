"""The register as pages show it: what binds a State, what it declared, and its authority's cards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.node.errors import UnknownObjectError
from dedere.node.exchange.queries import PartnerCardView, PartnerRow, partner_card_view, partners
from dedere.node.office import office

if TYPE_CHECKING:
    from dedere.base.reference import Reference


@dataclass(frozen=True, slots=True)
class StateRow:
    """A State in the register. `partner` is its authority's card, if one is pinned."""

    state: str
    partner: PartnerRow | None
    demonstration: bool


@dataclass(frozen=True, slots=True)
class ActRow:
    """What a State did towards a treaty."""

    day: dt.date | None
    effective: dt.date | None
    treaty: str
    action: str
    gist: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class StateView:
    """One State."""

    state: str
    acts: tuple[ActRow, ...]
    card: PartnerCardView | None


def states() -> tuple[StateRow, ...]:
    """The States whose authority's card is pinned, and those that did something towards the Convention."""
    law = office().law
    cards = {row.state: row for row in partners()}
    acted: dict[str, bool] = {}
    for row in law.parties.get("lhc", ()):
        if row.state:
            acted[row.state] = acted.get(row.state, False) or row.demonstration
    listed = sorted({*cards, *acted} - {office().state})
    return tuple(StateRow(state, cards.get(state), acted.get(state, False)) for state in listed)


def state_view(state: str) -> StateView:
    """One State with everything it did that this office knows of, newest first.

    Raises:
        UnknownObjectError: there is no such State.
    """
    law = office().law
    try:
        law.state(state)
    except InputError as error:
        raise UnknownObjectError from error
    rows = [row for treaty in law.parties.values() for row in treaty if row.state == state]
    rows.sort(key=lambda row: row.date or dt.date.min, reverse=True)
    acts = tuple(
        ActRow(row.date, row.effective, law.treaties[row.treaty].title, row.action.value, row.gist, row.reference())
        for row in rows
    )
    return StateView(state, acts, partner_card_view(state))
