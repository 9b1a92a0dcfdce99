"""The chapters against the data: every proceeding has one, every step is taken, every guard refuses. Fictional.

A step, a guard or a kind of proceeding that is added to the data fails here until a chapter tells of it.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedere.casework.acts import ProceedingKind
from dedere.casework.judge import GUARDS
from dedere.casework.procedure import load_procedure
from support.bodies import Body, condition, consulting, question, receipt, request
from support.chapters import Chapter, Telling, retold_in_any_order, steps_taken
from support.letters import part

if TYPE_CHECKING:
    from types import ModuleType

    from dedere.casework.transitions import Procedure


@dataclass
class Told:
    """All that the chapters tell: steps taken, rules that refused something, and how many chapters each kind has."""

    steps: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    chapters: Counter[ProceedingKind] = field(default_factory=Counter)


def untold(procedure: Procedure, guards: set[str], told: Told) -> set[str]:
    """What the data have and no chapter tells."""
    wanted = {f"guard {name}" for name in guards - told.rules}
    for form in procedure.proceedings.values():
        steps = {step.id for step in form.steps} | {step.id for step in form.measure_steps}
        steps |= {f"{step.id} > {then.target}" for step in form.steps for then in step.then}
        steps |= {f"{step.id} > {move.kind.value} {move.target}" for step in form.steps for move in step.moves}
        steps |= {f"{step.id} > {step.starts.kind.value}" for step in form.steps if step.starts}
        steps |= {f"{form.kind.value} > {rule.target}" for rule in form.settlements}
        wanted |= {f"step {name}" for name in steps - told.steps}
        if told.chapters[form.kind] != 1:
            wanted.add(f"chapter {form.kind.value}")
    return wanted


@cache
def everything_told() -> Told:
    told = Told()
    for path in sorted(Path(__file__).parent.glob("test_*_chapter.py")):
        module = _module(path)
        chapters = [each for each in vars(module).values() if isinstance(each, Chapter)]
        told.chapters.update(chapter.kind for chapter in chapters)
        tellings = [telling for chapter in chapters for telling in chapter.told()]
        for tell in getattr(module, "STORIES", ()):
            telling = getattr(module, "Circle", Telling)()
            tell(telling)
            tellings.append(telling)
        told.steps |= steps_taken(tellings)
        told.rules |= {rule for telling in tellings for rule in telling.rules}
    # What all proceedings know is taken once in each.
    for kind in ProceedingKind:
        told.steps |= steps_taken([common_story(kind)])
    return told


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"told_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_proceeding_has_one_chapter_every_step_is_taken_and_every_guard_refuses() -> None:
    assert untold(load_procedure(), set(GUARDS), everything_told()) == set()


def test_a_new_step_a_new_guard_or_a_chapter_that_is_gone_is_found() -> None:
    procedure = load_procedure()
    form = procedure.proceedings[ProceedingKind.TRANSIT]
    longer = form.with_steps((*form.steps, replace(form.steps[0], id="transit.new")))
    more = replace(procedure, proceedings={**procedure.proceedings, ProceedingKind.TRANSIT: longer})

    assert untold(more, set(GUARDS), everything_told()) == {"step transit.new"}
    assert untold(procedure, {*GUARDS, "some-guard"}, everything_told()) == {"guard some-guard"}
    torn = replace(everything_told(), chapters=everything_told().chapters - Counter([ProceedingKind.MLA]))
    assert untold(procedure, set(GUARDS), torn) == {"chapter mla"}


def test_every_guard_is_asked_for_and_every_step_that_sends_items_looks_at_them() -> None:
    steps = [step for form in load_procedure().proceedings.values() for step in form.steps]

    assert set(GUARDS) == {name for step in steps for name in step.needs}
    assert {step.id for step in steps if "send-items" in step.does and "items-are-parts" not in step.needs} == set()


OPENINGS: dict[ProceedingKind, tuple[str, Body]] = {
    ProceedingKind.MLA: ("request", {"measures": [{"id": "m1", "kind": "records"}], "request": request()}),
    ProceedingKind.SPONTANEOUS_INFORMATION: ("information", {"subject": "A list (fictional)", "text": "Found."}),
    ProceedingKind.CONSULTATION: ("consultation", consulting("costs", "k0")),
    ProceedingKind.NOTIFICATION: (
        "notification",
        {"subject": "A suspect", "event": "suspect.in-custody", "text": "Held here (fictional)."},
    ),
    ProceedingKind.PROVISIONAL_ARREST: ("request", {"request": request("provisional-arrest")}),
    ProceedingKind.EXTRADITION: ("request", {"request": request("extradition")}),
    ProceedingKind.PROSECUTION: ("request", {"request": request("prosecution-of-national")}),
    ProceedingKind.TRANSIT: ("request", {"request": request("transit"), "variant": "transit"}),
    ProceedingKind.TRANSFER: ("request", {"request": request("transfer"), "as": "sentencing"}),
    ProceedingKind.JOINT_TEAM: (
        "proposal",
        {
            "request": request("jit"),
            "members": ["NL", "SN"],
            "clauses": [{"id": "law", "title": "Law", "text": "The law of the place."}],
            "until": "2026-12-31",
        },
    ),
}


def common_story(kind: ProceedingKind) -> Telling:
    """Every step that all proceedings have, as far as this one has it, taken in a proceeding of this kind."""
    case = Telling()
    if kind is ProceedingKind.CONSENT:
        _surrendered(case)
    else:
        opens, body = OPENINGS[kind]
        case.asks(opens, opens=kind.value, **body)
    first = next(iter(letter.letter for letter in case.letters if letter.proceeding == case.proceeding))
    case.replies("questions", questions=[question("q-common")])
    case.asks("answers", answers=[{"question": "q-common", "text": "So."}])
    if kind is ProceedingKind.CONSULTATION:
        case.replies("consultation-reply", consultation="k0", text="Yes.")
    else:
        case.replies("consultation", **consulting("coordination", "k-common"))
        case.asks("consultation-reply", consultation="k-common", text="Yes.")
    case.replies("conditions", conditions=[condition("c-common")])
    case.asks("conditions-reply", replies=[{"condition": "c-common", "accepted": True}])
    case.asks("consent-request", conditions=["c-common"], use="Another trial.")
    case.replies("consent", conditions=["c-common"], granted=True)
    case.replies("assurance-request", assurances=[{"id": "a-common", "kind": "other", "text": "A visit a month."}])
    case.asks("assurance", authority="Ministry (fictional)", given=[{"id": "a-common", "kind": "other", "text": "So."}])
    case.asks("correction", corrects=first, changes=[{"path": "note", "value": "x"}], reason="A slip.")
    if any("send-items" in step.does for step in load_procedure().proceedings[kind].steps):
        _send_something(case, kind)
        case.replies("custody-receipt", items=[receipt("common")], received_on=case.today())
        case.replies("return", items=[{"item": "part-common"}], returned_on=case.today())
        case.asks("return-receipt", items=[{"item": "part-common"}], received_on=case.today())
    return case


def _send_something(case: Telling, kind: ProceedingKind) -> None:
    listed: list[Body] = [{"part": "part-common"}]
    files = (part("common"),)
    match kind:
        case ProceedingKind.SPONTANEOUS_INFORMATION:
            case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
            case.asks("information", subject="More (fictional)", text="Found later.", items=listed, parts=files)
        case ProceedingKind.JOINT_TEAM:
            case.replies("clause-agreement", clauses=[{"clause": "law", "version": 1}])
            for sign in (case.asks, case.replies):
                team = case.here.team
                assert team is not None
                sign("signature", agreement=team.agreement, signatory="Minister (fictional)")
            case.asks("team-evidence", items=listed, parts=files)
        case ProceedingKind.TRANSIT:
            case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
            case.replies("decision", outcome="granted", decided_on=case.today(), authority="Ministry", text="Granted.")
            case.asks("transit-report", kind="started", on=case.today(), place="Airport (fictional)")
            case.asks("transit-report", kind="unscheduled-landing", on=case.today(), place="Airport (fictional)")
            case.asks("supplement", text="The request.", documents=listed, parts=files)
        case _:
            if kind is ProceedingKind.TRANSFER:
                case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
            case.asks("supplement", text="A map.", documents=listed, parts=files)


def _surrendered(case: Telling) -> None:
    case.proceeding = "extradition"
    case.asks("request", opens="extradition", request=request("extradition"))
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    decided: Body = {"authority": "Court (fictional)", "text": "Granted.", "offences": ["one"]}
    case.replies("decision", outcome="granted", decided_on=case.today(), **decided)
    case.replies("surrender-arrangement", date=case.today(), place="Airport (fictional)", detention_days=4)
    case.replies("surrender", kind="final", on=case.today(), place="Airport (fictional)", detention_days=4)
    case.proceeding = "consent"
    wider: Body = {"variant": "speciality-consent", "links": ["extradition"]}
    case.asks("request", opens="consent", request=request("speciality-consent"), **wider)


@pytest.mark.parametrize("kind", list(ProceedingKind))
def test_what_every_proceeding_knows_can_be_done_in_this_one(kind: ProceedingKind) -> None:
    retold_in_any_order(common_story(kind))
