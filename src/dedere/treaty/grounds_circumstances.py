"""What the request itself says about the circumstances of each ground, and the question where it says nothing.

An answer given by the officer always comes before what is read off the request. What neither says is not known, and
stays a question; it never becomes yes or no by itself.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from dedere.base.errors import DefectError
from dedere.base.finding import Outcome
from dedere.treaty.statements import in_effect_rows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from dedere.treaty.assurances import Assurance
    from dedere.treaty.law import Law
    from dedere.treaty.model import Instrument, Threshold
    from dedere.treaty.requestfile import RequestFile
    from dedere.treaty.rule_scope import Scope


@dataclass(frozen=True, slots=True)
class Circumstance:
    """Whether a ground's own circumstance is there, how that is known, and the question to ask if it is not."""

    outcome: Outcome
    how: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFacts:
    """The officer's answers by ground, the assurances exchanged, the day, and whether the contents are lacking."""

    answers: Mapping[str, Outcome]
    assurances: tuple[Assurance, ...]
    on: dt.date
    lacking: bool | None


@dataclass(frozen=True, slots=True)
class Situation:
    """The law, the request, the instrument whose grounds are looked at, which of its treaties bind, what is known."""

    law: Law
    request: RequestFile
    instrument: Instrument
    scope: Scope
    known: KnownFacts


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of the package's data: by ground, and which ground a bar rules out."""

    ask: Mapping[str, str]
    bars: Mapping[str, str]


@functools.cache
def questions() -> Questions:
    """The packaged questions."""
    file = resources.files("dedere.treaty") / "data" / "questions" / "grounds.toml"
    loaded = tomllib.loads(file.read_text(encoding="utf-8"))
    if set(loaded) != {"schema", "revision", "ask", "bars"}:
        raise DefectError("The packaged questions about grounds have another form.")
    return Questions(ask=loaded["ask"], bars=loaded["bars"])


def circumstance_of(ground: str, situation: Situation) -> Circumstance:
    """What is known of a ground's circumstance, by the ground's id within its instrument."""
    question = questions().ask.get(ground, "Is the circumstance of this ground there?")
    answer = situation.known.answers.get(ground)
    if answer is not None and answer is not Outcome.UNSETTLED:
        return Circumstance(answer, "answered by the officer", question)
    read = _READ_OFF.get(ground)
    found = read(situation) if read is not None else None
    if found is None:
        return Circumstance(Outcome.UNSETTLED, "not known", question)
    outcome = Outcome.HOLDS if found[0] else Outcome.DOES_NOT_HOLD
    return Circumstance(outcome, found[1], question)


def _flag(path: str, *, meaning: bool, how: str) -> Callable[[Situation], tuple[bool, str] | None]:
    def read(situation: Situation) -> tuple[bool, str] | None:
        said = situation.request.flag(path)
        return None if said is None else (said is meaning, how)

    return read


def _absentia(situation: Situation) -> tuple[bool, str] | None:
    request = situation.request
    if request.text("extradition.sought_as") == "accused":
        return False, "the person is sought for trial, not under a judgment"
    if request.flag("extradition.judgment.in_absentia") is False:
        return False, "the request says that the judgment was not given in absentia"
    return None


def _life(situation: Situation) -> tuple[bool, str] | None:
    if situation.request.flag("extradition.offence.life_sentence_possible") is False:
        return False, "the request says that life imprisonment cannot be imposed"
    return None


def _nationality(situation: Situation, *, state: str) -> bool | None:
    """Whether the person the request is about is a national of a State, as far as the request says."""
    request = situation.request
    moved = {request.text(path) for path in _PERSON_PATHS} - {""}
    for person in request.persons:
        if person.id in moved and person.nationality:
            if state in person.nationality:
                return True
            # A State that has said whom it treats as its nationals may count others; then a "no" is not settled.
            return None if _widens_nationals(situation, state=state) else False
    return None


