"""The gateway's certificate: opened once, changed when the card says so, and a sentence when it does not open."""

from __future__ import annotations

import dataclasses
import ssl
from pathlib import Path

import pytest

from dedere.base.clock import FixedClock
from dedere.base.errors import FacilityError
from dedere.base.identifiers import SeededIdentifiers
from dedere.cli.serving.tls import DoorCertificate
from dedere.node.home import KeyPlaces, write_home
from dedere.node.issuing import KeyUse, Wish, issue_next
from dedere.node.wrapping import wrap_keys
from support.homes import NOW, fresh_home


def never() -> ssl.SSLContext:
    raise AssertionError


def test_the_context_is_made_once_and_anew_when_another_key_is_to_be_used(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "home")
    clock = FixedClock(NOW)
    door = DoorCertificate(home, clock)
    first = door.context(None, never)
    assert door.context(None, never) is first
    assert first.minimum_version is ssl.TLSVersion.TLSv1_3
    before = door.pair()
    wish = Wish(keys=frozenset({KeyUse.TLS}), at_once=True)
    issue_next(home, wish, clock=clock, identifiers=SeededIdentifiers("next"))
    assert door.context(None, never) is not first
    assert door.pair() != before


def test_a_wrapped_key_opens_without_asking_and_a_wrong_passphrase_is_said(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "home")
    secret = tmp_path / "secret"
    secret.write_text("a passphrase of the tests")
    home = dataclasses.replace(home, places=KeyPlaces(passphrase=f"file:{secret}"))
    write_home(home)
    wrap_keys(home, passphrase="a passphrase of the tests", identifiers=SeededIdentifiers("wrap"))
    DoorCertificate(home, FixedClock(NOW)).context(None, never)
    secret.write_text("another")
    with pytest.raises(FacilityError, match=r"The gateway's TLS key in .*tls\.key does not open"):
        DoorCertificate(home, FixedClock(NOW)).context(None, never)
