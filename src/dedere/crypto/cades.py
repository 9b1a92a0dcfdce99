"""Detached CAdES signatures, levels B-B and B-T (ETSI EN 319 122-1), and their validation (ETSI EN 319 102-1).

Does not look up revocation (cards carry it), does not build levels LT and LTA.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from cryptography.hazmat.primitives.serialization import Encoding

from dedere.base.clock import format_instant, require_utc
from dedere.crypto.chains import Use, period_fault, require_trusted
from dedere.crypto.cms import ContentToSign, sign_content
from dedere.crypto.cms_reading import SignerFacts, read_signed
from dedere.crypto.digests import READ_SIZE, Readable
from dedere.crypto.errors import Indication, SignatureError, SubIndication
from dedere.crypto.keys.certificates import subject_name
from dedere.crypto.timestamps import TimestampReport, verify_timestamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedere.crypto.keys.algorithms import SigningAlgorithm
    from dedere.crypto.keys.signing import SigningKey
    from dedere.crypto.timestamps import Timestamper

Content: TypeAlias = bytes | Readable
"""What is signed: bytes, or a stream that is read to its end once."""

_TOLERANCE = dt.timedelta(minutes=10)
"""How far a claimed signing time may lie after the time-stamp: clocks differ."""


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """The result of a validation that did not fail.

    `signed_at` is what the signer claims; `timestamped_at` what a trusted time-stamp proves; `best_time` the moment
    at which the certificate was judged. `reasons` are sentences for a person.
    """

    indication: Indication
    sub_indication: SubIndication | None
    level: str
    signer: bytes
    signer_name: str
    algorithm: SigningAlgorithm
    signed_at: dt.datetime
    timestamped_at: dt.datetime | None
    best_time: dt.datetime
    timestamper: str
    reasons: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the indication is TOTAL-PASSED."""
        return self.indication is Indication.TOTAL_PASSED

    @property
    def signer_fingerprint(self) -> str:
        """SHA-256 of the signer's certificate, hexadecimal."""
        return hashlib.sha256(self.signer).hexdigest()

    def as_json(self) -> dict[str, object]:
        """The report as plain data."""
        return {
            "indication": self.indication.value,
            "sub_indication": self.sub_indication.value if self.sub_indication else None,
            "level": self.level,
            "signer": self.signer_name,
            "signer_fingerprint": self.signer_fingerprint,
            "algorithm": self.algorithm.value,
            "signed_at": format_instant(self.signed_at),
            "timestamped_at": format_instant(self.timestamped_at) if self.timestamped_at else None,
            "best_time": format_instant(self.best_time),
            "timestamper": self.timestamper,
            "reasons": list(self.reasons),
        }


def sign_cades(
    content: Content, signer: SigningKey, *, signed_at: dt.datetime, timestamper: Timestamper | None = None
) -> bytes:
    """A detached signature over `content`, DER: level B-B, or B-T with a `timestamper`.

    Raises:
        KeyStoreError: the key device does not answer.
        TimestampServiceError: there is no time-stamp to be had; nothing is signed half.
    """
    digest = _digest(content, signer.algorithm.digest)
    countersign = timestamper.stamp if timestamper is not None else None
    return sign_content(ContentToSign("data", digest), signer, signed_at=signed_at, countersign=countersign)


def sign_pades(digest: bytes, signer: SigningKey, *, timestamper: Timestamper | None = None) -> bytes:
    """The signature for a PDF (ETSI EN 319 142-1), whose bytes have `digest` under `signer.algorithm.digest`.

    The same as `sign_cades`, except that the time claimed stands in the PDF and not in the signature.
    """
    countersign = timestamper.stamp if timestamper is not None else None
    return sign_content(ContentToSign("data", digest), signer, signed_at=None, countersign=countersign)


