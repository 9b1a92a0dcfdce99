"""Which composer writes which act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.papers.particulars import Particulars

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.papers.composing.pen import Pen
    from dedere.papers.particulars import Json
    from dedere.papers.wording import Wording


def document_title(kind: str, wording: Wording) -> str:
    """The title of the document for an act of this kind."""
    if wording.has(f"document.{kind}"):
        return wording.text(f"document.{kind}")
    return wording.text("document.generic", kind=kind.replace("-", " "))


def compose_act(act: Mapping[str, Json], pen: Pen) -> None:
    """Write the act's own part of its document."""
    whole = Particulars(act)
    whole.take("kind")
    body = whole.group("body")
    pen.rest(body, level=1)
    pen.rest(whole)
