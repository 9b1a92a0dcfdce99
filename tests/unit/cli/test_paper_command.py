"""`dedere paper`: documents off the pages, whole or not at all, every refusal one sentence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from dedere.cli.main import main
from dedere.crypto.digests import sha256_hex
from support.homes import fresh_office
from support.papers import act_of, pdf_text, squeezed

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.papers.particulars import Json

AT = "2026-11-24T09:30:00Z"


def written(path: Path, data: Json) -> str:
    path.write_text(json.dumps(data))
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> str:
    assert main(["paper", *map(str, words)]) == code
    captured = capsys.readouterr()
    return captured.out + captured.err


def test_an_act_becomes_a_pdf_in_two_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    letter: dict[str, Json] = {
        "id": "abcdef", "case": "caseid", "sealed_at": AT, "sender": {"state": "SN"}, "recipient": {"state": "NL"},
        "act": act_of("closure", {"text": "All is done."}),
    }  # fmt: skip
    data, output = written(tmp_path / "letter.json", letter), tmp_path / "act.pdf"

    text = said(capsys, "act", data, "-o", output, "--language", "fr", "--second-language", "en")

    assert f"SHA-256 {sha256_hex(output.read_bytes())}" in text
    read = squeezed(pdf_text(output.read_bytes(), tmp_path))
    for words in ("Clôture", "Closure", "All is done.", "24 novembre 2026", "Sénégal", "Pays-Bas"):
        assert squeezed(words) in read


def test_the_same_act_gives_the_same_bytes_and_a_word_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = written(tmp_path / "act.json", act_of("closure", {"text": "Done."}))
    for name in ("1.pdf", "2.pdf", "3.docx"):
        said(capsys, "act", data, "-o", tmp_path / name, "--at", AT)

    assert (tmp_path / "1.pdf").read_bytes() == (tmp_path / "2.pdf").read_bytes()
    assert "wordprocessingml" in said(capsys, "look", tmp_path / "3.docx")


def test_a_sheet_lacks_nothing_or_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, output = written(tmp_path / "sheet.json", {"purpose": "To be heard."}), tmp_path / "sheet.pdf"

    refused = said(capsys, "sheet", "safe-conduct", data, "-o", output, code=2)

    assert "lacks person.name, immunity, leave_by" in refused
    assert not output.exists()
    entries = written(tmp_path / "list.json", {"entries": [{"title": "A", "sha256": "ab" * 32}]})
    said(capsys, "sheet", "annex-list", entries, "-o", output)
    assert output.read_bytes().startswith(b"%PDF")


def test_an_offices_own_templates_are_used_or_refused_with_their_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "office.toml").write_text('lines = ["1 Example Street"]\n')
    data = written(tmp_path / "act.json", act_of("closure", {"text": "Done."}))
    said(capsys, "act", data, "-o", tmp_path / "act.pdf", "--templates", folder)
    assert "1 Example Street" in pdf_text((tmp_path / "act.pdf").read_bytes(), tmp_path)
    assert "Nothing is wrong" in said(capsys, "check", folder)

    (folder / "office.toml").write_text('\nmotto = "x"\n')

    assert "office.toml, line 2, has the unknown setting 'motto'." in said(capsys, "check", folder, code=1)


def test_a_document_is_signed_with_a_nodes_key_as_approved_and_not_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office = fresh_office(tmp_path / "home")
    data, output = written(tmp_path / "act.json", act_of("closure", {"text": "Done."})), tmp_path / "signed.pdf"
    said(capsys, "act", data, "-o", tmp_path / "act.pdf", "--at", AT)
    approved = sha256_hex((tmp_path / "act.pdf").read_bytes())
    words = ("sign", tmp_path / "act.pdf", "--home", office.home.folder, "--officer", "Anna (fictional)", "-o", output)

    changed = said(capsys, *words, "--approved", "0" * 64, code=2)
    assert "changed after it was approved" in changed
    assert not output.exists()

    said(capsys, *words, "--approved", approved)
    assert output.read_bytes().startswith((tmp_path / "act.pdf").read_bytes())


@pytest.mark.parametrize(
    ("content", "sentence"), [("[", "is not JSON"), ("[]", "no JSON object"), (None, "cannot be read")]
)
def test_what_is_no_data_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, sentence: str
) -> None:
    path = tmp_path / "act.json"
    if content is not None:
        path.write_text(content)

    assert sentence in said(capsys, "act", path, "-o", tmp_path / "act.pdf", code=2)


def test_what_cannot_be_written_or_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = written(tmp_path / "act.json", act_of("closure", {"text": "Done."}))

    assert "ends in .pdf or .docx" in said(capsys, "act", data, "-o", tmp_path / "act.odt", code=2)
    assert "cannot be written" in said(capsys, "act", data, "-o", tmp_path / "none" / "act.pdf", code=1)
    assert "is no folder" in said(capsys, "check", tmp_path / "none", code=2)
    assert "cannot be read" in said(capsys, "look", tmp_path / "none.pdf", code=2)
