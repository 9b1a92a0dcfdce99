"""What is signed and time-stamped about a custody ledger: where it stood at that time."""

from __future__ import annotations

STAMP_VERSION = "dedere-custody-stamp/1"
STAMP_MEMBER = "custody.json"


def stamp_statement(item: str, sha256: str, entries: int, *, head: str) -> dict[str, object]:
    """The statement: of which item and content, how many entries its ledger had, and the digest of the last."""
    return {"version": STAMP_VERSION, "item": item, "sha256": sha256, "entries": entries, "ledger_head": head}
