"""What the law's data finds in a draft request: contents that are missing or weak, and the legal basis as a tree."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.base.finding import Finding
from dedere.node.office import office
from dedere.treaty.basis import legal_basis
from dedere.treaty.contents import check_contents
from dedere.treaty.question import BasisQuestion, ConductDates
from dedere.treaty.requestfile import Problem, RequestFile, RequestFileError, request_from_tables
from dedere.treaty.requestfile_schema import fields

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
    if "request" not in draft.body:
        return ()
    return findings_in(draft.body.get("request", {}))


def findings_in(tables: Mapping[str, object]) -> tuple[DraftFinding, ...]:
    """Every remark on the tables of a request, also where some of them are not in the format yet."""
    request, problems = _read_as_far_as_possible(tables)
    found = [_format_finding(problem) for problem in problems]
    if request is not None:
        found += map(_finding, check_contents(office().law, request, on=office().clock.now().date()))
    return tuple(found)


def basis_of(draft: Draft) -> tuple[Finding, ...]:
    """For each instrument relied on, or the best one, whether it carries the request; empty until it can be asked."""
    if "request" not in draft.body:
        return ()
    try:
        request = request_from_tables(draft.body.get("request", {}), name="draft")
        report = legal_basis(office().law, _question(request))
    except InputError:
        # An unfinished request names no crime yet, or one that the law does not know: the contents check says so.
        return ()
    relied_on = [each.finding for each in report.findings if each.instrument in request.instruments]
    return tuple(relied_on or [report.best.finding])


def _read_as_far_as_possible(tables: Mapping[str, object]) -> tuple[RequestFile | None, list[Problem]]:
    """The request without the fields that are not in the format, and what was wrong with these.

    Taking a field out can show a second problem, such as a row that lacks what it needs, so it is tried again.
    """
    rest = copy.deepcopy(dict(tables))
    problems: list[Problem] = []
    for _attempt in range(_ATTEMPTS):
        try:
            return request_from_tables(rest, name="draft"), problems
        except RequestFileError as error:
            problems += [problem for problem in error.problems if problem not in problems]
            for problem in error.problems:
                _take_out(rest, problem.path)
    return None, problems


def _take_out(tables: dict[str, object], path: str) -> None:
    """Take out the innermost field or row on a path that is there; a field that is missing takes its row along."""
    above: object = None
    last: object = None
    here: object = tables
    for step in re.findall(r"[^.\[\]]+", path):
        key: object = int(step) - 1 if isinstance(here, list) and step.isdigit() else step
        try:
            inside = here[key]  # type: ignore[index] # a table or a list; anything else ends the walk
        except (KeyError, IndexError, TypeError):
            break
        above, last, here = here, key, inside
    if isinstance(above, dict | list) and above is not tables:
        del above[last]  # type: ignore[arg-type] # the key by which it was found


_ATTEMPTS = 4


def _format_finding(problem: Problem) -> DraftFinding:
    field = fields().get(re.sub(r"\[\d+\]", "", problem.path))
    ask = field.description if field else problem.path
    return DraftFinding("missing", problem.path, ask, problem.expected, "", ())


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
