"""The code on a printed page is held against the letter that it names, in a dossier or alone."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from dedere.cli.main import main
from dedere.dossier.layout import letter_member
from dedere.papers.code import DocumentCode, act_digest
from dedere.protocol.container import open_container
from dedere.protocol.letter import read_letter

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.protocol.letter import Letter

AT = "2027-01-01T00:00:00Z"


def first_letter(dossier: Path) -> Letter:
    path = min((dossier / "data" / "letters").iterdir())
    return read_letter(open_container(path.read_bytes()))


def code_of(letter: Letter) -> DocumentCode:
    return DocumentCode(letter.id, act_digest(letter.act))  # type: ignore[arg-type]  # a letter's act is JSON


def said(capsys: pytest.CaptureFixture[str], path: Path, code: str) -> tuple[int, str]:
    ended = main(["verify", str(path), "--at", AT, "--code", code])
    captured = capsys.readouterr()
    return ended, captured.out + captured.err


def test_the_page_of_a_letter_in_a_dossier_agrees(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = first_letter(dossier)

    code, text = said(capsys, dossier, code_of(letter).text())

    assert f"The page was printed from the act in the letter {letter.id}." in text
    assert code == 0


def test_it_agrees_in_a_packed_dossier_too(dossier: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = first_letter(dossier)
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", dossier.parent, dossier.name)

    _, text = said(capsys, tmp_path / packed, code_of(letter).text())

    assert "The page was printed from the act in the letter" in text


def test_a_page_printed_from_something_else_fails(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = first_letter(dossier)

    code, text = said(capsys, dossier, DocumentCode(letter.id, "0" * 64).text())

    assert "printed from another act" in text
    assert code == 1


def test_a_letter_that_is_not_there_leaves_it_open(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, dossier, DocumentCode("abcd", "0" * 64).text())

    assert "is not here" in text
    assert code == 2


def test_a_letter_alone_is_held_against_the_page(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = first_letter(dossier)
    path = dossier / letter_member(letter.id)

    _, agrees = said(capsys, path, code_of(letter).text())
    _, other = said(capsys, path, DocumentCode("abcd", "0" * 64).text())

    assert "The page was printed from the act in the letter" in agrees
    assert "The page names the letter abcd" in other


def test_a_letter_that_cannot_be_read_fails(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter = first_letter(dossier)
    (dossier / letter_member(letter.id)).write_bytes(b"none")

    _, text = said(capsys, dossier, code_of(letter).text())

    assert "the page names cannot be read" in text


def test_another_text_is_no_code(dossier: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = said(capsys, dossier, "hello")

    assert "A document code looks like" in text
    assert code == 2
