"""Footnotes that say where a statement about the law stands and how far it has been verified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedere.papers.particulars import Json
    from dedere.papers.wording import Wording

_REFERENCE_MEMBERS = {"place", "status", "confidence"}
_GROUND_MEMBERS = {"instrument", "provision", "force", "status"}


def is_reference(value: Json) -> bool:
    """Whether the value is a reference as `dedere.base.reference.Reference.as_json` writes it."""
    return isinstance(value, Mapping) and value.keys() >= _REFERENCE_MEMBERS


def reference_note(reference: Mapping[str, Json], wording: Wording) -> str:
    """The footnote of one reference. Nothing unverified is ever shown as the instrument's word."""
    place, datum = _text(reference, "place"), _text(reference, "datum")
    head = f"{place or datum} [{datum}]." if place and datum and datum != place else f"{(place or datum).rstrip('.')}."
    source = _text(reference, "source")
    middle = [wording.text("provenance.source", source=source.rstrip("."))] if source else []
    return " ".join([head, *middle, _standing(reference, wording)])


def ground_note(ground: Mapping[str, Json], wording: Wording) -> tuple[str, ...]:
    """The footnote of a ground for refusal, which carries its provenance as a single word; none for anything else."""
    if not ground.keys() >= _GROUND_MEMBERS:
        return ()
    instrument = wording.word("word", _text(ground, "instrument"))
    head = f"{instrument}, {_text(ground, 'provision')}."
    return (f"{head} {_standing(ground, wording)}",)


def unknown_note(wording: Wording) -> str:
    """The footnote of a provision of which nothing is known but its identifier."""
    return wording.text("provenance.unknown")


def _standing(reference: Mapping[str, Json], wording: Wording) -> str:
    if reference.get("demonstration") is True:
        return wording.text("provenance.demonstration")
    by = _text(reference, "verified_by")
    if by:
        return wording.text("provenance.verified_by", by=by)
    status = _text(reference, "status")
    if reference.get("verified") is True or status in {"read", "verified"}:
        return wording.text("provenance.verified")
    worded, confidence = wording.word("status", status), _text(reference, "confidence")
    if not confidence:
        return wording.text("provenance.unverified_status", status=worded)
    return wording.text("provenance.unverified", status=worded, confidence=wording.word("confidence", confidence))


def _text(data: Mapping[str, Json], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
