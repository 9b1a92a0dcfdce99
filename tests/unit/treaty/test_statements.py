"""Annex notices, provisional application, reservations and declarations. All acts are invented."""

from __future__ import annotations

import datetime as dt

import pytest

from dedere.base.finding import Outcome
from dedere.treaty.parties import rows_of
from dedere.treaty.statements import (
    annex_between,
    annex_notified,
    applies_provisionally,
    in_effect,
    in_effect_rows,
    unread,
)
from support.lawbook import TOY, act, settled, toy_law

DAY = dt.date(2008, 1, 1)
LATER = dt.date(2020, 1, 1)


def reservation(date: str = "2004-01-01", **more: str) -> dict[str, str]:
    return act("reservation", "AA", date, about="reservation.presence", id="r", **more)


@pytest.mark.parametrize(
    ("on", "outcome"),
    [
        (dt.date(2003, 12, 31), Outcome.DOES_NOT_HOLD),
        (dt.date(2004, 1, 1), Outcome.HOLDS),
        (dt.date(2007, 1, 1), Outcome.HOLDS),
        (dt.date(2007, 1, 2), Outcome.DOES_NOT_HOLD),
    ],
)
def test_a_reservation_of_limited_duration_lapses(on: dt.date, outcome: Outcome) -> None:
    law = toy_law(reservation())
    assert in_effect(law, rows_of(law, "AA", "toy")[0], on=on).outcome is outcome


def test_a_renewal_extends_it_from_its_own_day() -> None:
    law = toy_law(reservation(), act("renewal", "AA", "2006-12-01", affects="r"))
    row = rows_of(law, "AA", "toy")[0]
    assert in_effect(law, row, on=dt.date(2009, 12, 1)).outcome is Outcome.HOLDS
    assert in_effect(law, row, on=dt.date(2009, 12, 2)).outcome is Outcome.DOES_NOT_HOLD


def test_a_renewal_to_come_does_not_count_yet() -> None:
    law = toy_law(reservation(), act("renewal", "AA", "2008-12-01", affects="r"))
    assert in_effect(law, rows_of(law, "AA", "toy")[0], on=DAY).outcome is Outcome.DOES_NOT_HOLD


def test_a_recorded_end_counts_before_a_computed_one() -> None:
    law = toy_law(reservation(expires="2004-06-30"))
    finding = in_effect(law, rows_of(law, "AA", "toy")[0], on=dt.date(2004, 7, 1))
    assert finding.reason == "It lapsed at the end of 30 June 2004 and was not renewed."


def test_a_withdrawn_statement_has_no_effect_from_then_on() -> None:
    law = toy_law(
        act("declaration", "AA", "2004-01-01", id="d"),
        act("withdrawal-of-statement", "AA", "2006-01-01", affects="d", effective="2006-02-01"),
    )
    row = rows_of(law, "AA", "toy")[0]
    assert in_effect(law, row, on=dt.date(2006, 1, 31)).outcome is Outcome.HOLDS
    assert in_effect(law, row, on=dt.date(2006, 2, 1)).outcome is Outcome.DOES_NOT_HOLD


def test_a_withdrawal_on_an_unknown_day_leaves_it_open() -> None:
    law = toy_law(act("declaration", "AA", "2004-01-01", id="d"), act("withdrawal-of-statement", "AA", "", affects="d"))
    finding = in_effect(law, rows_of(law, "AA", "toy")[0], on=DAY)
    assert finding.outcome is Outcome.UNSETTLED
    assert finding.open_question == "When was the declaration of Arcadia withdrawn?"
    lapsed = toy_law(reservation(), act("withdrawal-of-statement", "AA", "", affects="r"))
    assert in_effect(lapsed, rows_of(lapsed, "AA", "toy")[0], on=DAY).outcome is Outcome.DOES_NOT_HOLD


def test_that_it_lapsed_is_not_known_after_the_list_was_copied() -> None:
    law = toy_law(reservation("2008-06-01"))
    row = rows_of(law, "AA", "toy")[0]
    finding = in_effect(law, row, on=dt.date(2011, 6, 2))
    assert finding.outcome is Outcome.UNSETTLED
    assert finding.reason == (
        "It may have lapsed at the end of 1 June 2011: "
        "no renewal is recorded, in a list that goes only to 31 December 2010."
    )
    assert finding.open_question == "Did the reservation of Arcadia lapse on 1 June 2011, or was it renewed?"
    checked = toy_law(reservation("2008-06-01"), act("list-checked", "", "2011-06-01"))
    assert in_effect(checked, rows_of(checked, "AA", "toy")[0], on=dt.date(2011, 6, 2)).outcome is Outcome.DOES_NOT_HOLD


def test_a_list_without_statements_shows_no_renewal() -> None:
    law = toy_law(reservation(), toy=TOY.replace("statements = true", "statements = false"))
    finding = in_effect(law, rows_of(law, "AA", "toy")[0], on=DAY)
    assert finding.outcome is Outcome.UNSETTLED
    assert finding.reason.endswith("in a list that is not loaded.")


def test_a_length_that_nobody_has_checked_ends_nothing() -> None:
    toy = TOY.replace(
        'reciprocal = true\nprovision = "gen.scope"\nstatus = "read"',
        'reciprocal = true\nprovision = "gen.scope"\nstatus = "reported"',
    )
    law = toy_law(reservation(), toy=toy)
    row = rows_of(law, "AA", "toy")[0]
    assert in_effect(law, row, on=dt.date(2007, 1, 1)).outcome is Outcome.HOLDS
    finding = in_effect(law, row, on=dt.date(2007, 1, 2))
    assert finding.outcome is Outcome.UNSETTLED
    assert "its length, 3 years, has not been compared with the authentic text" in finding.reason
    assert in_effect_rows(law, "AA", treaty="toy", on=dt.date(2007, 1, 2)) == (row,)


