"""Reading pages in tests: their text, the errors they show, the forms they carry."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Protocol, TypeAlias

from django.test import Client

if TYPE_CHECKING:
    from support.offices import Bureau


class Shown(Protocol):
    """A response with its page, whichever class of the framework it has."""

    @property
    def content(self) -> bytes:
        """The page."""
        ...


SignIn: TypeAlias = "Callable[[str], Client]"


def client_of(bureau: Bureau, name: str) -> Client:
    """A client of its own with this officer signed in, for tests in which several are at work."""
    client = Client()
    client.force_login(bureau[name])
    return client


def text_of(response: Shown) -> str:
    """What a reader sees, white space folded; scripts and styles left out."""
    without = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", without)).split())


def errors_of(response: Shown) -> str:
    """The error summary's text, empty when there is none."""
    found = re.search(r'<div class="govuk-error-summary".*?</ul>', response.content.decode(), re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[0])).split()) if found else ""


def addresses_of(response: Shown) -> list[str]:
    """Every address that a link on the page leads to, in order."""
    return re.findall(r'<a [^>]*href="([^"]+)"', response.content.decode())


def fields_of(response: Shown) -> dict[str, object]:
    """What the forms of the page itself would send if nobody typed anything: names with their present values."""
    reader = _FormReader()
    reader.feed(response.content.decode().split("<main", 1)[1].split("</main>", 1)[0])
    return reader.fields


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, object] = {}
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind in {"checkbox", "radio"}:
                if "checked" in given:
                    self._add(name, given.get("value", "on"), many=kind == "checkbox")
            elif kind != "file":
                self.fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] = f"{self.fields[self._area]}{data}".removeprefix("\n")

    def _add(self, name: str, value: str, *, many: bool) -> None:
        present = self.fields.get(name)
        self.fields[name] = [*present, value] if many and isinstance(present, list) else [value] if many else value


def streamed(response: object) -> bytes:
    """The whole of a response that is sent piece by piece."""
    pieces: object = getattr(response, "streaming_content", ())
    assert isinstance(pieces, Iterable)
    return b"".join(pieces)
