"""Keys in a home: found by the card that names them, wrapped or in a device, never named by chance."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from dedere.base.clock import FixedClock
from dedere.base.errors import FacilityError, InputError
from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto.age import X25519Identity
from dedere.crypto.errors import KeyTextError
from dedere.crypto.keys import certificate_der, file_address, verify_message
from dedere.node.home import Home, KeyPlaces
from dedere.node.issuing import KeyUse, Wish, issue_next
from dedere.node.keys import (
    add_sealing_identity,
    make_pair,
    pair_for,
    pairs,
    private_files,
    read_certificate,
    read_sealing_identities,
    signer_for,
    write_private,
)
from dedere.node.passphrases import read_passphrase, read_pin, read_secret
from dedere.node.wrapping import unwrap_keys, wrap_keys
from support import softhsm
from support.homes import NOW, fresh_home

CHANCE = SeededIdentifiers("keys")
WORDS = "words of a fictional passphrase"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return fresh_home(tmp_path / "nl")


@pytest.fixture(scope="module")
def wrapped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of wrapped keys, made once: each of them costs a third of a second."""
    home = fresh_home(tmp_path_factory.mktemp("wrapped") / "nl")
    assert wrap_keys(home, passphrase=WORDS, identifiers=CHANCE) == 5
    return home.keys


@pytest.fixture
def locked(home: Home, wrapped: Path) -> Home:
    shutil.copytree(wrapped, home.keys, dirs_exist_ok=True)
    return with_passphrase(home)


def with_passphrase(home: Home, words: str = WORDS) -> Home:
    path = home.folder.parent / "passphrase"
    path.write_text(words + "\n", encoding="utf-8")
    return dataclasses.replace(home, places=KeyPlaces(passphrase=f"file:{path}"))


def assert_signs(home: Home, name: str, certificate: str) -> None:
    signer = signer_for(home, name, [certificate])
    assert signer.certificate_chain[0] == certificate_der(certificate)
    verify_message(certificate, b"fictional", signature=signer.sign(b"fictional"))


def test_a_key_is_found_by_the_certificate_that_a_card_names(home: Home) -> None:
    first = read_certificate(home, "gateway")
    second = make_pair(home, "gateway", serial=2, clock=FixedClock(NOW), identifiers=CHANCE)
    tenth = make_pair(home, "gateway", serial=10, clock=FixedClock(NOW), identifiers=CHANCE)
    for certificate in (first, second, tenth):
        assert_signs(home, "gateway", certificate)
        assert pair_for(home, "gateway", certificate).certificate.read_text(encoding="ascii") == certificate
    assert [pair.key.name for pair in pairs(home, "gateway")] == ["gateway.10.key", "gateway.2.key", "gateway.key"]


def test_other_files_among_the_keys_are_no_keys(home: Home) -> None:
    (home.keys / "gateway.old.pem").write_text("not a number", encoding="ascii")
    (home.keys / "gateway.3.pem").write_text("a certificate without its key", encoding="ascii")
    assert [pair.key.name for pair in pairs(home, "gateway")] == ["gateway.key"]


def test_the_first_of_several_whose_key_is_here_is_used(home: Home, tmp_path: Path) -> None:
    foreign = read_certificate(fresh_home(tmp_path / "sn", "SN"), "gateway")
    ours = read_certificate(home, "gateway")
    assert signer_for(home, "gateway", [foreign, ours]).certificate_chain[0] == certificate_der(ours)


def test_a_key_that_a_card_names_and_that_is_gone_is_named(home: Home) -> None:
    certificate = read_certificate(home, "authority")
    (home.keys / "authority.key").unlink()
    for ask in (signer_for, pair_for):
        with pytest.raises(FacilityError, match="authority key that our card names"):
            ask(home, "authority", [certificate] if ask is signer_for else certificate)  # type: ignore[arg-type]


def test_a_missing_file_is_named(home: Home) -> None:
    (home.keys / "tls.pem").unlink()
    with pytest.raises(FacilityError, match=r"tls\.pem cannot be read"):
        read_certificate(home, "tls")
    (home.keys / "sealing.age").unlink()
    with pytest.raises(FacilityError, match=r"sealing\.age cannot be read"):
        read_sealing_identities(home)


def test_new_sealing_keys_come_first_and_the_old_stay(home: Home) -> None:
    (old,) = read_sealing_identities(home)
    new = add_sealing_identity(home, identifiers=CHANCE)
    assert [each.encode() for each in read_sealing_identities(home)] == [new.encode(), old.encode()]


def test_a_file_without_a_hybrid_key_is_refused(home: Home) -> None:
    write_private(home.keys / "sealing.age", X25519Identity.generate(CHANCE).encode().encode())
    with pytest.raises(FacilityError, match="holds no sealing key"):
        read_sealing_identities(home)


