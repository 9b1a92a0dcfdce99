"""The visible block of a signature, typeset like the document it stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.papers.composing.values import day
from dedere.papers.printable import printable
from dedere.papers.typesetting import shipped_typesetter

if TYPE_CHECKING:
    from dedere.papers.signing import SignatureTerms
    from dedere.papers.wording import Wording

_LONGEST = 90


def signature_block(wording: Wording, terms: SignatureTerms) -> bytes:
    """One page in the size of the signature room. Names too long for a line are cut with an ellipsis.

    The whole text, uncut, is the field's description for readers who cannot see it.
    """
    when = f"{day(terms.signed_at.date(), terms.language)}, {terms.signed_at:%H:%M} UTC"
    lines = (terms.name, terms.authority, ", ".join(filter(None, (terms.place, when))))
    return shipped_typesetter().typeset_block(
        {
            "lang": terms.language,
            "label": wording.text("signature.label"),
            "lines": [_cut(printable(line).replace("\n", " ")) for line in lines if line],
        }
    )


def _cut(line: str) -> str:
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