def _widens_nationals(situation: Situation, *, state: str) -> bool:
    return state in situation.law.states and any(
        "nationals" in row.effect
        for treaty in situation.instrument.treaties
        for row in in_effect_rows(situation.law, state, treaty=treaty, on=situation.known.on)
    )


_PERSON_PATHS = (
    "extradition.person.person",
    "provisional_arrest.person",
    "simplified.person.person",
    "transit.person.person",
    "transfer.person.person",
)


def _national(situation: Situation) -> tuple[bool, str] | None:
    national = _nationality(situation, state=situation.request.requested)
    return None if national is None else (national, "the nationality stated in the request")


def _not_national(situation: Situation) -> tuple[bool, str] | None:
    request = situation.request
    administering = request.requesting if _asked_by_administering(request) else request.requested
    national = _nationality(situation, state=administering)
    return None if national is None else (not national, "the nationality stated in the request")


def _asked_by_administering(request: RequestFile) -> bool:
    return request.text("transfer.made_by") == "administering-state"


def _no_transfer_consent(situation: Situation) -> tuple[bool, str] | None:
    if situation.request.words("transfer.documents.consent_declaration"):
        return False, "a declaration of consent is attached"
    return None


def _detainee_consent(situation: Situation) -> tuple[bool, str] | None:
    said = [
        row.get("consent")
        for row in situation.request.rows("measure.temporary_transfer")
        if isinstance(row.get("consent"), bool)
    ]
    if not said:
        return None
    return (not all(said), "what the request says about the detained person's consent")


def _time_left(situation: Situation) -> tuple[bool, str] | None:
    request = situation.request
    if request.flag("transfer.sentence.indeterminate"):
        return False, "the sentence has no fixed end"
    left = request.value("transfer.sentence.days_left")
    for threshold in situation.instrument.thresholds:
        if threshold.request.value == "transfer" and isinstance(left, int):
            return _against(threshold, situation, left=left)
    return None


def _against(threshold: Threshold, situation: Situation, *, left: int) -> tuple[bool, str] | None:
    """Whether the time left is below the threshold; a number nobody verified can only clear, never fail."""
    on = situation.known.on
    lengths = [threshold.value] if threshold.value else [each.quantity for each in threshold.candidates]
    days = [(length.after(on) - on).days for length in lengths]
    if left >= max(days, default=0):
        return False, f"{left} days are left"
    if threshold.value is not None and situation.law.reference_of(threshold).verified:
        return True, f"{left} days are left"
    return None


def _core_crime(situation: Situation) -> tuple[bool, str] | None:
    codes = {crime.code for crime in situation.request.crimes}
    if codes & {"genocide", "gen", "war-crimes", "war"}:
        return True, "the crimes named in the request"
    return None


def _lacking(situation: Situation) -> tuple[bool, str] | None:
    return None if situation.known.lacking is None else (situation.known.lacking, "the contents check")


def _legal_person(situation: Situation) -> tuple[bool, str] | None:
    if not any(person.legal_person for person in situation.request.persons):
        return False, "no legal person is named in the request"
    return None


_READ_OFF: Mapping[str, Callable[[Situation], tuple[bool, str] | None]] = {
    "ext.ground.absentia": _absentia,
    "ext.ground.death-penalty": _flag(
        "extradition.offence.death_penalty_possible", meaning=True, how="what the request says of the death penalty"
    ),
    "ext.ground.life-sentence": _life,
    "ext.ground.national": _national,
    "ext.ground.political-core-crimes": _core_crime,
    "transit.ground.national": _national,
    "transfer.ground.not-national": _not_national,
    "transfer.ground.not-final": _flag(
        "transfer.sentence.final", meaning=False, how="what the request says of the judgment"
    ),
    "transfer.ground.no-consent": _no_transfer_consent,
    "transfer.ground.time-left": _time_left,
    "mla.ground.detainee-no-consent": _detainee_consent,
    "mla.ground.legal-person": _legal_person,
    "mla.ground.non-conformity": _lacking,
}
"""What can be read off a request. A ground not named here is a question unless the officer answers it."""
