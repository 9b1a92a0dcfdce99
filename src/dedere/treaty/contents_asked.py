"""What the instruments ask for and the request leaves out, field by field and row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.base.finding import Outcome
from dedere.treaty.contents_conditions import applies, deciding_field
from dedere.treaty.contents_view import ContentFinding, View, Weight
from dedere.treaty.requestfile_schema import fields
from dedere.treaty.rule_scope import treaty_name
from dedere.treaty.words import Measure, Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.treaty.model import Content

_WEIGHTS = {Need.MUST: Weight.MISSING, Need.WHERE_POSSIBLE: Weight.WEAK, Need.SHOULD: Weight.ADVICE}


def left_out_fields(view: View) -> Iterator[ContentFinding]:
    """One finding for each content that is asked for in this situation and absent from the request."""
    for row in view.rows:
        outcome = applies(row, view)
        if outcome is Outcome.UNSETTLED:
            yield _undecided(row, view)
        elif outcome is Outcome.HOLDS:
            for field in _absent_at(row, view):
                yield _absent(row, view, field=field)


def _absent(row: Content, view: View, *, field: str) -> ContentFinding:
    weight = _WEIGHTS[row.need]
    doubt = ""
    if view.scope.binds(row) is Outcome.UNSETTLED:
        # Not known never becomes missing: whether the protocol binds both States is for the legal basis to say.
        weight = Weight.ADVICE
        treaty = treaty_name(view.law, row.source_treaty)
        doubt = f" It is asked for where {treaty} binds both States, which is not known."
    return ContentFinding(
        weight=weight,
        field=field,
        path=row.field,
        ask=row.ask,
        reason=f"Not given: {row.ask[0].lower()}{row.ask[1:].rstrip('.')}. {row.why}{doubt}",
        consequence=row.if_missing,
        references=(view.law.reference_of(row),),
    )


def _undecided(row: Content, view: View) -> ContentFinding:
    field = deciding_field(row)
    return ContentFinding(
        weight=Weight.MISSING,
        field=field,
        path=field,
        ask=fields()[field].description,
        reason=f"Not given: {fields()[field].description.lower()}. It decides which documents are owed.",
        consequence=row.if_missing,
        references=(view.law.reference_of(row),),
    )


def _absent_at(row: Content, view: View) -> Iterator[str]:
    if row.field.startswith("measure.") and row.measure is not None:
        yield from absent_details(row.field, view, measure=row.measure)
        return
    for found in view.request.located(row.field):
        if found.value is None and not _answered_otherwise(row.field, found.path, view):
            yield found.path


def absent_details(path: str, view: View, *, measure: Measure) -> Iterator[str]:
    """Where the items of a measure lack a detail: each detail row without it, once for all items without a row."""
    _, group, leaf = path.split(".", 2)
    details = view.request.rows(f"measure.{group}")
    located = view.request.located(path)
    for item in view.items:
        if not Measure(item.measure).refines(measure):
            continue
        mine = [index for index, detail in enumerate(details) if item.id in _links(detail.get("for"))]
        for index in mine:
            if located[index].value is None:
                yield f"measure.{group}[{index + 1}].{leaf}"
        if not mine:
            yield f"measure.{group}.{leaf}"


def _links(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else ()


def _answered_otherwise(path: str, field: str, view: View) -> bool:
    """Whether an absent field is answered by another one, or must not be given at all."""
    if path == "request.crime.convention_paragraph":
        return bool(view.request.crimes) and _has_annex(field, view)
    if path.startswith("request.persons."):
        return _is_protected(field, view)
    return False


def _has_annex(field: str, view: View) -> bool:
    return view.request.crimes[_index(field)].annex != ""


def _is_protected(field: str, view: View) -> bool:
    return view.persons[_index(field)].protected


def _index(field: str) -> int:
    return int(field[field.index("[") + 1 : field.index("]")]) - 1
