"""Chapter 2. Which crimes: annexed crimes bind pairwise, and conduct counts, not its label. Later acts are invented."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.base.finding import Finding, Outcome
from dedere.treaty.basis import legal_basis, settling_questions
from dedere.treaty.statements import annex_between, annex_notified
from support.lawbook import ask, packaged, with_acts

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.treaty.law import Law

ON_THE_LIST = dt.date(2025, 8, 28)


def crimes(law: Law, crime: str, **facts: bool) -> Finding:
    known = {name.replace("_", "-"): answer for name, answer in facts.items()}
    report = legal_basis(law, ask("LV", "CD", crimes=(crime,), facts=known))
    return next(each.finding for each in report.findings if each.instrument == "lhc").because[2]


def test_2_1_genocide_is_covered_without_any_notice() -> None:
    """The three core crimes stand in the Convention itself (lhc/GEN)."""
    assert crimes(packaged(), "genocide").outcome is Outcome.HOLDS


def test_2_2_latvia_notified_annex_f_and_not_g() -> None:
    """Its law names Annexes A to F and H (lhc/party.lv.notification-annex)."""
    law = packaged()
    assert annex_notified(law, "LV", treaty="lhc", letter="F", on=ON_THE_LIST).outcome is Outcome.HOLDS
    missing = annex_notified(law, "LV", treaty="lhc", letter="G", on=ON_THE_LIST)
    assert missing.outcome is Outcome.DOES_NOT_HOLD
    assert missing.reason.endswith("Its notice names A, B, C, D, E, F and H only.")


def test_2_3_a_notice_on_an_unknown_day_leaves_the_pair_open() -> None:
    """When the Democratic Republic of the Congo notified is not established (lhc/party.cd.notification-annex)."""
    finding = annex_between(packaged(), ("LV", "CD"), treaty="lhc", letter="F", on=ON_THE_LIST)
    assert finding.outcome is Outcome.UNSETTLED
    assert finding.open_questions() == (
        "When did the annex notice of the Democratic Republic of the Congo take effect?",
    )


def test_2_4_an_annex_needs_both_and_says_that_the_rule_is_unverified(tmp_path: Path) -> None:
    """Reciprocity is recalled, not checked (lhc/annexes)."""
    law = with_acts(tmp_path, "lhc,cd.notifies,CD,notification-annex,2024-03-01,,annexes=F,notification.annex,")
    finding = annex_between(law, ("CD", "LV"), treaty="lhc", letter="F", on=ON_THE_LIST)
    assert finding.outcome is Outcome.HOLDS
    assert [each.datum for each in finding.references if not each.verified] == ["lhc/annexes"]


def test_2_5_torture_may_be_a_crime_against_humanity_whatever_it_is_called() -> None:
    """Outside the annex the facts decide (lhc/conduct.torture.humanity)."""
    law = packaged()
    assert crimes(law, "torture").outcome is Outcome.UNSETTLED
    assert crimes(law, "torture", widespread_or_systematic_attack=True).outcome is Outcome.HOLDS
    asked = settling_questions(crimes(law, "torture"))
    assert "Was the conduct part of a widespread or systematic attack directed against a civilian population?" in asked


def test_2_6_murder_is_no_crime_of_the_convention_by_its_name_alone() -> None:
    """It falls under it by intent, attack or conflict (lhc/conduct.murder.genocide), else not."""
    law = packaged()
    none = dict.fromkeys(("intent_to_destroy_group", "widespread_or_systematic_attack", "armed_conflict"), False)
    assert crimes(law, "murder").outcome is Outcome.UNSETTLED
    assert crimes(law, "murder", armed_conflict=True).outcome is Outcome.HOLDS
    assert crimes(law, "murder", **none).outcome is Outcome.DOES_NOT_HOLD


def test_2_7_genocide_without_the_intent_is_not_genocide() -> None:
    """The label does not help against a stated fact (lhc/GEN)."""
    finding = crimes(packaged(), "genocide", intent_to_destroy_group=False)
    assert finding.outcome is Outcome.DOES_NOT_HOLD
    assert "whatever it is called" in finding.reason
