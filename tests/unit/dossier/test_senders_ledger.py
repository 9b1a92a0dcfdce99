"""The sender's own ledger, which a result letter carries: the receiver's must continue exactly it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pytest

from dedere.dossier.checks.custody import check_ledgers
from dedere.dossier.plan import Scene
from dedere.vault.ledger import CustodyEntry, CustodyEvent, Happening, append, write_ledger
from support.dossiers import START, export, story
from support.exchange import plain_letter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.dossier.description import Description


class OneLedger:
    """A dossier of one file."""

    faults: list[tuple[str, str]]

    def __init__(self, data: bytes) -> None:
        self.faults = []
        self._data = data

    def sizes(self) -> dict[str, int]:
        return {"ledger": len(self._data)}

    def open(self, member: str) -> BinaryIO:
        assert member == "ledger"
        return io.BytesIO(self._data)


def plain(entry: CustodyEntry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in CustodyEntry.__slots__}


THEIRS = append("their item", Happening(CustodyEvent.COLLECTED, START, "Officer Diop (fictional)"), last=None)
OURS = append("item", Happening(CustodyEvent.INGESTED, START, "machine", origin=THEIRS.digest()), last=None)


def said(stated: Mapping[str, object] | None) -> list[str]:
    """What the check of ledgers says when the letter states this of the part."""
    items: list[Any] = ["no item", {"part": "another"}]
    letter = plain_letter(act={"body": {"items": [*items, stated] if stated is not None else "no list"}})
    scene = Scene(OneLedger(write_ledger([OURS])), START)
    scene.letters["letter"] = letter

    class Line:
        id, letter, part, ledger = "item", "letter", "part", "ledger"
        sha256, ledger_entries, ledger_head = "", 1, OURS.digest()

    class Described:
        items = (Line(),)

    # Of the description, the check reads the items only.
    scene.found = cast("Description", Described())
    return [remark.sentence for remark in check_ledgers(scene)]


def test_a_ledger_that_continues_the_senders_passes() -> None:
    assert said({"part": "part", "ledger_head": THEIRS.digest(), "ledger": [plain(THEIRS)]}) == []
    assert said({"part": "part"}) == []
    assert said({}) == []
    assert said(None) == []


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"ledger_head": "0" * 64}, "does not continue"),
        ({"ledger": [{**plain(THEIRS), "sequence": 2}]}, "does not hold"),
        ({"ledger": [{"unknown": "field"}]}, "does not hold"),
        ({"ledger": ["no entry"]}, "does not hold"),
        ({"ledger": []}, "does not hold"),
        ({"ledger": [{**plain(THEIRS), "note": "added afterwards"}]}, "ends elsewhere"),
    ],
)
def test_a_ledger_that_continues_another_is_refused(stated: dict[str, object], sentence: str) -> None:
    (remark,) = said({"part": "part", **stated})
    assert sentence in remark


def test_the_story_of_the_tests_continues_its_senders() -> None:
    assert all(ledger[0].origin for ledger in story().ledgers.values())
    assert export().items
