"""`dedere node init`, `check`, `wrap`, `unwrap`, `officer`: what an operator types, and every refusal in one sentence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dedere.node.home import load_home
from support.commands import refused, run, said

SECRET = "a passphrase of the tests"


def everything(folder: Path) -> dict[str, bytes]:
    """Every file of a home."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def secret(folder: Path, text: str = SECRET) -> Path:
    path = folder / "secret"
    path.write_text(text + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def test_a_new_home_says_where_it_is_its_fingerprint_and_what_comes_next(founded: dict[str, Path]) -> None:
    text = said("node", "check", founded["NL"])
    assert text == "Nothing is wrong with this home.\n"
    assert load_home(founded["NL"]).demonstration


def test_what_init_prints_can_be_typed(tmp_path: Path) -> None:
    place = tmp_path / "new"
    words = ["--state", "LV", "--languages", "en, lv", "--place", "Europe/Riga", "--one-sided"]
    lines = said("node", "init", place, *words, "--passphrase", f"file:{secret(tmp_path)}").splitlines()
    assert lines[0] == f"The node of Central Authority of LV (LV) is made: {place}"
    assert lines[1].startswith("Its card's fingerprint, for a note verbale: ")
    assert lines[1].split(": ")[1] in said("card", "show", place)
    home = load_home(place)
    assert (home.languages, home.place, home.polls) == (("en", "lv"), "Europe/Riga", ("*",))
    assert home.places.passphrase == f"file:{tmp_path / 'secret'}"
    assert b"ENCRYPTED" in (place / "keys" / "authority.key").read_bytes()
    officer = next(line.split() for line in lines if "node officer" in line)
    link = said("node", "officer", place, "anna", "--name", "Anna Fictief", *officer[officer.index("--role") :])
    assert link.startswith("http://127.0.0.1:8000/sign-in/")


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--state", "Holland"], 2, "A State is written with its two capital letters"),
        (["--state", "NL", "--name", " "], 2, "An authority needs a name"),
        (["--state", "NL", "--languages", ","], 2, "at least one language"),
        (["--state", "NL", "--place", "Atlantis/Centre"], 2, "is not a time zone"),
        (["--state", "NL", "--pages-port", "70000"], 2, "port must be between 1 and 65535"),
        (["--state", "NL", "--host", "localhost"], 2, "host must be an IP address"),
        (["--state", "NL", "--gateway-url", "http://nl.example"], 2, "written like https://"),
        (["--state", "NL", "--passphrase", "file:nowhere"], 1, "cannot be read"),
    ],
)
def test_a_node_that_cannot_be_is_not_made(tmp_path: Path, words: list[str], code: int, sentence: str) -> None:
    assert sentence in refused("node", "init", tmp_path / "home", *words, code=code)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_written_over(home: Path, tmp_path: Path) -> None:
    before = everything(home)
    assert "is not an empty folder" in refused("node", "init", home, "--state", "SN")
    assert everything(home) == before
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert "cannot be made" in refused("node", "init", tmp_path / "file" / "home", "--state", "NL", code=1)


def test_no_command_works_without_a_home(tmp_path: Path) -> None:
    place = tmp_path / "nowhere"
    for words in (
        ["node", "check", place],
        ["node", "doctor", place],
        ["node", "serve", place],
        ["node", "unwrap", place],
        ["node", "wrap", place, "file:x"],
        ["node", "officer", place, "anna", "--name", "Anna", "--role", "registrar"],
        ["card", "show", tmp_path],
        ["card", "rotate", place],
        ["pack", place, "SN", tmp_path],
        ["unpack", place, tmp_path],
        ["vault", "check", place],
    ):
        assert "is not a node's home" in refused(*words, code=1)


def test_a_check_says_everything_that_is_wrong_and_changes_nothing(home: Path) -> None:
    shutil.rmtree(home / "overlay")
    (home / "keys" / "sealing.age").chmod(0o644)
    before = everything(home)
    lines = said("node", "check", home, code=1).splitlines()
    assert len(lines) == 2
    assert "overlay is missing" in lines[0]
    assert "chmod 600" in lines[1]
    assert everything(home) == before


