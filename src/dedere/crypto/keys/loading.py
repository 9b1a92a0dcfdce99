"""Find a signer by its address: a key file or a key device."""

from __future__ import annotations

import urllib.parse
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization

from dedere.crypto.errors import KeyTextError
from dedere.crypto.keys.certificates import parse_certificates, read_file
from dedere.crypto.keys.private import load_private_key
from dedere.crypto.keys.signing import FileSigner
from dedere.crypto.keys.tokens import load_token_signer

if TYPE_CHECKING:
    from dedere.crypto.keys.signing import SigningKey


def load_signer(uri: str, *, passphrase: str | None = None) -> SigningKey:
    """The signer that `uri` names.

    `file:PATH` is a PKCS#8 key in PEM; its certificates stand in `PATH` with the ending `.pem`, or in the file named
    by `?certificates=PATH`. `pkcs11:token=LABEL;object=LABEL?module-path=LIBRARY` (RFC 7512) is a key in a device,
    whose PIN is `passphrase`; its certificate is the one in the device with the same label or id, or
    `certificates=PATH`.

    Raises:
        KeyTextError: an address, key or certificate that cannot be used as given.
        KeyStoreError: a file or device that does not answer.
    """
    scheme, _, rest = uri.partition(":")
    match scheme:
        case "file":
            return _load_file(rest, passphrase=passphrase)
        case "pkcs11":
            return load_token_signer(rest, pin=passphrase)
        case _:
            raise KeyTextError("A signing key's address begins with file: or pkcs11:.")


def file_address(path: Path, *, certificates: Path | None = None) -> str:
    """The address under which `load_signer` finds the key in `path`, whatever characters the path holds."""
    address = "file:" + urllib.parse.quote(str(path))
    return address if certificates is None else f"{address}?{urllib.parse.urlencode({'certificates': certificates})}"


def _load_file(rest: str, *, passphrase: str | None) -> FileSigner:
    name, _, query = rest.partition("?")
    path = Path(urllib.parse.unquote(name.removeprefix("//")))
    certificates = dict(urllib.parse.parse_qsl(query)).get("certificates")
    key = load_private_key(read_file(path), passphrase=passphrase)
    beside = Path(certificates) if certificates else path.with_suffix(".pem")
    chain = parse_certificates(read_file(beside))
    return FileSigner(key, [each.public_bytes(serialization.Encoding.DER) for each in chain])
