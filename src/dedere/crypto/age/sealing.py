"""Seal and open whole messages in memory, and headers alone: new ones, and old ones for other recipients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.crypto.age.header import Header, encode_header, parse_header, split_sealed
from dedere.crypto.age.payload import NONCE, PayloadCipher, payload_size, plain_size
from dedere.crypto.age.recipients import FILE_KEY_LENGTH
from dedere.crypto.errors import NoMatchingIdentityError, SealHeaderError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedere.base.identifiers import Identifiers
    from dedere.crypto.age.recipients import Identity, Recipient


def seal(data: bytes, recipients: Sequence[Recipient], *, chance: Identifiers) -> bytes:
    """`data` sealed so that each of `recipients` can open it; header and payload in one.

    Raises:
        InputError: no recipient, or recipients that may not stand together.
    """
    file_key = chance.random_bytes(FILE_KEY_LENGTH)
    header = seal_header(file_key, recipients, chance=chance)
    nonce = chance.random_bytes(NONCE)
    start = len(header) + NONCE
    sealed = bytearray(len(header) + payload_size(len(data)))
    sealed[:start] = header + nonce
    PayloadCipher(file_key, nonce).seal(memoryview(data), memoryview(sealed)[start:], first=0, final=True)
    return bytes(sealed)


def open_sealed(sealed: bytes, identities: Sequence[Identity]) -> bytes:
    """What was sealed, wholly authenticated.

    Raises:
        SealError: it does not open; the subclass says at which layer.
    """
    header, payload = split_sealed(sealed)
    file_key = open_header(header, identities)
    size = plain_size(len(payload))
    plain = bytearray(size)
    cipher = PayloadCipher(file_key, payload[:NONCE])
    cipher.open(memoryview(payload)[NONCE:], memoryview(plain), first=0, final=True)
    return bytes(plain)


def seal_header(file_key: bytes, recipients: Sequence[Recipient], *, chance: Identifiers) -> bytes:
    """A header that wraps `file_key` for each of `recipients`.

    Raises:
        InputError: no recipient; classical beside post-quantum ones (the weaker would decide); a passphrase
            beside anything.
    """
    families = {recipient.family for recipient in recipients}
    if len(families) != 1:
        raise InputError("Sealing needs recipients of one kind: all post-quantum, all classical, or one passphrase.")
    if families == {"passphrase"} and len(recipients) != 1:
        raise InputError("A passphrase seals alone.")
    return encode_header([recipient.wrap(file_key, chance=chance) for recipient in recipients], file_key=file_key)


def open_header(header: bytes, identities: Sequence[Identity]) -> bytes:
    """The file key that `header` wraps: a secret.

    Raises:
        SealHeaderError: the header is malformed.
        NoMatchingIdentityError: it is not for any of `identities`.
        SealMacError: it was changed.
    """
    parsed = parse_header(header)
    file_key = _unwrap(parsed, identities)
    parsed.check_mac(file_key)
    return file_key


def rewrap_header(
    header: bytes, identities: Sequence[Identity], recipients: Sequence[Recipient], *, chance: Identifiers
) -> bytes:
    """A header for `recipients` in place of `header`; the payload stays as it is, byte for byte.

    The file key stays too: whoever could open before and kept the file key still can.

    Raises:
        SealError: `header` does not open with `identities`.
        InputError: recipients that may not stand together.
    """
    return seal_header(open_header(header, identities), recipients, chance=chance)


def _unwrap(header: Header, identities: Sequence[Identity]) -> bytes:
    if len(header.stanzas) > 1 and any(stanza.kind == "scrypt" for stanza in header.stanzas):
        raise SealHeaderError("A passphrase stands beside other recipients in the header.")
    for identity in identities:
        for stanza in header.stanzas:
            file_key = identity.unwrap(stanza)
            if file_key is not None:
                return file_key
    raise NoMatchingIdentityError("The data is sealed for somebody else.")
