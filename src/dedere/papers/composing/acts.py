"""The act's own part of its document: title, opening sentence, body in reading order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dedere.papers.particulars import Json, is_blank

if TYPE_CHECKING:
    from dedere.papers.composing.pen import Pen
    from dedere.papers.wording import Wording

# Said by the frame of the letter, or the form's own business.
_FRAMED = frozenset({"kind", "proceeding", "officer", "version", "body"})
# What the title of a request already says.
_IN_TITLE = frozenset({"opens"})


def document_name(act: Mapping[str, Json]) -> str:
    """The name under which catalogues keep the document: the act's kind, for a request with what it opens."""
    kind = str(act.get("kind") or "")
    body = act.get("body")
    opens = body.get("opens") if isinstance(body, Mapping) else None
    return f"{kind}-{opens}" if kind == "request" and isinstance(opens, str) and opens else kind


def document_title(name: str, wording: Wording) -> str:
    """The title of a document."""
    known = known_name(name, wording)
    if known:
        return wording.text(f"document.{known}")
    return wording.text("document.generic", kind=name.replace("-", " "))


def known_name(name: str, wording: Wording) -> str:
    """The name under which this catalogue has the document: its own or that of its kind; empty when it has neither."""
    for candidate in (name, "request" if name.startswith("request-") else ""):
        if candidate and wording.has(f"document.{candidate}"):
            return candidate
    return ""


def compose_act(act: Mapping[str, Json], pen: Pen) -> None:
    """Write an act. Everything in its body is printed, whatever members it has."""
    name = document_name(act)
    known = known_name(name, pen.wording)
    if known:
        pen.say(f"intro.{known}")
    body = act.get("body")
    if isinstance(body, Mapping):
        in_title = _IN_TITLE if known == name and known.startswith("request-") else frozenset()
        shown = {member: value for member, value in body.items() if member not in in_title}
        pen.data(shown, level=1, order=str(act.get("kind") or ""))
    elif not is_blank(body):
        pen.member("body", body)
    rest = {name: value for name, value in act.items() if name not in _FRAMED and not is_blank(value)}
    if rest:
        pen.heading(pen.wording.text("frame.particulars"))
        pen.data(rest)
