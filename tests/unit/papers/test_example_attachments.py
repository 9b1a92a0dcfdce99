"""The example's attachments: the files its request names, the same bytes each time, a film of any size."""

from __future__ import annotations

import runpy
import shutil
import struct
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedere.papers.received import look_over

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]
SCRIPT = runpy.run_path(str(ROOT / "examples" / "make_attachments.py"))
make_attachments: Callable[..., tuple[Path, ...]] = SCRIPT["make_attachments"]
make_film: Callable[..., None] = SCRIPT["make_film"]


EXAMPLES = sorted(path.parent.name for path in (ROOT / "examples").glob("*/request.toml"))


def folder_with(example: str, folder: Path) -> Path:
    """A folder with the request of an example and nothing else."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "examples" / example / "request.toml", folder)
    return folder


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_annex_of_every_example_is_made_and_can_be_shown(example: str, tmp_path: Path) -> None:
    folder = folder_with(example, tmp_path / "example")
    annexes = tomllib.loads((folder / "request.toml").read_text("utf-8"))["request"]["annexes"]

    made = make_attachments(folder)
    assert [path.name for path in made] == [annex["path"] for annex in annexes]
    for path, annex in zip(made, annexes, strict=True):
        if annex["media_type"] != "video/x-msvideo":
            with path.open("rb") as source:
                assert look_over(source).media_type == annex["media_type"]


def test_the_same_bytes_are_made_each_time(tmp_path: Path) -> None:
    first, second = (make_attachments(folder_with("nl-sn-mla", tmp_path / name)) for name in "ab")

    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert len({path.read_bytes() for path in first}) == len(first)


def test_an_annex_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "request.toml").write_text('[[request.annexes]]\npath = "x"\nmedia_type = "audio/ogg"\n')

    with pytest.raises(SystemExit, match="audio/ogg"):
        make_attachments(tmp_path)


@pytest.mark.parametrize("size", [None, 1_000_000, 5_000_001])
def test_a_film_is_an_avi_of_exactly_the_size_asked_for(tmp_path: Path, size: int | None) -> None:
    make_film(tmp_path / "film.avi", size=size)
    data = (tmp_path / "film.avi").read_bytes()

    assert size is None or len(data) == size
    assert (data[:4], data[8:12]) == (b"RIFF", b"AVI ")
    assert struct.unpack("<I", data[4:8]) == (len(data) - 8,)
    assert data.count(b"\x89PNG\r\n\x1a\n") == 48


def test_a_film_too_small_for_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="larger size"):
        make_film(tmp_path / "film.avi", size=1000)
