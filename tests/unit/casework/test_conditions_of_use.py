"""Conditions travel with an item and forbid what they say until consent lifts them. Everything here is fictional."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import InputError
from dedere.casework.conditions import (
    ConditionKind,
    Use,
    UseKind,
    check_use,
    conditions_on,
    forbids,
    inherited,
    require_use,
)
from dedere.casework.errors import UseForbiddenError
from dedere.casework.matters import Condition, ConditionStatus
from dedere.casework.procedure import load_procedure
from support.bodies import condition, receipt, request
from support.chapters import Telling
from support.letters import part

if TYPE_CHECKING:
    from support.bodies import Body

DAY = dt.date(2026, 6, 1)
LATER = dt.date(2026, 6, 2)


def with_evidence(*rules: Body) -> Telling:
    case = Telling()
    case.asks("request", opens="mla", request=request(), measures=[{"id": "m1", "kind": "records"}])
    case.replies("acknowledgement", own_reference="SN-14", received_on=case.today())
    case.replies("acceptance", measures=[{"measure": "m1"}])
    outcome: Body = {"measure": "m1", "outcome": "partly-executed", "text": "A lot."}
    case.replies("result", measures=[outcome], items=[{"part": "part-a"}], parts=(part("a", conditions=rules),))
    return case


def sign_for(case: Telling, *accepted: str) -> None:
    case.asks("custody-receipt", items=[receipt("a", *accepted)], received_on=case.today())


def bound(kind: ConditionKind, **more: object) -> Condition:
    given = {"purposes": ("this case",), "states": ("SI",), "by": "2026-06-30", **more}
    status = ConditionStatus.ACCEPTED
    return Condition("c1", kind.value, "As agreed.", "SN", status, "letter", **given)  # type: ignore[arg-type] # a table


@pytest.mark.parametrize(
    ("kind", "use", "says"),
    [
        (ConditionKind.CONFIDENTIALITY, Use(UseKind.DISCLOSURE, DAY), "confidential"),
        (ConditionKind.CONFIDENTIALITY, Use(UseKind.EVIDENCE, DAY), ""),
        (ConditionKind.USE_LIMITATION, Use(UseKind.EVIDENCE, DAY, purpose="another case"), "purpose"),
        (ConditionKind.USE_LIMITATION, Use(UseKind.EVIDENCE, DAY, purpose="this case"), ""),
        (ConditionKind.USE_LIMITATION, Use(UseKind.TRANSFER, DAY, state="FR"), ""),
        (ConditionKind.SPECIALITY, Use(UseKind.EVIDENCE, DAY, purpose="another case"), "purpose"),
        (ConditionKind.NO_ONWARD_TRANSFER, Use(UseKind.TRANSFER, DAY, state="FR"), "passed on"),
        (ConditionKind.NO_ONWARD_TRANSFER, Use(UseKind.TRANSFER, DAY, state="SI"), ""),
        (ConditionKind.NO_ONWARD_TRANSFER, Use(UseKind.EVIDENCE, DAY), ""),
        (ConditionKind.RETURN_BY, Use(UseKind.KEEPING, dt.date(2026, 7, 1)), "given up"),
        (ConditionKind.DESTROY_BY, Use(UseKind.KEEPING, dt.date(2026, 6, 30)), ""),
        (ConditionKind.REPORT_ON_USE, Use(UseKind.EVIDENCE, DAY), "reported"),
        (ConditionKind.REPORT_ON_USE, Use(UseKind.EVIDENCE, DAY, reported=True), ""),
        (ConditionKind.HANDLING, Use(UseKind.EVIDENCE, DAY), ""),
        (ConditionKind.RETURN_BY, Use(UseKind.RETURN, dt.date(2027, 1, 1)), ""),
        (ConditionKind.USE_LIMITATION, Use(UseKind.COPY, DAY, purpose="another case"), "purpose"),
        (ConditionKind.USE_LIMITATION, Use(UseKind.COPY, DAY, purpose="this case"), ""),
        (ConditionKind.USE_LIMITATION, Use(UseKind.LOOK, DAY), ""),
        (ConditionKind.CONFIDENTIALITY, Use(UseKind.COPY, DAY), ""),
        (ConditionKind.RETURN_BY, Use(UseKind.LOOK, dt.date(2026, 7, 1)), "given up"),
        (ConditionKind.USE_LIMITATION, Use(UseKind.COPY, DAY, purpose="another case", by="SN"), ""),
        (ConditionKind.CONFIDENTIALITY, Use(UseKind.DISCLOSURE, DAY, exculpatory=True), "after notice"),
        (ConditionKind.CONFIDENTIALITY, Use(UseKind.DISCLOSURE, DAY, exculpatory=True, notified=LATER), "after notice"),
        (ConditionKind.CONFIDENTIALITY, Use(UseKind.DISCLOSURE, DAY, exculpatory=True, notified=DAY), ""),
        (ConditionKind.SPECIALITY, Use(UseKind.DISCLOSURE, DAY, exculpatory=True, notified=DAY), ""),
        (ConditionKind.USE_LIMITATION, Use(UseKind.EVIDENCE, DAY, exculpatory=True, notified=DAY), "purpose"),
    ],
)
def test_each_kind_of_condition_forbids_what_it_says(kind: ConditionKind, use: Use, says: str) -> None:
    reason = forbids(bound(kind), use)

    assert says in reason
    assert bool(reason) == bool(says)


def test_every_kind_in_the_shape_is_known_here() -> None:
    kinds = load_procedure().shapes["condition"].by_name["kind"].choices

    assert set(kinds) == {kind.value for kind in ConditionKind}


def test_an_item_waits_for_acceptance_is_limited_and_is_freed_by_consent() -> None:
    case = with_evidence(condition("c1", purposes=["this case"]))
    here = Use(UseKind.EVIDENCE, DAY, purpose="this case")
    elsewhere = Use(UseKind.EVIDENCE, DAY, purpose="another case")

    with pytest.raises(UseForbiddenError, match="not been accepted"):
        check_use(case.state(), "part-a", use=here)
    check_use(case.state(), "part-a", use=Use(UseKind.KEEPING, DAY))
    sign_for(case, "c1")
    check_use(case.state(), "part-a", use=here)
    with pytest.raises(UseForbiddenError) as caught:
        check_use(case.state(), "part-a", use=elsewhere)
    assert caught.value.condition == "c1"
    assert f"set by {caught.value.set_by} in letter {caught.value.letter}" in caught.value.sentence
    case.asks("consent-request", conditions=["c1"], use="another case")
    case.replies("consent", conditions=["c1"], granted=True)
    check_use(case.state(), "part-a", use=elsewhere)


def test_an_item_whose_condition_was_declined_is_only_returned() -> None:
    case = with_evidence(condition("c1"))
    declined = {**receipt("a"), "condition_replies": [{"condition": "c1", "accepted": False}]}
    case.asks("custody-receipt", items=[declined], received_on=case.today())

    with pytest.raises(UseForbiddenError, match="only be returned"):
        check_use(case.state(), "part-a", use=Use(UseKind.KEEPING, DAY))
    check_use(case.state(), "part-a", use=Use(UseKind.RETURN, DAY))


def test_a_refusal_names_the_provision_that_a_condition_rests_on() -> None:
    resting = bound(ConditionKind.CONFIDENTIALITY, provision="info.use-limitation")

    with pytest.raises(UseForbiddenError, match=r"set by SN in letter letter, provision info\.use-limitation"):
        require_use([resting], Use(UseKind.DISCLOSURE, DAY))


def test_what_is_made_from_an_item_stands_under_its_conditions() -> None:
    case = with_evidence(condition("c1"))
    sign_for(case, "c1")
    outcome: Body = {"measure": "m1", "outcome": "executed", "text": "The rest."}
    case.replies(
        "result",
        measures=[outcome],
        items=[{"part": "part-b", "derived_from": ["part-a"]}],
        parts=(part("b", conditions=(condition("c1"), condition("c2"))),),
    )
    case.asks("custody-receipt", items=[receipt("b", "c2")], received_on=case.today())

    assert [each.id for each in conditions_on(case.state(), "part-b")] == ["c1", "c2"]
    with pytest.raises(InputError):
        conditions_on(case.state(), "part-x")


def test_a_copy_of_several_inherits_what_binds_any_of_them() -> None:
    first, second = bound(ConditionKind.HANDLING), bound(ConditionKind.CONFIDENTIALITY)
    lifted = Condition("c9", "handling", "Gone.", "SN", ConditionStatus.LIFTED, "letter")

    assert inherited([(first, lifted), (second,)]) == (first,)


def test_items_made_from_each_other_do_not_run_in_circles() -> None:
    case = with_evidence(condition("c1"))
    outcome: Body = {"measure": "m1", "outcome": "partly-executed", "text": "More."}
    items: list[Body] = [
        {"part": "part-b", "derived_from": ["part-a"]},
        {"part": "part-c", "derived_from": ["part-a"]},
    ]
    rule = condition("c1")
    case.replies(
        "result", measures=[outcome], items=items, parts=tuple(part(name, conditions=(rule,)) for name in ("b", "c"))
    )
    done: Body = {"measure": "m1", "outcome": "executed", "text": "All."}
    both: list[Body] = [{"part": "part-d", "derived_from": ["part-b", "part-c"]}]
    case.replies("result", measures=[done], items=both, parts=(part("d", conditions=(rule,)),))

    assert [each.id for each in conditions_on(case.state(), "part-d")] == ["c1"]
