"""What cryptography refuses, by whose fault it is: sealed data, signatures, key files, time-stamping services."""

from __future__ import annotations

import enum

from dedere.base.errors import FacilityError, InputError, MessageError


class CanonicalError(MessageError):
    """Bytes that are not canonical JSON, or a value that has no canonical form."""

    code = "not-canonical"


class SealError(MessageError):
    """Sealed data that does not open."""

    code = "seal"


class ArmorError(SealError):
    """The text form around sealed data is not as RFC 7468 and the age specification want it."""

    code = "seal-armor"


class SealHeaderError(SealError):
    """The header cannot be read, or breaks a rule of a recipient type."""

    code = "seal-header"


class NoMatchingIdentityError(SealError):
    """The header is readable, and none of the identities opens it."""

    code = "seal-no-match"


class SealMacError(SealError):
    """The header was changed after it was sealed."""

    code = "seal-mac"


class SealPayloadError(SealError):
    """The payload was changed, cut, extended, or is not readable to its end."""

    code = "seal-payload"


class ProofError(MessageError):
    """A Merkle proof that does not prove what it claims (RFC 9162)."""

    code = "proof"


class KeyTextError(InputError):
    """A key, certificate or key address that cannot be used as given."""

    code = "key"


class KeyStoreError(FacilityError):
    """A key file or key device that does not answer."""

    code = "key-store"


class TimestampServiceError(FacilityError):
    """A time-stamping service that does not answer, or answers with a refusal."""

    code = "timestamp-service"


class Indication(enum.StrEnum):
    """The three results of a signature validation (ETSI EN 319 102-1, table 5)."""

    TOTAL_PASSED = "TOTAL-PASSED"
    INDETERMINATE = "INDETERMINATE"
    TOTAL_FAILED = "TOTAL-FAILED"


class SubIndication(enum.StrEnum):
    """Why a validation did not pass (ETSI EN 319 102-1, tables 5 and 6); those this package can reach."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    SIG_CONSTRAINTS_FAILURE = "SIG_CONSTRAINTS_FAILURE"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    TIMESTAMP_ORDER_FAILURE = "TIMESTAMP_ORDER_FAILURE"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    NO_POE = "NO_POE"


class SignatureError(MessageError):
    """A signature or time-stamp that may not be relied on, with the standard's words for why.

    `indication` is TOTAL-FAILED, or INDETERMINATE where the standard says so although relying on it would be
    dangerous (an unknown signer, a refused algorithm): both raise, so that nobody can overlook them.
    """

    code = "signature"

    def __init__(self, sentence: str, *, sub_indication: SubIndication, code: str | None = None) -> None:
        super().__init__(sentence, code=code)
        self.sub_indication = sub_indication

    @property
    def indication(self) -> Indication:
        """TOTAL-FAILED or INDETERMINATE, as the standard's table 6 assigns the sub-indication."""
        return Indication.TOTAL_FAILED if self.sub_indication in _TOTAL_FAILED else Indication.INDETERMINATE


_TOTAL_FAILED = frozenset(
    {
        SubIndication.FORMAT_FAILURE,
        SubIndication.HASH_FAILURE,
        SubIndication.SIG_CRYPTO_FAILURE,
        SubIndication.EXPIRED,
        SubIndication.NOT_YET_VALID,
    }
)
