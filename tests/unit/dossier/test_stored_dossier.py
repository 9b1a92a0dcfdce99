"""A dossier of the first published form, kept as it was written: whatever becomes of this software, it must verify.

It is the fictional case of `support.dossiers`, exported once, with one item plain and one left out.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from dedere.cli.main import main
from dedere.crypto.digests import sha256_of_file
from dedere.dossier.report import Verdict
from dedere.dossier.verify import verify_path
from support.dossiers import LONG_AFTER

SAMPLE = Path(__file__).parent / "samples" / "dossier-1.zip"
SHA256 = "aa29bc917ccb7221df76bc1c0fe0df76fd5b6d42293f105fa59ddab3c547a820"


def test_it_is_the_one_that_was_kept() -> None:
    assert sha256_of_file(SAMPLE) == SHA256


def test_it_verifies_on_its_time_stamps_long_after_its_certificates_ended() -> None:
    report = verify_path(SAMPLE, at=LONG_AFTER)
    assert report.verdict is Verdict.PASSED, [check for check in report.checks if check.verdict is not Verdict.PASSED]
    assert len(report.checks) == 16
    assert {each.kind for each in report.left_out} == {"item"}


def test_the_command_answers_nought(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(SAMPLE), "--at", "2041-01-01T00:00:00Z"]) == 0
    assert "verdict: passed" in capsys.readouterr().out
