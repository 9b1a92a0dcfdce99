"""The grounds of refusal in a proceeding as a page offers them: what comes first, each ground and its finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.fold import fold
from dedere.casework.refusing import grounds_for, quoted
from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_case
from dedere.node.cases.actions.record import recorded_acts
from dedere.node.cases.lawful import refusal_setting
from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.treaty.words import Effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.base.finding import Finding
    from dedere.base.reference import Reference
    from dedere.casework.acts import JSON
    from dedere.treaty.grounds import Cure, GroundAssessment, Step


@dataclass(frozen=True, slots=True)
class GroundRow:
    """One ground on these facts. `quote` is how a refusal quotes it; `question` what its choice has to answer."""

    datum: str
    title: str
    gist: str
    may_be_chosen: bool
    question: str
    finding: Finding
    references: tuple[Reference, ...]
    warnings: tuple[str, ...]
    cure: Cure | None
    quote: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class GroundsView:
    """What comes before a refusal, the grounds that carry one, and what can be tried instead."""

    before: tuple[Step, ...]
    grounds: tuple[GroundRow, ...]
    alternatives: tuple[str, ...]


def grounds_of(officer: Officer, case_id: str, proceeding: str) -> GroundsView:
    """The grounds in one proceeding of a case, those that may be chosen first.

    Raises:
        UnknownObjectError: the case is not this officer's, or has no such proceeding.
    """
    case = require_case(officer, case_id)
    state = fold(case.pk, recorded_acts(case))
    here = state.docket.proceedings.get(proceeding)
    if here is None:
        raise UnknownObjectError
    partner = next(iter(here.others(office().state)), case.partner)
    report = grounds_for(state, proceeding, law=office().law, setting=refusal_setting(partner))
    refusing = [each for each in report.assessments if each.effect is not Effect.POSTPONE]
    alternatives = dict.fromkeys(each.value for ground in refusing for each in ground.alternatives)
    rows = sorted(map(_row, refusing), key=lambda row: not row.may_be_chosen)
    return GroundsView(report.before_refusal, tuple(rows), tuple(alternatives))


def _row(found: GroundAssessment) -> GroundRow:
    return GroundRow(
        datum=found.datum,
        title=found.title,
        gist=found.gist,
        may_be_chosen=found.may_be_chosen,
        question=found.question,
        finding=found.finding,
        references=found.finding.all_references(),
        warnings=found.warnings,
        cure=found.cure,
        quote=quoted(found, office().law),
    )
