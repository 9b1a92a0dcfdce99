"""Who is bound, on which day, by which act. All acts towards the Toy Convention are invented."""

from __future__ import annotations

import datetime as dt

import pytest

from dedere.base.finding import Outcome
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.parties import bound, effective_day, in_force, known_list, treaties_between
from support.lawbook import TODAY, TOY, act, packaged, settled, toy_law

BEFORE_COPY = dt.date(2008, 1, 1)
AFTER_COPY = dt.date(2020, 1, 1)


def test_signature_alone_does_not_bind() -> None:
    law = toy_law(act("signature", "AA", "2005-03-01"))
    finding = bound(law, "AA", treaty="toy", on=BEFORE_COPY)
    assert finding.outcome is Outcome.DOES_NOT_HOLD
    assert finding.reason.startswith("Arcadia signed on 1 March 2005; signature alone does not bind.")


def test_absence_from_a_complete_list_is_no_and_after_the_copy_not_known() -> None:
    law = toy_law(toy=settled())
    assert bound(law, "AA", treaty="toy", on=BEFORE_COPY).outcome is Outcome.DOES_NOT_HOLD
    later = bound(law, "AA", treaty="toy", on=AFTER_COPY)
    assert later.outcome is Outcome.UNSETTLED
    assert later.open_questions() == (
        "Has Arcadia ratified or acceded to TOY since 31 December 2010? Ask the depositary (Government of Utopia).",
    )


def test_without_a_list_absence_is_never_no() -> None:
    law = toy_law(toy=settled().replace("complete = true", "complete = false"))
    finding = bound(law, "AA", treaty="toy", on=BEFORE_COPY)
    assert finding.outcome is Outcome.UNSETTLED
    assert "No list of parties to TOY is loaded." in finding.reason
    assert finding.open_questions()[0].startswith("Has Arcadia ratified or acceded to TOY? Ask")


def test_a_consent_to_come_says_that_there_was_none_before() -> None:
    law = toy_law(act("ratification", "AA", "2021-01-01"), toy=settled())
    finding = bound(law, "AA", treaty="toy", on=AFTER_COPY)
    assert finding.outcome is Outcome.DOES_NOT_HOLD
    assert finding.reason == "Arcadia ratified only on 1 January 2021."


def test_a_later_check_with_the_depositary_extends_the_list() -> None:
    law = toy_law(
        act("list-checked", "", "2019-06-01"),
        act("list-checked", "", "2021-06-01"),
        act("list-checked", "", "2018-06-01"),
        act("list-checked", "", ""),
        toy=settled(),
    )
    assert known_list(law, "toy").until == dt.date(2021, 6, 1)
    assert bound(law, "AA", treaty="toy", on=AFTER_COPY).outcome is Outcome.DOES_NOT_HOLD


def test_nobody_is_bound_before_adoption() -> None:
    finding = bound(toy_law(toy=settled()), "AA", treaty="toy", on=dt.date(1999, 1, 1))
    assert finding.outcome is Outcome.DOES_NOT_HOLD
    assert finding.reason == "TOY was adopted only on 1 January 2000."


def test_a_ratification_binds_from_its_own_day_as_recorded() -> None:
    law = toy_law(act("ratification", "AA", "2005-03-01", effective="2005-07-01"), toy=settled())
    assert bound(law, "AA", treaty="toy", on=dt.date(2005, 6, 30)).outcome is Outcome.DOES_NOT_HOLD
    finding = bound(law, "AA", treaty="toy", on=dt.date(2005, 7, 1))
    assert finding.outcome is Outcome.HOLDS
    assert finding.because[2].reason == "From 1 July 2005 (as recorded)."


def test_the_own_day_is_computed_from_the_rule_where_none_is_recorded() -> None:
    law = toy_law(act("accession", "AA", "2005-03-15"), act("acceptance", "BB", "2000-05-01"), toy=settled())
    assert effective_day(law, "AA", treaty="toy", on=BEFORE_COPY) == dt.date(2005, 7, 1)
    assert effective_day(law, "BB", treaty="toy", on=BEFORE_COPY) == dt.date(2001, 1, 1), "not before the general day"
    assert effective_day(law, "CC", treaty="toy", on=BEFORE_COPY) is None
    assert "computed from the rule" in bound(law, "AA", treaty="toy", on=BEFORE_COPY).because[2].reason


def test_without_a_rule_for_later_states_the_own_day_is_not_known() -> None:
    toy = settled().replace("later = { months = 3 }\n", "")
    law = toy_law(act("ratification", "AA", "2005-03-15"), toy=toy)
    finding = bound(law, "AA", treaty="toy", on=BEFORE_COPY)
    assert finding.outcome is Outcome.UNSETTLED
    assert "Since when is TOY in force for Arcadia?" in finding.open_questions()


