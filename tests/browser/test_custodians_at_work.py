"""Custodians in Chromium: a key made and lost, a look asked for, granted, seen and over, the glass broken. All fictional."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from support.custody import PASSPHRASE
from support.hastening import hasten_look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from support.browsing import Pages

pytestmark = [pytest.mark.browser, pytest.mark.network]

REASON = "The court asks whether she may be heard by video."
LOOK = re.compile(r"/persons/looks/([a-z2-7]{26})/$")


def test_the_custodians_flow_from_key_to_recovery(pages: Pages, tmp_path: Path) -> None:
    keys = {name: tmp_path / f"{name}.age" for name in ("koos", "kim")}
    for name, file in keys.items():
        _makes_a_key(pages, name, file)
    _confirms(pages, "koos", of="Kim Kaya (fictional)")
    _confirms(pages, "kim", of="Koos Kuiper (fictional)")
    person = _is_sealed(pages)
    look = _is_asked_for(pages, person)
    _granted_by(pages, "koos", look, keys["koos"])
    _is_seen_until_it_is_over(pages, look)
    _the_glass_is_broken(pages, keys)
    _a_lost_key_is_recovered(pages, keys, tmp_path)


@contextmanager
def at(pages: Pages, name: str, address: str) -> Iterator[Page]:
    page = pages.page(name)
    page.goto(address)
    yield page
    page.close()


def _makes_a_key(pages: Pages, name: str, file: Path) -> None:
    with at(pages, name, "/persons/custody/key/") as page:
        page.get_by_label("A passphrase for your key").fill(PASSPHRASE)
        page.get_by_label("The same again").fill(PASSPHRASE)
        with page.expect_download() as saved:
            page.get_by_role("button", name="Make the key and save the file").click()
        saved.value.save_as(file)
    assert file.read_bytes().startswith(b"-----BEGIN AGE ENCRYPTED FILE-----")


def _confirms(pages: Pages, name: str, *, of: str) -> None:
    """The number is read out by its holder, from their own page."""
    holder = "kim" if of.startswith("Kim") else "koos"
    with at(pages, holder, "/persons/custody/") as theirs:
        row = theirs.locator("li", has_text=of).filter(has_text="To be confirmed")
        number = row.locator(".dedere-digest").inner_text()
    with at(pages, name, "/persons/custody/") as page:
        page.get_by_role("link", name=f"Confirm the key of {of}").click()
        page.get_by_label("The number that the custodian reads to you").fill(number)
        page.get_by_role("button", name="Confirm").click()
        page.wait_for_url("**/persons/custody/")


def _is_sealed(pages: Pages) -> str:
    with at(pages, "anna", f"/persons/{pages.made['asking']['case']}/protect/") as page:
        page.get_by_label("Alias").fill("Heron")
        page.get_by_label("Witness").check()
        for custodian in ("Koos Kuiper", "Kim Kaya"):
            page.get_by_label(custodian).check()
        page.get_by_label("Names, every spelling").fill("Vukašinović, Dragoljub\nВукашиновић, Драгољуб")
        page.get_by_role("button", name="Seal it").click()
        page.get_by_text("The identity is sealed.").wait_for()
        return page.url


def _is_asked_for(pages: Pages, person: str) -> str:
    with at(pages, "anna", person) as page:
        assert "Вукашиновић" not in page.content()
        page.get_by_role("link", name="Ask a custodian to see who it is").click()
        page.get_by_label("Why you need to know who this is").fill("Is it Vukasinovic?")
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_text("a protected detail in this passage").first.wait_for()
        page.get_by_label("Why you need to know who this is").fill(REASON)
        page.get_by_role("button", name="Ask", exact=True).click()
        page.get_by_text("A custodian has not decided yet.").wait_for()
        found = LOOK.search(page.url)
        assert found is not None
        return found[1]


def _granted_by(pages: Pages, name: str, look: str, key: Path) -> None:
    with at(pages, name, f"/persons/looks/{look}/") as page:
        page.get_by_text(REASON).wait_for()
        page.get_by_label("Minutes").fill("5")
        page.get_by_label("Your key file").set_input_files(key)
        page.get_by_label("Its passphrase").fill("another passphrase")
        page.get_by_role("button", name="Unlock and grant").click()
        page.locator(".govuk-error-summary").wait_for()
        page.get_by_label("Your key file").set_input_files(key)
        page.get_by_label("Its passphrase").fill(PASSPHRASE)
        page.get_by_role("button", name="Unlock and grant").click()
        page.get_by_text("Granted. The officer sees it under Today.").wait_for()


def _is_seen_until_it_is_over(pages: Pages, look: str) -> None:
    """Five minutes pass in four seconds; the page leaves by itself, and nothing of it comes back."""
    with at(pages, "anna", f"/persons/looks/{look}/") as page:
        assert "Вукашиновић" not in page.content()
        hasten_look(pages.home, look, seconds=4)
        page.get_by_role("button", name="Look", exact=True).click()
        page.get_by_text("Вукашиновић").first.wait_for()
        assert page.locator(".dedere-look__marks").get_by_text("Anna de Wit (fictional)").count() > 20
        page.get_by_text("This look is over.").wait_for()
        assert "Вукашиновић" not in page.content()
        page.go_back()
        page.get_by_text("This look is over.").or_(page.get_by_text("A look at an identity")).first.wait_for()
        assert "Вукашиновић" not in page.content()


def _the_glass_is_broken(pages: Pages, keys: dict[str, Path]) -> None:
    with at(pages, "koos", "/persons/custody/") as page:
        page.get_by_role("link", name="Break the glass for Heron").click()
        page.get_by_label(re.compile("Why")).fill("She is in danger now, and nobody answers.")
        page.get_by_label("Your key file").set_input_files(keys["koos"])
        page.get_by_label("Its passphrase").fill(PASSPHRASE)
        page.locator("main form[method=post] button[type=submit]").last.click()
        page.wait_for_url(LOOK)
        address = page.url
        # Who asked decides nothing.
        assert page.get_by_role("button", name="Unlock and grant").count() == 0
        assert page.get_by_role("button", name="Refuse").count() == 0
        page.get_by_text("A custodian has not decided yet.").wait_for()
    for name in ("anna", "kim", "ada"):
        with at(pages, name, "/") as page:
            page.get_by_text("The glass was broken for Heron").first.wait_for()
    with at(pages, "stranger", "/") as page:
        assert page.get_by_text("The glass was broken").count() == 0
    found = LOOK.search(address)
    assert found is not None
    with at(pages, "kim", address) as page:
        page.get_by_label("Why you refuse").fill("The duty officer reached her.")
        page.get_by_role("button", name="Refuse").click()
        page.get_by_text("Refused.").wait_for()


def _a_lost_key_is_recovered(pages: Pages, keys: dict[str, Path], folder: Path) -> None:
    """Koos lost his key: Kim alone seals everything to his new one, and he shows that it opens."""
    with at(pages, "koos", "/persons/custody/") as page:
        page.get_by_role("button", name="Retire the key of Koos Kuiper (fictional)").click()
        page.get_by_role("link", name="Make your key").wait_for()
    fresh = folder / "koos-again.age"
    _makes_a_key(pages, "koos", fresh)
    _confirms(pages, "kim", of="Koos Kuiper (fictional)")
    with at(pages, "kim", "/persons/custody/reseal/") as page:
        for custodian in ("Koos Kuiper", "Kim Kaya"):
            page.get_by_label(custodian).check()
        page.get_by_label("Your key file").set_input_files(keys["kim"])
        page.get_by_label("Its passphrase").fill(PASSPHRASE)
        page.get_by_role("button", name="Unlock").click()
        page.get_by_text("1 identities are sealed anew.").wait_for()
    with at(pages, "koos", "/persons/custody/rehearse/") as page:
        page.get_by_label("Your key file").set_input_files(fresh)
        page.get_by_label("Its passphrase").fill(PASSPHRASE)
        page.get_by_role("button", name="Unlock").click()
        page.get_by_text("Your key opens 1 of 1 identities.").wait_for()
