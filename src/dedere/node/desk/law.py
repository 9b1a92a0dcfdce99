"""The law as pages show it: instruments, their provisions with what rests on each, and who may ask whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.node.errors import UnknownObjectError
from dedere.node.office import office
from dedere.treaty.basis import legal_basis
from dedere.treaty.question import BasisQuestion
from dedere.treaty.words import RequestKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.base.finding import Finding
    from dedere.base.reference import Reference
    from dedere.treaty.model import Instrument, Provision


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """An instrument in the list; `verified` of `provisions` were read or reviewed."""

    id: str
    abbreviation: str
    title: str
    adopted: dt.date
    provisions: int
    verified: int


@dataclass(frozen=True, slots=True)
class ProvisionRow:
    """A provision in its instrument. `gist` is a paraphrase, never the treaty's words."""

    id: str
    article: str
    title: str
    gist: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class InstrumentView:
    """An instrument with its provisions in their order."""

    row: InstrumentRow
    depositary: str
    text_source: str
    languages: tuple[str, ...]
    revision: int
    provisions: tuple[ProvisionRow, ...]


@dataclass(frozen=True, slots=True)
class Rests:
    """A datum that rests on a provision: what kind of rule it is, and in which words."""

    kind: str
    words: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class ProvisionView:
    """One provision and everything the software derives from it."""

    instrument: InstrumentRow
    row: ProvisionRow
    note: str
    rests: tuple[Rests, ...]


@dataclass(frozen=True, slots=True)
class BasisAnswer:
    """Whether one instrument carries a request, with the whole tree of reasons."""

    instrument: str
    finding: Finding


def instruments() -> tuple[InstrumentRow, ...]:
    """Every instrument, the Convention first."""
    return tuple(_instrument_row(each) for each in office().law.instruments.values())


def instrument_view(instrument: str, *, text: str = "") -> InstrumentView:
    """One instrument, all its provisions or those in whose words `text` stands.

    Raises:
        UnknownObjectError: there is none of that id.
    """
    found = _instrument(instrument)
    wanted = text.casefold()
    provisions = tuple(
        _provision_row(each)
        for each in found.provisions.values()
        if wanted in f"{each.article} {each.title} {each.gist}".casefold()
    )
    return InstrumentView(
        row=_instrument_row(found),
        depositary=found.depositary,
        text_source=found.text_source,
        languages=found.authentic_languages,
        revision=found.revision,
        provisions=provisions,
    )


def provision_view(instrument: str, provision: str) -> ProvisionView:
    """One provision.

    Raises:
        UnknownObjectError: there is none of that id.
    """
    found = _instrument(instrument)
    row = found.provisions.get(provision)
    if row is None:
        raise UnknownObjectError
    return ProvisionView(_instrument_row(found), _provision_row(row), row.note, tuple(_resting(found, provision)))


def who_may_ask(*, requesting: str, requested: str, function: RequestKind, crime: str) -> tuple[BasisAnswer, ...]:
    """For every instrument, best first, whether it carries such a request between the two States today.

    Raises:
        LawQuestionError: the question names something that the law does not know.
    """
    question = BasisQuestion(
        requesting=requesting,
        requested=requested,
        function=function,
        crimes=(crime,),
        on=office().clock.now().date(),
    )
    report = legal_basis(office().law, question)
    return tuple(
        BasisAnswer(office().law.instruments[each.instrument].abbreviation, each.finding) for each in report.findings
    )


def crimes() -> tuple[tuple[str, str], ...]:
    """Every crime the law knows as (word, name), for asking."""
    law = office().law
    return tuple((word, law.crime_name(law.crime(word))) for word in law.crime_words())


def _instrument(instrument: str) -> Instrument:
    found = office().law.instruments.get(instrument)
    if found is None:
        raise UnknownObjectError
    return found


def _instrument_row(instrument: Instrument) -> InstrumentRow:
    law = office().law
    verified = sum(law.reference_of(each).verified for each in instrument.provisions.values())
    return InstrumentRow(
        id=instrument.id,
        abbreviation=instrument.abbreviation,
        title=instrument.title,
        adopted=instrument.adopted,
        provisions=len(instrument.provisions),
        verified=verified,
    )


def _provision_row(provision: Provision) -> ProvisionRow:
    return ProvisionRow(
        id=provision.id,
        article=provision.article,
        title=provision.title,
        gist=provision.gist,
        reference=office().law.reference_of(provision),
    )


def _resting(instrument: Instrument, provision: str) -> Iterator[Rests]:
    law = office().law
    for kind, rows in (
        ("contents", instrument.contents),
        ("ground", instrument.grounds),
        ("limit", instrument.limits),
        ("duty", instrument.duties),
        ("assurance", tuple(instrument.assurances.values())),
        ("form", instrument.forms),
        ("channel", instrument.channels),
    ):
        for row in rows:
            if row.provision == provision:
                yield Rests(kind, _words_of(row), law.reference_of(row))


def _words_of(row: object) -> str:
    """The row's own words; every kind of row has one of these."""
    for name in ("title", "gist", "ask", "text", "name", "id"):
        found = getattr(row, name, "")
        if isinstance(found, str) and found:
            return found
    return ""
