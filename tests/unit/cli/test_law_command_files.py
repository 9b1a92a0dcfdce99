"""`dedere law check`, `grounds` and `new`: what concerns one request file. Every request here is invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedere.cli.commands.law.files import treaties_of
from dedere.cli.main import main
from dedere.treaty.requestfile import request_from_tables
from support.lawbook import TODAY, packaged

if TYPE_CHECKING:
    from dedere.treaty.requestfile import RequestFile

EXAMPLE = str(Path(__file__).parents[3] / "examples" / "nl-sn-mla" / "request.toml")
ON = ["--on", "2026-11-24"]


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["law", *words]) == code
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["law", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


@pytest.fixture
def empty(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> str:
    path = tmp_path / "extradition.toml"
    said(capsys, "new", "extradition", "--into", str(path))
    return str(path)


def test_a_complete_request_lacks_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "check", EXAMPLE, *ON) == "request.toml, checked for 24 November 2026: nothing is missing.\n"
    assert json.loads(said(capsys, "check", EXAMPLE, *ON, "--json"))["complete"] is True


def test_what_is_missing_is_said_with_reason_consequence_and_place(
    capsys: pytest.CaptureFixture[str], empty: str
) -> None:
    text = said(capsys, "check", empty, *ON, code=1)
    assert "MISSING: Requesting authority (request.requesting_authority)" in text
    assert "If it stays so: Returned." in text
    assert "lhc/ext.contents.authority]" in text
    found = json.loads(said(capsys, "check", empty, *ON, "--json", code=1))
    assert found["complete"] is False
    assert said(capsys, "check", empty, *ON, "--json", code=1) == said(capsys, "check", empty, *ON, "--json", code=1)


def test_grounds_come_after_what_precedes_any_refusal(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "grounds", EXAMPLE, *ON)
    assert text.index("Before any refusal:") < text.index("May the request be refused on it?")
    assert "To be answered:" in text
    assert "Read as 'must':" in text
    assert "Warning: " in text
    assert "Cure: " in text
    assert "Before refusing: " in text
    found = json.loads(said(capsys, "grounds", EXAMPLE, *ON, "--json"))
    assert found["version"] == "dedere-grounds/1"


def test_answers_settle_circumstances_and_all_shows_what_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    answer = ["--answer", "mla.ground.fiscal=no"]
    assert "lhc/mla.ground.fiscal" not in said(capsys, "grounds", EXAMPLE, *ON, *answer)
    assert "lhc/mla.ground.fiscal" in said(capsys, "grounds", EXAMPLE, *ON, *answer, "--all")
    every = [row.id for row in packaged().instruments["lhc"].grounds if row.request == "mla"]
    all_answered = [word for ground in every for word in ("--answer", f"{ground}=no")]
    assert "To be answered:" not in said(capsys, "grounds", EXAMPLE, *ON, *all_answered)
    assert "mla.ground.fiscal=yes" not in refused(capsys, "grounds", EXAMPLE, "--answer", "nothing=yes")
    assert "An answer is given like mla.ground.fiscal=yes" in refused(
        capsys, "grounds", EXAMPLE, "--answer", "mla.ground.fiscal=perhaps"
    )


def test_a_new_file_is_printed_or_written_but_never_over_another(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = said(capsys, "new", "mla", "--measure", "hearing-video")
    assert 'format = "dedere-request/1"' in text
    assert json.loads(said(capsys, "new", "mla", "--measure", "hearing-video", "--json"))["file"] == text
    path = tmp_path / "request.toml"
    assert said(capsys, "new", "transfer", "--instrument", "ets112", "--into", str(path)) == f"Wrote {path}.\n"
    assert "exists; it is not written over" in refused(capsys, "new", "transfer", "--into", str(path))
    assert "cannot be written" in refused(capsys, "new", "transfer", "--into", str(tmp_path / "no" / "where.toml"))
    assert "no function 'tea'" in refused(capsys, "new", "tea")


def test_a_file_that_cannot_be_read_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "cannot be read" in refused(capsys, "check", str(tmp_path / "nowhere.toml"))
    broken = tmp_path / "broken.toml"
    broken.write_text("format = ", encoding="utf-8")
    assert "broken.toml" in refused(capsys, "check", str(broken))


def tables(requesting: str, requested: str) -> RequestFile:
    request = {"kind": "mla", "requesting_state": requesting, "requested_state": requested}
    return request_from_tables({"format": "dedere-request/1", "request": request}, name="a")


def test_the_register_says_which_protocols_bind_and_an_instrument_relied_on_is_taken_as_binding() -> None:
    found = treaties_of(packaged(), tables("NL", "SN"), on=TODAY)
    assert set(found) == {"ets086", "ets098", "ets209", "ets212", "ets099", "ets182", "ets167", "ets222"}
    assert treaties_of(packaged(), tables("NL", "NL"), on=TODAY) == {}
    assert treaties_of(packaged(), tables("NL", "XX"), on=TODAY) == {}
