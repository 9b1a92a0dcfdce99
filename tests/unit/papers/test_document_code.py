"""The code on every page: which document, which data; read back also when typed by hand."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import pytest

from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.papers.code import DocumentCode, act_digest, code_picture, parse_document_code
from dedere.papers.errors import DocumentInputError
from dedere.papers.render import act_document, render_act
from support.papers import FACTS, LETTER, act_of, pdf_text

if TYPE_CHECKING:
    from pathlib import Path

CODE = DocumentCode(id=LETTER, digest="0123456789abcdef" * 4)


def test_a_code_is_read_back() -> None:
    assert parse_document_code(CODE.text()) == CODE


def test_a_code_typed_in_small_letters_with_spaces_is_read_too() -> None:
    typed = f"  {CODE.text().lower()[:30]} {CODE.text().lower()[30:]}\n"

    assert parse_document_code(typed) == CODE


@pytest.mark.parametrize(
    "text", ["", "DEDERE:2:A:" + "0" * 64, "DEDERE:1:A1:" + "0" * 64, "DEDERE:1:A:" + "0" * 63, CODE.text() + "0"]
)
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(DocumentInputError, match="looks like DEDERE:1"):
        parse_document_code(text)


def test_the_digest_is_that_of_the_acts_canonical_form() -> None:
    act = act_of("closure", {"text": "Done."})

    assert act_digest(act) == sha256_hex(canonical_json(act))
    assert act_document(act, facts=FACTS).digest == act_digest(act)


def test_the_digest_and_the_number_stand_on_every_page(tmp_path: Path) -> None:
    act = act_of("closure", {"text": "\n\n".join(["A paragraph."] * 80)})
    pages = pdf_text(render_act(act, facts=FACTS), tmp_path).split("\f")[:-1]

    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert act_digest(act) in page
        assert LETTER in page
        assert f"Page {number} of {len(pages)}" in page


def test_the_picture_has_eight_dots_a_module_and_a_quiet_zone() -> None:
    picture = code_picture(CODE.text())
    width, height = struct.unpack(">II", picture[16:24])
    start = picture.index(b"IDAT") + 4
    pixels = zlib.decompress(picture[start : picture.index(b"IEND") - 8])
    lines = [pixels[line * 46 + 1 : line * 46 + 46] for line in range(0, height, 8)]

    assert (width, height) == (45 * 8, 45 * 8)
    assert lines[0] == b"\xff" * 45
    assert lines[4][4:11] == b"\0" * 7
