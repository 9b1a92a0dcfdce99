"""`dedere law docs`: the documentation of the law is made from data, code and tests, and what is committed is current."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from dedere.casework.procedure import load_procedure
from dedere.cli.commands.law import register
from dedere.cli.commands.law.docs import cited_in, law_pages
from dedere.cli.main import main
from dedere.treaty.loading import load_law
from support.lawbook import packaged, toy_law
from support.reviewers import Reviewers

ROOT = Path(__file__).parents[3]


def without_tests(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.strip().startswith("Tests: ")]


def test_the_pages_lead_from_instrument_to_provision_to_rule_to_tests(tmp_path: Path) -> None:
    test = "def test_one():\n    '''lhc/temporal and lhc/ext.scope.'''\n\nclass Other:\n    pass\n"
    (tmp_path / "test_a.py").write_text(test, encoding="utf-8")
    cited = cited_in(tmp_path)
    assert cited == {"lhc/temporal": ["test_a.py::test_one"], "lhc/ext.scope": ["test_a.py::test_one"]}
    page = law_pages(packaged(), cited)["lhc.md"]
    heading = page.index("## LHC Art. 3-4 or 92 (working number): Temporal reach")
    rule = page.index("- `lhc/temporal`", heading)
    assert page.index("  Tests: test_a.py::test_one", rule) > rule
    assert "\nTests: test_a.py::test_one" in page


def test_pages_say_what_is_unverified_open_and_how_the_law_is_read() -> None:
    pages = law_pages(packaged(), {})
    assert "`lhc/entry-into-force`" in pages["unverified.md"]
    assert "`lhc/temporal`" in pages["open-questions.md"]
    assert "`parties.*`: consent to be bound is ratification" in pages["interpretations.md"]
    assert "| `conduct_before` | one of covered, not-covered, unsettled |" in pages["schema.md"]
    assert "| [UNCAC](uncac.md) |" in pages["README.md"]


def test_a_reviewed_rule_is_shown_as_verified() -> None:
    law = load_law(reviews=[Reviewers().review("lhc/temporal", "covered")])
    assert "(verified by A. Jansen, 24 November 2026" in law_pages(law, {})["lhc.md"]


def test_an_instrument_without_a_note_has_none_on_its_page() -> None:
    page = law_pages(toy_law(), {})["toy.md"]
    assert page.split("\n")[4:7] == ["Convention that does not exist.", "", "## TOY Art. 1: Scope"]


def test_every_proceeding_is_drawn_with_every_state_and_every_arrow_of_the_data() -> None:
    pages = law_pages(packaged(), {})
    for form in load_procedure().proceedings.values():
        page = pages[f"proceeding-{form.kind.value}.md"]
        assert f"(proceeding-{form.kind.value}.md)" in pages["proceedings.md"]
        drawn = {
            tuple(line.split(" : ")[0].split())
            for line in page.splitlines()
            if line.startswith("    ") and " --> " in line
        }
        for name, state in form.states.items():
            assert f'state "{state.title}" as {name.replace("-", "_")}' in page
            assert not state.final or (name.replace("-", "_"), "-->", "[*]") in drawn
        for step in form.steps:
            assert f"| `{step.id}`" in page
            targets = [each for each in (step.target, *(then.target for then in step.then)) if each]
            sources = ["[*]"] if step.opens else step.sources
            arrows = {(one.replace("-", "_"), "-->", two.replace("-", "_")) for one in sources for two in targets}
            assert arrows <= drawn, step.id
        reached = {two for _, _, two in drawn}
        assert {name.replace("-", "_") for name in form.states} <= reached
        known = {"[*]", *(name.replace("-", "_") for name in (*form.states, *form.measure_states))}
        assert all({source, target} <= known for source, _, target in drawn)


def test_the_committed_pages_are_current() -> None:
    """`make docs` writes them; tests that cite data may come and go without it."""
    for name, text in law_pages(packaged(), {}).items():
        committed = (ROOT / "docs" / "law" / name).read_text(encoding="utf-8")
        assert without_tests(committed) == without_tests(text), f"docs/law/{name} is old: run make docs"


def test_the_pages_are_written_or_it_is_said_why_not(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["law", "docs", str(tmp_path / "law"), "--tests", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"Wrote 23 pages into {tmp_path / 'law'}.\n"
    assert (tmp_path / "law" / "lhc.md").exists()
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["law", "docs", str(tmp_path / "file"), "--tests", str(tmp_path)]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_the_page_for_officers_names_every_command_and_no_other() -> None:
    page = (ROOT / "docs" / "use" / "law.md").read_text(encoding="utf-8")
    parser = argparse.ArgumentParser()
    register(parser)
    (commands,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    assert set(re.findall(r"dedere law ([a-z]+)", page)) == set(commands.choices) - {"docs"}


def test_what_the_page_for_officers_asks_can_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs" / "use" / "law.md").read_text(encoding="utf-8")
    asked = re.findall(r"`dedere (law (?:basis|matrix|parties|show|new) [^`]*)`", page)
    assert len(asked) == 5
    for words in asked:
        assert main([word for word in words.split() if word not in {"--into", "request.toml"}]) == 0
        assert capsys.readouterr().out
