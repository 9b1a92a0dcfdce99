"""A new home: whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from dedere.base.clock import FixedClock
from dedere.base.errors import FacilityError, InputError
from dedere.base.identifiers import SeededIdentifiers
from dedere.node.founding import Plan, found
from dedere.node.home import Home, load_home
from dedere.node.keys import private_files
from dedere.node.trust import own_card
from support.homes import NOW, plan_of


def make(folder: Path, plan: Plan | None = None, *, migrate: object = None) -> Home:
    return found(
        folder,
        plan or plan_of("NL"),
        clock=FixedClock(NOW),
        identifiers=SeededIdentifiers("NL"),
        migrate=migrate or (lambda _folder: None),  # type: ignore[arg-type]  # whatever the test gives
    )


def test_a_home_is_made_with_private_keys_and_a_card_that_names_it(tmp_path: Path) -> None:
    home = make(tmp_path / "nl")
    assert load_home(home.folder) == home
    assert all(folder.is_dir() for folder in home.folders())
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in private_files(home))
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
    card = own_card(home).card
    assert (card.state, card.serial, card.addresses) == ("NL", 1, ("https://127.0.0.1:8443",))


def test_an_empty_folder_may_be_there_already(tmp_path: Path) -> None:
    (tmp_path / "nl").mkdir()
    assert make(tmp_path / "nl").folder == tmp_path / "nl"


def test_a_one_sided_node_names_no_address_and_polls(tmp_path: Path) -> None:
    home = make(tmp_path / "nl", plan_of("NL", one_sided=True))
    assert load_home(home.folder) == home
    assert (home.is_reachable, home.polls, own_card(home).card.addresses) == (False, ("*",), ())


def test_keys_are_wrapped_from_the_beginning_where_a_passphrase_is_named(tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text("words of a fictional passphrase\n", encoding="utf-8")
    home = make(tmp_path / "nl", plan_of("NL", passphrase=f"file:{tmp_path / 'passphrase'}"))
    keys = [path.read_bytes() for path in private_files(home) if path.name != "pages.secret"]
    assert all(b"ENCRYPTED" in content for content in keys)
    assert load_home(home.folder).places.passphrase.endswith("/passphrase")


@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_is_there_is_left_alone(tmp_path: Path, what: str) -> None:
    place = tmp_path / "nl"
    if what == "folder":
        place.mkdir()
        (place / "notes.txt").write_text("mine", encoding="utf-8")
    else:
        place.write_text("mine", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(InputError, match="not an empty folder"):
        make(place)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"gateway_port": 70000}, "gateway.s port"),
        ({"name": " "}, "needs a name"),
        ({"languages": ()}, "at least one language"),
        ({"place": "Atlantis"}, "not a time zone"),
        ({"pages_port": 0}, "pages' port"),
        ({"host": "node.example.org"}, "IP address"),
        ({"gateway_url": "node.example.org"}, "written like https"),
    ],
)
def test_a_plan_that_cannot_be_makes_nothing(tmp_path: Path, changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        make(tmp_path / "nl", plan_of("NL", **changes))
    assert list(tmp_path.iterdir()) == []


def test_a_crash_leaves_nothing_and_the_next_try_succeeds(tmp_path: Path) -> None:
    def crash(_folder: Path) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "nl", migrate=crash)
    assert list(tmp_path.iterdir()) == []
    # What a power cut leaves is a hidden folder beside the place; it does not stand in the way.
    (tmp_path / ".nl.being-made" / "keys").mkdir(parents=True)
    assert load_home(make(tmp_path / "nl").folder).state == "NL"
    assert [path.name for path in tmp_path.iterdir()] == ["nl"]


def test_a_place_where_nothing_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(FacilityError, match="cannot be made"):
        make(tmp_path / "file" / "nl")


def test_a_gateway_with_a_name_has_it_in_its_certificate(tmp_path: Path) -> None:
    from cryptography import x509

    home = make(tmp_path / "nl", plan_of("NL", gateway_url="https://node.example.org:8443", host="0.0.0.0"))
    certificate = x509.load_pem_x509_certificate((home.keys / "tls.pem").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["node.example.org"]
