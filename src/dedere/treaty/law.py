"""`Law`: all instruments, the register of parties and practice, as one immutable value, everything findable by id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.reference import Reference, Status
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.register import PartyRow
from dedere.treaty.wording import say_day
from dedere.treaty.words import RequestKind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from dedere.treaty.model import (
        Assurance,
        Channel,
        Check,
        Content,
        Duty,
        Form,
        Ground,
        Instrument,
        Limit,
        Provision,
        Row,
        Threshold,
        Treaty,
    )
    from dedere.treaty.register import State
    from dedere.treaty.vocabulary import Vocabulary


@dataclass(frozen=True, repr=False)
class Law:
    """The law as loaded: packaged data, the overlays of a node, and the reviews of its lawyers.

    The tuples run over all instruments, in the order of the instruments and of their files.
    """

    instruments: Mapping[str, Instrument]
    practice: tuple[Check, ...]
    vocabulary: Vocabulary
    states: Mapping[str, State]
    parties: Mapping[str, tuple[PartyRow, ...]]
    """The rows of the register by treaty, in order of day, undated ones last."""
    by_state: Mapping[tuple[str, str], tuple[PartyRow, ...]]
    """The same rows by treaty and State."""
    treaties: Mapping[str, Treaty]
    rows: Mapping[str, Row | PartyRow]
    """Every row by datum, e.g. `lhc/ext.ground.national`."""
    references: Mapping[str, Reference]
    """What a finding that rests on a provision cites, by the provision's datum."""

    def __repr__(self) -> str:
        return f"<Law: {', '.join(self.instruments)}; {len(self.rows)} rows>"

    @property
    def provisions(self) -> tuple[Provision, ...]:
        """All provisions."""
        return tuple(row for each in self.instruments.values() for row in each.provisions.values())

    @property
    def contents(self) -> tuple[Content, ...]:
        """What requests must contain."""
        return tuple(row for each in self.instruments.values() for row in each.contents)

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """Grounds of refusal, and those that may not be used."""
        return tuple(row for each in self.instruments.values() for row in each.grounds)

    @property
    def assurances(self) -> tuple[Assurance, ...]:
        """Assurances."""
        return tuple(row for each in self.instruments.values() for row in each.assurances.values())

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Time limits."""
        return tuple(row for each in self.instruments.values() for row in each.limits)

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        """Quantities that are not time limits."""
        return tuple(row for each in self.instruments.values() for row in each.thresholds)

    @property
    def duties(self) -> tuple[Duty, ...]:
        """Duties without a number."""
        return tuple(row for each in self.instruments.values() for row in each.duties)

    @property
    def forms(self) -> tuple[Form, ...]:
        """Forms of cooperation."""
        return tuple(row for each in self.instruments.values() for row in each.forms)

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Channels."""
        return tuple(row for each in self.instruments.values() for row in each.channels)

    def instrument(self, instrument: str) -> Instrument:
        """The instrument of that id.

        Raises:
            LawQuestionError: there is none.
        """
        found = self.instruments.get(instrument.lower())
        if found is None:
            known = ", ".join(self.instruments)
            raise LawQuestionError(f"There is no instrument {instrument!r}; there are {known}.")
        return found

    def treaty(self, treaty: str) -> Treaty:
        """The treaty of that id; protocols have their own.

        Raises:
            LawQuestionError: there is none.
        """
        found = self.treaties.get(treaty.lower())
        if found is None:
            raise LawQuestionError(f"There is no treaty {treaty!r}; there are {', '.join(self.treaties)}.")
        return found

    def day(self, on: dt.date) -> dt.date:
        """`on`, a day to ask about: some instrument had been adopted by then.

        Raises:
            LawQuestionError: none had.
        """
        first = min(self.treaties.values(), key=lambda treaty: treaty.adopted)
        if on < first.adopted:
            raise LawQuestionError(
                f"No instrument known here had been adopted on {say_day(on)}; "
                f"the first was {first.abbreviation}, on {say_day(first.adopted)}."
            )
        return on

    def state(self, code: str) -> State:
        """The State with that alpha-2 code, in capital or small letters.

        Raises:
            LawQuestionError: there is none.
        """
        found = self.states.get(code.upper())
        if found is None:
            raise LawQuestionError(f"There is no State with the code {code!r}; codes are ISO 3166 alpha-2, such as NL.")
        return found

    def crime(self, name: str) -> str:
        """The code of a crime, or the label of conduct, from its code or word in capital or small letters.

        Raises:
            LawQuestionError: no instrument and no label knows it.
        """
        wanted = name.strip().lower()
        for each in self.instruments.values():
            for crime in each.crimes.values():
                if wanted in {crime.id.lower(), crime.word}:
                    return crime.id
        if wanted in self.vocabulary.labels:
            return wanted
        raise LawQuestionError(f"No instrument knows a crime {name!r}; known are {', '.join(self.crime_words())}.")

    def crime_name(self, code: str) -> str:
        """The name for people of a crime's code or a label."""
        for each in self.instruments.values():
            if code in each.crimes:
                return each.crimes[code].name
        return self.vocabulary.labels[code]

    def crime_words(self) -> tuple[str, ...]:
        """Every word by which a crime or conduct can be named, instruments in order, labels last."""
        found: dict[str, None] = {}
        for each in self.instruments.values():
            found.update(dict.fromkeys(crime.word for crime in each.crimes.values()))
        found.update(dict.fromkeys(self.vocabulary.labels))
        return tuple(found)

    def function(self, name: str) -> RequestKind:
        """The function of that name.

        Raises:
            LawQuestionError: there is none.
        """
        if name not in set(RequestKind) - {RequestKind.ANY}:
            known = ", ".join(kind for kind in RequestKind if kind is not RequestKind.ANY)
            raise LawQuestionError(f"There is no function {name!r}; there are {known}.")
        return RequestKind(name)

    def reference(self, instrument: str, provision_id: str) -> Reference:
        """What a finding that rests on a provision cites.

        Raises:
            LawQuestionError: there is no such provision.
        """
        found = self.references.get(f"{instrument}/{provision_id}")
        if found is None:
            raise LawQuestionError(f"There is no provision {provision_id!r} in {instrument!r}.")
        return found

    def reference_of(self, row: Row | PartyRow) -> Reference:
        """What a finding that rests on this row cites: the place of its provision, and how the row itself is known."""
        if isinstance(row, PartyRow):
            return row.reference()
        return reference_of_row(row, self.instruments[row.instrument])


def reference_of_row(row: Row, instrument: Instrument) -> Reference:
    """The reference of a row: its provision's place, its own status, source and review."""
    provision = instrument.provisions.get(row.provision or row.id)
    inferred = f"inferred from {row.model}" if row.model else ""
    source = row.source or inferred or (provision.source if provision else "")
    return Reference(
        place=place_of(provision, instrument) if provision else instrument.abbreviation,
        datum=row.datum,
        source=source or instrument.source,
        status=row.status,
        confidence=row.confidence,
        verified_by=row.verified_by,
    )


def place_of(provision: Provision, instrument: Instrument) -> str:
    """What a lawyer would cite, e.g. "UNCAC Art. 46(15)"; working numbers of the LHC are marked as such."""
    article = provision.article
    treaty = instrument.treaties.get(provision.source_treaty)
    amends = " as " in article or " by " in article
    abbreviation = instrument.abbreviation if treaty is None or amends else treaty.abbreviation
    place = f"{abbreviation} Art. {article}" if article[0].isdigit() else f"{abbreviation} {article}"
    settled = provision.verified_by or provision.article_status in {None, Status.READ, Status.REPORTED}
    return place if settled else f"{place} (working number)"
