"""Known faults that can be planted: the simulator must catch each, or it proves nothing.

A plant is either a defect of one authority's software (looked up by name where it would sit) or a hole in the
procedure that all share (`planted_procedure`).
"""

from __future__ import annotations

import enum
from dataclasses import replace
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.casework.acts import ActKind, ProceedingKind, Role
from dedere.casework.procedure import load_procedure

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedere.casework.transitions import Procedure, Transition


class Plant(enum.StrEnum):
    """Every fault that can be planted."""

    OUTBOX_BESIDE_RECORD = "outbox-beside-record"
    RECEIPT_BEFORE_RECORD = "receipt-before-record"
    DUPLICATE_RECORDED = "duplicate-recorded"
    TAMPERED_ACCEPTED = "tampered-accepted"
    EARLY_LETTER_DROPPED = "early-letter-dropped"
    SEQUENCE_REUSED = "sequence-reused"
    PART_FORGOTTEN = "part-forgotten"
    CARRIER_TRUSTED = "carrier-trusted"
    FOUR_EYES_SKIPPED = "four-eyes-skipped"
    OTHER_ORDER = "other-order"
    CLOCK_TOLD_TWICE = "clock-told-twice"
    CLOCK_FORGOTTEN = "clock-forgotten"
    CONDITION_IGNORED = "condition-ignored"
    DOSSIER_INCOMPLETE = "dossier-incomplete"
    REFUSAL_WITHOUT_CONSULTATION = "refusal-without-consultation"
    PROSECUTION_NOT_OPENED = "prosecution-not-opened"
    SIGNED_TEXT_CHANGED = "signed-text-changed"
    WITHDRAWN_EXECUTED = "withdrawn-executed"
    RECEIPT_FOR_ANOTHER_FILE = "receipt-for-another-file"
    WRONG_SIDE_ACTS = "wrong-side-acts"
    WRONG_ROLE_ACTS = "wrong-role-acts"

    @property
    def describes(self) -> str:
        """What is broken, in one line."""
        return _DESCRIBED[self]

    @property
    def shows_at(self) -> tuple[str, ...]:
        """The steps at which the fault can show, so that cases lean towards them; none where it can show anywhere."""
        return _SHOWS_AT.get(self, ())

    @property
    def shows_in_a_crash(self) -> bool:
        """Whether it takes a crash for the fault to show, so that there should be many."""
        return self in _IN_A_CRASH


_DESCRIBED = {
    Plant.OUTBOX_BESIDE_RECORD: "a letter is recorded in one write and queued in another, so a crash can part them",
    Plant.RECEIPT_BEFORE_RECORD: "the receipt goes out before the letter is recorded",
    Plant.DUPLICATE_RECORDED: "a letter that comes again is recorded again",
    Plant.TAMPERED_ACCEPTED: "the digest of a letter is not checked on arrival",
    Plant.EARLY_LETTER_DROPPED: "a letter that comes before what it answers is thrown away",
    Plant.SEQUENCE_REUSED: "the counter of a case lives in memory and starts again after a crash",
    Plant.PART_FORGOTTEN: "a part whose first try fails is not tried again",
    Plant.CARRIER_TRUSTED: "what was written to a carrier counts as delivered",
    Plant.FOUR_EYES_SKIPPED: "an act leaves the house without a second officer",
    Plant.OTHER_ORDER: "one authority reads acts that crossed in another order",
    Plant.CLOCK_TOLD_TWICE: "what a clock has told is forgotten in a crash",
    Plant.CLOCK_FORGOTTEN: "clocks are not set again after a crash",
    Plant.CONDITION_IGNORED: "items are used without asking their conditions",
    Plant.DOSSIER_INCOMPLETE: "the last letter is left out of an exported dossier",
    Plant.REFUSAL_WITHOUT_CONSULTATION: "a refusal needs no consultation",
    Plant.PROSECUTION_NOT_OPENED: "a refused extradition opens no duty to prosecute",
    Plant.SIGNED_TEXT_CHANGED: "clauses can be amended after a signature",
    Plant.WITHDRAWN_EXECUTED: "acts go on after a request was withdrawn",
    Plant.RECEIPT_FOR_ANOTHER_FILE: "a custody receipt is taken for a file with another digest",
    Plant.WRONG_SIDE_ACTS: "any side may decide",
    Plant.WRONG_ROLE_ACTS: "a request is acknowledged by an officer who is no registrar",
}