def test_a_consent_on_an_unknown_day_leaves_it_open() -> None:
    finding = bound(toy_law(act("approval", "AA"), toy=settled()), "AA", treaty="toy", on=BEFORE_COPY)
    assert finding.outcome is Outcome.UNSETTLED
    assert finding.reason == "Arcadia approved, on a day that is not established."


def test_a_withdrawal_ends_it_after_its_notice() -> None:
    law = toy_law(act("ratification", "AA", "2003-01-01"), act("withdrawal", "AA", "2006-01-01"), toy=settled())
    before = bound(law, "AA", treaty="toy", on=dt.date(2006, 12, 31))
    assert before.outcome is Outcome.HOLDS
    assert before.because[-1].reason.endswith("takes effect only on 1 January 2007 (1 year after notice).")
    after = bound(law, "AA", treaty="toy", on=dt.date(2007, 1, 1))
    assert after.outcome is Outcome.DOES_NOT_HOLD
    assert "took effect on 1 January 2007" in after.reason


def test_a_recorded_day_of_withdrawal_counts_and_a_new_accession_binds_again() -> None:
    law = toy_law(
        act("ratification", "AA", "2003-01-01"),
        act("withdrawal", "AA", "2006-01-01", effective="2006-03-01"),
        act("accession", "AA", "2008-01-01", effective="2008-02-01"),
        toy=settled(),
    )
    assert bound(law, "AA", treaty="toy", on=dt.date(2006, 2, 28)).outcome is Outcome.HOLDS
    assert bound(law, "AA", treaty="toy", on=dt.date(2007, 1, 1)).outcome is Outcome.DOES_NOT_HOLD
    assert bound(law, "AA", treaty="toy", on=dt.date(2009, 1, 1)).outcome is Outcome.HOLDS


def test_that_it_has_not_withdrawn_is_presumed_and_said() -> None:
    law = toy_law(act("ratification", "AA", "2003-01-01"), toy=settled())
    finding = bound(law, "AA", treaty="toy", on=AFTER_COPY)
    assert finding.outcome is Outcome.HOLDS
    assert finding.reason.endswith("No withdrawal is recorded up to 31 December 2010.")


def test_where_the_number_is_not_settled_force_is_not_settled_whatever_the_deposits() -> None:
    law = toy_law(
        act("ratification", "AA", "2003-01-01"),
        act("ratification", "BB", "2003-02-01"),
        act("ratification", "CC", "2003-03-01"),
    )
    finding = in_force(law, "toy", on=dt.date(2003, 5, 15))
    assert finding.outcome is Outcome.UNSETTLED
    assert "2 (one): reached, with effect from 1 June 2003" in finding.reason
    assert "3 (another): reached, with effect from 1 July 2003" in finding.reason
    assert in_force(law, "toy", on=BEFORE_COPY).outcome is Outcome.UNSETTLED
    assert bound(law, "AA", treaty="toy", on=BEFORE_COPY).outcome is Outcome.UNSETTLED


def test_without_any_deposit_in_a_complete_list_it_is_not_in_force() -> None:
    law = toy_law(act("signature", "AA", "2003-01-01"))
    assert in_force(law, "toy", on=BEFORE_COPY).outcome is Outcome.DOES_NOT_HOLD
    unknown = in_force(law, "toy", on=AFTER_COPY)
    assert unknown.outcome is Outcome.UNSETTLED
    assert "2 (one): not reached" in unknown.reason


def test_a_candidate_without_a_rule_is_reached_without_a_day() -> None:
    toy = TOY.replace("after = { months = 3 }\nrounding", "rounding").replace(
        'rule = "the', 'candidates_ = 1\nrule = "the', 0
    )
    law = toy_law(act("ratification", "AA", "2003-01-01"), act("ratification", "BB", "2003-02-01"), toy=toy)
    assert "2 (one): reached;" in in_force(law, "toy", on=BEFORE_COPY).reason


def test_no_candidates_at_all_is_said_too() -> None:
    toy = TOY.replace(
        'candidates = [{ instruments = 2, source = "one" }, { instruments = 3, source = "another" }]\n', ""
    )
    assert "Claimed: no number." in in_force(toy_law(toy=toy), "toy", on=AFTER_COPY).reason


def test_a_settled_number_brings_it_into_force_with_that_deposit() -> None:
    toy = settled().replace("since = 2001-01-01\n", "")
    two = toy_law(act("ratification", "AA", "2003-01-01"), act("ratification", "BB", "2003-02-10"), toy=toy)
    assert in_force(two, "toy", on=dt.date(2003, 5, 31)).outcome is Outcome.DOES_NOT_HOLD
    assert in_force(two, "toy", on=dt.date(2003, 6, 1)).outcome is Outcome.HOLDS
    one = toy_law(act("ratification", "AA", "2003-01-01"), toy=toy)
    assert in_force(one, "toy", on=BEFORE_COPY).outcome is Outcome.DOES_NOT_HOLD
    assert in_force(one, "toy", on=AFTER_COPY).outcome is Outcome.UNSETTLED


