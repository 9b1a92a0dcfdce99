"""The example requests are complete and say that they are fictional."""

from __future__ import annotations

import datetime as dt
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