def test_wrapped_keys_open_with_their_passphrase_alone(home: Home, locked: Home) -> None:
    assert_signs(locked, "authority", read_certificate(locked, "authority"))
    assert len(read_sealing_identities(locked)) == 1
    for wrong in (home, with_passphrase(home, "other words")):
        with pytest.raises(KeyTextError):
            signer_for(wrong, "authority", [read_certificate(wrong, "authority")])
        with pytest.raises(KeyTextError):
            read_sealing_identities(wrong)
    with pytest.raises(KeyTextError):
        unwrap_keys(locked, passphrase="other words", identifiers=CHANCE)


def test_what_is_half_wrapped_opens_and_is_unwrapped(home: Home, locked: Home, tmp_path: Path) -> None:
    shutil.copy(fresh_home(tmp_path / "again").keys / "tls.key", locked.keys / "tls.key")
    assert_signs(locked, "tls", read_certificate(locked, "tls"))
    assert unwrap_keys(locked, passphrase=WORDS, identifiers=CHANCE) == 5
    assert_signs(home, "gateway", read_certificate(home, "gateway"))
    assert len(read_sealing_identities(home)) == 1
    assert all(b"ENCRYPTED" not in path.read_bytes() for path in private_files(home))


def test_new_keys_of_a_wrapped_home_are_wrapped(locked: Home) -> None:
    certificate = make_pair(locked, "gateway", serial=2, clock=FixedClock(NOW), identifiers=CHANCE)
    add_sealing_identity(locked, identifiers=CHANCE)
    assert b"ENCRYPTED" in (locked.keys / "gateway.2.key").read_bytes()
    assert (locked.keys / "sealing.age").read_bytes().startswith(b"-----BEGIN AGE ENCRYPTED FILE-----")
    assert_signs(locked, "gateway", certificate)


def test_an_empty_passphrase_wraps_nothing(home: Home) -> None:
    with pytest.raises(InputError, match="cannot be empty"):
        wrap_keys(home, passphrase="", identifiers=CHANCE)


def test_the_authoritys_key_may_lie_elsewhere(home: Home, tmp_path: Path) -> None:
    certificate = read_certificate(home, "authority")
    elsewhere = tmp_path / "a device's stand-in"
    elsewhere.mkdir()
    for ending in ("key", "pem"):
        (home.keys / f"authority.{ending}").rename(elsewhere / f"authority.{ending}")
    other = fresh_home(tmp_path / "sn", "SN").keys / "authority.key"
    addresses = (file_address(other), file_address(elsewhere / "authority.key"))
    placed = dataclasses.replace(home, places=KeyPlaces(authority=addresses))
    assert_signs(placed, "authority", certificate)
    with pytest.raises(FacilityError, match="authority key that our card names"):
        signer_for(home, "authority", [certificate])


def test_a_secret_is_read_from_its_place(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home.folder / "beside").write_text("relative\r\n", encoding="utf-8")
    assert read_secret(home, "file:beside") == "relative"
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "dedere").write_text("handed over", encoding="utf-8")
    assert read_secret(home, "credential:dedere") == "handed over"
    placed = dataclasses.replace(home, places=KeyPlaces(passphrase="file:beside", pin="credential:dedere"))
    assert (read_passphrase(placed), read_pin(placed)) == ("relative", "handed over")
    assert (read_passphrase(home), read_pin(home)) == (None, None)


def test_a_secret_that_is_not_there_is_the_environments_fault(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    (home.folder / "empty").write_text("\n", encoding="utf-8")
    (home.folder / "binary").write_bytes(b"\xff")
    for place, sentence in (
        ("file:absent", "cannot be read"),
        ("file:binary", "cannot be read"),
        ("file:empty", "is empty"),
        ("credential:dedere", "not started by systemd"),
    ):
        with pytest.raises(FacilityError, match=sentence):
            read_secret(home, place)
    with pytest.raises(InputError, match="file:PATH or credential:NAME"):
        read_secret(home, "the words themselves")


@pytest.mark.judge
def test_an_authoritys_key_in_a_device_signs_its_next_card(home: Home, tmp_path: Path) -> None:
    pytest.importorskip("pkcs11")
    with softhsm.device(tmp_path) as library:
        key, certificate = tmp_path / "hsm.key", tmp_path / "hsm.pem"
        pair = make_pair(
            fresh_home(tmp_path / "other"), "authority", serial=4, clock=FixedClock(NOW), identifiers=CHANCE
        )
        shutil.copy(tmp_path / "other" / "keys" / "authority.4.key", key)
        certificate.write_text(pair, encoding="ascii")
        softhsm.import_key(key, label="authority", number=0xA1)
        (home.folder / "pin").write_text(softhsm.PIN, encoding="utf-8")
        address = f"pkcs11:token={softhsm.TOKEN};object=authority?module-path={library}&certificates={certificate}"
        placed = dataclasses.replace(home, places=KeyPlaces(authority=(address,), pin="file:pin"))
        wish = Wish(frozenset({KeyUse.AUTHORITY}))
        second = issue_next(placed, wish, clock=FixedClock(NOW), identifiers=CHANCE)
        assert second.card.signing_certificates == (pair,)
        # The third is signed in the device, by the key that the second names.
        assert issue_next(placed, Wish(), clock=FixedClock(NOW), identifiers=CHANCE).card.serial == 3
