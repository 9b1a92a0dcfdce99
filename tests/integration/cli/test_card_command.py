"""`dedere card`: our cards shown, exported, followed by the next, revoked; a partner's pinned and reported stolen."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support.commands import refused, said

HomeOf = Callable[[str], Path]


def shown(home: Path) -> dict[str, str]:
    """What `card show` says, by its first word."""
    found = re.findall(r"^  (\w+) +(.*)$", said("card", "show", home), re.MULTILINE)
    return dict(found)


def export(home: Path, path: Path) -> Path:
    said("card", "export", home, path)
    return path


@pytest.fixture
def pinned(home_of: HomeOf, tmp_path: Path) -> tuple[Path, Path]:
    """Our home, in which Senegal's first card is pinned, and theirs."""
    ours, theirs = home_of("NL"), home_of("SN")
    card = export(theirs, tmp_path / "sn.card.asice")
    text = said("card", "pin", ours, card, "--fingerprint", shown(theirs)["fingerprint"])
    assert text == "The card of Central Authority of Senegal (fictional) (SN) is pinned: letters can be exchanged.\n"
    return ours, theirs


def test_a_card_is_shown_from_the_home_and_from_a_file(home: Path, tmp_path: Path) -> None:
    text = said("card", "show", home)
    assert text.startswith("Central Authority of the Netherlands (fictional) (NL)\n  card 1, valid ")
    assert "addresses   https://127.0.0.1:8443" in text
    assert said("card", "show", export(home, tmp_path / "card")) == text


def test_the_next_card_has_the_keys_asked_for_and_says_what_follows(home: Path, tmp_path: Path) -> None:
    first = shown(home)
    text = said("card", "rotate", home, "--key", "tls", "--key", "sealing")
    assert "The old connection keys are used for two weeks more" in text
    assert f"dedere vault rotate {home}" in text
    assert "Partners fetch the card by themselves within a day." in text
    assert f"before it   card 1 of {first['card'].split()[-3]}" not in text
    assert "before it   card 1 of 20" in said("card", "show", home)
    assert shown(home)["digest"] != first["digest"]
    assert "two weeks" not in said("card", "rotate", home), "the same keys for longer"
    (tmp_path / "cards").mkdir()
    paths = said("card", "export", home, tmp_path / "cards").splitlines()
    assert [Path(path).name for path in paths[:3]] == [f"NL-000{number}.card.asice" for number in (1, 2, 3)]
    assert shown(home)["fingerprint"] in paths[3]
    assert "It follows another card" in said("card", "show", paths[2])
    assert said("node", "check", home) == "Nothing is wrong with this home.\n"


CUSTODIANS = """
import sys
from pathlib import Path
from dedere.cli.commands.node import set_up_django
set_up_django(Path(sys.argv[1]))
from dedere.casework.acts import Role
from dedere.node.accounts.actions import NewOfficer, invite_officer
from dedere.node.persons import actions as persons
from dedere.node.persons.actions.custodians import fingerprint_of
from dedere.node.persons.models import CustodianKey
koos, kim = (
    invite_officer(by=None, new=NewOfficer(name, f"{name} (fictional)", "", (Role.CUSTODIAN,))) for name in ("koos", "kim")
)
for each in (koos, kim):
    persons.make_key(by=each, passphrase="a fictional passphrase of some length")
key = CustodianKey.objects.get(officer=koos).pk
persons.confirm_key(by=kim, digest=key, fingerprint=fingerprint_of(key))
"""


def test_confirmed_custodians_stand_on_the_next_card_and_on_those_after_it(home: Path) -> None:
    assert "none" in shown(home)["custodians"]
    assert "No custodian's key is confirmed" in refused("card", "rotate", home, "--custodians")
    subprocess.run([sys.executable, "-c", CUSTODIANS, str(home)], check=True, env=plain_environment())

    said("card", "rotate", home, "--custodians")
    said("card", "rotate", home)

    assert shown(home)["custodians"] == "1"


def plain_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


def test_a_node_that_nobody_can_call_gives_its_card_by_hand(home: Path) -> None:
    path = home / "home.toml"
    text = path.read_text().replace('url = "https://127.0.0.1:8443"', 'url = ""')
    path.write_text(text + '\n[exchange]\npolls = ["*"]\n')
    text = said("card", "rotate", home, "--key", "all")
    assert "Nobody can call here, so partners need the file:" in text
    assert "addresses   none: it fetches its letters" in text


def test_a_card_is_revoked_from_an_instant(home: Path) -> None:
    digest = shown(home)["digest"]
    assert "that has come" in refused("card", "revoke", home, digest, "--since", "2099-01-01T00:00:00Z")
    assert "An instant is written like" in refused("card", "revoke", home, digest, "--since", "noon")
    assert refused("card", "revoke", home, "0" * 64)
    text = said("card", "revoke", home, digest[:12], "--reason", "A new building.")
    assert re.search(rf"revokes     {digest[:16]}…, revoked from .* UTC A new building\.", text)
    assert "stolen" not in text


def test_after_a_theft_every_key_is_new_and_the_partner_can_be_told(pinned: tuple[Path, Path], tmp_path: Path) -> None:
    ours, theirs = pinned
    digest = shown(theirs)["digest"]
    before = {path.name for path in (theirs / "keys").iterdir()}
    text = said("card", "revoke", theirs, digest, "--stolen")
    assert len({path.name for path in (theirs / "keys").iterdir()} - before) >= 4
    told = re.search(r"dedere card compromise THEIR-HOME (\w+) --since (\S+)", text)
    assert told is not None
    assert said("card", "compromise", ours, *told.groups()[:1], "--since", told[2]).startswith("Noted: ")
    assert "No card with this digest" in refused("card", "compromise", ours, "0" * 64, "--since", told[2])
    card = export(theirs, tmp_path / "second")
    assert refused("card", "pin", ours, card), "a thief could have signed it"
    assert "is pinned" in said("card", "pin", ours, card, "--fingerprint", shown(theirs)["fingerprint"])


def test_the_first_card_of_a_state_is_compared_and_the_next_follows(pinned: tuple[Path, Path], tmp_path: Path) -> None:
    ours, theirs = pinned
    first = export(theirs, tmp_path / "first")
    assert "is pinned already" in refused("card", "pin", ours, first)
    said("card", "rotate", theirs, "--key", "authority")
    second = export(theirs, tmp_path / "second")
    assert refused("card", "pin", ours, second, "--fingerprint", "11111 22222", code=1)
    text = said("card", "pin", ours, second)
    assert "It was signed by a key of the card pinned before it" in text
    assert f"To compare it nevertheless: {shown(theirs)['fingerprint']}" in text


def test_what_is_no_partners_card_is_not_pinned(home: Path, tmp_path: Path, home_of: HomeOf) -> None:
    own = export(home, tmp_path / "own")
    theirs = export(home_of("SN"), tmp_path / "theirs")
    assert "a card of our own State" in refused("card", "pin", home, own, "--fingerprint", "1")
    assert "is pinned on its fingerprint" in refused("card", "pin", home, theirs)
    assert "cannot be read: No such file" in refused("card", "pin", home, tmp_path / "absent", code=1)
    (tmp_path / "broken").write_bytes(theirs.read_bytes()[:-400])
    assert refused("card", "pin", home, tmp_path / "broken", code=1)
    assert refused("card", "show", tmp_path / "broken", code=1)
    assert "cannot be written" in refused("card", "export", home, tmp_path / "no" / "where", code=1)
