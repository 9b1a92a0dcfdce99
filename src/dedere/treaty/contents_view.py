"""What a contents check looks at: the request, the law that asks, the day; and what it remarks."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from dedere.base.reference import Confidence, Reference, Status
from dedere.treaty.rule_scope import Scope, check_reference, measures_named
from dedere.treaty.words import Measure, Phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dedere.treaty.law import Law
    from dedere.treaty.model import Check, Content
    from dedere.treaty.requestfile import RequestFile
    from dedere.treaty.requestfile_rows import ItemAsked, Person


class Weight(enum.StrEnum):
    """How heavily a remark weighs, heaviest first."""

    MISSING = "missing"
    WEAK = "weak"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class ContentFinding:
    """One remark on a request: which field, what is wrong, why it is asked, what happens if it stays so.

    `field` counts rows from 1; `path` is the data path without rows; `ask` is the field's label. `references` are
    the provisions and practice checks that ask for it, at least one.
    """

    weight: Weight
    field: str
    path: str
    ask: str
    reason: str
    consequence: str
    references: tuple[Reference, ...]

    @property
    def verified(self) -> bool:
        """Whether at least one of the places that ask for it has been read or reviewed."""
        return any(reference.verified for reference in self.references)

    def as_json(self) -> dict[str, object]:
        """The finding as plain data, always the same keys in the same order."""
        return {
            "weight": self.weight.value,
            "field": self.field,
            "path": self.path,
            "ask": self.ask,
            "reason": self.reason,
            "consequence": self.consequence,
            "verified": self.verified,
            "references": [reference.as_json() for reference in self.references],
        }


FORMAT_REFERENCE = Reference(
    place="request file format",
    datum="dedere-request/1",
    source="docs/use/request-file.md",
    status=Status.READ,
    confidence=Confidence.CERTAIN,
)
"""For what the file itself must be, whatever the law asks: dates that can be, codes that exist."""

_DRAFTING = frozenset({Phase.DRAFT, Phase.SEND})
_GENERAL = frozenset({"mla", "extradition", "transfer"})
_HEARINGS = (Measure.STATEMENT, Measure.HEARING_VIDEO, Measure.HEARING_TELEPHONE)
_WITNESSES = frozenset({"witness", "victim", "expert"})


@dataclass(frozen=True)
class View:
    """A request beside the law that is put to it. `on` is the day of the check."""

    law: Law
    request: RequestFile
    instruments: tuple[str, ...]
    scope: Scope
    on: dt.date

    @cached_property
    def items(self) -> tuple[ItemAsked, ...]:
        """The items asked for."""
        return self.request.items

    @cached_property
    def persons(self) -> tuple[Person, ...]:
        """The persons concerned."""
        return self.request.persons

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The measures asked for."""
        return measures_named(self.request.measures)

    @cached_property
    def heard(self) -> frozenset[str]:
        """Ids of the persons whom an item wants heard, in whatever form."""
        return frozenset(person for item in self.items if is_hearing(item) for person in item.persons)

    @cached_property
    def rows(self) -> tuple[Content, ...]:
        """The content rows of the instruments relied on that concern this kind of request."""
        return tuple(
            row
            for name in self.instruments
            for row in self.law.instrument(name).contents
            if self.scope.wants(row) and self._is_reached(row)
        )

    @cached_property
    def asked(self) -> Mapping[str, tuple[Content, ...]]:
        """The same rows by data path."""
        found: dict[str, tuple[Content, ...]] = {}
        for row in self.rows:
            found[row.field] = (*found.get(row.field, ()), row)
        return found

    @cached_property
    def checks(self) -> Mapping[str, Check]:
        """The practice checks for drafting and sending that concern this request and were not ticked as considered."""
        considered = set(self.request.words("request.considered"))
        return {
            check.id: check
            for check in self.law.practice
            if check.phase in _DRAFTING and check.id not in considered and self._concerns(check)
        }

    @cached_property
    def _tags(self) -> frozenset[str]:
        tags = {self.request.kind}
        if self.heard:
            tags.add("hearing")
        if any(person.role in _WITNESSES for person in self.persons):
            tags.add("witness")
        return frozenset(tags)

    def _concerns(self, check: Check) -> bool:
        # A check for assistance, extradition and transfer alike is good practice for every kind of request.
        return bool(self._tags & set(check.applies_to)) or set(check.applies_to) >= _GENERAL

    def _is_reached(self, row: Content) -> bool:
        # Without an item nothing is known of the measures, so no row of a measure is asked for.
        if not self.measures:
            return row.measure is None
        return not all(any(measure.refines(excepted) for excepted in row.except_measures) for measure in self.measures)

    def references_for(self, path: str, *, check: str = "") -> tuple[Reference, ...]:
        """Who asks for a field: the provisions first, then the practice check named; the format if nobody does."""
        found = [self.law.reference_of(row) for row in self.asked.get(path, ())]
        found += [check_reference(each) for each in self.law.practice if each.id == check]
        return tuple(found) or (FORMAT_REFERENCE,)


def is_hearing(item: ItemAsked) -> bool:
    """Whether an item wants a person heard."""
    return any(Measure(item.measure).refines(hearing) for hearing in _HEARINGS)


def heaviest(findings: Iterable[ContentFinding]) -> ContentFinding:
    """The heaviest of several findings on one field, with the references of all of them."""
    ordered = sorted(findings, key=lambda finding: list(Weight).index(finding.weight))
    first = ordered[0]
    references = dict.fromkeys(reference for finding in ordered for reference in finding.references)
    return ContentFinding(
        weight=first.weight,
        field=first.field,
        path=first.path,
        ask=first.ask,
        reason=first.reason,
        consequence=first.consequence,
        references=tuple(references),
    )
