"""Requests signed and verified: RFC 9421 with the gateway key of the sender's card, before any body is read.

Requirements P-150 to P-158. Covered are the method, path and query, for whom the request is (`Dedere-To`, a State's
code, so that a partner cannot pass our request on as if it were for another), the digest of the body (RFC 9530) and
every header that steers an upload. The signature says when it was made, until when it counts, and a nonce. The body
itself is not read here: whoever reads it compares it with `Content-Digest`.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from dedere.crypto.errors import SignatureError
from dedere.crypto.keys import ecdsa_der, ecdsa_raw, verify_message
from dedere.protocol.errors import DoorRefusedError, TrustRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.base.clock import Clock
    from dedere.base.identifiers import Identifiers
    from dedere.crypto.keys import SigningKey
    from dedere.protocol.trust import GatewayCaller, TrustDirectory

TAG = "dedere/1"
LIFETIME = dt.timedelta(minutes=5)
"""How long a request counts (P-153)."""
SKEW = dt.timedelta(minutes=5)
"""How far the two clocks may differ (P-153)."""
_ALWAYS = ("@method", "@path", "@query", "dedere-to")
_WHERE_PRESENT = ("content-digest", "dedere-letter", "upload-length", "upload-offset", "upload-metadata", "range")
_WITH_BODY = frozenset({"POST", "PATCH", "PUT"})
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")
_MAX_FIELD = 2048


@dataclass(frozen=True, slots=True)
class RequestHead:
    """A request without its body. `url` is absolute; header names are in any case, one line each."""

    method: str
    url: str
    headers: Mapping[str, str]

    def header(self, name: str) -> str:
        """The header called `name` in lower case, or nothing."""
        return next((value for key, value in self.headers.items() if key.lower() == name), "")


@dataclass(frozen=True, slots=True)
class ClientIdentity:
    """Who signs our requests: the gateway key (ECDSA P-256) and its name, `protocol.card.key_id` of its certificate."""

    signer: SigningKey = field(repr=False)
    key_id: str


@dataclass(frozen=True, slots=True)
class SignedCaller:
    """Who made a request, and the nonce by which it is known again until `expires`."""

    caller: GatewayCaller
    nonce: str
    expires: dt.datetime


def content_digest(body: bytes | memoryview) -> str:
    """The value of `Content-Digest` for `body`: `sha-256=:…:` (RFC 9530)."""
    return format_content_digest(hashlib.sha256(body).digest())


def format_content_digest(sha256: bytes) -> str:
    """The value of `Content-Digest` for a body with this SHA-256."""
    return f"sha-256=:{base64.b64encode(sha256).decode('ascii')}:"


def read_content_digest(value: str) -> bytes:
    """The SHA-256 that a `Content-Digest` states; exactly one digest, exactly SHA-256 (P-155).

    Raises:
        DoorRefusedError: anything else.
    """
    found = _DIGEST.fullmatch(value)
    if found is None:
        raise DoorRefusedError("A body needs exactly one SHA-256 digest.", code="request-form")
    return base64.b64decode(found[1])


def sign_request(head: RequestHead, identity: ClientIdentity, *, clock: Clock, ids: Identifiers) -> dict[str, str]:
    """The headers of `head` with `Signature-Input` and `Signature` added (P-150 to P-152)."""
    now = clock.now()
    message = _Message(head.method, head.url, {name.lower(): value for name, value in head.headers.items()})
    covered = (*_ALWAYS, *(name for name in _WHERE_PRESENT if name in message.headers))
    signer = HTTPMessageSigner(signature_algorithm=_GatewayAlgorithm)
    prepared = signer.prepare(
        message,
        key_id=identity.key_id,
        created=now,
        expires=now + LIFETIME,
        nonce=ids.new(),
        label="dedere",
        tag=TAG,
        covered_component_ids=covered,
        use_existing_digest="content-digest" in message.headers,
    )
    raw = ecdsa_raw(identity.signer.sign(prepared.signature_base))
    signer.apply(message, prepared, raw)
    return message.headers


def require_signed(head: RequestHead, directory: TrustDirectory, *, recipient: str, now: dt.datetime) -> SignedCaller:
    """Who made the request, when it is signed for `recipient` (our State) by a partner's gateway key, now.

    Replays are the caller's to refuse, by the nonce.

    Raises:
        DoorRefusedError: `unknown-caller`, `request-signature`, or `request-time` (signed by a partner, another time).
    """
    if any(len(head.header(name)) > _MAX_FIELD for name in ("signature", "signature-input")):
        raise DoorRefusedError("The signature of the request is too long.", code="request-signature")
    resolver = _PartnerKeys(directory, now)
    verifier = _Verifier(signature_algorithm=_GatewayAlgorithm, key_resolver=resolver)
    message = _Message(head.method, head.url, dict(head.headers))
    present = tuple(name for name in _WHERE_PRESENT if head.header(name))
    if head.method in _WITH_BODY and "content-digest" not in present:
        present = (*present, "content-digest")
    try:
        results = verifier.verify(message, max_age=None, expect_tag=TAG, require_components=(*_ALWAYS, *present))
    except (HTTPMessageSignaturesException, ValueError, TypeError, KeyError) as error:
        code = "request-signature" if resolver.caller else "unknown-caller"
        raise DoorRefusedError("The request is not signed by a known partner.", code=code) from error
    if resolver.caller is None or len(results) != 1 or head.header("dedere-to") != recipient:
        raise DoorRefusedError("The request is not signed for us.", code="request-signature")
    return _require_now(results[0].parameters, resolver.caller, now)


def _require_now(parameters: Mapping[str, Any], caller: GatewayCaller, now: dt.datetime) -> SignedCaller:
    """P-153: created, expires and nonce are there, and this is the time they allow."""
    created, expires, nonce = (parameters.get(name) for name in ("created", "expires", "nonce"))
    if not isinstance(created, int) or not isinstance(expires, int) or not isinstance(nonce, str) or not nonce:
        raise DoorRefusedError("The request's signature lacks its time or nonce.", code="request-signature")
    moment, skew, life = now.timestamp(), SKEW.total_seconds(), LIFETIME.total_seconds()
    if not created - skew <= moment <= expires + skew or expires - created > life:
        raise DoorRefusedError("The request is of another time than ours; one clock is wrong.", code="request-time")
    return SignedCaller(caller, nonce, dt.datetime.fromtimestamp(expires + skew, dt.UTC))


@dataclass(slots=True)
class _Message:
    """The shape that http_message_signatures reads and writes."""

    method: str
    url: str
    headers: dict[str, str]


class _PartnerKeys(HTTPSignatureKeyResolver):
    """Finds the certificate behind a key id, and remembers whose it is."""

    def __init__(self, directory: TrustDirectory, now: dt.datetime) -> None:
        self._directory = directory
        self._now = now
        self.caller: GatewayCaller | None = None

    def resolve_public_key(self, key_id: str) -> Any:  # the library's own signature; we give it a certificate
        try:
            self.caller = self._directory.caller(key_id, self._now)
        except TrustRefusedError:
            return None
        return self.caller.certificate


class _GatewayAlgorithm(HTTPSignatureAlgorithm):
    """ECDSA on P-256 with SHA-256, by our own key code: the only algorithm of version 1 (P-151)."""

    algorithm_id = "ecdsa-p256-sha256"

    def __init__(self, public_key: str, private_key: None = None) -> None:
        self._certificate = public_key
        self._private = private_key

    def verify(self, signature: bytes, message: bytes) -> None:
        try:
            verify_message(self._certificate, message, signature=ecdsa_der(signature))
        except SignatureError as error:
            raise ValueError("The signature of the request does not hold.") from error


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its clock: `_require_now` judges the time by ours, after the signature."""

    require_created = True

    def validate_created_and_expires(self, sig_input: object, max_age: object = None) -> None:
        pass
