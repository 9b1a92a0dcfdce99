"""An officer at work in Chromium: without a script, by keyboard alone, and with pages that refresh themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from support.browsing import Pages

DRAFT = re.compile(r"/requests/[a-z2-7]{26}/$")

pytestmark = [pytest.mark.browser, pytest.mark.network]


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_request_is_drafted_submitted_sent_back_and_approved(pages: Pages, tmp_path: Path, script: bool) -> None:  # noqa: FBT001
    title = f"The mill of Dol {'with' if script else 'without'} script (fictional)"
    anna = pages.page("anna", script=script)
    anna.goto("/requests/new/from-file/")
    file = tmp_path / "request.json"
    file.write_text(pages.request_file(), encoding="utf-8")
    anna.get_by_label("Request file").set_input_files(file)
    anna.get_by_role("button", name="Read the file").click()
    anna.get_by_role("link", name="Confidentiality and protection").click()
    anna.get_by_label("Limits of use accepted").fill(title)
    anna.get_by_role("button", name="Save and return").click()
    anna.wait_for_url(DRAFT)
    draft = anna.url
    law = tmp_path / "law.pdf"
    law.write_bytes(b"%PDF-1.7 the law")
    anna.get_by_role("link", name="Files that leave with it").click()
    anna.get_by_label("File", exact=True).set_input_files(law)
    anna.get_by_label("Title in the letter").fill("Text of the law")
    anna.get_by_role("button", name="Attach").click()
    anna.get_by_text("The file is attached").wait_for()
    anna.goto(draft)
    anna.get_by_role("button", name="Check and submit").click()
    anna.get_by_text(title).wait_for()
    anna.get_by_label("Second officer").select_option(label="Bram Bos (fictional)")
    anna.get_by_role("button", name="Submit").click()
    anna.get_by_text("Waits for approval").first.wait_for()

    bram = pages.page("bram", script=script)
    bram.goto(draft)
    bram.get_by_role("button", name="Read and approve").click()
    bram.get_by_label("What should change").fill("Name the clinic.")
    bram.get_by_role("button", name="Send back").click()
    bram.get_by_text("The draft is back with its author.").wait_for()

    anna.goto("/")
    anna.get_by_text("Name the clinic.").first.wait_for()
    anna.goto(f"{draft}submit/")
    anna.get_by_label("Second officer").select_option(label="Bram Bos (fictional)")
    anna.get_by_role("button", name="Submit").click()
    anna.get_by_text("Waits for approval").first.wait_for()

    # The browser's own PDF viewer, headless, now and then swallows a click outside it.
    bram.route("**/preview/", lambda route: route.fulfill(body="", content_type="text/html"))
    bram.goto(f"{draft}approve/")
    bram.get_by_role("button", name="Approve; it leaves").click()
    bram.get_by_text("Confirm that you have read what will leave.").first.wait_for()
    bram.get_by_label("I have read the document").check()
    bram.get_by_role("button", name="Approve; it leaves").click()
    bram.get_by_text("Approved. The letter is sealed").wait_for()
    for page in (anna, bram):
        page.close()


def test_an_officer_finds_a_case_by_keyboard_alone(pages: Pages) -> None:
    page = pages.page("anna")
    page.goto("/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null"), "the link leads into the page"

    page.goto("/cases/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "text":
            break
    page.keyboard.type("burning")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=burning**")
    for _ in range(60):
        page.keyboard.press("Tab")
        if "/cases/" in str(page.evaluate("document.activeElement.getAttribute('href')")) and page.evaluate(
            "document.activeElement.closest('table') !== null"
        ):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).boxShadow")
    assert outline != "none", "the focus is seen"
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/**")
    assert page.get_by_role("heading", level=1).inner_text().startswith("The burning of Dol")
    page.close()


def test_today_refreshes_itself(pages: Pages) -> None:
    page = pages.page("anna")
    page.clock.install()
    page.goto("/")
    before = page.locator("#concerns").inner_html()

    with page.expect_response(lambda response: response.url.endswith("/") and response.status == 200):
        page.clock.fast_forward(61_000)

    page.wait_for_timeout(100)
    assert page.locator("#concerns").count() == 1
    assert "dedere-concern" in before
    page.close()


def test_evidence_is_looked_at_inside_the_page(pages: Pages) -> None:
    page = pages.page("eva")
    page.goto(f"/evidence/{pages.made['asked']['item']}/")

    page.get_by_text("Look at it").click()

    picture = page.locator("img.dedere-viewer")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") == 320
    page.close()


def test_a_printed_page_opens_what_is_folded(pages: Pages) -> None:
    page = pages.page("anna")
    page.goto(f"/cases/{pages.made['asking']['case']}/")

    page.emulate_media(media="print")
    assert not page.locator(".govuk-service-navigation").is_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("[...document.querySelectorAll('details')].every((each) => each.open)")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("[...document.querySelectorAll('details')].every((each) => !each.open)")
    page.close()
