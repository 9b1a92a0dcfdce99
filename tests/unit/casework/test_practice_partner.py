"""The practice partner plays every proceeding by the rules, and each temper is felt. All content is fictional."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import cache

import pytest

from dedere.base.identifiers import SeededIdentifiers
from dedere.casework.acts import ActKind, ProceedingKind
from dedere.casework.practice.dice import Dice
from dedere.casework.practice.partner import MAKERS, Proposal, Temper, propose
from support.bodies import Body, consulting, request
from support.chapters import Telling
from support.circulars import Circle
from support.practice import Table

VARIANTS = {
    ProceedingKind.TRANSFER: ("transfer", "transfer-interest", "transfer-provisional"),
    ProceedingKind.CONSENT: (),
}
SEEDS = range(20)


def played(kind: ProceedingKind, seed: object, temper: Temper = Temper.HELPFUL, variant: str = "") -> Table:
    states = ("NL", "SN", "MN") if kind is ProceedingKind.JOINT_TEAM else ("NL", "SN")
    table = Table(f"{kind}/{variant}/{seed}", dict.fromkeys(states, temper))
    side = "administering" if variant == "transfer" and str(seed)[-1] in "02468" else ""
    table.open(kind, variant=variant, as_=side)
    table.play(120)
    return table


@cache
def everything() -> tuple[Table, ...]:
    return tuple(
        played(kind, seed, list(Temper)[seed % len(Temper)], variant)
        for kind in ProceedingKind
        for variant in VARIANTS.get(kind, ("",))
        for seed in SEEDS
    )


def test_every_act_that_the_partner_can_write_is_written_and_permitted() -> None:
    made = {entry.kind for table in everything() for entry in table.state.timeline}

    # A postponed measure is rare by chance; it has a test of its own below.
    assert {kind.value for kind in ActKind} - made <= {"resumption", "postponement"}
    assert set(MAKERS) <= set(ActKind)
    assert not [entry for table in everything() for entry in table.state.timeline if entry.rule]


def test_every_kind_of_proceeding_is_played_and_most_come_to_an_end() -> None:
    reached = {(each.kind, each.status) for table in everything() for each in table.state.proceedings if each.final}
    assert {kind for kind, _ in reached} == {kind.value for kind in ProceedingKind}


def test_the_same_seed_plays_the_same_case() -> None:
    one, other = (played(ProceedingKind.MLA, "again", Temper.PEDANTIC) for _ in range(2))

    assert one.state.as_json() == other.state.as_json()


def acts_of(temper: Temper) -> Counter[str]:
    tables = (played(ProceedingKind.MLA, f"{temper}/{seed}", temper) for seed in range(10))
    return Counter(entry.kind for table in tables for entry in table.state.timeline if entry.sender == "SN")


def test_each_temper_is_felt() -> None:
    acts = {temper: acts_of(temper) for temper in Temper}

    assert acts[Temper.REFUSING]["refusal"] > acts[Temper.HELPFUL]["refusal"]
    assert acts[Temper.PEDANTIC]["questions"] > acts[Temper.HELPFUL]["questions"]
    assert acts[Temper.HELPFUL]["result"] > acts[Temper.REFUSING]["result"]
    dice = Dice(SeededIdentifiers("waits"))
    waits = {temper: sum(temper.waits(dice).total_seconds() for _ in range(50)) for temper in Temper}
    assert waits[Temper.SLOW] == max(waits.values())
    assert waits[Temper.HELPFUL] == min(waits.values())


@pytest.mark.parametrize("temper", list(Temper))
def test_the_partner_has_nothing_to_say_in_a_case_of_others(temper: Temper) -> None:
    table = played(ProceedingKind.MLA, "others")

    dice = Dice(SeededIdentifiers("stranger"))
    assert all(propose(table.state, side="FR", temper=temper, dice=dice, now=table.now) is None for _ in range(20))


def proposals(case: Telling, side: str, *, days: int = 1) -> dict[str, Proposal]:
    """One act of each kind that a partner at this side would write now, whatever its temper."""
    found: dict[str, Proposal] = {}
    for seed in range(400):
        dice = Dice(SeededIdentifiers(str(seed)))
        now = case.at + dt.timedelta(days=days)
        proposal = propose(case.state(), side=side, temper=list(Temper)[seed % 4], dice=dice, now=now)
        if proposal is not None:
            found.setdefault(proposal.kind.value, proposal)
    return found


def assistance(*measures: str) -> Telling:
    case = Telling()
    case.asks(
        "request", opens="mla", request=request(), measures=[{"id": name, "kind": "records"} for name in measures]
    )
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    return case


def written(case: Telling, proposal: Proposal, *, by: str) -> None:
    case.proceeding = proposal.proceeding
    ways = {"NL": case.asks, "SN": case.replies}
    body: Body = dict(proposal.body)
    ways[by](proposal.kind.value, **body)


def test_the_partner_postpones_after_a_consultation_and_goes_on_later() -> None:
    case = assistance("m1")
    assert "postponement" not in proposals(case, "SN")
    case.replies("consultation", **consulting("postponement", reply_by=case.today(40)))
    assert "postponement" not in proposals(case, "SN")
    case.asks("consultation-reply", consultation="k1", text="We can wait.")
    written(case, proposals(case, "SN")["postponement"], by="SN")
    assert case.here.measures[0].status == "postponed"
    written(case, proposals(case, "SN")["resumption"], by="SN")
    assert case.here.measures[0].status == "accepted"


def test_the_partner_refuses_no_measure_that_it_did_not_consult_on() -> None:
    case = assistance("m1", "m2")
    case.replies("consultation", **consulting("refusal", measures=["m2"], reply_by=case.today(40)))
    assert "refusal" not in proposals(case, "SN")
    case.asks("consultation-reply", consultation="k1", text="Please reconsider.")
    refusal = proposals(case, "SN")["refusal"]
    assert refusal.body["measures"] == [{"measure": "m2"}]
    written(case, refusal, by="SN")


def test_the_partner_asks_no_pardon_before_the_date_for_a_reply() -> None:
    case = Telling()
    case.asks(
        "request", opens="transfer", as_="sentencing", variant="transfer-provisional", request=request("transfer")
    )
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    agreed: Body = {"outcome": "agreed", "authority": "A", "text": "Agreed."}
    case.asks("decision", decided_on=case.today(), **agreed)
    case.replies("decision", decided_on=case.today(), **agreed)
    facts: Body = {"mode": "continued", "court": "A", "sentence": "Ten years.", "not_harsher": True}
    case.replies("enforcement", decided_on=case.today(), **facts)
    case.replies("consultation", **consulting("pardon", reply_by=case.today(40)))
    assert "decision" not in proposals(case, "SN")
    case.asks("consultation-reply", consultation="k1", text="As you wish.")
    assert proposals(case, "SN")["decision"].body["outcome"] == "pardoned"


def test_the_partner_hands_property_over_once() -> None:
    case = Telling()
    case.asks("request", opens="extradition", request=request("extradition"))
    case.replies("acknowledgement", own_reference="SN-1", received_on=case.today())
    case.replies("decision", outcome="granted", decided_on=case.today(), authority="A", text="Granted.")
    written(case, proposals(case, "SN")["property-handover"], by="SN")
    assert "property-handover" not in proposals(case, "SN")


def test_the_partner_does_not_amend_a_clause_for_ever() -> None:
    case = Circle()
    clauses = [{"id": "law", "title": "Law", "text": "The law of the place."}]
    case.says(
        "MN",
        "proposal",
        opens="joint-team",
        request=request("jit"),
        members=list(case.members),
        clauses=clauses,
        until="2026-12-31",
    )
    assert "amendment" in proposals(case, "SN")
    for number in range(5):
        case.says("NL", "amendment", clauses=[{**clauses[0], "text": f"Version {number}."}])
    assert "amendment" not in proposals(case, "SN")


def test_whoever_drives_a_partner_can_have_it_lean_towards_a_step() -> None:
    case = assistance("m1")
    kinds = set()
    for seed in range(40):
        dice = Dice(SeededIdentifiers(str(seed)))
        proposal = propose(
            case.state(),
            side="SN",
            temper=Temper.HELPFUL,
            dice=dice,
            now=case.at + dt.timedelta(days=1),
            leaning=lambda _, step: 1.0 if step.id == "mla.accept" else 0.0,
        )
        kinds.add(proposal.kind.value if proposal else "")
    assert kinds <= {"acceptance", ""}
    assert "acceptance" in kinds
