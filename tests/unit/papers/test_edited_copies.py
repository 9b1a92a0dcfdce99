"""A copy that comes back edited is looked over before it is kept."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from dedere.papers import edited
from dedere.papers.edited import WORD, look_over_edited
from dedere.papers.received import PaperRefusedError
from dedere.papers.render import render_act
from support.papers import FACTS, act_of


def word_file(**members: bytes) -> bytes:
    target = io.BytesIO()
    docx.Document().save(target)
    with zipfile.ZipFile(target, "a") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return target.getvalue()


def test_a_word_file_is_one_whatever_its_name() -> None:
    data = word_file()

    looked = look_over_edited(io.BytesIO(data))

    assert (looked.media_type, looked.pages, looked.size) == (WORD, 0, len(data))


def test_a_pdf_is_looked_over_like_any_paper() -> None:
    pdf = render_act(act_of("closure", {"text": "Done."}), facts=FACTS)

    assert look_over_edited(io.BytesIO(pdf)).media_type == "application/pdf"


@pytest.mark.parametrize("member", ["word__vbaProject.bin", "word__activeX__a.xml", "word__embeddings__oleObject1.bin"])
def test_a_word_file_with_something_that_starts_is_refused(member: str) -> None:
    with pytest.raises(PaperRefusedError, match="a macro or an object"):
        look_over_edited(io.BytesIO(word_file(**{member: b"x"})))


def test_another_archive_is_no_word_file() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", b"x")

    with pytest.raises(PaperRefusedError, match="no Word file"):
        look_over_edited(target)


def test_a_damaged_word_file_is_refused() -> None:
    with pytest.raises(PaperRefusedError, match="damaged"):
        look_over_edited(io.BytesIO(word_file()[:500]))


def test_a_locked_word_file_is_refused() -> None:
    data = bytearray(word_file())
    # The flag of the first member, in the central directory at the end of the file.
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 0x1

    with pytest.raises(PaperRefusedError, match="locked"):
        look_over_edited(io.BytesIO(bytes(data)))


def test_a_word_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edited, "LARGEST_WORD", 100)
    with pytest.raises(PaperRefusedError, match="at most"):
        look_over_edited(io.BytesIO(word_file()))


def test_a_word_file_that_grows_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edited, "MAXIMUM_SIZE", 1000)
    with pytest.raises(PaperRefusedError, match="grows too large"):
        look_over_edited(io.BytesIO(word_file()))