def test_a_statement_on_an_unknown_day_may_have_effect() -> None:
    law = toy_law(act("reservation", "AA", about="reservation.presence", id="r"))
    row = rows_of(law, "AA", "toy")[0]
    finding = in_effect(law, row, on=DAY)
    assert finding.outcome is Outcome.UNSETTLED
    assert finding.open_question == "When did the reservation of Arcadia take effect?"
    assert in_effect_rows(law, "AA", treaty="toy", on=DAY) == (row,)


def test_a_lapsed_statement_is_not_listed() -> None:
    law = toy_law(reservation(), act("signature", "AA", "2003-01-01"))
    assert in_effect_rows(law, "AA", treaty="toy", on=DAY) == ()


def test_an_annex_operates_only_when_both_have_notified_it_on_that_day() -> None:
    law = toy_law(
        act("notification-annex", "AA", "2004-01-01", effect="annexes=F"),
        act("notification-annex", "BB", "2006-01-01", effect="annexes=F"),
    )
    assert annex_between(law, ("AA", "BB"), treaty="toy", letter="F", on=DAY).outcome is Outcome.HOLDS
    early = annex_between(law, ("AA", "BB"), treaty="toy", letter="F", on=dt.date(2005, 1, 1))
    assert early.outcome is Outcome.DOES_NOT_HOLD
    assert annex_between(law, ("AA", "CC"), treaty="toy", letter="F", on=DAY).outcome is Outcome.DOES_NOT_HOLD
    unknown = annex_between(law, ("AA", "CC"), treaty="toy", letter="F", on=LATER)
    assert unknown.outcome is Outcome.UNSETTLED
    assert unknown.open_questions() == ("Has the Cloud Cities notified Annex F?",)


def test_an_annex_between_two_states_is_the_same_whichever_is_named_first() -> None:
    law = toy_law(act("notification-annex", "AA", "2004-01-01", effect="annexes=F"))
    one = annex_between(law, ("AA", "BB"), treaty="toy", letter="F", on=LATER)
    assert one == annex_between(law, ("BB", "AA"), treaty="toy", letter="F", on=LATER)


def test_an_annex_left_out_of_a_notice_is_said() -> None:
    toy = (
        TOY.replace('annex = "F"', 'annex = "F"\n', 1)
        + """
[[crime]]
code = "EDIS"
word = "disappearance"
name = "Enforced disappearance"
definition_article = "Annex G"
annex = "G"
provision = "gen.scope"
status = "read"
confidence = "certain"
"""
    )
    law = toy_law(act("notification-annex", "AA", "2004-01-01", effect="annexes=F"), toy=toy)
    assert annex_notified(law, "AA", treaty="toy", letter="G", on=DAY).reason.endswith("Its notice names F only.")
    assert annex_notified(law, "AA", treaty="toy", letter="G", on=LATER).outcome is Outcome.UNSETTLED


def test_without_a_rule_on_annexes_the_notices_are_cited() -> None:
    toy = TOY[: TOY.index("[annexes]")] + TOY[TOY.index("[[provision]]") :]
    law = toy_law(act("notification-annex", "AA", "2004-01-01", effect="annexes=F"), toy=toy)
    finding = annex_between(law, ("AA", "BB"), treaty="toy", letter="F", on=DAY)
    assert finding.references == ()
    assert finding.all_references()


def test_provisional_application_covers_the_part_it_names() -> None:
    law = toy_law(act("provisional-application", "AA", "2004-01-01", effect="parts=III; territory=the islands"))
    third = applies_provisionally(law, "AA", treaty="toy", part="III", on=DAY)
    assert third.outcome is Outcome.HOLDS
    assert third.reason == "Arcadia applies Part III provisionally (the islands only): in effect since 1 January 2004."
    fourth = applies_provisionally(law, "AA", treaty="toy", part="IV", on=DAY)
    assert fourth.outcome is Outcome.DOES_NOT_HOLD
    assert "that does not cover Part IV" in fourth.reason


def test_in_which_part_it_stands_may_be_the_question() -> None:
    law = toy_law(act("provisional-application", "AA", "2004-01-01", effect="parts=III IV"))
    finding = applies_provisionally(law, "AA", treaty="toy", part="", on=DAY)
    assert finding.outcome is Outcome.UNSETTLED
    assert "Parts III and IV" in finding.reason


def test_the_whole_treaty_may_be_applied_provisionally() -> None:
    law = toy_law(act("provisional-application", "AA", "2004-01-01"))
    finding = applies_provisionally(law, "AA", treaty="toy", part="", on=DAY)
    assert finding.outcome is Outcome.HOLDS
    assert "the whole treaty" in finding.reason


def test_without_a_declaration_the_list_decides() -> None:
    law = toy_law(toy=settled())
    assert applies_provisionally(law, "AA", treaty="toy", part="III", on=DAY).outcome is Outcome.DOES_NOT_HOLD
    assert applies_provisionally(law, "AA", treaty="toy", part="III", on=LATER).outcome is Outcome.UNSETTLED


def test_a_statement_nobody_has_read_is_found() -> None:
    law = toy_law(
        act("declaration", "AA", "2004-01-01", status="unsettled", id="dark"),
        act("declaration", "AA", "2004-01-02", status="unsettled", id="known", effect="languages=en"),
    )
    assert [row.id for row in unread(law, "AA", treaty="toy")] == ["dark"]
