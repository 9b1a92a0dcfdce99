"""The demonstration's own parts: power cuts, the evidence it makes, what it waits for and what it refuses to believe."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dedere.base.errors import FacilityError, InputError
from dedere.cli.demonstration.attachments import make_evidence, prepare_request
from dedere.cli.demonstration.fault import PowerCut
from dedere.cli.demonstration.homes import run_dedere
from dedere.cli.demonstration.office import DeedRefusedError, DemonstrationOffice, process_tree
from dedere.cli.demonstration.proof import prove
from dedere.cli.demonstration.story import RESULT, Story, tell_story
from dedere.cli.main import main
from dedere.node.home import Home, Listening


def home(folder: Path, state: str = "NL") -> Home:
    nowhere = Listening("127.0.0.1", 9, "")
    return Home(folder, state, "Fictional", nowhere, nowhere, ("en",), "UTC")


@dataclass
class Told(DemonstrationOffice):
    """An office whose officers answer what the test says: by deed, the last answer again and again."""

    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    happened: list[str] = field(default_factory=list)

    def do(self, deed: str, **_words: object) -> dict[str, Any]:
        told = self.answers[deed]
        return told.pop(0) if len(told) > 1 else told[0]

    def kill(self) -> None:
        self.happened.append("killed")

    def start(self) -> None:
        self.happened.append("started")

    def wait(self) -> None:
        self.happened.append("answered")


def story(folder: Path, **changes: Any) -> Story:
    offices = [Told(home(folder, state), folder / f"{state}.log") for state in ("NL", "SN")]
    return Story(offices[0], offices[1], tell=lambda _line: None, patience=0.3, case="case", **changes)


def answering(office: DemonstrationOffice, **answers: dict[str, Any] | list[dict[str, Any]]) -> None:
    assert isinstance(office, Told)
    office.answers |= {deed: said if isinstance(said, list) else [said] for deed, said in answers.items()}


@pytest.mark.parametrize("wish", ["SN", "SN@", "SN@much", "FR@0.4", "SN@1", "NL@-0.1", "@0.5"])
def test_a_wish_that_is_no_power_cut_is_refused(wish: str) -> None:
    with pytest.raises(InputError, match=r"write it like SN@0\.4"):
        PowerCut.parse(wish)


def test_a_power_cut_happens_once_when_its_share_has_moved(tmp_path: Path) -> None:
    cut = PowerCut.parse("SN@0.4")
    office = Told(home(tmp_path), tmp_path / "log")
    seen = [
        cut.look({"SN": office}, moved=moved, total=total) for moved, total in ((0, 0), (39, 100), (40, 100), (90, 100))
    ]
    assert seen == [False, False, True, False]
    assert office.happened == ["killed", "started", "answered"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--evidence", "much"], "is not a size: write it like 64M or 1G"),
        (["--evidence", "1.5G"], "is not a size"),
        (["--evidence", ""], "is not a size"),
        (["--kill", "PARIS@0.5"], "is not a power cut"),
        (["--request", "nowhere.toml"], "run the demo in a checkout, or name a request file"),
    ],
)
def test_a_demonstration_that_cannot_be_is_refused_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(["demo", "--once", "--folder", str(tmp_path / "demo"), *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert sentence in captured.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    request = tmp_path / "letters.txt"
    assert main(["demo", "--folder", str(tmp_path), "--request", str(request)]) == 2
    assert "is not empty and not a demonstration" in capsys.readouterr().err
    assert main(["demo", "--folder", str(request), "--request", str(request)]) == 1
    assert "Not a directory" in capsys.readouterr().err
    assert request.read_text() == "mine"


def test_the_evidence_is_the_same_bytes_of_exactly_the_size_asked_for(tmp_path: Path) -> None:
    for size in (0, 10, 5_000_000):
        first, second = (make_evidence(tmp_path / name / "it", size).read_bytes() for name in "ab")
        assert first == second
        assert len(first) == size
        assert b"Fictional survey data".startswith(first[:21])


def test_a_request_without_a_script_is_copied_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "request.toml").write_text("x")
    copy = prepare_request(tmp_path / "mine" / "request.toml", tmp_path / "copy")
    assert copy.read_text() == "x"
    with pytest.raises(FacilityError, match="cannot be copied"):
        prepare_request(tmp_path / "mine" / "request.toml", tmp_path / "copy")


def test_a_script_that_fails_is_quoted(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "request.toml").write_text("x")
    (tmp_path / "make_attachments.py").write_text("raise SystemExit('no paper left')")
    with pytest.raises(FacilityError, match="no paper left"):
        prepare_request(tmp_path / "mine" / "request.toml", tmp_path / "copy")


def test_a_command_that_fails_is_quoted() -> None:
    with pytest.raises(FacilityError, match="dedere node check failed: dedere: nowhere is not a node's home"):
        run_dedere("node", "check", "nowhere")


def test_officers_who_are_not_at_work_or_gone_are_said(tmp_path: Path) -> None:
    office = DemonstrationOffice(home(tmp_path), tmp_path / "log")
    with pytest.raises(FacilityError, match="start the office first"):
        office.do("look_for_case", officer="anna")
    office.kill()
    office.stop()
    office.agent = talking("")
    for _ in range(2):
        with pytest.raises(FacilityError, match="officers of NL are gone"):
            office.do("look_for_case", officer="anna")
        office.agent.wait()
    office.stop()
    office.stop()
    office.agent = talking('import sys; sys.stdin.readline(); print(\'{"ok": false, "code": "x", "sentence": "No."}\')')
    with pytest.raises(DeedRefusedError, match="No"):
        office.do("look_for_case", officer="anna")
    office.stop()


def talking(program: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.network
def test_a_node_that_does_not_start_is_said_with_its_log(tmp_path: Path) -> None:
    office = DemonstrationOffice(home(tmp_path), tmp_path / "log")
    with pytest.raises(FacilityError, match="The node of NL did not start: look into "):
        office.wait()
    with pytest.raises(FacilityError, match="did not start"), office:
        office.wait()
    assert "is not a node's home" in (tmp_path / "log").read_text()


def test_every_descendant_of_a_process_is_found() -> None:
    nested = "import subprocess, sys; subprocess.run([sys.executable, '-c', \"print('deep', flush=True); input()\"])"
    with subprocess.Popen([sys.executable, "-c", nested], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"deep\n"
        assert len(process_tree(parent.pid)) == 1
        parent.kill()
    assert process_tree(2**22 + 1) == []


def test_what_does_not_come_in_time_is_said_with_both_logs(tmp_path: Path) -> None:
    telling = story(tmp_path)
    answering(
        telling.dutch,
        draft_from_file={"case": "case", "draft": "draft", "reference": "1", "attached": 0},
        submit={"digest": "d" * 64},
        approve={},
        look_at_draft={"complete": False, "moved": 0, "total": 0},
    )
    with pytest.raises(FacilityError, match=r"for the request to be delivered: look into .*NL\.log and .*SN\.log"):
        tell_story(telling, request=tmp_path / "request.toml", evidence=tmp_path / "evidence")
    assert [step["who"] for step in telling.steps] == ["NL", "NL"]


ITEM = {"item": "i", "measure": "m", "sha256": "a" * 64, "size": 3 * 1024**3}


def until_the_result(telling: Story, *, held: list[dict[str, Any]]) -> None:
    measure = {"id": "m", "kind": "records"}
    state = {"proceedings": [{"id": "p", "measures": [measure], "status": "closed"}], "record_digest": "same"}
    delivered = {"complete": True, "moved": 5, "total": 10}
    shared: dict[str, dict[str, Any]] = {
        "submit": {"digest": "d" * 64}, "approve": {}, "look_at_draft": delivered, "propose": {"draft": "d"},
        "look_at_case": state,
    }  # fmt: skip
    answering(
        telling.dutch, draft_from_file={"case": "case", "draft": "draft", "reference": "1", "attached": 0},
        look_at_items={"items": held}, **shared,
    )  # fmt: skip
    answering(
        telling.senegalese, look_for_case=[{"letter": ""}, {"letter": "letter", "case": "case"}],
        take_up={"reference": "2"}, assign={"assignment": "a", "authority": "the judge"},
        ingest={name: value for name, value in ITEM.items() if name != "measure"}, report={}, **shared,
    )  # fmt: skip


def test_the_story_is_told_to_its_end_with_a_power_cut_in_the_result(tmp_path: Path) -> None:
    telling = story(tmp_path, cuts=[PowerCut.parse("NL@0.2")])
    until_the_result(telling, held=[ITEM])
    tell_story(telling, request=tmp_path / "request.toml", evidence=tmp_path / "evidence")
    told = [str(step["what"]) for step in telling.steps]
    assert any("3.0 GiB" in sentence for sentence in told)
    assert any("Power cut at 50 % of the evidence" in sentence for sentence in told)
    assert any(f"Delivered: {RESULT} and 10 bytes of sealed parts" in sentence for sentence in told)
    assert told[-1] == "The case is closed on both sides"


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        ([ITEM, {**ITEM, "item": "j"}], "holds 2 items of the result, not 1"),
        ([{**ITEM, "sha256": "b" * 64}], "another digest than it had in Senegal"),
    ],
)
def test_evidence_that_is_not_what_was_sent_ends_the_story(
    tmp_path: Path, held: list[dict[str, Any]], sentence: str
) -> None:
    telling = story(tmp_path)
    until_the_result(telling, held=held)
    with pytest.raises(FacilityError, match=sentence):
        tell_story(telling, request=tmp_path / "request.toml", evidence=tmp_path / "evidence")


def test_two_records_or_a_dossier_that_is_not_written_prove_nothing(tmp_path: Path) -> None:
    telling = story(tmp_path)
    answering(telling.dutch, look_at_case={"record_digest": "one"}, ask_dossier={"export": "e"})
    answering(telling.senegalese, look_at_case={"record_digest": "other"})
    with pytest.raises(FacilityError, match="The two sides hold different records"):
        prove(telling)
    answering(telling.senegalese, look_at_case={"record_digest": "one"})
    answering(telling.dutch, look_at_export={"failure": "", "finished": False})
    with pytest.raises(FacilityError, match="not written in time"):
        prove(telling)
    answering(telling.dutch, look_at_export={"failure": "The disk is full.", "finished": False})
    with pytest.raises(FacilityError, match="The disk is full"):
        prove(telling)
    answering(telling.dutch, look_at_export={"failure": "", "finished": True, "folder": "none"})
    with pytest.raises(FacilityError, match=r"dedere verify .* failed"):
        prove(telling)
