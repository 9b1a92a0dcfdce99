"""Sealing in the age v1 format (age-encryption.org/v1): X25519, post-quantum hybrid and passphrase recipients.

A sealed file is a *header* (everything up to and including the MAC line) and a *payload* (16-byte nonce and chunks).
The header can be replaced for other recipients without touching the payload.
"""

from dedere.crypto.age.armor import armor, dearmor, is_armored
from dedere.crypto.age.header import HeaderSplitter, header_length, parse_header, read_header, split_sealed
from dedere.crypto.age.identities import read_identities, write_identities
from dedere.crypto.age.passphrase import PassphraseIdentity, PassphraseRecipient
from dedere.crypto.age.payload import payload_size, plain_size
from dedere.crypto.age.reading import SealedReader
from dedere.crypto.age.recipients import (
    HybridIdentity,
    HybridRecipient,
    Identity,
    Recipient,
    X25519Identity,
    X25519Recipient,
    parse_identity,
    parse_recipient,
)
from dedere.crypto.age.sealing import open_header, open_sealed, rewrap_header, seal, seal_header
from dedere.crypto.age.writing import SealingWriter
from dedere.crypto.errors import SealError

__all__ = [
    "HeaderSplitter",
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "PassphraseIdentity",
    "PassphraseRecipient",
    "Recipient",
    "SealError",
    "SealedReader",
    "SealingWriter",
    "X25519Identity",
    "X25519Recipient",
    "armor",
    "dearmor",
    "header_length",
    "is_armored",
    "open_header",
    "open_sealed",
    "parse_header",
    "parse_identity",
    "parse_recipient",
    "payload_size",
    "plain_size",
    "read_header",
    "read_identities",
    "rewrap_header",
    "seal",
    "seal_header",
    "split_sealed",
    "write_identities",
]
