"""What is still to be reviewed, and reviews as a patch that others can take. All reviewers are invented."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from dedere.treaty.errors import LawQuestionError
from dedere.treaty.loading import load_law, packaged_data, packaged_documents, read_registers
from dedere.treaty.patching import review_patch, toml_text
from dedere.treaty.review import Review, ReviewResult
from dedere.treaty.worklist import worklist
from support.lawbook import TODAY, packaged, with_acts
from support.requirement import require_program
from support.reviewers import Reviewers

if TYPE_CHECKING:
    from pathlib import Path

PAIR = ("NL", "SN")


def patch(*reviews: Review) -> str:
    documents = packaged_documents()
    return review_patch(reviews, documents, read_registers(packaged_data(), documents))


def test_what_carries_most_comes_first() -> None:
    work = worklist(packaged(), pair=PAIR, on=TODAY)
    assert work[0].datum == "lhc/entry-into-force"
    assert [each.weight for each in work] == sorted((each.weight for each in work), reverse=True)


def test_one_instrument_can_be_chosen() -> None:
    assert {each.datum.split("/")[0] for each in worklist(packaged(), pair=PAIR, on=TODAY, instrument="untoc")} == {
        "untoc"
    }
    with pytest.raises(LawQuestionError):
        worklist(packaged(), pair=PAIR, on=TODAY, instrument="rome")


def test_what_is_verified_read_or_made_up_is_not_work(tmp_path: Path) -> None:
    review = Reviewers().review("lhc/temporal", "covered")
    law = with_acts(tmp_path, "lhc,made-up,NL,ratification,2026-01-01,,,,", reviews=[review])
    found = {each.datum for each in worklist(law, pair=PAIR, on=TODAY)}
    assert "lhc/temporal" not in found
    assert "lhc/made-up" not in found
    assert "uncac/mla.scope" not in found
    assert "lhc/ext.scope" in found


def test_work_is_plain_data() -> None:
    first = worklist(packaged(), pair=PAIR, on=TODAY)[0]
    assert first.as_json()["findings"] == first.findings


def test_without_reviews_there_is_no_patch() -> None:
    assert patch() == ""


def test_the_patch_changes_only_what_was_reviewed() -> None:
    reviewers = Reviewers()
    corrected = reviewers.review("lhc/temporal", "covered")
    waiting = reviewers.review("lhc/ext.ground.national", "may")
    lines = patch(corrected, waiting).splitlines()
    changes = [line for line in lines if line.startswith(("+", "-")) and not line.startswith(("+++", "---"))]
    assert changes == [
        '-conduct_before = "unsettled"',
        '+conduct_before = "covered"',
        '-status = "unsettled"',
        '-confidence = "low"',
        '+status = "read"',
        '+confidence = "certain"',
    ]
    assert lines[0].startswith("lhc/temporal: corrected by A. Jansen, 24 November 2026")


def test_a_patched_folder_loads_and_has_the_values(tmp_path: Path) -> None:
    require_program("patch")
    reviewers = Reviewers()
    number = reviewers.review("lhc/entry-into-force", "3")
    act = reviewers.review("lhc/party.fr.reservation", "2026-03-01")
    absent = reviewers.review("lhc/form.other", result=ReviewResult.DOES_NOT_EXIST)
    text = patch(number, reviewers.second(number), act, absent)
    folder = tmp_path / "src" / "dedere" / "treaty" / "data"
    shutil.copytree(str(packaged_data()), folder)
    subprocess.run(["patch", "-p1", "--quiet"], cwd=tmp_path, input=text.encode(), check=True)
    law = load_law(data=folder)
    assert law.treaties["lhc"].entry_into_force.instruments == 3
    assert [row.id for row in law.by_state["lhc", "FR"] if row.date == dt.date(2026, 3, 1)] == ["party.fr.reservation"]
    assert "lhc/form.other: does-not-exist" in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (3, "3"),
        (dt.date(2026, 3, 1), "2026-03-01"),
        ({"days": 45}, "{ days = 45 }"),
        (["a", "b"], '["a", "b"]'),
        ('say "so"\\', '"say \\"so\\"\\\\"'),
    ],
)
def test_values_are_written_as_toml(value: object, text: str) -> None:
    assert toml_text(value) == text
