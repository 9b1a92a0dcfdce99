"""Time-stamps (RFC 3161): from a service, from a local authority, and their verification."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import http.client
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from asn1crypto import cms, core, tsp
from cryptography.hazmat.primitives.serialization import Encoding

from dedere.base.clock import Clock, require_utc
from dedere.base.errors import InputError
from dedere.crypto.chains import Use, period_fault, require_trusted
from dedere.crypto.cms import ContentToSign, digest_algorithm, read_signed, sign_content
from dedere.crypto.errors import KeyTextError, SignatureError, SubIndication, TimestampServiceError
from dedere.crypto.keys.certificates import parse_certificate, subject_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography import x509

    from dedere.base.identifiers import Identifiers
    from dedere.crypto.keys.signing import SigningKey

_LOCAL_POLICY = "2.25.150836210183207366530184116407116113513"
"""Policy of local time-stamps: by the clock of the authority's own machine, no qualified service."""

_REPLY_LIMIT = 64 * 1024
_TIMEOUT = 20.0
_IMPRINTS = frozenset({"sha256", "sha384", "sha512"})
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)


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
        imprint = {"hash_algorithm": digest_algorithm("sha256"), "hashed_message": hashlib.sha256(data).digest()}
        return self._issue(tsp.MessageImprint(imprint), nonce=None)

    def respond(self, query: bytes) -> bytes:
        """The TimeStampResp to a TimeStampReq, both DER: with a token, or with the reason why there is none."""
        try:
            request = tsp.TimeStampReq.load(query, strict=True)
            imprint = request["message_imprint"]
            name = imprint["hash_algorithm"]["algorithm"].native
            if len(imprint["hashed_message"].native) != hashlib.new(name).digest_size or name not in _IMPRINTS:
                return _refusal("bad_alg")
            token = self._issue(imprint, nonce=request["nonce"].native)
        except _MALFORMED:
            return _refusal("bad_data_format")
        granted = {"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)}
        response: bytes = tsp.TimeStampResp(granted).dump()
        return response

    def _issue(self, imprint: Any, *, nonce: int | None) -> bytes:
        moment = require_utc(self._clock.now()).replace(microsecond=0)
        self._issued += 1
        unique = hashlib.sha256(imprint.dump() + f"{self._clock.now().isoformat()}/{self._issued}/{nonce}".encode())
        info: dict[str, Any] = {
            "version": "v1",
            "policy": _LOCAL_POLICY,
            "message_imprint": imprint,
            "serial_number": int.from_bytes(unique.digest()[:16], "big"),
            "gen_time": moment,
            "accuracy": {"seconds": 1},
        }
        if nonce is not None:
            info["nonce"] = nonce
        encoded = tsp.TSTInfo(info).dump()
        digest = hashlib.new(self._signer.algorithm.digest, encoded).digest()
        content = ContentToSign("tst_info", digest, core.ParsableOctetString(encoded))
        return sign_content(content, self._signer, signed_at=moment)


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
        query = tsp.TimeStampReq(
            {
                "version": "v1",
                "message_imprint": {"hash_algorithm": digest_algorithm("sha256"), "hashed_message": digest},
                "nonce": nonce,
                "cert_req": True,
            }
        )
        reply = self._post(query.dump())
        try:
            response = tsp.TimeStampResp.load(reply, strict=True)
            status = response["status"]["status"].native
            if status not in ("granted", "granted_with_mods"):
                raise TimestampServiceError(f"The time-stamping service refuses: {status}.")
            token: bytes = response["time_stamp_token"].dump()
            info = _token_info(token).info
            answered = info["nonce"].native
        except _MALFORMED as error:
            raise TimestampServiceError("The time-stamping service answers with something else.") from error
        except SignatureError as error:
            raise TimestampServiceError("The time-stamping service answers with a broken time-stamp.") from error
        if answered != nonce or info["message_imprint"]["hashed_message"].native != digest:
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
    read = _token_info(token)
    imprint = read.info["message_imprint"]
    name = imprint["hash_algorithm"]["algorithm"].native
    if name not in _IMPRINTS:
        raise SignatureError(
            "The time-stamp uses a digest that is not accepted.",
            sub_indication=SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
            code="algorithm-refused",
        )
    if not hmac.compare_digest(imprint["hashed_message"].native, hashlib.new(name, data).digest()):
        raise SignatureError("The time-stamp is for something else.", sub_indication=SubIndication.HASH_FAILURE)
    stamped_at = require_utc(read.info["gen_time"].native)
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
        authority=read.der,
        authority_name=subject_name(read.certificate),
        policy=read.info["policy"].dotted,
        serial_number=read.info["serial_number"].native,
    )


@dataclass(frozen=True, slots=True)
class _ReadToken:
    certificate: x509.Certificate
    intermediates: tuple[x509.Certificate, ...]
    der: bytes
    info: Any  # asn1crypto has no types


def _token_info(token: bytes) -> _ReadToken:
    facts = read_signed(token, content_type="tst_info", digest_of_content=None, what="time-stamp")
    try:
        info = tsp.TSTInfo.load(facts.encapsulated, strict=True)
        _ = info.native  # parses every field, so that nothing malformed shows later
    except _MALFORMED as error:
        raise SignatureError(
            "The time-stamp's content is malformed.", sub_indication=SubIndication.FORMAT_FAILURE
        ) from error
    return _ReadToken(facts.certificate, facts.intermediates, facts.certificate.public_bytes(Encoding.DER), info)


def _refusal(reason: str) -> bytes:
    response: bytes = tsp.TimeStampResp({"status": {"status": "rejection", "fail_info": {reason}}}).dump()
    return response
