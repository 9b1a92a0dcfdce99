"""The example requests are complete, say that they are fictional, and their attachments can be made."""

from __future__ import annotations

import datetime as dt
import importlib.util
import zlib
from pathlib import Path

import pytest

from dedere.treaty.contents import check_contents
from dedere.treaty.loading import load_law
from dedere.treaty.requestfile import RequestFile, parse_request_file

EXAMPLES = Path(__file__).parents[3] / "examples"
FILES = sorted(EXAMPLES.glob("*/request.toml"))


def _read(path: Path) -> RequestFile:
    return parse_request_file(path.read_bytes(), name=path.name)


def test_there_is_an_example_of_the_main_kinds() -> None:
    assert {_read(path).kind for path in FILES} >= {"mla", "extradition", "transfer", "jit"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_an_example_is_complete_and_says_that_it_is_fictional(path: Path) -> None:
    request = _read(path)

    assert request.flag("request.fictional") is True
    assert "FICTIONAL" in path.read_text(encoding="utf-8")
    assert check_contents(load_law(), request, on=dt.date(2026, 11, 24)) == ()


def test_the_attachments_of_the_assistance_example_are_made_and_are_what_they_say(tmp_path: Path) -> None:
    folder = EXAMPLES / "nl-sn-mla"
    spec = importlib.util.spec_from_file_location("make_attachments", folder / "make_attachments.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    made = module.make_attachments(tmp_path, film_bytes=1_000_000)

    request = _read(folder / "request.toml")
    assert [path.name for path in made] == [attachment.path for attachment in request.attachments]
    pdf, before, after, film = (path.read_bytes() for path in made)
    assert pdf.startswith(b"%PDF-")
    assert int(pdf.split(b"startxref\n")[1].split()[0]) == pdf.index(b"xref\n0 ")
    for picture in (before, after):
        assert picture.startswith(b"\x89PNG\r\n\x1a\n")
        data = picture[picture.index(b"IDAT") + 4 : -16]
        assert len(zlib.decompress(data)) == 240 * (320 * 3 + 1)
    assert before != after
    assert film[:4] == b"RIFF"
    assert film[8:12] == b"AVI "
    assert int.from_bytes(film[4:8], "little") == len(film) - 8
    assert len(film) >= 1_000_000
    assert [path.read_bytes() for path in module.make_attachments(tmp_path, film_bytes=1_000_000)] == [
        pdf,
        before,
        after,
        film,
    ]