_IN_A_CRASH = frozenset(
    {
        Plant.OUTBOX_BESIDE_RECORD,
        Plant.RECEIPT_BEFORE_RECORD,
        Plant.SEQUENCE_REUSED,
        Plant.CLOCK_TOLD_TWICE,
        Plant.CLOCK_FORGOTTEN,
    }
)

_SHOWS_AT = {
    Plant.PART_FORGOTTEN: ("measure.execute", "team.share-evidence"),
    Plant.CONDITION_IGNORED: ("measure.execute",),
    Plant.PROSECUTION_NOT_OPENED: ("extradition.refuse", "extradition.refuse-in-part"),
    Plant.SIGNED_TEXT_CHANGED: ("team.sign",),
    Plant.WITHDRAWN_EXECUTED: ("mla.withdraw",),
    Plant.RECEIPT_FOR_ANOTHER_FILE: ("measure.execute",),
    Plant.WRONG_SIDE_ACTS: ("extradition.grant",),
}


def plant_called(name: str) -> Plant:
    """The plant of that name.

    Raises:
        InputError: there is none.
    """
    try:
        return Plant(name)
    except ValueError as error:
        raise InputError(f"There is no plant called {name[:40]!r}; `--plants` lists them.") from error


def planted_procedure(plant: str) -> Procedure:
    """The procedure with the hole that the plant makes in it; the whole one when it makes none."""
    if plant == Plant.WITHDRAWN_EXECUTED:
        return _withdrawn_measures_accepted()
    hole = _HOLES.get(plant)
    return _changed(*hole) if hole else load_procedure()


def other_order() -> Procedure:
    """The procedure of an authority that reads acts that crossed in another order than everybody else."""
    whole = load_procedure()
    acts = {kind: replace(form, first=100 - form.first) for kind, form in whole.acts.items()}
    return replace(whole, acts=acts)


def _withdrawn_measures_accepted() -> Procedure:
    whole = _changed(ActKind.ACCEPTANCE, lambda step: replace(step, sources=(*step.sources, "withdrawn")))
    form = whole.proceedings[ProceedingKind.MLA]
    parts = tuple(
        replace(part, sources=(*part.sources, "withdrawn")) if part.act is ActKind.ACCEPTANCE else part
        for part in form.measure_steps
    )
    mla = replace(form, measure_steps=parts)
    return replace(whole, proceedings={**whole.proceedings, ProceedingKind.MLA: mla})


def _without(step: Transition, guard: str) -> Transition:
    return replace(step, needs=tuple(name for name in step.needs if name != guard))


def _changed(act: ActKind, change: Callable[[Transition], Transition]) -> Procedure:
    whole = load_procedure()
    proceedings = {}
    for kind, form in whole.proceedings.items():
        steps = tuple(_widened(kind, change(step)) if step.act is act else step for step in form.steps)
        proceedings[kind] = form.with_steps(steps)
    return replace(whole, proceedings=proceedings)


def _widened(kind: ProceedingKind, step: Transition) -> Transition:
    """A change for one kind of proceeding must not name states that another does not have."""
    known = load_procedure().proceedings[kind].states
    return replace(step, sources=tuple(source for source in step.sources if source in known))


_HOLES: dict[str, tuple[ActKind, Callable[[Transition], Transition]]] = {
    Plant.REFUSAL_WITHOUT_CONSULTATION: (ActKind.REFUSAL, lambda step: _without(step, "consulted-on-refusal")),
    Plant.PROSECUTION_NOT_OPENED: (ActKind.REFUSAL, lambda step: replace(step, starts=None)),
    Plant.SIGNED_TEXT_CHANGED: (ActKind.AMENDMENT, lambda step: _without(step, "not-signed-yet")),
    Plant.RECEIPT_FOR_ANOTHER_FILE: (ActKind.CUSTODY_RECEIPT, lambda step: _without(step, "receipt-digests-agree")),
    Plant.WRONG_SIDE_ACTS: (ActKind.DECISION, lambda step: replace(step, by="any")),
    Plant.WRONG_ROLE_ACTS: (
        ActKind.ACKNOWLEDGEMENT,
        lambda step: replace(step, prepare=(Role.CASE_OFFICER, *step.prepare)),
    ),
}
