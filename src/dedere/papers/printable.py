"""Text made safe to print: characters that steer instead of being seen are shown by their code point."""

from __future__ import annotations

import re

# Controls, bidirectional overrides and isolates, interlinear and tag characters, unassigned and private use: what could
# reorder, hide or forge text on a signed page. Tabs and line feeds are layout; joiners are needed by many scripts.
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U0010ffff]"
)


def printable(text: str) -> str:
    """`text` with steering characters written as `[U+202E]`, line ends unified and tabs as spaces."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return _STEERING.sub(lambda found: f"[U+{ord(found[0]):04X}]", unified)
