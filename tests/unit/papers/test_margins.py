"""Nothing is printed beyond the margins of a page: no digest, no long word, in one language or two, in any script."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from dedere.casework.acts import ActKind
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.facts import Office
from dedere.papers.render import render_act, render_sheet, sheet_document
from dedere.papers.typst_data import document_data
from support.papers import ENCLOSURE, FACTS, sample_act
from support.requirement import require_program
from support.sheets import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.judge

# A4 with margins of 22 mm, in points; a hyphen or a stop may hang over the end of its line.
LEFT, RIGHT = 62.4 - 3, 595.3 - 62.4 + 3
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">(.*?)</word>')
LONG = dataclasses.replace(
    FACTS,
    parts=(ENCLOSURE, dataclasses.replace(ENCLOSURE, name="without-any-space-" * 12)),
    sender=Office("NL", "Fictional " + "Authority" * 14, lines=("1 Example Street",), reference="NL-17"),
    officer="Ибрагим van der Hoeven-Vukašinović إبراهيم بن عبد الرحمن Өнөрбаяр (fictional)",
    text_language="en",
    demonstration=True,
)


def words(pdf: bytes, folder: Path) -> list[tuple[float, float, str]]:
    """Left end, right end and text of every word on every page."""
    (folder / "read.pdf").write_bytes(pdf)
    command = [str(require_program("pdftotext")), "-bbox", str(folder / "read.pdf"), "-"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return [(float(left), float(right), text) for left, right, text in WORD.findall(said)]


@pytest.mark.parametrize(
    ("language", "second"), [("en", ""), ("es", "fr"), ("ar", ""), ("ar", "fr"), ("mn", "sl"), ("nl", "en")]
)
def test_a_request_keeps_to_its_margins(language: str, second: str, tmp_path: Path) -> None:
    facts = dataclasses.replace(LONG, language=language, second_language=second)

    printed = words(render_act(sample_act(ActKind.REQUEST), facts=facts), tmp_path)

    assert len(printed) > 500
    assert [word for word in printed if word[0] < LEFT or word[1] > RIGHT] == []


@pytest.mark.parametrize("second", ["", "fr"])
@pytest.mark.parametrize("kind", list(SheetKind))
def test_a_sheet_keeps_to_its_margins(kind: SheetKind, second: str, tmp_path: Path) -> None:
    facts = dataclasses.replace(LONG, second_language=second)

    printed = words(render_sheet(kind, SAMPLES[kind], facts=facts), tmp_path)

    assert [word for word in printed if word[0] < LEFT or word[1] > RIGHT] == []


def test_five_hundred_annexes_are_listed_with_every_digest(tmp_path: Path) -> None:
    entries = [{"title": f"Annex {n}", "path": f"a{n}.pdf", "size": str(n), "sha256": f"{n:064x}"} for n in range(500)]

    printed = words(render_sheet(SheetKind.ANNEX_LIST, {"entries": entries}, facts=FACTS), tmp_path)

    whole = "".join(text for _left, _right, text in printed)
    assert [each["path"] for each in entries if each["path"] not in whole] == []
    assert [each["sha256"] for each in entries if each["sha256"][32:] not in whole] == []


def test_a_telephone_number_among_arabic_words_is_read_from_its_beginning() -> None:
    lines = ("+31 70 000 0000", "شارع 12")
    facts = dataclasses.replace(FACTS, language="ar", sender=dataclasses.replace(FACTS.sender, lines=lines))
    document = sheet_document(SheetKind.ACKNOWLEDGEMENT, SAMPLES[SheetKind.ACKNOWLEDGEMENT], facts=facts)

    head = document_data(document, fonts=())["letterhead"]

    assert isinstance(head, dict)
    assert [line[0].get("d", False) for line in head["lines"]] == [True, False]
