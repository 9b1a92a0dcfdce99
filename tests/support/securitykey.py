"""A security key in software: what a browser and a device would answer (W3C Web Authentication, attestation `none`)."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

_PRESENT, _ATTESTED = 0x01, 0x40


@dataclass
class SecurityKey:
    """One device with one key. `uses` is its counter, which goes up with every answer."""

    origin: str
    identifier: bytes = b"key-1"
    uses: int = 0
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any]) -> str:
        """The answer to the wish for a new passkey."""
        asked = options["publicKey"]
        public = cbor.encode(self._public())
        attested = bytes(16) + struct.pack(">H", len(self.identifier)) + self.identifier + public
        data = self._data(asked["rp"]["id"], _PRESENT | _ATTESTED) + attested
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def get(self, options: dict[str, Any]) -> str:
        """The answer to the wish for proof."""
        asked = options["publicKey"]
        self.uses += 1
        data = self._data(asked["rpId"], _PRESENT)
        client = self._client("webauthn.get", asked["challenge"])
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _public(self) -> dict[int, object]:
        """The public key as a device tells it (RFC 9053: EC2, ES256, P-256)."""
        numbers = self.private.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.uses)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **response: bytes) -> str:
        identifier = _text(self.identifier)
        plain = {name: _text(value) for name, value in response.items()}
        return json.dumps(
            {
                "id": identifier,
                "rawId": identifier,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": plain,
            }
        )


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
