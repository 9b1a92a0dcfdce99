"""Chapter 5. What a request must contain: the Netherlands writes to Senegal, and a colleague reads the draft first.

Paragraphs in order: presence, quality, links, what the other State declared, what is not known, what the officer may
answer. Every person, company and event is fictional.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.base.finding import Outcome
from dedere.treaty.contents import ContentFinding, Weight, check_contents
from support.clocks import the_law
from support.planted import both, put, without
from support.requests import COMPLETE, ON, Tables, request_of

if TYPE_CHECKING:
    from collections.abc import Callable


def read(draft: str, *changes: Callable[[Tables], None], **asked: dict[str, Outcome]) -> tuple[ContentFinding, ...]:
    tables = COMPLETE[draft]()
    both(*changes)(tables)
    return check_contents(the_law(), request_of(tables), on=ON, treaties=asked.get("treaties"))


def only(findings: tuple[ContentFinding, ...]) -> ContentFinding:
    (finding,) = findings
    return finding


def test_5_1_a_complete_draft_gives_nothing_to_say() -> None:
    """Forty-one drafts of fourteen kinds, each against the treaties it relies on (tests of the planted defects)."""
    for draft in COMPLETE:
        assert read(draft) == ()


def test_5_2_what_must_be_there_and_is_not_is_missing_with_reason_and_consequence() -> None:
    """Facts relied on for a freezing measure (lhc/ar.contents.freeze-facts, modelled on UNCAC Art. 55(3)(c))."""
    finding = only(read("mla-freezing", without("measure.freezing.0.facts_relied_on")))

    assert finding.weight is Weight.MISSING
    assert finding.field == "measure.freezing[1].facts_relied_on"
    assert "There must be a reasonable basis to expect confiscation." in finding.reason
    assert finding.consequence == "Measure not taken or lifted."
    assert finding.references[0].place.startswith("LHC")
    assert not finding.verified, "nobody has compared this row of the Convention with its text"


def test_5_3_the_same_demand_in_a_treaty_that_was_read_is_verified() -> None:
    """Summary of the facts (uncac/mla.contents.facts)."""
    finding = only(read("mla-corruption", without("request.facts.summary")))

    assert finding.verified
    assert finding.references[0].place == "UNCAC Art. 46(15)"


def test_5_4_accused_and_convicted_persons_need_different_papers() -> None:
    """Warrant or judgment (lhc/ext.contents.warrant, lhc/ext.contents.judgment), decided by how the person is sought."""
    warrant = only(read("extradition-accused", without("extradition.documents.warrant")))
    judgment = only(read("extradition-convicted", without("extradition.documents.judgment")))

    assert warrant.field == "extradition.documents.warrant"
    assert judgment.field == "extradition.documents.judgment"


def test_5_5_what_is_there_and_says_nothing_is_weak() -> None:
    """A label is not conduct (practice.crime-label); a placeholder is no text."""
    label = only(read("mla-statement", put("request.crime.0.conduct", "Genocide, crimes against humanity, war crimes")))
    placeholder = only(read("mla-statement", put("request.assistance.presence_wanted", "to be confirmed")))

    assert (label.weight, label.field) == (Weight.WEAK, "request.crime[1].conduct")
    assert (placeholder.weight, placeholder.field) == (Weight.WEAK, "request.assistance.presence_wanted")


def test_5_6_days_are_judged_by_the_day_of_the_check() -> None:
    """A fact tomorrow, a deadline yesterday, a date without its reason (practice.urgency-reason)."""
    tomorrow = only(read("mla-statement", put("request.facts.statements.0.from", dt.date(2026, 11, 25))))
    yesterday = only(read("mla-statement", put("request.deadline.date", dt.date(2026, 11, 23))))
    bare = only(read("mla-statement", without("request.deadline.reason")))

    assert "lies in the future" in tomorrow.reason
    assert "has passed" in yesterday.reason
    assert (bare.weight, bare.field) == (Weight.WEAK, "request.deadline.reason")


def test_5_7_every_item_rests_on_a_fact_and_concerns_somebody() -> None:
    """Missing links are a standard cause of return (practice.nexus.item-fact, practice.nexus.item-person)."""
    no_fact = only(read("mla-statement", put("request.assistance.items.0.facts", [])))
    nobody = only(read("mla-statement", put("request.assistance.items.0.persons", [])))
    stranger = only(read("mla-statement", put("request.assistance.items.0.facts", ["fact-2"])))

    assert no_fact.weight is nobody.weight is Weight.MISSING
    assert stranger.weight is Weight.WEAK
    assert stranger.reason == "person-2 has no part in any of the facts on which the item rests."


def test_5_8_a_state_that_declared_its_language_is_written_to_in_it() -> None:
    """Latvia wants Latvian (lhc/party.lv.declaration.3); the draft is in English with a French translation."""
    finding = only(read("mla-statement", put("request.requested_state", "LV")))

    assert (finding.weight, finding.field) == (Weight.MISSING, "request.translation")
    assert finding.reason == "The requested State wants lv; no such text is attached."


def test_5_9_what_is_not_known_of_a_protocol_never_makes_a_field_missing() -> None:
    """The period of a joint team stands in ETS 182; whether it binds both is not known, so it is advice.

    A request that relies on ETS 182 itself is held to it: whether it may be relied on is for the legal basis to say.
    """
    endless = both(put("request.legal_basis.instruments", ["ets030"]), without("jit.period"))
    unknown = only(read("joint-team-european", endless))
    bound = only(read("joint-team-european", endless, treaties={"ets182": Outcome.HOLDS}))
    not_bound = read("joint-team-european", endless, treaties={"ets182": Outcome.DOES_NOT_HOLD})
    relied_on = only(read("joint-team-european", without("jit.period")))

    assert unknown.weight is Weight.ADVICE
    assert "ETS 182 binds both States, which is not known" in unknown.reason
    assert bound.weight is Weight.MISSING
    assert not_bound == ()
    assert relied_on.weight is Weight.MISSING


def test_5_10_a_field_can_be_left_out_with_a_reason_unless_the_treaty_demands_it() -> None:
    """`where-possible` gives way to a reason; `must` does not."""

    def because(field: str) -> Callable[[Tables], None]:
        return put("request.left_out", [{"field": field, "reason": "The whereabouts are not known to anybody."}])

    assert read("mla-statement", without("request.persons.0.location"), because("request.persons.location")) == ()
    assert read("mla-statement", without("request.reference"), because("request.reference")) != ()
