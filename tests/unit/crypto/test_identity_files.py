"""Identity files: in clear and under a passphrase; Debian's age reads ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto import age
from dedere.crypto.errors import KeyTextError
from support.agejudges import run
from support.requirement import require_program

CHANCE = SeededIdentifiers("identity files")
OLD, NEW = age.HybridIdentity.generate(CHANCE), age.HybridIdentity.generate(CHANCE)
CLASSICAL = age.X25519Identity.generate(CHANCE)
WRAPPED = age.write_identities([NEW, OLD], chance=CHANCE, passphrase="fictional", work_factor=8)


def test_identities_come_back_in_their_order() -> None:
    plain = age.write_identities([NEW, CLASSICAL, OLD], chance=CHANCE)
    assert age.read_identities(plain) == (NEW, CLASSICAL, OLD)
    assert age.read_identities(plain, passphrase="not needed") == (NEW, CLASSICAL, OLD)
    assert age.read_identities(b"\n# mine\n" + OLD.encode().encode("ascii")) == (OLD,)


def test_a_wrapped_file_shows_nothing_and_opens_with_its_passphrase() -> None:
    assert b"AGE-SECRET-KEY" not in WRAPPED
    assert WRAPPED.isascii()
    assert age.read_identities(WRAPPED, passphrase="fictional") == (NEW, OLD)


@pytest.mark.parametrize(
    ("content", "passphrase", "sentence"),
    [
        (WRAPPED, None, "none was given"),
        (WRAPPED, "other", "wrong"),
        (WRAPPED[:-60], "fictional", "damaged"),
        (b"", None, "no identity"),
        (b"# nothing\n", None, "no identity"),
        (b"\xff", None, "damaged"),
        (b"AGE-SECRET-KEY-1\n", None, "key"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(content: bytes, passphrase: str | None, sentence: str) -> None:
    with pytest.raises(KeyTextError, match=sentence):
        age.read_identities(content, passphrase=passphrase)


@pytest.mark.judge
def test_the_age_program_uses_our_identity_file(tmp_path: Path) -> None:
    path = tmp_path / "sealing.age"
    path.write_bytes(age.write_identities([CLASSICAL], chance=CHANCE))
    sealed = age.seal(b"fictional", [CLASSICAL.recipient], chance=CHANCE)
    assert run(str(require_program("age")), "-d", "-i", str(path), data=sealed) == b"fictional"