def verify_cades(
    cms: bytes,
    content: Content,
    *,
    trusted: Sequence[bytes | str],
    at: dt.datetime | None = None,
    trusted_timestampers: Sequence[bytes | str] | None = None,
) -> SignatureReport:
    """Validate a detached signature; `trusted` are certificates, PEM or DER: the signer's own or ones above it.

    `at` is the moment of validation, or an earlier one at which the signature is known to have existed. Without a
    time-stamp it is the time the certificate is judged at; without either the claimed time is, and the result is
    INDETERMINATE. `trusted_timestampers` defaults to `trusted`: a time-stamping certificate can do nothing else.

    The result is TOTAL-PASSED, or INDETERMINATE with OUT_OF_BOUNDS_NO_POE, NO_POE or TIMESTAMP_ORDER_FAILURE: all is
    well except that the time is not proven.

    Raises:
        SignatureError: anything else, with the standard's own word.
    """
    facts = read_signed(cms, content_type="data", digest_of_content=functools.partial(_digest, content))
    if facts.signed_at is None:
        raise SignatureError(
            "The signature does not say when it was made.", sub_indication=SubIndication.SIG_CONSTRAINTS_FAILURE
        )
    at = None if at is None else require_utc(at)
    stamps, reasons = _timestamps(facts, trusted if trusted_timestampers is None else trusted_timestampers, at=at)
    earliest = min(stamps, key=lambda report: report.stamped_at, default=None)
    best = earliest.stamped_at if earliest else at or facts.signed_at
    require_trusted(facts.certificate, intermediates=facts.intermediates, trusted=trusted, use=Use.SIGNATURE, at=best)
    sub_indication = _judge_time(facts, best=best, proven=earliest is not None, known=at is not None)
    if sub_indication is not None:
        reasons.append(_SENTENCES[sub_indication])
    return SignatureReport(
        indication=Indication.INDETERMINATE if sub_indication else Indication.TOTAL_PASSED,
        sub_indication=sub_indication,
        level="CAdES-B-T" if earliest else "CAdES-B-B",
        signer=facts.certificate.public_bytes(Encoding.DER),
        signer_name=subject_name(facts.certificate),
        algorithm=facts.algorithm,
        signed_at=facts.signed_at,
        timestamped_at=earliest.stamped_at if earliest else None,
        best_time=best,
        timestamper=earliest.authority_name if earliest else "",
        reasons=tuple(reasons),
    )


_SENTENCES = {
    SubIndication.OUT_OF_BOUNDS_NO_POE: "The certificate has expired, and no time-stamp proves an earlier time.",
    SubIndication.NO_POE: "Nothing but the signer's own claim says when the signature was made.",
    SubIndication.TIMESTAMP_ORDER_FAILURE: "The signer claims a time after the time-stamp.",
}


def _judge_time(facts: SignerFacts, *, best: dt.datetime, proven: bool, known: bool) -> SubIndication | None:
    """EN 319 102-1, 5.5 and 5.6.2: validity of the signing certificate at the best proven time."""
    fault = period_fault(facts.certificate, best)
    if fault is SubIndication.EXPIRED and not proven:
        return SubIndication.OUT_OF_BOUNDS_NO_POE
    if fault is not None:
        raise SignatureError("The signature was made outside its certificate's validity.", sub_indication=fault)
    if not proven and not known:
        return SubIndication.NO_POE
    if facts.signed_at is not None and facts.signed_at > best + _TOLERANCE:
        if proven:
            return SubIndication.TIMESTAMP_ORDER_FAILURE
        raise SignatureError(
            "The signature claims to be made in the future.", sub_indication=SubIndication.NOT_YET_VALID
        )
    return None


def _timestamps(
    facts: SignerFacts, trusted: Sequence[bytes | str], *, at: dt.datetime | None
) -> tuple[list[TimestampReport], list[str]]:
    """The time-stamps to rely on. A broken one is refused; one by somebody unknown, or expired since, is left out."""
    found, reasons = [], []
    for token in facts.timestamp_tokens:
        try:
            found.append(verify_timestamp(token, facts.signature, trusted=trusted, at=at))
        except SignatureError as error:
            if error.sub_indication not in _LEFT_OUT:
                raise
            reasons.append(f"A time-stamp is left out: {error}")
    return found, reasons


_LEFT_OUT = frozenset({SubIndication.NO_CERTIFICATE_CHAIN_FOUND, SubIndication.OUT_OF_BOUNDS_NO_POE})


def _digest(content: Content, name: str) -> bytes:
    digest = hashlib.new(name)
    if isinstance(content, bytes):
        digest.update(content)
    else:
        while piece := content.read(READ_SIZE):
            digest.update(piece)
    return digest.digest()
