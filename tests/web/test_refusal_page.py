"""The page of a refusal: grounds are offered with their findings, and none but a lawful refusal becomes a draft."""

from __future__ import annotations

from typing import Any

import pytest

from dedere.casework.errors import ActRefusedError
from dedere.node.cases import actions as cases
from dedere.node.cases.models import Case, Draft
from support.offices import Bureau, measure_of, proceeding_of
from support.pages import SignIn, errors_of, fields_of, text_of

REASONS = "A hearing now would warn those who are under investigation here since spring (fictional)."
SAID = "Two inquiries here concern the same units (fictional)."


@pytest.fixture
def consulted(bureau: Bureau) -> Case:
    """Senegal's request, on whose refusal it was consulted and answered."""
    case = bureau.registered()
    body = {"consultation": "k1", "about": "refusal", "text": "We think of refusing the hearing."}
    bureau.sent(bureau.proposed(case, "consultation", body, by="rosa"), author="rosa")
    bureau.arrives("consultation-reply", {"consultation": "k1", "text": "Please reconsider."}, case=case)
    case.refresh_from_db()
    return case


def page_of(case: Case) -> str:
    return f"/requests/act/{case.pk}/{proceeding_of(case)}/refusal/"


def row_of(response: Any, datum: str) -> str:  # a response of the test client, with its context
    """The prefix of the form's row for a ground."""
    form = response.context["form"]
    return str(next(row.prefix for row in form.rows() if row.known is not None and row.known.id == datum))


def filled(page: Any, ground: str, **more: str) -> dict[str, object]:
    prefix = row_of(page, f"lhc/{ground}")
    alternative = next(row.prefix for row in page.context["form"].rows() if row.list_name == "alternatives")
    return {
        **fields_of(page),
        "measures-0-use": "on",
        "consultation": "k1",
        "reasons": REASONS,
        f"{prefix}use": "on",
        f"{prefix}circumstance": SAID,
        f"{alternative}use": "on",
        f"{alternative}considered": "Conditions would not keep the inquiry safe.",
        **{name.replace("ground_", prefix): value for name, value in more.items()},
    }


def test_grounds_are_offered_with_what_comes_first_and_why(consulted: Case, signed_in: SignIn) -> None:
    page = signed_in("rosa").get(page_of(consulted))
    shown = text_of(page)

    assert "What comes before a refusal" in shown
    assert "Consult before refusing and consider conditions." in shown
    assert "Sovereignty, security, public order" in shown
    assert "Would execution be likely to harm" in shown
    names = {row.list_name for row in page.context["form"].rows()}
    assert {"grounds", "alternatives", "measures"} <= names
    assert not [name for name in page.context["form"].fields if name.endswith(("-force", "-instrument", "-provision"))]


def test_a_refusal_quotes_the_ground_that_was_chosen(consulted: Case, signed_in: SignIn) -> None:
    client = signed_in("rosa")
    page = client.get(page_of(consulted))
    response = client.post(page_of(consulted), filled(page, "mla.ground.essential-interests"))

    draft = Draft.objects.get(kind="refusal")
    assert response.headers["Location"] == f"/requests/{draft.pk}/"
    (ground,) = draft.body["grounds"]
    assert ground["id"] == "mla.ground.essential-interests"
    assert ground["circumstance"] == SAID
    assert ground["provision"]
    assert draft.body["alternatives"][0]["considered"] == "Conditions would not keep the inquiry safe."
    again = client.get(f"/requests/{draft.pk}/body/")
    prefix = row_of(again, "lhc/mla.ground.essential-interests")
    assert fields_of(again)[f"{prefix}use"] == ["on"]
    assert fields_of(again)[f"{prefix}circumstance"] == SAID


def test_a_circumstance_that_nobody_states_carries_no_refusal(consulted: Case, signed_in: SignIn) -> None:
    client = signed_in("rosa")
    page = client.get(page_of(consulted))
    response = client.post(page_of(consulted), filled(page, "mla.ground.essential-interests", ground_circumstance=""))

    assert response.status_code == 422
    assert "how its circumstance is there" in errors_of(response)
    assert not Draft.objects.filter(kind="refusal").exists()


def test_without_a_consultation_the_page_says_so_and_makes_nothing(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.registered()
    client = signed_in("rosa")
    page = client.get(page_of(case))
    assert "Consult first" in text_of(page)
    answer = client.post(page_of(case), {**fields_of(page), "reasons": REASONS})

    assert answer.status_code == 422
    assert not Draft.objects.filter(kind="refusal").exists()


def refusal(case: Case, **ground: str) -> dict[str, object]:
    quote = {
        "id": "mla.ground.essential-interests",
        "instrument": "lhc",
        "provision": "mla.grounds",
        "force": "may",
        "status": "modelled",
        "circumstance": SAID,
        **ground,
    }
    return {
        "measures": [{"measure": measure_of(case)}],
        "consultation": "k1",
        "grounds": [quote],
        "reasons": REASONS,
        "alternatives": [{"kind": "condition", "considered": "It would not do."}],
    }


@pytest.mark.parametrize(
    ("ground", "rule"),
    [
        ({"id": "mla.ground.weather"}, "ground-unknown"),
        ({"id": "mla.ground.ongoing-matter"}, "ground-postpones"),
        ({"force": "must"}, "ground-misquoted"),
        ({"instrument": "uncac"}, "ground-unknown"),
    ],
)
def test_no_other_way_into_the_house_makes_an_unlawful_refusal(
    bureau: Bureau, consulted: Case, ground: dict[str, str], rule: str
) -> None:
    before = consulted.record_digest
    with pytest.raises(ActRefusedError) as caught:
        bureau.proposed(consulted, "refusal", refusal(consulted, **ground), by="rosa")

    assert caught.value.rule == rule
    consulted.refresh_from_db()
    assert consulted.record_digest == before
    assert not Draft.objects.filter(kind="refusal").exists()


def test_a_ground_that_a_later_letter_takes_away_stops_the_approval(bureau: Bureau, consulted: Case) -> None:
    quote = refusal(consulted)["grounds"][0]  # type: ignore[index]
    from dedere.node.desk.grounds import grounds_of

    rows = {row.datum: row for row in grounds_of(bureau["rosa"], consulted.pk, proceeding_of(consulted)).grounds}
    body = {**refusal(consulted), "grounds": [{**quote, **rows["lhc/mla.ground.essential-interests"].quote}]}
    draft = bureau.proposed(consulted, "refusal", body, by="rosa")
    cases.submit_draft(by=bureau["rosa"], draft_id=draft.pk, approver_id=bureau["bram"].identifier)
    bureau.arrives("withdrawal", {"reason": "Not needed any more (fictional)."}, case=consulted)
    draft.refresh_from_db()

    with pytest.raises(ActRefusedError) as caught:
        cases.approve_draft(by=bureau["bram"], draft_id=draft.pk, digest=draft.digest)
    assert caught.value.rule == "out-of-turn"
