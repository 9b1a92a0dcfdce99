"""Whether a content is asked for in the situation of a request: accused or convicted, oral, in absentia.

The law data say `applies_to`; the remaining conditions stand in the wording of the rows ("if asked", "where it could
apply") and are named here by data path, so that no row is asked for where its own words do not ask for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.base.finding import Outcome
from dedere.treaty.words import Applies, Measure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dedere.treaty.contents_view import View
    from dedere.treaty.model import Content

_NOT_ROGATORY = (
    Measure.SERVICE,
    Measure.CRIMINAL_RECORDS,
    Measure.INFORMATION_LAYING,
    Measure.ATTENDANCE,
    Measure.TEMPORARY_TRANSFER,
)


def applies(row: Content, view: View) -> Outcome:
    """Whether the row is asked for in this situation; unsettled when the request does not say what decides it."""
    condition = _BY_PATH.get(row.field)
    if condition is not None and not condition(view):
        return Outcome.DOES_NOT_HOLD
    if row.applies_to is None:
        return Outcome.HOLDS
    return _BY_SITUATION[row.applies_to](view)


def deciding_field(row: Content) -> str:
    """The field that decides whether a row is asked for whose situation the request leaves open."""
    return "extradition.sought_as" if row.applies_to in {Applies.ACCUSED, Applies.CONVICTED} else "transfer.made_by"


def _says(path: str, word: str) -> Callable[[View], Outcome]:
    def decide(view: View) -> Outcome:
        found = view.request.text(path)
        if not found:
            return Outcome.UNSETTLED
        return Outcome.HOLDS if found == word else Outcome.DOES_NOT_HOLD

    return decide


def _expulsion(view: View) -> Outcome:
    return Outcome.HOLDS if view.request.flag("transfer.expulsion") else Outcome.DOES_NOT_HOLD


def _letters_rogatory(view: View) -> Outcome:
    others = all(any(measure.refines(kind) for kind in _NOT_ROGATORY) for measure in view.measures)
    return Outcome.DOES_NOT_HOLD if view.measures and others else Outcome.HOLDS


_BY_SITUATION: Mapping[Applies, Callable[[View], Outcome]] = {
    Applies.ACCUSED: _says("extradition.sought_as", "accused"),
    Applies.CONVICTED: _says("extradition.sought_as", "convicted"),
    Applies.SENTENCING_STATE: _says("transfer.made_by", "sentencing-state"),
    Applies.ADMINISTERING_STATE: _says("transfer.made_by", "administering-state"),
    Applies.EXPULSION: _expulsion,
    Applies.LETTERS_ROGATORY: _letters_rogatory,
}


def _is_true(path: str) -> Callable[[View], bool]:
    return lambda view: view.request.flag(path) is True


def _has_persons(view: View) -> bool:
    return bool(view.persons)


def _needs_consent(view: View) -> bool:
    return not (view.request.flag("transfer.expulsion") or view.request.flag("transfer.fled"))


def _for_extradition(view: View) -> bool:
    return view.request.text("transit.purpose") != "transfer"


def _with_landing(view: View) -> bool:
    return _for_extradition(view) and view.request.flag("transit.by_air_without_landing") is not True


def _for_transfer(view: View) -> bool:
    return view.request.text("transit.purpose") != "extradition"


_BY_PATH: Mapping[str, Callable[[View], bool]] = {
    "request.urgent.written_confirmation": _is_true("request.urgent.made_orally"),
    "request.persons.identity": _has_persons,
    "request.persons.location": _has_persons,
    "request.persons.nationality": _has_persons,
    "extradition.assurances.death_penalty": _is_true("extradition.offence.death_penalty_possible"),
    "extradition.assurances.retrial": _is_true("extradition.judgment.in_absentia"),
    "transfer.documents.consent_declaration": _needs_consent,
    "transfer.consent.verification": _needs_consent,
    "transit.air_certificate": _is_true("transit.by_air_without_landing"),
    "transit.documents": _with_landing,
    "transit.document_exists": _for_extradition,
    "transit.transfer_agreed": _for_transfer,
}
