"""The first hour of an administrator: link, passkey, recovery codes; then every other morning. A real browser and device."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from support.browsing import Pages

pytestmark = [pytest.mark.browser, pytest.mark.network]


def checked(page: Page, name: str) -> None:
    """No accessibility rule is broken, nothing is wider than a small telephone; a picture where one is wanted."""
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    if folder := os.environ.get("DEDERE_SCREENSHOTS"):
        page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)


def with_device(browser: Browser, address: str) -> Page:
    """A browser with a security key plugged in."""
    context = browser.new_context(base_url=address)
    context.set_default_timeout(60_000)
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def test_from_the_first_link_to_the_second_morning(pages: Pages, strict_office: tuple[str, str]) -> None:
    address, token = strict_office
    page = with_device(pages.browser, address)
    page.goto(f"/sign-in/{token}/")
    page.get_by_role("button", name="Sign in").click()

    page.wait_for_url(f"{address}/account/passkeys/add/")
    assert not page.get_by_text("The browser gave no passkey").is_visible()
    checked(page, "passkey-add")
    page.get_by_label("Name of the passkey").fill("Key in the safe")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    checked(page, "recovery-codes")
    codes = page.get_by_role("main").get_by_role("listitem").all_inner_texts()
    page.get_by_role("button", name="I have them").click()

    page.wait_for_url(f"{address}/account/")
    checked(page, "account-with-passkey")
    page.get_by_label("New password").fill("four words nobody joins")
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_text("The password is changed.").wait_for()
    page.get_by_role("button", name="Sign out", exact=True).click()

    page.get_by_label("Sign-in name").fill("max")
    page.get_by_label("Password").fill("four words nobody joins")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{address}/sign-in/second/")
    checked(page, "second-factor")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{address}/")
    page.get_by_role("heading", name="Today").wait_for()
    without_device(pages.browser, address, codes[0])


def without_device(browser: Browser, address: str, code: str) -> None:
    """The same officer at a machine without the key and without scripts: a recovery code."""
    page = browser.new_context(base_url=address, java_script_enabled=False).new_page()
    page.goto("/sign-in/")
    page.get_by_label("Sign-in name").fill("max")
    page.get_by_label("Password").fill("four words nobody joins")
    page.get_by_role("button", name="Sign in").click()
    assert not page.get_by_role("button", name="Use a passkey").is_visible()
    page.get_by_label("Recovery code").fill("wrong")
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_role("alert").get_by_text("not good").wait_for()
    page.get_by_label("Recovery code").fill(code)
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_role("heading", name="Today").wait_for()
