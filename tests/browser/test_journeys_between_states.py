"""Whole proceedings at the pages of real nodes: an arrest and a refusal without a script, a transfer. All fictional."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from dedere.base.clock import SystemClock
from dedere.casework.request import RequestDraft
from support.desks import Desk
from support.nodes import Node, all_at, running, today
from support.request_parts import ARREST
from support.requests import extradition, request_of, side_procedure, transfer
from support.requirement import require_program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.network, pytest.mark.slow]

TODAY = SystemClock().now().date()
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = require_program("chromium", "chromium-browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=ARGUMENTS)
        yield started
        started.close()


def test_an_arrest_is_watched_and_the_extradition_refused_after_a_consultation(
    browser: Browser, tmp_path: Path
) -> None:
    with running(tmp_path, "NL", "SN") as (ours, asking):
        desk = Desk(ours, browser, script=False)
        request = RequestDraft(
            request_of(side_procedure("provisional-arrest", "provisional_arrest", ARREST, "lhc"))
        ).as_json()
        begun = asking.start("provisional-arrest", request, partner="NL", title="Tesk (fictional)")
        case, arrest = begun["case"], begun["proceeding"]
        desk.take_up(case)
        desk.act(case, arrest, "acknowledgement", own_reference="NL-1", received_on=TODAY)
        desk.act(case, arrest, "arrest", arrested_on=TODAY, place="Rotterdam (fictional)", in_custody=True)

        vera = desk.page("vera")
        vera.goto(f"/cases/{case}/clocks/")
        assert vera.get_by_role("row").filter(has_text="Arrest provisional").count() >= 1
        _refused(desk, asking, case, arrest)
        for page in desk.pages.values():
            page.context.close()


def _refused(desk: Desk, asking: Node, case: str, arrest: str) -> None:
    both = [desk.node, asking]
    asked = RequestDraft(request_of(extradition("accused", "lhc"))).as_json()
    here = asking.start("extradition", asked, case=case, links=[arrest])["proceeding"]
    all_at(both, case, arrest, "file-sent")
    desk.act(case, here, "acknowledgement", own_reference="NL-2", received_on=TODAY)
    vera = desk.page("vera")
    vera.goto(f"/requests/act/{case}/{here}/refusal/")
    vera.get_by_text("Consult first").first.wait_for()
    desk.act(case, here, "consultation", about="refusal", text="The person is gravely ill (fictional).")
    all_at(both, case, here, "registered")
    consultation = asking.case(case)["proceedings"][-1]["consultations"][0]["id"]
    asking.act(case, here, "consultation-reply", consultation=consultation, text="We hear you.")
    all_at(both, case, here, "registered")

    vera.goto(f"/requests/act/{case}/{here}/refusal/")
    ground = vera.locator("main .govuk-checkboxes__item").filter(has_text="umanitarian").first
    name = str(ground.locator("input").get_attribute("name")).removesuffix("use")
    other = vera.locator('main [name^="alternatives-"][name$="-use"]').first.get_attribute("name") or ""
    desk.act(
        case, here, "refusal",
        **{
            "consultation": consultation,
            f"{name}use": True,
            f"{name}circumstance": "The person is gravely ill, as two doctors say (fictional).",
            "reasons": "A doctor of the court finds that the person would not survive the journey (fictional).",
            other: True,
            f"{other.removesuffix('use')}considered": "The illness will not pass.",
        },
    )  # fmt: skip
    all_at(both, case, here, "refused")
    vera.goto(f"/cases/{case}/proceedings/")
    vera.get_by_text("Prosecution").first.wait_for()


def test_a_sentenced_person_is_transferred(browser: Browser, tmp_path: Path) -> None:
    with running(tmp_path, "NL", "SN") as (ours, other):
        desk = Desk(ours, browser)
        request = RequestDraft(request_of(transfer("sentencing-state", "lhc"))).as_json()
        begun = ours.start("transfer", request, partner="SN", title="Tesk (fictional)", side="sentencing")
        case, here = begun["case"], begun["proceeding"]
        both = [ours, other]
        other.act(case, here, "acknowledgement", own_reference="SN-1", received_on=today())
        all_at(both, case, here, "registered")
        desk.act(
            case, here, "person-consent",
            statement="consents", stated_on=TODAY, before="Court (fictional)", informed=True, counsel=True,
        )  # fmt: skip
        other.act(case, here, "consent-verification", verified_on=today(), by="Consul (fictional)", confirmed=True)
        agreed = {"outcome": "agreed", "decided_on": today(), "authority": "Ministry (fictional)", "text": "Agreed."}
        other.act(case, here, "decision", **agreed)
        all_at(both, case, here, "registered")
        desk.act(
            case, here, "decision", outcome="agreed", decided_on=TODAY, authority="Ministry (fictional)", text="Agreed."
        )
        all_at(both, case, here, "agreed")
        desk.act(case, here, "transfer-arrangement", date=TODAY, place="Schiphol (fictional)")
        desk.act(case, here, "transfer", transferred_on=TODAY, place="Schiphol (fictional)", served_days="400")
        all_at(both, case, here, "transferred")
        for page in desk.pages.values():
            page.context.close()
