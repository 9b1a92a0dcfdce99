"""The running office as browser tests see it: where it listens, what it holds, and its officers' browsers."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from support.offices import request_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page


@dataclass
class Pages:
    """The running office: where it listens, what it holds, and the browsers of its officers."""

    address: str
    made: dict[str, Any]  # what `support.populated` printed
    browser: Browser
    home: Path
    contexts: dict[tuple[str, bool], BrowserContext] = field(default_factory=dict)

    def as_officer(self, name: str, *, script: bool = True) -> BrowserContext:
        """A browser in which the officer has signed in with a one-time link; kept for the run."""
        place = (name, script)
        if place not in self.contexts:
            context = self.browser.new_context(base_url=self.address, java_script_enabled=script)
            context.set_default_timeout(60_000)
            page = context.new_page()
            page.goto(f"/sign-in/{self.made['links'][name].pop()}/")
            page.get_by_role("button", name="Sign in").click()
            # A page that is closed while it is still on its way can leave the browser waiting for ever.
            page.wait_for_url(f"{self.address}/")
            page.close()
            self.contexts[place] = context
        return self.contexts[place]

    def request_file(self) -> str:
        """A complete request as a file, as another program of the house would write it."""
        return json.dumps(request_tables())

    def page(self, name: str, *, script: bool = True, width: int = 1280) -> Page:
        """A fresh page of that officer."""
        page = self.as_officer(name, script=script).new_page()
        page.set_viewport_size({"width": width, "height": 900})
        return page

    @contextmanager
    def speaking(self, name: str, language: str) -> Iterator[None]:
        """The officer's pages in another language, until the block ends."""
        context = self.as_officer(name)
        context.add_cookies([{"name": "django_language", "value": language, "url": self.address}])
        try:
            yield
        finally:
            context.add_cookies([{"name": "django_language", "value": "en", "url": self.address}])
