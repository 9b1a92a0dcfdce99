"""`dedere law basis`, `matrix`, `parties` and `show`, as a lawyer and as a program read them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from dedere.cli.main import main
from support.lawbook import packaged
from support.lawhome import make_home

if TYPE_CHECKING:
    from pathlib import Path

BASIS = ["law", "basis", "NL", "SN", "--for", "extradition", "--crime", "genocide", "--on", "2026-11-24"]
MATRIX = ["law", "matrix", "--for", "mla", "--crime", "laundering", "--on", "2026-11-24"]


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(list(words)) == code
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *words: str, code: int = 2) -> str:
    assert main(list(words)) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1, "one sentence"
    return captured.err


def test_the_basis_is_explained_with_reasons_indented(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, *BASIS)
    assert text.startswith("Extradition from the Netherlands to Senegal for Genocide, on 24 November 2026\nUNSETTLED")
    assert "signature alone does not bind" in text
    assert "applies Part III provisionally" in text
    assert "What would settle it:" in text
    assert "It rests on " in text
    assert "\n6. " in text, "all six instruments"
    assert max(map(len, text.splitlines())) <= 100


def test_the_json_of_a_basis_is_the_same_bytes_every_time(capsys: pytest.CaptureFixture[str]) -> None:
    first = said(capsys, *BASIS, "--json")
    assert said(capsys, *BASIS, "--json") == first
    assert json.loads(first)["version"] == "dedere-basis/1"


def test_the_whole_tree_of_what_does_not_hold_is_shown_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    short, full = said(capsys, *BASIS), said(capsys, *BASIS, "--full")
    assert "Does UNCAC operate between the two States?" not in short
    assert "Does UNCAC operate between the two States?" in full


def test_facts_conduct_and_another_basis_are_taken_in(capsys: pytest.CaptureFixture[str]) -> None:
    more = ["--conduct", "1994-04-07..1994-07-15", "--fact", "transnational=yes", "--fact", "dual-criminality=no"]
    other = ["--other-basis", "reciprocity", "--reason", "Notes of 3 May 2026 (invented)."]
    text = said(capsys, *BASIS, *more, *other)
    assert "Other basis, as stated: Stated by the officer, not checked here: Notes of 3 May 2026 (invented)." in text
    assert "The conduct is not punishable in both States." in text


def test_without_a_day_it_is_today(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Extradition from" in said(capsys, *BASIS[:-2], "--conduct", "2026-01-01")


def test_a_basis_that_holds_and_one_that_does_not_open_with_that(capsys: pytest.CaptureFixture[str]) -> None:
    laundering = said(capsys, "law", "basis", "NL", "SN", "--for", "mla", "--crime", "laundering", "--on", "2013-01-01")
    assert "HOLDS: UNCAC carries it." in laundering
    before = ["law", "basis", "NL", "SN", "--for", "mla", "--crime", "genocide", "--on", "1960-01-01"]
    assert "DOES NOT HOLD: none of the instruments known here carries it." in said(capsys, *before)


def test_demonstration_data_are_said_to_be_made_up(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    home = make_home(tmp_path)
    heading = "treaty,id,iso3166,action,date,source,demonstration\n"
    row = "lhc,made.up,SN,ratification,2026-01-12,invented,yes\n"
    (home / "overlay" / "register.csv").write_text(heading + row, encoding="utf-8")
    text = said(capsys, *BASIS, "--home", str(home))
    assert "This rests on demonstration data: it is not the law." in text
    assert "[LHC, SN, ratification of 2026-01-12; demonstration data; lhc/made.up]" in text
    assert "This rests on demonstration data" in said(
        capsys, *BASIS, "--overlay", str(home / "overlay" / "register.csv")
    )
    parties = said(capsys, "law", "parties", "lhc", "--state", "SN", "--home", str(home))
    assert "DEMONSTRATION DATA" in parties


def test_the_matrix_counts_and_lists(capsys: pytest.CaptureFixture[str]) -> None:
    assert "193 States, 37056 ordered pairs" in said(capsys, *MATRIX)
    some = [*MATRIX, "--state", "NL", "--state", "SN", "--state", "LV"]
    rows = list(csv.DictReader(io.StringIO(said(capsys, *some, "--csv"))))
    assert (rows[0]["requesting"], rows[0]["requested"]) == ("LV", "NL")
    assert len(rows) == 6
    found = json.loads(said(capsys, *some, "--json"))["matrices"]["laundering"]
    assert found["counts"] == {"holds": 6, "does-not-hold": 0, "unsettled": 0}
    assert "requesting" not in found["question"]


def test_without_a_crime_the_matrix_takes_every_listed_one(capsys: pytest.CaptureFixture[str]) -> None:
    every = ["law", "matrix", "--for", "mla", "--on", "2026-11-24", "--state", "NL", "--state", "SN"]
    text = said(capsys, *every)
    assert "\ngenocide " in text
    assert "\nlaundering " in text
    assert "crime,requesting,requested,outcome" in said(capsys, *every, "--csv")


def test_the_parties_to_a_treaty_are_listed_with_their_acts(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "law", "parties", "lhc", "--on", "2026-11-24")
    assert "List of parties: complete until 28 August 2025; later acts are not known." in text
    assert "LV  Latvia: UNSETTLED." in text
    assert "declaration, day not established." in text
    assert "List of parties: not loaded." in said(capsys, "law", "parties", "ets182")
    found = json.loads(said(capsys, "law", "parties", "lhc", "--state", "lv", "--on", "2026-11-24", "--json"))
    assert found["in_force"]["outcome"] == "unsettled"
    assert "lhc/party.lv.notification-annex" in found["statements"]["LV"]
    assert json.loads(said(capsys, "law", "parties", "ets182", "--json"))["list_complete_until"] is None


def test_a_datum_an_instrument_and_a_state_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    provision = said(capsys, "law", "show", "lhc/ext.scope")
    assert "LHC Art. 49 (working number); modelled, confidence high, not verified" in provision
    assert "Rules that rest on it: lhc/function.extradition" in provision
    limit = json.loads(said(capsys, "law", "show", "ets024/limit.speciality", "--json"))
    assert limit["values"]["length"] == {"days": 45}
    unsettled = next(row for row in packaged().limits if row.candidates)
    quantity, source = unsettled.candidates[0].quantity, unsettled.candidates[0].source
    assert f"candidates: {quantity} ({source}" in said(capsys, "law", "show", unsettled.datum).replace("\n   ", " ")
    assert "candidates: 3 (recollection" in said(capsys, "law", "show", "lhc/entry-into-force")
    assert "length: 45 days" in said(capsys, "law", "show", "ets024/limit.speciality")
    assert "effect: jurisdiction: habitual-residence" in said(capsys, "law", "show", "lhc/party.fr.reservation")
    assert "provisions: 112" in said(capsys, "law", "show", "LHC")
    assert "signature, 14 February 2024" in said(capsys, "law", "show", "sn")
    assert json.loads(said(capsys, "law", "show", "SN", "--json"))["name"] == "Senegal"
    dated = json.loads(said(capsys, "law", "show", "lhc/party.lv.ratification", "--json"))["values"]
    assert (dated["date"], dated["action"]) == ("2025-08-28", "ratification")
    assert "date: 28 August 2025" in said(capsys, "law", "show", "lhc/party.lv.ratification")
    act = said(capsys, "law", "show", "lhc/party.lv.notification-annex")
    assert "effect:" in act
    assert "day not established" in said(capsys, "law", "show", "FR")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["law", "basis", "ZZ", "SN", *BASIS[4:]], "There is no State with the code 'ZZ'"),
        (
            ["law", "basis", "NL", "SN", "--for", "mla", "--crime", "genocide", "--on", "1850-01-01"],
            "No instrument known here had been adopted on 1 January 1850",
        ),
        (["law", "parties", "lhc", "--on", "1850-01-01"], "the first was ETS 24, on 13 December 1957."),
        (["law", "matrix", "--for", "mla", "--on", "0001-01-01"], "had been adopted on 1 January 1;"),
        (["law", "basis", "NL", "NL", *BASIS[4:]], "A State cannot ask itself"),
        ([*BASIS[:-3], "jaywalking", *BASIS[-2:]], "No instrument knows a crime 'jaywalking'"),
        ([*BASIS, "--fact", "transnational=maybe"], "A fact is given like transnational=yes"),
        ([*BASIS, "--fact", "full-moon=yes"], "No rule asks for the fact 'full-moon'"),
        ([*BASIS, "--conduct", "long ago"], "Conduct is given like 1994-04-07..1994-07-15"),
        ([*BASIS, "--conduct", "2001-01-01..2000-01-01"], "Conduct cannot end on 2000-01-01"),
        ([*BASIS, "--reason", "so"], "--reason belongs to --other-basis."),
        ([*BASIS, "--other-basis", "reciprocity"], "Another basis needs its reason"),
        ([*BASIS, "--overlay", "nowhere.csv"], "There is no overlay at nowhere.csv"),
        ([*BASIS, "--overlay", "nowhere"], "There is no overlay at nowhere"),
        ([*BASIS, "--home", "nowhere"], "There is no node's home at nowhere"),
        (["law", "basis", "NL", "SN", "--for", "tea", "--crime", "genocide"], "There is no function 'tea'"),
        (["law", "parties", "rome"], "There is no treaty 'rome'"),
        (["law", "show", "lhc/nothing"], "There is no datum, instrument or State 'lhc/nothing'"),
        ([*MATRIX, "--state", "NL"], "A matrix needs at least two States."),
    ],
)
def test_a_question_that_cannot_be_asked_is_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert sentence in refused(capsys, *words)


def test_a_day_that_is_none_is_refused_by_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([*BASIS[:-1], "tomorrow"])
    assert caught.value.code == 2
    assert "expected a day such as 2026-11-24" in capsys.readouterr().err


def test_the_law_starts_without_django() -> None:
    program = (
        "import sys\nfrom dedere.cli.main import main\n"
        f"main({BASIS!r})\nassert not any(name.split('.')[0] == 'django' for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)


def test_a_home_that_is_named_as_nothing_is_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEDERE_HOME", "")
    assert "UNSETTLED" in said(capsys, *BASIS)


def test_the_territory_of_a_provisional_application_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["law", "basis", "NL", "SN", "--for", "mla", "--crime", "genocide", "--on", "2026-11-24"]
    assert "applies Part III provisionally (European part of the Netherlands only)" in " ".join(
        said(capsys, *words).split()
    )


def test_what_a_datum_holds_is_plain_data_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    def values(datum: str) -> dict[str, object]:
        found: dict[str, object] = json.loads(said(capsys, "law", "show", datum, "--json"))["values"]
        return found

    assert values("lhc/party.fr.reservation")["effect"] == {"jurisdiction": ["habitual-residence"]}
    candidates = values("lhc/entry-into-force")["candidates"]
    assert isinstance(candidates, list)
    assert all(isinstance(number, int) and isinstance(source, str) for number, source in candidates)
