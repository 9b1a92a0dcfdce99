"""A State's officers at their pages, in a browser, with a script or without one. All fictional."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from support.nodes import Node, until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

APPROVER = "Zeno Zegel (fictional)"
_DRAFT = re.compile(r"/requests/[a-z2-7]{26}/$")


def _word(value: object) -> str:
    """The value of the button in a group that says this."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


@dataclass
class Desk:
    """Vera writes and Zeno approves, each in a browser of their own, at the pages of one running node."""

    node: Node
    browser: Browser
    script: bool = True
    pages: dict[str, Page] = field(default_factory=dict)

    def page(self, officer: str) -> Page:
        """The officer's page; the first time they sign in with a one-time link."""
        if officer not in self.pages:
            address = self.node.office.home.pages.url.rstrip("/")
            context = self.browser.new_context(base_url=address, java_script_enabled=self.script)
            context.set_default_timeout(90_000)
            page = context.new_page()
            # The browser's own PDF viewer, headless, now and then swallows a click outside it.
            page.route("**/preview/", lambda route: route.fulfill(body="", content_type="text/html"))
            page.goto(f"/sign-in/{self.node.do('sign_in_link', officer=officer)['token']}/")
            self.press(page, "Sign in")
            page.wait_for_url(f"{address}/")
            self.pages[officer] = page
        return self.pages[officer]

    def take_up(self, case: str) -> None:
        """Vera finds the letter on Today, takes its case up, and lets Zeno in."""
        self.node.do("look_for_case")
        until(lambda: self.node.do("look_for_case")["case"] == case, f"{case} to arrive")
        vera = self.page("vera")
        vera.goto("/")
        vera.get_by_role("link", name="to be registered").last.click()
        self.press(vera, "Take the case up")
        vera.goto(f"/cases/{case}/members/")
        vera.get_by_label("Officer to add").select_option(label=APPROVER)
        vera.get_by_role("main").get_by_role("button").last.click()
        self.node.taken_up.add(case)

    def act(self, case: str, proceeding: str, kind: str, **values: object) -> None:
        """Write an act on its page, have it approved on Zeno's, and wait until the other States have it."""
        vera = self.page("vera")
        vera.goto(f"/requests/act/{case}/{proceeding}/{kind}/")
        for name, value in values.items():
            self.put(vera, name, value)
        self.press(vera, "Make the draft")
        vera.wait_for_url(_DRAFT)
        self.leave(vera.url)

    def leave(self, draft: str) -> None:
        """Put a draft before Zeno, who reads and approves it; wait until it is delivered."""
        vera, zeno = self.page("vera"), self.page("zeno")
        vera.goto(f"{draft}submit/")
        vera.get_by_label("Second officer").select_option(label=APPROVER)
        self.press(vera, "Submit")
        vera.wait_for_url(_DRAFT)
        zeno.goto(f"{draft}approve/")
        self.put(zeno, "read", True)
        self.press(zeno, "Approve; it leaves")
        zeno.get_by_text("Approved. The letter is sealed").wait_for()
        identifier = draft.rstrip("/").rpartition("/")[2]
        until(lambda: self.node.do("look_at_draft", draft=identifier)["complete"], f"{identifier} to be delivered")

    def put(self, page: Page, name: str, value: object) -> None:
        """Fill one field of the form, by its name."""
        if isinstance(value, dt.date):
            for part, number in (("day", value.day), ("month", value.month), ("year", value.year)):
                self.put(page, f"{name}_{part}", str(number))
            return
        box = page.locator(f'main [name="{name}"]')
        if box.count() > 1:
            page.locator(f'main [name="{name}"][value="{_word(value)}"]').check()
        elif isinstance(value, bool):
            box.set_checked(value)
        elif box.evaluate("(box) => box.tagName") == "SELECT":
            box.select_option(value=str(value))
        else:
            box.fill(str(value))

    def press(self, page: Page, button: str) -> None:
        """Press the button of that name."""
        page.get_by_role("button", name=button, exact=True).click()
