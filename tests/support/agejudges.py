"""Foreign age implementations and the published vectors, as tests ask them."""

from __future__ import annotations

import base64
import re
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path

from support.requirement import lacks, require_program

JUDGES = Path(__file__).parent.parent / "judges"
_VECTOR = re.compile(r'^var (\w+)_default = __toBinary\("([A-Za-z0-9+/=]*)"\);', re.MULTILINE)


@dataclass(frozen=True)
class AgeVector:
    """One published vector: what must happen, with which keys, to which bytes."""

    name: str
    expect: str
    payload_sha256: str
    identities: tuple[str, ...]
    passphrases: tuple[str, ...]
    armored: bool
    sealed: bytes


def published_vectors() -> dict[str, AgeVector]:
    """Every vector of the npm package, empty where it is not installed."""
    source = JUDGES / "node_modules" / "cctv-age" / "index.js"
    if not source.exists():
        return {}
    return {name: _vector(name, base64.b64decode(data)) for name, data in _VECTOR.findall(source.read_text("utf-8"))}


def node_age(*arguments: str, data: bytes = b"") -> bytes:
    """What npm age-encryption answers."""
    node = require_program("node")
    if not (JUDGES / "node_modules" / "age-encryption").exists():
        lacks("needs npm ci in tests/judges")
    return run(str(node), str(JUDGES / "age.mjs"), *arguments, data=data)


def run(*command: str, data: bytes = b"") -> bytes:
    """Standard output of a command that must succeed."""
    done = subprocess.run(command, input=data, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode("utf-8", errors="replace")
    return done.stdout


def _vector(name: str, data: bytes) -> AgeVector:
    head, _, sealed = data.partition(b"\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.decode("utf-8").split("\n"):
        key, _, value = line.partition(": ")
        fields.setdefault(key, []).append(value)
    return AgeVector(
        name=name,
        expect=fields["expect"][0],
        payload_sha256=fields.get("payload", [""])[0],
        identities=tuple(fields.get("identity", ())),
        passphrases=tuple(fields.get("passphrase", ())),
        armored="armored" in fields,
        sealed=zlib.decompress(sealed) if "compressed" in fields else sealed,
    )
