"""Other implementations of age open what we seal, and we open what they seal."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pyrage  # type: ignore[import-untyped]  # ships no types
import pytest

from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto import age
from support.agejudges import JUDGES, node_age, run
from support.requirement import lacks, require_program

pytestmark = pytest.mark.judge

CHANCE = SeededIdentifiers("judges of sealing")
PLAIN = bytes(range(256)) * 1025
CLASSICAL = age.X25519Identity.generate(CHANCE)
HYBRID = age.HybridIdentity.generate(CHANCE)


def hybrid_age() -> Path:
    """An age program that knows hybrid keys (1.3 and later)."""
    for candidate in (str(JUDGES / "bin" / "age"), shutil.which("age")):
        if candidate is None or not Path(candidate).exists():
            continue
        version = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False).stdout
        numbers = re.match(r"v?(\d+)\.(\d+)", version)
        if numbers and (int(numbers[1]), int(numbers[2])) >= (1, 3):
            return Path(candidate)
    if shutil.which("go") is None:
        pytest.skip("needs age 1.3 or later, or the Go toolchain to build it with tests/judges/install-age.sh")
    return lacks("needs tests/judges/install-age.sh to have run")


def identity_file(folder: Path, identity: age.X25519Identity | age.HybridIdentity) -> str:
    path = folder / "identity.txt"
    path.write_text(identity.encode() + "\n", encoding="ascii")
    return str(path)


def test_pyrage_opens_what_we_seal() -> None:
    sealed = age.seal(PLAIN, [CLASSICAL.recipient], chance=CHANCE)
    assert pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(CLASSICAL.encode())]) == PLAIN


def test_we_open_what_pyrage_seals() -> None:
    sealed = pyrage.encrypt(PLAIN, [pyrage.x25519.Recipient.from_str(CLASSICAL.recipient.encode())])
    assert age.open_sealed(sealed, [CLASSICAL]) == PLAIN


def test_pyrage_opens_what_we_seal_with_a_passphrase() -> None:
    ours = age.seal(PLAIN, [age.PassphraseRecipient("long and fictional", work_factor=10)], chance=CHANCE)
    assert pyrage.passphrase.decrypt(ours, "long and fictional") == PLAIN


def test_the_age_program_opens_what_we_seal(tmp_path: Path) -> None:
    program = str(require_program("age"))
    sealed = age.seal(PLAIN, [CLASSICAL.recipient], chance=CHANCE)
    assert run(program, "-d", "-i", identity_file(tmp_path, CLASSICAL), data=sealed) == PLAIN


def test_we_open_what_the_age_program_seals() -> None:
    program = str(require_program("age"))
    recipient = CLASSICAL.recipient.encode()
    assert age.open_sealed(run(program, "-r", recipient, data=PLAIN), [CLASSICAL]) == PLAIN
    assert age.open_sealed(age.dearmor(run(program, "-a", "-r", recipient, data=PLAIN)), [CLASSICAL]) == PLAIN


def test_the_age_program_opens_our_armor(tmp_path: Path) -> None:
    program = str(require_program("age"))
    text = age.armor(age.seal(PLAIN, [CLASSICAL.recipient], chance=CHANCE))
    assert run(program, "-d", "-i", identity_file(tmp_path, CLASSICAL), data=text) == PLAIN


def test_the_age_program_derives_the_same_recipient(tmp_path: Path) -> None:
    program = str(require_program("age-keygen"))
    shown = run(program, "-y", identity_file(tmp_path, CLASSICAL))
    assert shown.decode("ascii").strip() == CLASSICAL.recipient.encode()


def test_npm_age_opens_what_we_seal_to_hybrid_keys() -> None:
    sealed = age.seal(PLAIN, [HYBRID.recipient], chance=CHANCE)
    assert node_age("open", HYBRID.encode(), data=sealed) == PLAIN


def test_we_open_what_npm_age_seals_to_hybrid_keys() -> None:
    assert age.open_sealed(node_age("seal", HYBRID.recipient.encode(), data=PLAIN), [HYBRID]) == PLAIN


def test_npm_age_and_we_derive_the_same_hybrid_recipient() -> None:
    identity, recipient = node_age("generate").decode("ascii").split()
    assert age.parse_identity(identity).recipient.encode() == recipient
    assert age.parse_recipient(recipient).encode() == recipient


def test_npm_age_and_we_agree_on_passphrases() -> None:
    ours = age.seal(PLAIN, [age.PassphraseRecipient("fictional", work_factor=10)], chance=CHANCE)
    assert node_age("passphrase-open", "fictional", data=ours) == PLAIN
    theirs = node_age("passphrase-seal", "fictional", data=PLAIN)
    assert age.open_sealed(theirs, [age.PassphraseIdentity("fictional")]) == PLAIN


def test_age_with_hybrid_keys_opens_what_we_seal(tmp_path: Path) -> None:
    program = str(hybrid_age())
    sealed = age.seal(PLAIN, [HYBRID.recipient], chance=CHANCE)
    assert run(program, "-d", "-i", identity_file(tmp_path, HYBRID), data=sealed) == PLAIN


def test_we_open_what_age_with_hybrid_keys_seals(tmp_path: Path) -> None:
    program = str(hybrid_age())
    recipients = tmp_path / "recipients.txt"
    recipients.write_text(HYBRID.recipient.encode() + "\n", encoding="ascii")
    assert age.open_sealed(run(program, "-R", str(recipients), data=PLAIN), [HYBRID]) == PLAIN
