"""Time-stamps (RFC 3161): from a service, from a local authority, and their verification."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import http.client
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cryptography.hazmat.primitives.serialization import Encoding

from dedere.base.clock import Clock, require_utc
from dedere.base.errors import InputError
from dedere.crypto import der
from dedere.crypto.chains import Use, period_fault, require_trusted
from dedere.crypto.cms import ContentToSign, digest_identifier, sign_content
from dedere.crypto.cms_reading import read_digest_algorithm, read_signed
from dedere.crypto.der_reading import GENERALIZED_TIME, IDENTIFIER, INTEGER, SEQUENCE, DerError, Element, read_one
from dedere.crypto.errors import KeyTextError, SignatureError, SubIndication, TimestampServiceError
from dedere.crypto.keys.certificates import parse_certificate, subject_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography import x509

    from dedere.base.identifiers import Identifiers
    from dedere.crypto.keys.signing import SigningKey

_LOCAL_POLICY = "2.25.150836210183207366530184116407116113513"
"""Policy of local time-stamps: by the clock of the authority's own machine, no qualified service."""

_BAD_ALGORITHM = 0
_BAD_DATA_FORMAT = 5
_REPLY_LIMIT = 64 * 1024
_TIMEOUT = 20.0
_BOOLEAN = 0x01
_GRANTED = 0
_GRANTED_WITH_CHANGES = 1


class Timestamper(Protocol):
    """Gives proof that some bytes existed at a time."""

    def stamp(self, data: bytes) -> bytes:
        """A time-stamp token (DER) over SHA-256 of `data`.

        Raises:
            TimestampServiceError: no token was to be had.
        """
        ...


@dataclass(frozen=True, slots=True)
class TimestampReport:
    """A time-stamp that was verified: when, by whom, and why it is relied on."""

    stamped_at: dt.datetime
    authority: bytes
    authority_name: str
    policy: str
    serial_number: int


class LocalTimestamper:
    """A time-stamping authority in the house, for States without one and for tests.

    It proves what the clock of this machine said, no more; its certificate has the one use *time-stamping*.
    """

    def __init__(self, signer: SigningKey, *, clock: Clock) -> None:
        """`signer`'s certificate must be for time-stamping alone.

        Raises:
            KeyTextError: it is not.
        """
        certificate = parse_certificate(signer.certificate_chain[0])
        try:
            require_trusted(
                certificate,
                intermediates=(),
                trusted=signer.certificate_chain[:1],
                use=Use.TIMESTAMP,
                at=clock.now(),
            )
        except SignatureError as error:
            raise KeyTextError("The key of a time-stamper needs a certificate for time-stamping alone.") from error
        self._signer = signer
        self._clock = clock
        self._issued = 0

    def stamp(self, data: bytes) -> bytes:
        """A time-stamp token over SHA-256 of `data`."""
        return self._issue(_imprint("sha256", hashlib.sha256(data).digest()), nonce=None)

    def respond(self, query: bytes) -> bytes:
        """The TimeStampResp to a TimeStampReq, both DER: with a token, or with the reason why there is none."""
        try:
            name, digest, nonce = _read_query(query)
        except DerError:
            return _refusal(_BAD_DATA_FORMAT)
        except SignatureError:
            return _refusal(_BAD_ALGORITHM)
        return der.sequence(der.sequence(der.integer(0)), self._issue(_imprint(name, digest), nonce=nonce))

    def _issue(self, imprint: bytes, *, nonce: int | None) -> bytes:
        now = require_utc(self._clock.now())
        self._issued += 1
        unique = hashlib.sha256(imprint + f"{now.isoformat()}/{self._issued}/{nonce}".encode("ascii")).digest()
        info = der.sequence(
            der.integer(1),
            der.identifier(_LOCAL_POLICY),
            imprint,
            der.integer(int.from_bytes(unique[:16], "big")),
            der.generalized_time(now),
            der.sequence(der.integer(1)),
            *([] if nonce is None else [der.integer(nonce)]),
        )
        digest = hashlib.new(self._signer.algorithm.digest, info).digest()
        return sign_content(ContentToSign("tst_info", digest, info), self._signer, signed_at=now)


class HttpTimestamper:
    """A time-stamping service on the network (RFC 3161, 3.4), e.g. a qualified trust service."""

    def __init__(self, url: str, *, chance: Identifiers) -> None:
        """`url`: `https://…` or, since tokens carry their own signature, `http://…`. `chance` gives the nonces.

        Raises:
            InputError: another kind of address.
        """
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError("The address of a time-stamping service begins with https:// or http://.")
        self._parts = parts
        self._chance = chance

    def stamp(self, data: bytes) -> bytes:
        """A time-stamp token over SHA-256 of `data`; whether its signer is trusted is judged on verification."""
        digest = hashlib.sha256(data).digest()
        nonce = int.from_bytes(self._chance.random_bytes(8), "big")
        query = der.sequence(der.integer(1), _imprint("sha256", digest), der.integer(nonce), der.boolean_true())
        reply = self._post(query)
        try:
            token = _token_of(reply)
            read = _read_token(token)
        except (DerError, SignatureError) as error:
            raise TimestampServiceError("The time-stamping service answers with something else.") from error
        if read.nonce != nonce or read.digest != digest:
            raise TimestampServiceError("The time-stamping service answers another question.")
        return token

    def _post(self, query: bytes) -> bytes:
        kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(self._parts.hostname or "", self._parts.port, timeout=_TIMEOUT)
        path = urllib.parse.urlunsplit(("", "", self._parts.path or "/", self._parts.query, ""))
        try:
            connection.request("POST", path, query, {"Content-Type": "application/timestamp-query"})
            response = connection.getresponse()
            reply = response.read(_REPLY_LIMIT + 1)
        except (OSError, http.client.HTTPException) as error:
            raise TimestampServiceError("The time-stamping service does not answer.") from error
        finally:
            connection.close()
        if response.status != http.client.OK or len(reply) > _REPLY_LIMIT:
            raise TimestampServiceError(f"The time-stamping service answers with HTTP status {response.status}.")
        return reply


