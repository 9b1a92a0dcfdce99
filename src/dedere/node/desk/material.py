"""What an act of a proceeding may refer to, beyond what the page of its case shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_case
from dedere.node.desk.recorded import proceedings, tables, text
from dedere.node.exchange.queries import partners
from dedere.node.office import office

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Material:
    """By lists of plain rows, as the record has them.

    `assurances` are those asked of this State and not answered; `clauses`, `persons` and `agreement` (its digest) are
    a joint team's; `own_acts` are letters of this State that a correction may name; `states` all that have our trust.
    """

    assurances: tuple[Mapping[str, object], ...] = ()
    clauses: tuple[Mapping[str, object], ...] = ()
    persons: tuple[Mapping[str, object], ...] = ()
    own_acts: tuple[Mapping[str, object], ...] = ()
    proceedings: tuple[Mapping[str, object], ...] = ()
    agreement: str = ""
    states: tuple[str, ...] = ()


def material_for(officer: Officer, case_id: str, proceeding: str) -> Material:
    """What an act in this proceeding may refer to; in a proceeding yet to be opened, what the case has.

    Raises:
        UnknownObjectError: the case is not this officer's.
    """
    case = require_case(officer, case_id)
    own = office().state
    every = proceedings(case)
    here = next((each for each in every if text(each, "id") == proceeding), {})
    asked = [each for each in tables(here, "assurances") if text(each, "status") == "asked"]
    found = here.get("team")
    team: Mapping[str, object] = found if isinstance(found, dict) else {}
    acts = [each for each in tables(case.state, "timeline") if text(each, "proceeding") == proceeding]
    correctable = [each for each in acts if text(each, "sender") == own and not text(each, "rule")]
    return Material(
        assurances=tuple(each for each in asked if text(each, "asked_by") != own),
        clauses=tuple(tables(team, "clauses")),
        persons=tuple(each for each in tables(team, "persons") if text(each, "state") == own),
        own_acts=tuple(each for each in correctable if text(each, "kind") != "correction"),
        proceedings=tuple(every),
        agreement=text(team, "agreement"),
        states=tuple(sorted({own, case.partner, *(partner.state for partner in partners())})),
    )
