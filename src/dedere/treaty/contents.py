"""Whether a request contains what it must: missing, weak, advice, each with its reason, provision and consequence.

Checked against the instruments relied on, what the requested State has declared, and practice; presence, quality and
the links between facts, persons and items asked for. What is not known about the law never becomes *missing*.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from dedere.treaty.contents_asked import left_out_fields
from dedere.treaty.contents_consistency import contradictions
from dedere.treaty.contents_identity import impossible_codes
from dedere.treaty.contents_links import broken_links
from dedere.treaty.contents_practice import practice_remarks
from dedere.treaty.contents_quality import weak_fields
from dedere.treaty.contents_view import ContentFinding, View, Weight, heaviest
from dedere.treaty.requestfile_schema import fields
from dedere.treaty.rule_scope import Scope, measures_named, treaties_relied_on

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from dedere.base.finding import Outcome
    from dedere.treaty.law import Law
    from dedere.treaty.requestfile import RequestFile

__all__ = ["ContentFinding", "Weight", "check_contents"]


def check_contents(
    law: Law,
    request: RequestFile,
    *,
    on: dt.date,
    instruments: Sequence[str] | None = None,
    treaties: Mapping[str, Outcome] | None = None,
) -> tuple[ContentFinding, ...]:
    """Every remark on the request, heaviest first, then in the order of the format.

    Args:
        law: the law as loaded.
        request: the request as read; the requested State is the one it names.
        on: the day of the check; days in the request are judged by it.
        instruments: ids of the instruments to check against; by default those the request relies on.
        treaties: whether each treaty inside an instrument binds both States; what is absent is not known, except
            that an instrument's own convention binds, and a protocol that the request names as its basis.

    Raises:
        LawQuestionError: `instruments` names one that does not exist.
    """
    chosen = tuple(known for known in request.instruments if known in law.instruments)
    if instruments is not None:
        chosen = tuple(law.instrument(name).instrument for name in instruments)
    scope = Scope(
        kinds=frozenset({request.kind}),
        measures=measures_named(request.measures),
        treaties={**(treaties or {}), **treaties_relied_on(law, request)},
    )
    view = View(law=law, request=request, instruments=chosen, scope=scope, on=on)
    found = [
        *impossible_codes(view),
        *left_out_fields(view),
        *weak_fields(view),
        *broken_links(view),
        *contradictions(view),
        *practice_remarks(view),
    ]
    return _ordered(_merged(found), view)


def _merged(findings: Iterable[ContentFinding]) -> list[ContentFinding]:
    """One finding for each field: the heaviest, resting on all who ask."""
    by_field: dict[str, list[ContentFinding]] = {}
    for finding in findings:
        by_field.setdefault(finding.field, []).append(finding)
    return [heaviest(group) for group in by_field.values()]


def _ordered(findings: list[ContentFinding], view: View) -> tuple[ContentFinding, ...]:
    excused = {str(row["field"]) for row in view.request.rows("request.left_out")}
    kept = [
        finding
        for finding in findings
        if finding.weight is Weight.MISSING or not excused & {finding.path, finding.field}
    ]
    weights = list(Weight)
    return tuple(sorted(kept, key=lambda finding: (weights.index(finding.weight), _place(finding))))


def _place(finding: ContentFinding) -> tuple[int, str]:
    known = _order().get(finding.path)
    return (len(_order()) if known is None else known, finding.field)


@functools.cache
def _order() -> Mapping[str, int]:
    return {path: index for index, path in enumerate(fields())}