def verify_timestamp(
    token: bytes, data: bytes, *, trusted: Sequence[bytes | str], at: dt.datetime | None = None
) -> TimestampReport:
    """Return only if `token` proves that `data` existed at the time it names, by an authority among `trusted`.

    The authority's certificate must have been valid at that time and, where `at` is given, still be valid then.

    Raises:
        SignatureError: with the standard's sub-indication; OUT_OF_BOUNDS_NO_POE means: all is well except that
            the authority's certificate has expired since.
    """
    read = _read_token(token)
    if not hmac.compare_digest(read.digest, hashlib.new(read.digest_name, data).digest()):
        raise SignatureError("The time-stamp is for something else.", sub_indication=SubIndication.HASH_FAILURE)
    stamped_at = read.stamped_at
    require_trusted(
        read.certificate, intermediates=read.intermediates, trusted=trusted, use=Use.TIMESTAMP, at=stamped_at
    )
    if fault := period_fault(read.certificate, stamped_at):
        raise SignatureError("The time-stamp was made outside its certificate's validity.", sub_indication=fault)
    if at is not None and period_fault(read.certificate, at):
        raise SignatureError(
            "The certificate of the time-stamp is not valid at the time of validation.",
            sub_indication=SubIndication.OUT_OF_BOUNDS_NO_POE,
        )
    return TimestampReport(
        stamped_at=stamped_at,
        authority=read.certificate.public_bytes(Encoding.DER),
        authority_name=subject_name(read.certificate),
        policy=read.policy,
        serial_number=read.serial_number,
    )


@dataclass(frozen=True, slots=True)
class _Token:
    """What a token says; its own signature is verified, trust is not judged."""

    certificate: x509.Certificate
    intermediates: tuple[x509.Certificate, ...]
    policy: str
    digest_name: str
    digest: bytes
    serial_number: int
    stamped_at: dt.datetime
    nonce: int | None


def _read_token(token: bytes) -> _Token:
    facts = read_signed(token, content_type="tst_info", digest_of_content=None, what="time-stamp")
    try:
        info = read_one(facts.encapsulated or b"").children()
        info.next().integer()
        policy = info.next().identifier()
        name, digest = _read_imprint(info.next())
        serial_number = info.next().integer()
        stamped_at = info.next(GENERALIZED_TIME).time()
        info.optional(SEQUENCE)  # accuracy
        info.optional(_BOOLEAN)  # ordering
        nonce = info.optional(INTEGER)
        info.optional(0xA0)  # name of the authority, a hint
        info.optional(0xA1)  # extensions
        info.end()
        return _Token(
            certificate=facts.certificate,
            intermediates=facts.intermediates,
            policy=policy,
            digest_name=name,
            digest=digest,
            serial_number=serial_number,
            stamped_at=stamped_at,
            nonce=nonce.integer() if nonce else None,
        )
    except DerError as error:
        raise SignatureError(
            f"The time-stamp's content is malformed: {error}.", sub_indication=SubIndication.FORMAT_FAILURE
        ) from error


def _read_imprint(imprint: Element) -> tuple[str, bytes]:
    parts = imprint.children()
    name = read_digest_algorithm(parts.next())
    digest = parts.next().octets()
    parts.end()
    if len(digest) != hashlib.new(name).digest_size:
        raise DerError("a digest of the wrong length")
    return name, digest


def _read_query(query: bytes) -> tuple[str, bytes, int | None]:
    """Digest name, digest and nonce of a TimeStampReq (RFC 3161, 2.4.1)."""
    parts = read_one(query).children()
    parts.next().integer()
    name, digest = _read_imprint(parts.next())
    parts.optional(IDENTIFIER)  # a wished policy; ours is the one there is
    nonce = parts.optional(INTEGER)
    parts.optional(_BOOLEAN)  # whether to send the certificate: always done
    parts.end()
    return name, digest, nonce.integer() if nonce else None


def _token_of(reply: bytes) -> bytes:
    """The token in a TimeStampResp that grants one (RFC 3161, 2.4.2)."""
    parts = read_one(reply).children()
    status = parts.next().children().next().integer()
    if status not in (_GRANTED, _GRANTED_WITH_CHANGES):
        raise TimestampServiceError(f"The time-stamping service refuses with status {status}.")
    token = parts.next().whole
    parts.end()
    return token


def _imprint(name: str, digest: bytes) -> bytes:
    return der.sequence(digest_identifier(name), der.octets(digest))


def _refusal(reason: int) -> bytes:
    """A TimeStampResp with status *rejection* and one bit of PKIFailureInfo (RFC 3161, 2.4.2)."""
    bits = (1 << 31 - reason).to_bytes(4, "big").rstrip(b"\x00")
    unused = 7 - reason % 8
    return der.sequence(der.sequence(der.integer(2), der.element(0x03, bytes((unused,)) + bits)))
