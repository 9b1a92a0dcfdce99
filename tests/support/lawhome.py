"""A node's home as far as `dedere law` needs one: the authority's key and certificate. Everything in it is fictional."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING

from dedere.crypto.keys import (
    CertificateContent,
    Purpose,
    encode_private_key,
    generate_signing_key,
    self_issued_certificate,
)

if TYPE_CHECKING:
    from pathlib import Path


@functools.cache
def _authority() -> tuple[bytes, bytes]:
    key = generate_signing_key()
    content = CertificateContent(
        common_name="Invented authority",
        state="NL",
        organisation="Invented ministry",
        valid_from=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
        valid_until=dt.datetime(2120, 1, 1, tzinfo=dt.UTC),
        purpose=Purpose.AUTHORITY,
    )
    return encode_private_key(key), self_issued_certificate(key, content)


def make_home(folder: Path) -> Path:
    """A home in `folder`."""
    key, certificate = _authority()
    (folder / "keys").mkdir(parents=True)
    (folder / "overlay").mkdir()
    (folder / "keys" / "authority.key").write_bytes(key)
    (folder / "keys" / "authority.pem").write_bytes(certificate)
    return folder
