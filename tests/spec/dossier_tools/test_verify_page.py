"""The commands of docs/use/verify.md, run as they stand on the page; the plan on it compared with the program's."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from dedere.dossier.export import write_dossier
from dedere.dossier.report import EXIT_CODES, Verdict
from dedere.dossier.verify import PLAN
from support.dossiers import export
from support.requirement import require_program

PAGE = (Path(__file__).parents[3] / "docs" / "use" / "verify.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PROGRAMS = ("sh", "sha256sum", "unzip", "openssl", "jq", "sed", "find", "cmp", "grep", "cut")


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    for program in PROGRAMS:
        require_program(program)
    write_dossier(tmp_path / "dossier", export())
    return tmp_path / "dossier"


def in_shell(commands: str, folder: Path) -> int:
    done = subprocess.run(["sh", "-eu"], input=commands, cwd=folder, text=True, capture_output=True, check=False)
    return done.returncode


@pytest.mark.judge
def test_the_commands_pass_on_a_sound_dossier(dossier: Path) -> None:
    assert len(COMMANDS) == 4
    for commands in COMMANDS:
        assert in_shell(commands, dossier) == 0, commands
    # They leave the dossier as it was.
    assert in_shell(COMMANDS[0], dossier) == 0


@pytest.mark.judge
@pytest.mark.parametrize(
    ("number", "pattern"),
    [
        (0, "data/record.json"),
        (1, "tagmanifest-sha256.txt"),
        (1, "seal.asice"),
        (2, "data/acts/*.pdf"),
        (2, "data/record.json"),
        (3, "data/ledgers/*.jsonl"),
    ],
)
def test_the_commands_notice_what_was_altered(dossier: Path, number: int, pattern: str) -> None:
    path = next(dossier.glob(pattern))
    data = path.read_bytes()
    path.write_bytes(
        data.replace(b"fictional", b"fictitous", 1) if b"fictional" in data else data[:-9] + b"x" + data[-8:]
    )
    assert in_shell(COMMANDS[number], dossier) != 0


@pytest.mark.judge
def test_the_commands_notice_what_was_added(dossier: Path) -> None:
    (dossier / "data" / "added").write_text("added")
    assert in_shell(COMMANDS[0], dossier) != 0


def test_the_page_lists_the_plan_as_it_runs() -> None:
    rows = re.findall(r"^\| (\d+) \| ([a-z ]+) \|", PAGE.split("## The plan for a dossier")[1], re.MULTILINE)
    assert rows == [(str(number), step.name) for number, step in enumerate(PLAN, start=1)]


def test_the_page_tells_the_exit_codes() -> None:
    rows = dict(re.findall(r"^\| (\d) \| ([a-z]+) \|", PAGE.split("## What the verdict")[0], re.MULTILINE))
    assert {Verdict(word): int(code) for code, word in rows.items()} == EXIT_CODES
