"""A new request file with every field its kind and measure need, each with why and where that stands."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from dedere.base.reference import Reference, Status
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.requestfile_links import SECTIONS
from dedere.treaty.requestfile_schema import FORMAT, Field, Shape, fields
from dedere.treaty.rule_scope import Scope, check_reference
from dedere.treaty.words import Measure, Phase, RequestKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.treaty.law import Law
    from dedere.treaty.model import Content

_WIDTH = 116
_MLA_ONLY = ("request.assistance", "request.use_limits", "request.informal_contacts")
_STATE = "XX"
"""Stands where a State's code belongs; no State has it, so the contents check asks for it."""


def new_request_file(law: Law, kind: str, measure: str = "", *, instruments: tuple[str, ...] = ()) -> str:
    """A commented TOML file that can be read at once and filled in from top to bottom.

    Args:
        law: the law as loaded.
        kind: kind of request, e.g. `mla`.
        measure: for `mla`, the form of assistance; further items are added by copying.
        instruments: ids of the instruments to be relied on; by default the Convention.

    Raises:
        LawQuestionError: an unknown kind, measure or instrument, or a measure for a kind that has none.
    """
    chosen = tuple(law.instrument(name).instrument for name in instruments) or tuple(law.instruments)[:1]
    function = law.function(kind)
    template = _Template(law, function, _measure(function, measure), chosen)
    return "\n".join(template.lines()) + "\n"


def _measure(kind: RequestKind, name: str) -> Measure | None:
    if not name:
        return None
    if kind is not RequestKind.MLA:
        raise LawQuestionError(f"A measure is chosen for assistance only, not for {kind.phrase}.")
    if name not in set(Measure):
        raise LawQuestionError(f"There is no measure {name!r}; there are {', '.join(Measure)}.")
    return Measure(name)


class _Template:
    """Writes one file; asks the law field by field who wants it."""

    def __init__(self, law: Law, kind: RequestKind, measure: Measure | None, instruments: tuple[str, ...]) -> None:
        self._law = law
        self._kind = kind
        self._measure = measure
        self._instruments = instruments
        self._asked = self._rows_by_path()

    def lines(self) -> Iterator[str]:
        yield from _comment(
            f"A request for {self._kind.phrase}. Lines that begin with # explain; fill in what they ask."
        )
        yield from _comment('A text left as "" and a list left as [] count as not given. Days are written 2026-11-24.')
        yield ""
        yield f'format = "{FORMAT}"'
        known = fields()
        for section in ("request", *SECTIONS[self._kind.value]):
            if section != "measure" or self._measure is not None:
                yield from self._table(known[section])

    def _rows_by_path(self) -> dict[str, list[Content]]:
        measures = (self._measure,) if self._measure else ()
        scope = Scope(kinds=frozenset({self._kind.value}), measures=measures)
        found: dict[str, list[Content]] = {}
        for name in self._instruments:
            for row in self._law.instrument(name).contents:
                if scope.wants(row) and (self._measure is not None or row.measure is None or self._kind != "mla"):
                    found.setdefault(row.field, []).append(row)
        return found

    def _table(self, table: Field) -> Iterator[str]:
        if not self._is_wanted(table):
            return
        inside = [field for path, field in fields().items() if path.rpartition(".")[0] == table.path]
        yield ""
        yield from _comment(table.description + ("; copy this block for more." if table.shape is Shape.ROWS else "."))
        yield f"[[{table.path}]]" if table.shape is Shape.ROWS else f"[{table.path}]"
        for field in inside:
            if field.shape not in {Shape.GROUP, Shape.ROWS} and self._is_wanted(field):
                yield from self._line(field)
        for field in inside:
            if field.shape in {Shape.GROUP, Shape.ROWS}:
                yield from self._table(field)

    def _is_wanted(self, field: Field) -> bool:
        path = field.path
        if path.startswith(_MLA_ONLY) and self._kind is not RequestKind.MLA:
            return False
        if path.startswith("measure."):
            group = ".".join(path.split(".")[:2])
            return any(asked == group or asked.startswith(f"{group}.") for asked in self._asked)
        if path.startswith("request.scope"):
            return any(asked.startswith("request.scope.") for asked in self._asked)
        return path not in {"request.left_out", "request.assurances"}

    def _line(self, field: Field) -> Iterator[str]:
        yield from self._reasons(field)
        value = self._value(field)
        # What cannot be blank - a day, a yes or no, a number, a choice - stands as a comment until it is known.
        yield f"{field.path.rpartition('.')[2]} = {value}" if value else f"# {field.path.rpartition('.')[2]} ="

    def _reasons(self, field: Field) -> Iterator[str]:
        rows = self._asked.get(field.path, [])
        yield from _comment((rows[0].ask if rows else field.description) + ".")
        if rows:
            yield from _comment(f"Why: {rows[0].why}")
        for row in rows:
            yield from _comment(f"{row.need.value}: {provenance(self._law.reference_of(row))}.")
        for check in self._law.practice:
            if field.path in check.fields and check.phase in {Phase.DRAFT, Phase.SEND}:
                yield from _comment(f"Practice ({check_reference(check).datum}): {check.check}")
        if field.choices:
            yield from _comment(f"One of: {', '.join(field.choices)}")

    def _value(self, field: Field) -> str:
        fixed = {
            "request.kind": f'"{self._kind.value}"',
            "request.requesting_state": f'"{_STATE}"',
            "request.requested_state": f'"{_STATE}"',
            "request.assistance.items.measure": f'"{self._measure.value}"' if self._measure else '"other"',
            "request.legal_basis.instruments": _list(self._instruments),
        }
        if field.path in fixed:
            return fixed[field.path]
        if field.path in _IDS:
            return f'"{_IDS[field.path]}"'
        if field.path.startswith("measure.") and field.path.endswith(".for"):
            return '["item-1"]'
        return "" if field.has_form else _BLANKS.get(field.shape, "")


_IDS = {
    "request.facts.statements.id": "fact-1",
    "request.persons.id": "person-1",
    "request.assistance.items.id": "item-1",
    "request.annexes.id": "annex-1",
    "request.annexes.path": "annex-1.pdf",
    "request.annexes.title": "Title of the annex",
    "request.annexes.media_type": "application/pdf",
    "request.crime.code": "genocide",
    "extradition.assurances.offered.kind": "assurance.death-penalty",
}
_BLANKS = {Shape.TEXT: '""', Shape.LINKS: "[]", Shape.WORDS: "[]"}


def _list(words: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _comment(text: str) -> Iterator[str]:
    for line in textwrap.wrap(text.replace("..", "."), _WIDTH, break_on_hyphens=False):
        yield f"# {line}"


def provenance(reference: Reference) -> str:
    """Where a demand stands and how far it is known, in words: never an unread row as the treaty's own."""
    if reference.verified:
        checked = f", confirmed by {reference.verified_by}" if reference.verified_by else ""
        return f"{reference.place}{checked}"
    how = {
        Status.REPORTED: "reported by others",
        Status.RECALLED: "recalled",
        Status.MODELLED: "expected",
        Status.UNSETTLED: "not settled",
        Status.READ: "demonstration data",
    }[reference.status]
    source = f", {reference.source}" if reference.source else ""
    return f"{reference.place}: {how}{source}, not yet checked"
