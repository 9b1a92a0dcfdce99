"""Sealed data as text (age v1, "ASCII armor"): strict RFC 7468 with one label; for keys that people copy."""

from __future__ import annotations

import base64
import binascii

from dedere.crypto.errors import ArmorError

_BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END = b"-----END AGE ENCRYPTED FILE-----"
_COLUMNS = 64


def armor(sealed: bytes) -> bytes:
    """`sealed` as lines of text."""
    text = base64.b64encode(sealed)
    lines = [_BEGIN, *(text[start : start + _COLUMNS] for start in range(0, len(text), _COLUMNS)), _END]
    return b"\n".join(lines) + b"\n"


def is_armored(data: bytes) -> bool:
    """Whether `data` starts, after white space, like armored data."""
    return data.lstrip().startswith(b"-----BEGIN")


def dearmor(text: bytes) -> bytes:
    """The sealed data in `text`; white space around it is allowed, line ends may be LF or CRLF.

    Raises:
        ArmorError: anything else around or inside it.
    """
    lines = text.strip(b" \t\r\n").replace(b"\r\n", b"\n").split(b"\n")
    if len(lines) < 2 or lines[0] != _BEGIN or lines[-1] != _END:  # noqa: PLR2004 - first and last line
        raise ArmorError("The text does not begin and end as sealed text must.")
    body = lines[1:-1]
    if any(len(line) != _COLUMNS for line in body[:-1]) or (body and not 0 < len(body[-1]) <= _COLUMNS):
        raise ArmorError(f"The lines of sealed text have {_COLUMNS} characters.")
    joined = b"".join(body)
    try:
        data = base64.b64decode(joined, validate=True)
    except binascii.Error as error:
        raise ArmorError("The sealed text holds something that is not base64.") from error
    if base64.b64encode(data) != joined:
        raise ArmorError("The sealed text is not canonical base64.")
    return data
