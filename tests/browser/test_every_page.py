"""Every page in Chromium: loads without a word on the console, passes axe, fits 320 pixels, is small.

`DEDERE_SCREENSHOTS=FOLDER` leaves a picture of each page there.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from support.browsing import Pages

pytestmark = [pytest.mark.browser, pytest.mark.network]

# What `support.populated` printed: identifiers by story.
Made: TypeAlias = Mapping[str, Any]
LARGEST_PAGE = 100_000


def _person(made: Made) -> str:
    return f"/persons/{made['asking']['case']}/{made['person']}/"


VISITS: dict[str, tuple[str, Callable[[Made], str]]] = {
    "today": ("anna", lambda _made: "/"),
    "today-of-an-approver": ("bram", lambda _made: "/"),
    "today-of-a-registrar": ("rosa", lambda _made: "/"),
    "today-of-an-executing-authority": ("eva", lambda _made: "/"),
    "cases": ("anna", lambda _made: "/cases/"),
    "case": ("anna", lambda made: f"/cases/{made['asking']['case']}/"),
    "case-proceedings": ("rosa", lambda made: f"/cases/{made['asked']['case']}/proceedings/"),
    "case-persons": ("anna", lambda made: f"/cases/{made['asking']['case']}/persons/"),
    "case-evidence": ("anna", lambda made: f"/cases/{made['asking']['case']}/evidence/"),
    "case-conditions": ("anna", lambda made: f"/cases/{made['asking']['case']}/conditions/"),
    "case-letters": ("anna", lambda made: f"/cases/{made['asking']['case']}/letters/"),
    "case-clocks": ("rosa", lambda made: f"/cases/{made['asked']['case']}/clocks/"),
    "case-officers": ("anna", lambda made: f"/cases/{made['asking']['case']}/members/"),
    "case-access-log": ("anna", lambda made: f"/cases/{made['asking']['case']}/log/"),
    "measure-assign": (
        "rosa", lambda made: f"/cases/{made['asked']['case']}/assign/{made['asked']['proceeding']}/item-1/",
    ),
    "measures": ("eva", lambda _made: "/cases/measures/"),
    "measure": ("eva", lambda made: f"/cases/measures/{made['asked']['assignment']}/"),
    "drafts": ("anna", lambda _made: "/requests/"),
    "request-start": ("anna", lambda _made: "/requests/new/"),
    "request-from-file": ("anna", lambda _made: "/requests/new/from-file/"),
    "draft": ("anna", lambda made: f"/requests/{made['draft']}/"),
    "draft-section": ("anna", lambda made: f"/requests/{made['draft']}/persons/"),
    "draft-fields": ("anna", lambda made: f"/requests/{made['draft']}/authorities/"),
    "draft-row": ("anna", lambda made: f"/requests/{made['draft']}/persons/request.persons/1/"),
    "draft-attachments": ("anna", lambda made: f"/requests/{made['draft']}/attachments/"),
    "draft-submit": ("anna", lambda made: f"/requests/{made['draft']}/submit/"),
    "draft-waiting": ("bram", lambda made: f"/requests/{made['waiting']}/"),
    "draft-approve": ("bram", lambda made: f"/requests/{made['waiting']}/approve/"),
    "draft-send-back": ("bram", lambda made: f"/requests/{made['waiting']}/send-back/"),
    "act-custody-receipt": (
        "anna", lambda made: f"/requests/act/{made['asking']['case']}/{made['asking']['proceeding']}/custody-receipt/",
    ),
    "act-refusal": (
        "rosa", lambda made: f"/requests/act/{made['asked']['case']}/{made['asked']['proceeding']}/refusal/",
    ),
    "act-result": (
        "rosa", lambda made: f"/requests/act/{made['asked']['case']}/{made['asked']['proceeding']}/result/",
    ),
    "incoming": ("rosa", lambda _made: "/messages/incoming/"),
    "incoming-letter": ("rosa", lambda made: f"/messages/incoming/{made['new']}/"),
    "deliveries": ("anna", lambda _made: "/messages/"),
    "delivery": ("anna", lambda made: f"/messages/{made['asking']['letter']}/"),
    "evidence": ("anna", lambda _made: "/evidence/"),
    "evidence-item": ("anna", lambda made: f"/evidence/{made['asking']['item']}/"),
    "evidence-item-here": ("eva", lambda made: f"/evidence/{made['asked']['item']}/"),
    "evidence-add": ("eva", lambda made: f"/evidence/measure/{made['asked']['assignment']}/add/"),
    "evidence-add-several": (
        "eva",
        lambda made: f"/evidence/measure/{made['asked']['assignment']}/add-several/",
    ),
    "case-redacted-dossier": ("anna", lambda made: f"/evidence/case/{made['asking']['case']}/dossier/"),
    "evidence-custody": ("eva", lambda made: f"/evidence/{made['asked']['item']}/custody/"),
    "law": ("anna", lambda _made: "/law/"),
    "law-instrument": ("anna", lambda _made: "/law/uncac/"),
    "law-provision": ("anna", lambda _made: "/law/lhc/mla.scope/"),
    "law-who-may-ask": (
        "anna", lambda _made: "/law/who-may-ask/?requesting=NL&requested=SN&function=mla&crime=genocide",
    ),
    "register": ("anna", lambda _made: "/register/"),
    "register-state": ("anna", lambda _made: "/register/SN/"),
    "register-pin": ("max", lambda _made: "/register/SN/card/"),
    "numbers": ("ada", lambda _made: "/statistics/"),
    "system": ("max", lambda _made: "/system/"),
    "system-log": ("ada", lambda _made: "/system/log/"),
    "system-officers": ("max", lambda _made: "/system/officers/"),
    "system-invite": ("max", lambda _made: "/system/officers/invite/"),
    "account": ("anna", lambda _made: "/account/"),
    "tokens": ("anna", lambda _made: "/account/tokens/"),
    "passkey-add": ("anna", lambda _made: "/account/passkeys/add/"),
    "system-officer": ("max", lambda made: f"/system/officers/{made['officer']}/"),
    "cases-searched": ("anna", lambda _made: "/cases/?text=Dol"),
    "request-further": ("anna", lambda made: f"/requests/further/{made['asking']['case']}/"),
    "request-begin": ("anna", lambda made: f"/requests/begin/{made['asking']['case']}/information/"),
    "evidence-due": ("rosa", lambda _made: "/evidence/due/"),
    "evidence-copy": ("eva", lambda made: f"/evidence/{made['asked']['item']}/copy/"),
    "evidence-other-case": ("rosa", lambda made: f"/evidence/{made['asked']['item']}/other-case/"),
    "evidence-made-from": ("eva", lambda made: f"/evidence/{made['asked']['item']}/made-from/"),
    "evidence-condition": ("rosa", lambda made: f"/evidence/{made['asked']['item']}/condition/"),
    "evidence-hold": ("rosa", lambda made: f"/evidence/{made['asked']['item']}/hold/"),
    "evidence-order": ("rosa", lambda made: f"/evidence/{made['asked']['item']}/destroy/"),
    "person": ("anna", lambda made: f"/persons/{made['asking']['case']}/{made['person']}/"),
    "person-protect": ("anna", lambda made: f"/persons/{made['asking']['case']}/protect/"),
    "case-proceedings-and-persons": ("anna", lambda made: f"/cases/{made['asking']['case']}/proceedings/"),
    "person-add": ("anna", lambda made: f"/persons/{made['asking']['case']}/add/"),
    "person-by-name": ("anna", lambda made: f"/persons/{made['asking']['case']}/{made['victim']['person']}/"),
    "person-edit": ("anna", lambda made: f"/persons/{made['asking']['case']}/{made['victim']['person']}/edit/"),
    "person-protection": (
        "anna", lambda made: f"/persons/{made['asking']['case']}/{made['victim']['person']}/protection/",
    ),
    "person-ask-measure": (
        "anna", lambda made: f"/persons/{made['asking']['case']}/{made['victim']['person']}/protection/ask/",
    ),
    "person-danger": (
        "anna", lambda made: f"/persons/{made['asking']['case']}/{made['victim']['person']}/protection/danger/",
    ),
    "person-measure": (
        "anna", lambda made: f"/persons/{made['asking']['case']}/{made['victim']['person']}/protection/{made['victim']['measure']}/",
    ),
    "person-attend": (
        "anna", lambda made: f"/persons/{made['asking']['case']}/{made['victim']['person']}/attend/temporary-transfer/",
    ),
    "person-attendance": (
        "anna", lambda made: f"/persons/{made['asking']['case']}/{made['victim']['person']}/attendance/{made['victim']['presence']}/",
    ),
    "person-victim": ("anna", lambda made: f"/persons/{made['asking']['case']}/{made['victim']['person']}/victim/"),
    "person-wishes": (
        "anna", lambda made: f"/persons/{made['asking']['case']}/{made['victim']['person']}/victim/wishes/",
    ),
    "person-told": ("anna", lambda made: f"/persons/{made['asking']['case']}/{made['victim']['person']}/victim/told/"),
    "person-claim": (
        "anna", lambda made: f"/persons/{made['asking']['case']}/{made['victim']['person']}/victim/claim/",
    ),
    "person-claim-step": (
        "anna", lambda made: f"/persons/{made['asking']['case']}/{made['victim']['person']}/victim/claim/{made['victim']['claim']}/",
    ),
    "heard": ("anna", lambda made: f"{_person(made)}heard/"),
    "interview-note": ("anna", lambda made: f"{_person(made)}heard/interview/"),
    "history-ask": ("anna", lambda made: f"{_person(made)}heard/before/"),
    "history-answer": ("kim", lambda made: f"/persons/custody/interviewed/{made['inquiry']}/"),
    "hearing-plan": ("anna", lambda made: f"{_person(made)}hearings/new/"),
    "hearing": ("anna", lambda made: f"{_person(made)}hearings/{made['hearing']}/"),
    "hearing-change": ("anna", lambda made: f"{_person(made)}hearings/{made['hearing']}/change/"),
    "hearing-test": ("anna", lambda made: f"{_person(made)}hearings/{made['hearing']}/test/"),
    "hearing-call-off": ("anna", lambda made: f"{_person(made)}hearings/{made['hearing']}/call-off/"),
    "hearing-protocol": ("anna", lambda made: f"{_person(made)}hearings/{made['hearing']}/protocol/"),
    "protection": ("koos", lambda _made: "/persons/custody/"),
    "protection-key": ("koos", lambda _made: "/persons/custody/key/"),
    "protection-guard": ("koos", lambda _made: "/persons/custody/guard/"),
    "protection-rehearse": ("koos", lambda _made: "/persons/custody/rehearse/"),
    "document-code": ("anna", lambda _made: "/documents/code/"),
    "document-draft": ("anna", lambda made: f"/documents/drafts/{made['draft']}/"),
    "document-letter": ("anna", lambda made: f"/documents/letters/{made['asking']['letter']}/"),
    "paper-requests": ("rosa", lambda _made: "/documents/received/"),
    "paper-register": ("rosa", lambda _made: "/documents/received/new/"),
    "paper-request": ("rosa", lambda made: f"/documents/received/{made['paper']}/"),
    "paper-reading": ("rosa", lambda made: f"/documents/received/{made['paper']}/reading/facts/"),
    "certificates": ("anna", lambda made: f"/documents/cases/{made['asking']['case']}/"),
    "certificate-make": ("anna", lambda made: f"/documents/cases/{made['asking']['case']}/new/safe-conduct/"),
    "certificate-of-records": (
        "anna", lambda made: f"/documents/cases/{made['asking']['case']}/new/custody-record/{made['asking']['item']}/",
    ),
    "our-card": ("max", lambda _made: "/documents/card/"),
    "paper-case": ("rosa", lambda made: f"/cases/{made['paper_case']}/"),
    "certificate": ("anna", lambda made: f"/documents/sheets/{made['sheet']}/"),
}  # fmt: skip


def violations(page: Page) -> list[str]:
    """What axe finds, one line each; the rules of WCAG 2.2 AA and good practice."""
    found = Axe().run(page)
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:160]}"
        for rule in found.response["violations"]
        for node in rule["nodes"][:3]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def photograph(page: Page, name: str) -> None:
    """Leave a picture, if somebody wants one."""
    folder = os.environ.get("DEDERE_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
        # Few colours are enough for a page, and keep a hundred pictures small.
        picture.quantize(96).save(Path(folder) / f"{name}.png", optimize=True)


@pytest.mark.parametrize("name", VISITS)
def test_a_page_loads_quietly_reads_well_and_is_small(pages: Pages, name: str) -> None:
    officer, address = VISITS[name]
    said: list[str] = []
    page = pages.page(officer)
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))

    response = page.goto(address(pages.made))

    assert response is not None
    assert response.status == 200
    assert len(response.body()) < LARGEST_PAGE
    assert violations(page) == []
    assert said == []
    photograph(page, name)
    page.close()


@pytest.mark.parametrize("name", VISITS)
def test_a_page_fits_a_narrow_screen(pages: Pages, name: str) -> None:
    officer, address = VISITS[name]
    page = pages.page(officer, width=320)

    page.goto(address(pages.made))

    assert overflow(page) == 0
    assert violations(page) == []
    page.close()


NARROW = ("today", "case", "draft", "evidence-item")
FAILING: dict[str, tuple[str, Callable[[Made], str]]] = {
    name: VISITS[name]
    for name in (
        "request-start", "request-from-file", "evidence-add", "measure", "act-custody-receipt", "act-refusal",
        "draft-send-back", "draft-attachments", "register-pin", "system-invite", "case-officers", "account",
        "evidence-hold", "evidence-order", "hearing-plan", "interview-note", "history-ask", "evidence-copy", "evidence-made-from", "person-protect", "protection-key",
        "person-add", "person-ask-measure", "person-danger", "person-measure", "person-attend",
        "person-told", "person-claim",
        "document-code", "paper-register", "certificate-make", "tokens",
    )
}  # fmt: skip


@pytest.mark.parametrize("name", NARROW)
def test_a_narrow_page_is_photographed(pages: Pages, name: str) -> None:
    officer, address = VISITS[name]
    page = pages.page(officer, width=320)
    page.goto(address(pages.made))
    photograph(page, f"{name}-narrow")
    page.close()


@pytest.mark.parametrize("name", FAILING)
def test_a_form_with_errors_reads_as_well(pages: Pages, name: str) -> None:
    officer, address = FAILING[name]
    page = pages.page(officer)
    page.goto(address(pages.made))

    page.locator("main form[method=post]").last.locator("button[type=submit]").last.click()

    assert page.locator(".govuk-error-summary").is_visible()
    assert page.title().startswith("Error:")
    assert violations(page) == []
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    photograph(page, f"{name}-errors")
    page.close()


@pytest.mark.parametrize("name", ["today", "case", "draft", "draft-row", "incoming-letter", "evidence-item-here"])
def test_a_page_reads_from_right_to_left(pages: Pages, name: str) -> None:
    officer, address = VISITS[name]
    with pages.speaking(officer, "ar"):
        for width in (1280, 320):
            page = pages.page(officer, width=width)
            page.goto(address(pages.made))
            assert page.locator("html").get_attribute("dir") == "rtl"
            assert overflow(page) == 0
            if width == 1280:
                photograph(page, f"{name}-right-to-left")
            page.close()


@pytest.mark.parametrize("language", ["fr", "es"])
@pytest.mark.parametrize("name", ["today", "case", "draft", "law"])
def test_a_page_speaks_the_officers_language(pages: Pages, name: str, language: str) -> None:
    officer, address = VISITS[name]
    with pages.speaking(officer, language):
        page = pages.page(officer)
        page.goto(address(pages.made))
        assert page.locator("html").get_attribute("lang") == language
        assert violations(page) == []
        photograph(page, f"{name}-{language}")
        page.close()