def test_a_check_also_says_what_should_be_done_soon(home: Path) -> None:
    path = home / "home.toml"
    path.write_text(path.read_text().replace("https://127.0.0.1:8443", "https://elsewhere.example"))
    assert "home.toml says the gateway is at https://elsewhere.example" in said("node", "check", home, code=1)


def test_the_doctor_tells_every_topic_and_what_is_wrong(home: Path) -> None:
    home.chmod(0o700)
    lines = said("node", "doctor", home).splitlines()
    assert {line.split()[1] for line in lines} >= {"home", "keys", "clock", "TLS", "backup", "disk", "database"}
    assert any("dedere backup key" in line and line.startswith("advice") for line in lines)
    (home / "keys" / "sealing.age").chmod(0o644)
    told = json.loads(said("node", "doctor", home, "--json", code=1))
    (wrong,) = [each for each in told if each["verdict"] == "wrong"]
    assert wrong["topic"] == "keys"
    assert "chmod 600" in wrong["sentence"]


def test_settings_of_the_wrong_kind_are_named(home: Path) -> None:
    path = home / "home.toml"
    path.write_text(path.read_text().replace("port = 8000", 'port = "eight thousand"'))
    assert "port must be a port number" in refused("node", "check", home)


def test_a_home_can_be_moved(home: Path, tmp_path: Path) -> None:
    moved = home.rename(tmp_path / "elsewhere")
    assert said("node", "check", moved) == "Nothing is wrong with this home.\n"


def test_keys_are_wrapped_and_unwrapped(home: Path, tmp_path: Path) -> None:
    clear = (home / "keys" / "authority.key").read_bytes()
    place = f"file:{secret(tmp_path)}"
    assert "key files are wrapped" in said("node", "wrap", home, place)
    assert (home / "keys" / "authority.key").read_bytes() != clear
    assert said("node", "check", home) == "Nothing is wrong with this home.\n"
    assert "5 key files are wrapped" in said("node", "wrap", home, place), "again, after a crash say"
    (tmp_path / "other").mkdir()
    other = secret(tmp_path / "other", "another passphrase")
    assert "wrapped under another passphrase" in refused("node", "wrap", home, f"file:{other}")
    assert "key files are in clear" in said("node", "unwrap", home)
    assert "the keys are in clear" in refused("node", "unwrap", home)
    assert said("node", "check", home) == "Nothing is wrong with this home.\n"


def test_a_passphrase_that_is_gone_or_wrong_is_said(home: Path, tmp_path: Path) -> None:
    path = secret(tmp_path)
    assert "is written file:PATH or credential:NAME" in refused("node", "wrap", home, "clipboard:1")
    assert load_home(home).places.passphrase == ""
    said("node", "wrap", home, f"file:{path}")
    path.write_text("something else\n")
    assert said("node", "check", home, code=1)
    path.unlink()
    assert "cannot be read" in refused("node", "unwrap", home, code=1)
    assert said("node", "check", home, code=1)


def test_an_officer_is_let_in_once(home: Path) -> None:
    words = ["node", "officer", home, "anna", "--name", "Anna Fictief", "--role"]
    assert "the roles are " in refused(*words, "emperor")
    assert "/sign-in/" in said(*words, "registrar", "--role", "case-officer")
    assert refused(*words, "registrar")


def test_a_database_that_does_not_answer_is_said(home: Path) -> None:
    (home / "database.sqlite3").write_bytes(b"not a database at all, but long enough to be read as one" * 20)
    words = ["node", "officer", home, "anna", "--name", "Anna Fictief", "--role", "registrar"]
    assert "The node's database does not answer" in refused(*words, code=1)
    assert "cannot be opened" in said("node", "check", home, code=1)


def test_a_key_file_that_is_gone_is_named_by_every_command(home: Path) -> None:
    (home / "keys" / "pages.secret").unlink()
    words = ["node", "officer", home, "anna", "--name", "Anna Fictief", "--role", "registrar"]
    assert "pages.secret: No such file" in refused(*words, code=1)


def test_a_command_line_that_says_nothing_is_answered_with_what_there_is() -> None:
    done = run("node")
    assert (done.returncode, done.stdout) == (2, "")
    assert "WHAT" in done.stderr
    assert "name a command" not in run("--help").stderr
    assert run("--version").stdout.startswith("dedere ")
