"""`dedere simulate`: its options, what it prints, its exit codes and what it refuses."""

from __future__ import annotations

import json

import pytest

from dedere.cli.main import main
from dedere.cli.simulation.plants import Plant

SMALL = ["simulate", "--authorities", "3", "--cases", "4", "--days", "60"]


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main([*SMALL, *words]) == code
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--authorities", "1"], "The simulator knows 2 to 20 authorities."),
        (["--authorities", "21"], "The simulator knows 2 to 20 authorities."),
        (["--cases", "0"], "Cases, days and acts are at least 1."),
        (["--days", "-5"], "Cases, days and acts are at least 1."),
        (["--acts", "0"], "Cases, days and acts are at least 1."),
        (["--seed", "many"], "A number is expected, not 'many'."),
        (["--seed", "1..x"], "A number is expected, not 'x'."),
        (["--seed", "5..1"], "No seed lies in '5..1'"),
        (["--only", "1,two"], "A number is expected, not 'two'."),
        (["--only", "1,4"], "The cases have the numbers 0 to 3."),
        (["--calm", "crash,rain"], "There is no trouble called 'rain'."),
        (["--plant", "tulip"], "There is no plant called 'tulip'"),
    ],
)
def test_what_cannot_be_simulated_is_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main([*SMALL, *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert sentence in captured.err
    assert captured.err.count("\n") == 1


def test_every_plant_is_listed_with_what_it_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "--plants").splitlines()
    assert [line.split()[0] for line in lines] == [plant.value for plant in Plant]
    assert all(len(line) > 40 for line in lines)


def test_each_seed_is_told_with_what_it_reached_and_what_it_did_not(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "--seed", "3..4").splitlines()
    assert [line.split(":")[0] for line in lines[::3]] == ["Seed 3", "Seed 4"]
    assert "acts a second." in lines[0]
    assert lines[1].startswith("  Reached: ")
    assert lines[2].startswith("  Not reached: ")


def test_steps_that_were_not_reached_fail_where_all_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Not reached: " in said(capsys, "--all-steps", code=1)


def test_the_same_seed_gives_the_same_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    def facts(*words: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(said(capsys, "--json", "--seed", "7", *words).splitlines()[0])
        del found["seconds"]
        return found

    first = facts()
    assert facts() == first
    assert first["broken"] is None
    calm = facts("--calm", "crash,rogue,partition,hurry")
    assert (calm["crashes"], calm["rogue_acts"]) == (0, 0)
    fewer = facts("--only", "1", "--acts", "3")
    assert fewer["acts"] <= 3  # type: ignore[operator] # a number


def test_a_planted_fault_ends_with_a_story_and_the_way_to_see_it_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["--cases", "12", "--days", "200", "--plant", "tampered-accepted"]
    text = said(capsys, *words, "--json", code=1)
    assert "Planted: tampered-accepted: " in text
    again = next(line for line in text.splitlines() if line.startswith("To see it again: dedere "))
    assert main(again.removeprefix("To see it again: dedere ").split()) == 1
    assert json.loads(text.splitlines()[0])["broken"]
