"""Spoiling a dossier, and sealing it again as a forger with a key could; reading what a verification found."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from dedere.crypto.canonical import canonical_json
from dedere.crypto.digests import sha256_hex
from dedere.dossier import layout
from dedere.dossier.bag import encode_name
from dedere.dossier.report import Verdict
from dedere.dossier.verify import verify_path
from dedere.protocol.container import Signing, pack_container
from support.dossiers import START, signing_of, story

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dedere.dossier.report import Remark, VerificationReport


AT = START + dt.timedelta(days=30)


FIRST = story().told[0].letter.id


RESULT = story().told[3].letter.id


ITEM = next(iter(story().parts))


def verify(path: Path, **more: Any) -> VerificationReport:
    return verify_path(path, at=more.pop("at", AT), **more)


def found(report: VerificationReport, check: str) -> list[Remark]:
    (remarks,) = (each.remarks for each in report.checks if each.name == check)
    return [remark for remark in remarks if remark.verdict is not Verdict.PASSED]


def sentences(report: VerificationReport, check: str) -> str:
    return "\n".join(f"{remark.member}: {remark.sentence}" for remark in found(report, check))


def describe(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Alter the description."""
    path = folder / layout.DESCRIPTION
    value = json.loads(path.read_bytes())
    change(value)
    path.write_bytes(canonical_json(value))


def line_of(value: dict[str, Any], kind: str, identifier: str) -> dict[str, Any]:
    line: dict[str, Any] = next(line for line in value[kind] if line.get("id", line.get("letter")) == identifier)
    return line


def seal_again(folder: Path, **changes: object) -> None:
    """Write manifests and seal as the exporter would."""
    payload = sorted(path.relative_to(folder).as_posix() for path in (folder / "data").rglob("*") if path.is_file())
    digests = {member: sha256_hex((folder / member).read_bytes()) for member in payload}
    lines = (f"{digests[member]}  {encode_name(member)}\n" for member in payload)
    (folder / layout.MANIFEST).write_text("".join(lines))
    tags = "".join(f"{sha256_hex((folder / tag).read_bytes())}  {tag}\n" for tag in sorted(layout.TAG_FILES))
    (folder / layout.TAG_MANIFEST).write_text(tags)
    description = json.loads((folder / layout.DESCRIPTION).read_bytes())
    seal = {
        "version": layout.SEAL_VERSION,
        "exporter": description["exporter"],
        "exported_at": description["exported_at"],
        "dossier": description["id"],
        "case": description["case"],
        "exported_by": description["exported_by"],
        "tagmanifest_sha256": sha256_hex(tags.encode()),
        "record_sha256": description["record_sha256"],
        "files": len(payload),
        "bytes": 0,
        **changes,
    }
    sign(folder / layout.SEAL, layout.SEAL_MEMBER, seal)


def sign(path: Path, member: str, value: dict[str, object], signing: Signing | None = None) -> None:
    signing = signing or signing_of("NL", START + dt.timedelta(days=10))
    path.write_bytes(
        pack_container(
            {member: canonical_json(value)},
            signer=signing.signer,
            signed_at=signing.signed_at,
            timestamper=signing.timestamper,
        )
    )
