"""home.toml: read strictly, every refusal a sentence; written whole, read back the same."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from dedere.base.errors import FacilityError, InputError
from dedere.node.home import DatabasePlace, KeyPlaces, Watching, load_home, write_home
from support.homes import fresh_home


def edited(home_folder: Path, old: str, new: str) -> Path:
    """The home after its settings were edited by hand."""
    path = home_folder / "home.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return home_folder


def test_what_is_written_reads_back_wherever_the_home_lies(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "nl")
    assert load_home(home.folder) == home
    moved = home.folder.rename(tmp_path / "elsewhere")
    assert load_home(moved) == dataclasses.replace(home, folder=moved)


def test_every_setting_reads_back(tmp_path: Path) -> None:
    home = dataclasses.replace(
        fresh_home(tmp_path / "nl"),
        name='A "quoted" \\ authority (fictional)',
        places=KeyPlaces(("pkcs11:token=a;object=b?module-path=/c", "file:/d"), "credential:dedere", "file:/run/pin"),
        polls=("SN", "*"),
        records=DatabasePlace("postgresql://dedere@db.example:5432/dedere?sslmode=verify-full", "credential:database"),
        watching=Watching("::1", 9464, json_logs=True),
    )
    write_home(home)
    assert load_home(home.folder) == home
    assert not list(home.folder.glob("*.new"))


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ('address = "mysql://db.example/dedere"', "is written postgresql://"),
        ('address = "postgresql://db.example"', "is written postgresql://"),
        ('address = "postgresql://u:hidden@db.example/d"', "without the password"),
        ('address = "postgresql://db.example:port/d"', "is written postgresql://"),
        ('password = "file:x"', "is written postgresql://"),
        ('address = "postgresql:///d"\npassword = "hidden"', "begins with file: or credential:"),
        ('address = "postgresql:///d"\nuser = "x"', "unknown setting 'user'"),
    ],
)
def test_a_database_that_cannot_be_is_refused(tmp_path: Path, section: str, sentence: str) -> None:
    home = fresh_home(tmp_path / "nl")
    with home.settings_file.open("a") as file:
        file.write(f"\n[database]\n{section}\n")
    with pytest.raises(InputError, match=sentence) as refused:
        load_home(home.folder)
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ("port = 70000", "The watch port must be between"),
        ('port = 9464\nhost = "everywhere"', "The watch host must be an IP address"),
        ('port = "9464"', "port must be a port number"),
        ("json_logs = 1", "json_logs must be true or false"),
    ],
)
def test_a_watch_that_cannot_be_is_refused(tmp_path: Path, section: str, sentence: str) -> None:
    home = fresh_home(tmp_path / "nl")
    with home.settings_file.open("a") as file:
        file.write(f"\n[watch]\n{section}\n")
    with pytest.raises(InputError, match=sentence):
        load_home(home.folder)


def test_a_home_says_whom_it_polls(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "nl")
    assert not home.polls_at("SN")
    assert dataclasses.replace(home, polls=("SN",)).polls_at("SN")
    assert not dataclasses.replace(home, polls=("SN",)).polls_at("MN")
    assert dataclasses.replace(home, polls=("*",)).polls_at("MN")


def test_no_home_no_node(tmp_path: Path) -> None:
    with pytest.raises(FacilityError, match="dedere node init"):
        load_home(tmp_path)


@pytest.mark.parametrize("content", [b"format = ", b"\xff\xfe", b"[pages\n"])
def test_what_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "home.toml").write_bytes(content)
    with pytest.raises(FacilityError, match="cannot be read"):
        load_home(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('format = "dedere-home/1"', 'format = "dedere-home/9"', "this version reads"),
        ('format = "dedere-home/1"', "", "format must be a text"),
        ('state = "NL"', "state = 7", "state must be a text"),
        ('state = "NL"', 'state = "nl"', "two capital letters"),
        ('state = "NL"', 'state = "NLD"', "two capital letters"),
        ('state = "NL"', 'state = "1A"', "two capital letters"),
        ('languages = ["en", "fr"]', "languages = []", "at least one language"),
        ('languages = ["en", "fr"]', 'languages = ["English"]', "written like en"),
        ('languages = ["en", "fr"]', "languages = [1]", "languages must be a list of texts"),
        ('languages = ["en", "fr"]', 'languages = "en"', "languages must be a list of texts"),
        ("demonstration = true", 'demonstration = "yes"', "demonstration must be true or false"),
        ("demonstration = true", "demonstration = true\nsurprise = 1", "unknown setting 'surprise'"),
        ('place = "Europe/Amsterdam"', 'place = "Atlantis"', "not a time zone"),
        ('place = "Europe/Amsterdam"', 'place = "../etc"', "not a time zone"),
        ('place = "Europe/Amsterdam"', 'place = "Europe"', "not a time zone"),
        ("port = 8000", "port = 0", "pages' port must be between"),
        ("port = 8443", "port = 65536", "gateway's port must be between"),
        ("port = 8000", 'port = "8000"', "port must be a port number"),
        ("port = 8000", "port = true", "port must be a port number"),
        ("port = 8000", "port = 8000\nworkers = 3", "unknown setting 'workers'"),
        ('host = "127.0.0.1"', 'host = "localhost"', "must be an IP address"),
        ('url = "https://127.0.0.1:8443"', 'url = "http://127.0.0.1:8443"', "written like https"),
        ('url = "https://127.0.0.1:8443"', 'url = "https://node.example.org/path"', "written like https"),
        ("[pages]", "[page]", "pages must be a table"),
        ('name = "Fictional central authority of the Netherlands"', 'name = " "', "needs a name"),
        ('name = "Fictional central authority of the Netherlands"', f'name = "{"x" * 201}"', "needs a name"),
    ],
)
def test_a_setting_that_cannot_be_is_named(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    folder = edited(fresh_home(tmp_path / "nl").folder, old, new)
    with pytest.raises(InputError, match=sentence):
        load_home(folder)


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ("exchange = 1", "exchange must be a table"),
        ("[exchange]\npolls = 'SN'", "polls must be a list of texts"),
        ("[exchange]\npolls = ['Senegal']", "polls holds States"),
        ("[exchange]\npush = true", "unknown setting 'push'"),
        ("[keys]\nauthority = ['ssh:me']", "begins with pkcs11: or file:"),
        ("[keys]\npassphrase = 'secret'", "begins with file: or credential:"),
        ("[keys]\npin = '1234'", "begins with file: or credential:"),
        ("[keys]\ngateway = 'x'", "unknown setting 'gateway'"),
    ],
)
def test_an_optional_table_is_read_as_strictly(tmp_path: Path, tables: str, sentence: str) -> None:
    folder = fresh_home(tmp_path / "nl").folder
    path = folder / "home.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{tables}\n{text}" if "=" in tables.splitlines()[0] else f"{text}\n{tables}\n", encoding="utf-8")
    with pytest.raises(InputError, match=sentence):
        load_home(folder)


def test_a_name_with_a_line_break_is_not_written(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "nl")
    with pytest.raises(InputError, match="control characters"):
        write_home(dataclasses.replace(home, name="Two\nlines"))
    assert load_home(home.folder) == home
