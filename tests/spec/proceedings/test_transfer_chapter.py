"""The transfer of a sentenced person, and enforcement taken over when the person fled. Everything here is fictional.

The Netherlands is the sentencing State, Senegal the administering State.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.casework.acts import ProceedingKind
from support.bodies import Body, consulting, refusing, request
from support.chapters import Chapter, Telling, retold_in_any_order, steps_taken
from support.letters import part

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedere.casework.acts import JSON

chapter = Chapter(ProceedingKind.TRANSFER)


def statement(case: Telling, says: str = "consents", **more: JSON) -> Body:
    facts: Body = {"before": "Consul (fictional)", "informed": True, "counsel": True}
    return {"statement": says, "stated_on": case.today(), **facts, **more}


def decision(case: Telling, outcome: str = "agreed", **more: JSON) -> Body:
    said: Body = {"authority": "Ministry (fictional)", "text": "We agree."}
    return {"outcome": outcome, "decided_on": case.today(), **said, **more}


def enforcement(case: Telling, *, not_harsher: bool = True) -> Body:
    said: Body = {"mode": "continued", "court": "Court (fictional)", "sentence": "Ten years."}
    return {"decided_on": case.today(), "not_harsher": not_harsher, **said}


def ask(case: Telling, variant: str = "transfer") -> None:
    case.asks("request", opens="transfer", as_="sentencing", variant=variant, request=request(variant))
    case.refused("other-side-acts", "acknowledgement", by="NL", own_reference="NL-1", received_on=case.today())
    case.replies("acknowledgement", own_reference="SN-9", received_on=case.today())


def agreed(case: Telling) -> None:
    ask(case)
    case.asks("person-consent", **statement(case))
    case.asks("decision", **decision(case))
    case.replies("decision", **decision(case))
    assert case.status == "agreed"


def transferred(case: Telling) -> None:
    agreed(case)
    case.asks("transfer-arrangement", date=case.today(), place="Airport (fictional)")
    case.asks("transfer", transferred_on=case.today(), place="Airport (fictional)", served_days=700)


def report(case: Telling, kind: str) -> Body:
    return {"kind": kind, "on": case.today(), "text": "As the prison says (fictional)."}


@chapter.story
def from_interest_to_agreement(case: Telling) -> None:
    told: Body = {
        "request": request("transfer-interest"),
        "expressed_on": "2026-03-01",
        "text": "Wishes it.",
    }
    case.asks("interest", opens="transfer", variant="transfer-interest", **told)
    case.replies("acknowledgement", own_reference="SN-9", received_on=case.today())
    case.asks("supplement", text="The judgment.", documents=[{"part": "part-judgment"}], parts=(part("judgment"),))
    case.refused("person-consents-unless-fled", "decision", by="NL", **decision(case))
    verified: Body = {"by_": "Consul (fictional)", "verified_on": case.today()}
    case.refused("consent-to-verify", "consent-verification", by="SN", confirmed=True, **verified)
    case.asks("person-consent", **statement(case))
    case.replies("consent-verification", confirmed=False, **verified)
    case.refused("person-consents-unless-fled", "decision", by="NL", **decision(case))
    case.asks("person-consent", **statement(case, interpreter=True))
    case.replies("consent-verification", confirmed=True, **verified)
    case.asks("decision", **decision(case))
    case.refused("not-agreed-before", "decision", by="NL", **decision(case))
    assert case.status == "registered"
    case.replies("decision", **decision(case))
    assert case.status == "agreed"


@chapter.story
def a_consent_taken_back_undoes_the_agreement(case: Telling) -> None:
    agreed(case)
    case.refused("fled", "enforcement", by="SN", **enforcement(case))
    case.asks("transfer-arrangement", date=case.today(5), place="Airport (fictional)")
    case.asks("person-consent", **statement(case, "revokes"))
    assert case.status == "registered"
    case.refused("person-consents-unless-fled", "decision", by="SN", **decision(case))


@chapter.story
def enforcement_with_an_escape(case: Telling) -> None:
    transferred(case)
    case.refused("enforcement-not-harsher", "enforcement", by="SN", **enforcement(case, not_harsher=False))
    case.replies("enforcement", **enforcement(case))
    case.asks("notice", event="report.requested", text="How is it?")
    case.replies("report", **report(case, "on-request"))
    case.replies("report", **report(case, "escaped"))
    case.replies("report", **report(case, "recaptured"))
    case.replies("report", **report(case, "completed"))
    assert case.status == "ended"
    assert case.state().closed


@chapter.story
def enforcement_ends_with_death(case: Telling) -> None:
    transferred(case)
    case.replies("report", **report(case, "died"))
    assert case.status == "ended"


@chapter.story
def a_review_ends_enforcement(case: Telling) -> None:
    transferred(case)
    case.asks("decision", **decision(case, "terminated"))
    assert case.status == "ended"


@chapter.story
def a_pardon_needs_a_consultation(case: Telling) -> None:
    transferred(case)
    case.refused("consulted-on-pardon", "decision", by="SN", **decision(case, "pardoned"))
    case.replies("consultation", **consulting("pardon"))
    case.asks("consultation-reply", consultation="k1", text="We understand.")
    case.replies("decision", **decision(case, "pardoned", consultation="k1"))
    assert case.status == "ended"


@chapter.story
def a_person_who_fled_is_not_transferred(case: Telling) -> None:
    ask(case, "transfer-provisional")
    case.asks("decision", **decision(case))
    case.replies("decision", **decision(case))
    case.refused("not-fled", "transfer-arrangement", by="NL", date=case.today(), place="Airport (fictional)")
    case.replies("enforcement", **enforcement(case))
    assert case.status == "enforced"


@chapter.story
def a_transfer_is_refused(case: Telling) -> None:
    case.replies("request", opens="transfer", as_="administering", request=request("transfer"))
    assert case.state().owed[0].state == "NL"
    case.asks("acknowledgement", own_reference="NL-9", received_on=case.today())
    case.asks("consultation", **consulting("refusal"))
    case.replies("consultation-reply", consultation="k1", text="Please reconsider.")
    case.asks("refusal", **refusing())
    assert case.status == "refused"


@chapter.story
def a_transfer_is_no_longer_wanted(case: Telling) -> None:
    ask(case)
    case.replies("withdrawal", reason="The person is free (fictional).")
    assert case.status == "withdrawn"


@pytest.mark.parametrize("tell", chapter.stories, ids=lambda tell: tell.__name__)
def test_the_story_is_permitted_and_its_wrong_turns_are_not(tell: Callable[[Telling], None]) -> None:
    case = Telling()
    tell(case)
    retold_in_any_order(case)


def test_every_step_is_taken() -> None:
    assert chapter.steps_to_take() - steps_taken(chapter.told()) == set()
