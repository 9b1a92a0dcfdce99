"""What the law's data finds in a draft request: contents that are missing or weak, and the legal basis as a tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.base.finding import Finding
from dedere.casework.acts import ActKind
from dedere.node.office import office
from dedere.treaty.basis import legal_basis
from dedere.treaty.contents import check_contents
from dedere.treaty.question import BasisQuestion, ConductDates
from dedere.treaty.requestfile import RequestFile, RequestFileError, request_from_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.base.reference import Reference
    from dedere.node.cases.models import Draft
    from dedere.treaty.contents import ContentFinding


@dataclass(frozen=True, slots=True)
class DraftFinding:
    """One remark. `path` is the data path with rows counted from 1.

    `advice` names the practice check that an officer can note as considered; it is empty for everything else.
    """

    severity: str
    path: str
    ask: str
    sentence: str
    consequence: str
    references: tuple[Reference, ...]
    advice: str = ""


def findings_of(draft: Draft) -> tuple[DraftFinding, ...]:
    """Every remark on a draft request, heaviest first; none for an act of another kind."""
    if draft.kind != ActKind.REQUEST:
        return ()
    return findings_in(draft.body.get("request", {}))


def findings_in(tables: Mapping[str, object]) -> tuple[DraftFinding, ...]:
    """Every remark on the tables of a request, also where they are not in the format yet."""
    try:
        request = request_from_tables(tables, name="draft")
    except RequestFileError as error:
        return tuple(
            DraftFinding("missing", problem.path, problem.path, problem.sentence, "", ()) for problem in error.problems
        )
    return tuple(map(_finding, check_contents(office().law, request, on=office().clock.now().date())))


def basis_of(draft: Draft) -> tuple[Finding, ...]:
    """For each instrument relied on, or the best one, whether it carries the request; empty until it can be asked."""
    if draft.kind != ActKind.REQUEST:
        return ()
    try:
        request = request_from_tables(draft.body.get("request", {}), name="draft")
        report = legal_basis(office().law, _question(request))
    except InputError:
        # An unfinished request names no crime yet, or one that the law does not know: the contents check says so.
        return ()
    relied_on = [each.finding for each in report.findings if each.instrument in request.instruments]
    return tuple(relied_on or [report.best.finding])


def _question(request: RequestFile) -> BasisQuestion:
    law = office().law
    days = [day for fact in request.facts for day in (fact.begins, fact.ends) if day is not None]
    return BasisQuestion(
        requesting=request.requesting,
        requested=request.requested,
        function=law.function(request.kind),
        crimes=tuple(crime.code for crime in request.crimes),
        on=office().clock.now().date(),
        conduct=ConductDates(min(days), max(days)) if days else None,
    )


def _finding(found: ContentFinding) -> DraftFinding:
    practice = [reference.datum for reference in found.references if reference.datum.startswith("practice.")]
    return DraftFinding(
        severity=found.weight.value,
        path=found.field,
        ask=found.ask,
        sentence=found.reason,
        consequence=found.consequence,
        references=found.references,
        advice=practice[0] if found.weight == "advice" and practice else "",
    )
