"""A software key device with one token, for tests: keys are made inside it by their certificates' names."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from support.requirement import lacks, require_program

PIN = "1234"
TOKEN = "fictional"
_LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")


def require_library() -> str:
    """The path of SoftHSM's library."""
    for path in _LIBRARIES:
        if Path(path).exists():
            return path
    return lacks("needs softhsm2")


@contextmanager
def device(folder: Path) -> Iterator[str]:
    """A fresh token below `folder`; the path of the library that opens it.

    The library reads its configuration once in a process: every test of a run shares the first folder given.
    """
    library, util = require_library(), str(require_program("softhsm2-util"))
    if "SOFTHSM2_CONF" not in os.environ:
        tokens = folder / "tokens"
        tokens.mkdir()
        config = folder / "softhsm2.conf"
        config.write_text(f"directories.tokendir = {tokens}\nlog.level = ERROR\n", encoding="ascii")
        os.environ["SOFTHSM2_CONF"] = str(config)
        command = [util, "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "5678"]
        subprocess.run(command, check=True, capture_output=True)
    yield library


def session(library: str) -> Any:
    """A session that may write, whether or not this process has logged in before; python-pkcs11 has no types."""
    import pkcs11

    token = pkcs11.lib(library).get_token(token_label=TOKEN)
    try:
        return token.open(user_pin=PIN, rw=True)
    except pkcs11.UserAlreadyLoggedIn:
        return token.open(rw=True)


def import_key(pem: Path, *, label: str, number: int) -> None:
    """Put the PKCS#8 key in `pem` into the token."""
    command = [str(require_program("softhsm2-util")), "--import", str(pem), "--token", TOKEN, "--label", label]
    subprocess.run([*command, "--id", f"{number:02x}", "--pin", PIN], check=True, capture_output=True)