def test_a_number_without_a_length_does_not_give_a_day() -> None:
    toy = settled().replace("since = 2001-01-01\n", "").replace("after = { months = 3 }\nrounding", "rounding")
    law = toy_law(act("ratification", "AA", "2003-01-01"), act("ratification", "BB", "2003-02-10"), toy=toy)
    assert in_force(law, "toy", on=AFTER_COPY).outcome is Outcome.UNSETTLED


def test_the_depositary_s_notice_settles_it() -> None:
    recorded = act("ratification", "AA", "2003-01-01", effective="2004-01-01")
    law = toy_law(recorded, act("entry-into-force", "", "2004-01-01"))
    assert in_force(law, "toy", on=dt.date(2003, 12, 31)).outcome is Outcome.DOES_NOT_HOLD
    assert bound(law, "AA", treaty="toy", on=BEFORE_COPY).outcome is Outcome.HOLDS


def test_a_day_computed_from_a_rule_that_nobody_has_checked_settles_nothing() -> None:
    law = toy_law(act("ratification", "AA", "2003-01-01"), act("entry-into-force", "", "2004-01-01"))
    finding = bound(law, "AA", treaty="toy", on=BEFORE_COPY)
    assert finding.outcome is Outcome.UNSETTLED
    assert finding.reason == (
        "Expected from 1 January 2004 (computed from a rule that is not established), which settles nothing."
    )
    assert finding.open_questions() == ("Since when is TOY in force for Arcadia?",)
    assert effective_day(law, "AA", treaty="toy", on=BEFORE_COPY) is None


def test_a_day_of_entry_into_force_from_memory_says_so() -> None:
    toy = settled().replace("since = 2001-01-01", 'since = 2001-01-01\nsince_status = "recalled"')
    finding = in_force(toy_law(toy=toy), "toy", on=BEFORE_COPY)
    assert finding.outcome is Outcome.HOLDS
    assert finding.reason == "In force since 1 January 2001 (recalled, not checked against the text)."
    assert not finding.references[0].verified


def test_a_withdrawal_whose_effect_is_not_established_leaves_it_open() -> None:
    consent = act("ratification", "AA", "2003-01-01")
    ask = ("When does the withdrawal of Arcadia from TOY take effect?",)
    undated = toy_law(consent, act("withdrawal", "AA"), toy=settled())
    finding = bound(undated, "AA", treaty="toy", on=BEFORE_COPY)
    assert (finding.outcome, finding.open_questions()) == (Outcome.UNSETTLED, ask)
    assert "A withdrawal notified without a day is recorded" in finding.reason
    recalled = settled().replace(
        'after = { years = 1 }\nprovision = "fin.force"\nstatus = "read"',
        'after = { years = 1 }\nprovision = "fin.force"\nstatus = "recalled"',
    )
    unchecked = toy_law(consent, act("withdrawal", "AA", "2006-01-01"), toy=recalled)
    finding = bound(unchecked, "AA", treaty="toy", on=BEFORE_COPY)
    assert (finding.outcome, finding.open_questions()) == (Outcome.UNSETTLED, ask)
    assert "expected to take effect on 1 January 2007 (1 year after notice: recalled" in finding.reason
    ended = toy_law(consent, act("withdrawal", "AA", effective="2006-03-01"), toy=recalled)
    assert bound(ended, "AA", treaty="toy", on=dt.date(2006, 2, 28)).outcome is Outcome.HOLDS
    assert bound(ended, "AA", treaty="toy", on=dt.date(2006, 3, 1)).outcome is Outcome.DOES_NOT_HOLD


def test_the_convention_s_force_is_unsettled_and_latvia_s_row_does_not_settle_it() -> None:
    finding = bound(packaged(), "LV", treaty="lhc", on=TODAY)
    assert finding.outcome is Outcome.UNSETTLED
    assert [part.outcome for part in finding.because] == [Outcome.HOLDS, Outcome.UNSETTLED, Outcome.HOLDS]


def test_unknown_states_and_treaties_are_refused() -> None:
    with pytest.raises(LawQuestionError):
        bound(packaged(), "ZZ", treaty="lhc", on=TODAY)
    with pytest.raises(LawQuestionError):
        bound(packaged(), "NL", treaty="rome", on=TODAY)


def test_what_binds_two_states_does_not_depend_on_their_order() -> None:
    law = packaged()
    found = treaties_between(law, "NL", "SN", on=TODAY)
    assert found == treaties_between(law, "SN", "NL", on=TODAY)
    assert found["uncac"] is Outcome.HOLDS
    assert found["ets182"] is Outcome.UNSETTLED
