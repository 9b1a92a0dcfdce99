"""Footnotes that say where a statement about the law stands and how far it has been verified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedere.papers.particulars import Json
    from dedere.papers.wording import Wording

_MEMBERS = {"place", "status", "confidence"}


def is_reference(value: Json) -> bool:
    """Whether the value is a reference as `dedere.base.reference.Reference.as_json` writes it."""
    return isinstance(value, Mapping) and value.keys() >= _MEMBERS


def reference_note(reference: Mapping[str, Json], wording: Wording) -> str:
    """The footnote of one reference. Nothing unverified is ever shown as the instrument's word."""
    sentences = [str(reference.get("place") or reference.get("datum") or "")]
    source = str(reference.get("source") or "")
    if source:
        sentences.append(wording.text("provenance.source", source=source.rstrip(".")))
    sentences.append(_standing(reference, wording))
    datum = str(reference.get("datum") or "")
    head = sentences[0].rstrip(".")
    if datum and datum != sentences[0]:
        head = f"{head} [{datum}]"
    return " ".join([f"{head}.", *sentences[1:]])


def _standing(reference: Mapping[str, Json], wording: Wording) -> str:
    if reference.get("demonstration") is True:
        return wording.text("provenance.demonstration")
    by = str(reference.get("verified_by") or "")
    if by:
        return wording.text("provenance.verified_by", by=by)
    if reference.get("verified") is True or reference.get("status") == "read":
        return wording.text("provenance.verified")
    status, confidence = str(reference.get("status") or ""), str(reference.get("confidence") or "")
    return wording.text(
        "provenance.unverified",
        status=wording.word("status", status),
        confidence=wording.word("confidence", confidence),
    )
