"""Errors at the command's border: a sentence and a code for what the machine refuses, a traceback for our mistakes."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import pytest

from dedere.base.errors import FacilityError, InputError
from dedere.cli import main as border
from dedere.cli.main import main

PROGRAM = "import sys; from dedere.cli.main import main; sys.exit(main())"


class Failing:
    """A command that fails as it is told."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def register(self, parser: ArgumentParser) -> None:
        raise AssertionError(parser)

    def run(self, arguments: Namespace) -> int:
        del arguments
        raise self.error


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (InputError("Say it again."), 2, "Say it again."),
        (FacilityError("It is full."), 1, "It is full."),
        (OSError(errno.ENOSPC, "No space left on device", "/home/x"), 1, "/home/x: No space left on device."),
        (OSError(errno.EIO, "Input/output error"), 1, "Input/output error."),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_trouble_is_one_sentence(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int, sentence: str
) -> None:
    assert border._run(Failing(error), Namespace()) == code
    assert capsys.readouterr() == ("", f"dedere: {sentence}\n")


@pytest.mark.parametrize("error", [ValueError("ours"), OSError("without a reason"), AttributeError("ours")])
def test_a_mistake_of_ours_is_not_dressed_up(error: Exception) -> None:
    with pytest.raises(type(error), match=str(error)):
        border._run(Failing(error), Namespace())


def test_a_reader_who_goes_away_is_no_failure() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "law", "matrix", "--for", "mla", "--crime", "laundering", "--csv"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(60) == 0
    assert said == b""


def test_a_command_line_without_a_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["--frobnicate"], ["conquer"]):
        with pytest.raises(SystemExit) as caught:
            main(words)
        assert caught.value.code == 2
    assert "invalid choice: 'conquer'" in capsys.readouterr().err


def test_every_command_explains_itself_without_a_home(capsys: pytest.CaptureFixture[str]) -> None:
    for name, purpose in border.COMMANDS.items():
        with pytest.raises(SystemExit) as caught:
            main([name, "--help"])
        assert caught.value.code == 0
        assert f"{purpose.capitalize()}." in " ".join(capsys.readouterr().out.split())


def test_the_package_is_the_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dedere", "verify", str(tmp_path / "absent")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "80"})
    assert done.returncode == 2
    assert done.stderr.startswith("dedere: ")
