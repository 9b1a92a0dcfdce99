"""The payload of a sealed file: a nonce and 64 KiB chunks, each authenticated with its place (age v1, "Payload")."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from dedere.crypto.age.header import derive_key
from dedere.crypto.errors import SealHeaderError, SealPayloadError

CHUNK = 64 * 1024
TAG = 16
SEALED_CHUNK = CHUNK + TAG
NONCE = 16
BATCH_CHUNKS = 64
BATCH = BATCH_CHUNKS * CHUNK
"""Plain bytes handled in one go, 4 MiB."""


def payload_size(plain_size: int) -> int:
    """How many bytes the payload of `plain_size` bytes has."""
    return NONCE + plain_size + TAG * max(1, -(-plain_size // CHUNK))


def plain_size(payload_size: int) -> int:
    """How many bytes a payload of `payload_size` bytes holds.

    Raises:
        SealHeaderError: not even the nonce fits.
        SealPayloadError: no payload has that size.
    """
    if payload_size < NONCE:
        raise SealHeaderError("The sealed data ends before its payload begins.")
    body = payload_size - NONCE
    chunks = -(-body // SEALED_CHUNK)
    last = body - (chunks - 1) * SEALED_CHUNK
    if not chunks or last < TAG or (last == TAG and chunks > 1):
        raise SealPayloadError("The sealed data was cut: no complete payload has this size.")
    return body - chunks * TAG


class PayloadCipher:
    """Encrypts and decrypts runs of chunks under one payload key."""

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        self._cipher = ChaCha20Poly1305(derive_key(file_key, salt=nonce, info=b"payload"))

    def seal(self, plain: memoryview, sealed: memoryview, *, first: int, final: bool) -> int:
        """Encrypt `plain`, which starts at chunk `first`, into `sealed`; the bytes written.

        Without `final` the length is a multiple of `CHUNK`; with it the last chunk is marked as the end.
        """
        count = max(1, -(-len(plain) // CHUNK))
        encrypt, written = self._cipher.encrypt_into, 0
        for place in range(count):
            piece = plain[place * CHUNK : (place + 1) * CHUNK]
            target = sealed[written : written + len(piece) + TAG]
            written += encrypt(_nonce(first + place, final=final and place == count - 1), piece, None, target)
        return written

    def open(self, sealed: memoryview, plain: memoryview, *, first: int, final: bool) -> int:
        """Decrypt `sealed`, which starts at chunk `first`, into `plain`; the bytes written.

        Raises:
            SealPayloadError: a chunk was changed, moved, or is not the end it should be (or should not be).
        """
        count = -(-len(sealed) // SEALED_CHUNK)
        decrypt, written = self._cipher.decrypt_into, 0
        try:
            for place in range(count):
                piece = sealed[place * SEALED_CHUNK : (place + 1) * SEALED_CHUNK]
                target = plain[written : written + len(piece) - TAG]
                written += decrypt(_nonce(first + place, final=final and place == count - 1), piece, None, target)
        except InvalidTag as error:
            raise SealPayloadError("The sealed data was changed or cut.") from error
        return written


def _nonce(chunk: int, *, final: bool) -> bytes:
    return (chunk << 8 | final).to_bytes(12, "big")
