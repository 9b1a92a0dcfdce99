"""CAdES: what passes, what is indeterminate, what fails, with the standard's own words."""

from __future__ import annotations

import datetime as dt
import hashlib
import io

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from dedere.base.clock import FixedClock
from dedere.crypto import der, oids
from dedere.crypto.cades import SignatureReport, sign_cades, sign_pades, verify_cades
from dedere.crypto.errors import Indication, SignatureError, SubIndication
from dedere.crypto.keys import FileSigner, PrivateKey, Purpose, generate_second_signing_key
from dedere.crypto.timestamps import LocalTimestamper
from support import pki
from support.cmsforge import SHA1, Forgery, attribute, signing_certificate

NL, SN = pki.state("NL"), pki.state("SN")
LETTER = b"fictional letter"
TRUSTED = [NL.authority.certificate, NL.timestamp.certificate]
SOON = pki.TIME + dt.timedelta(minutes=5)
AFTER = pki.VALID_UNTIL + dt.timedelta(days=1)
LONG = dt.datetime(2040, 1, 1, tzinfo=dt.UTC)


def signed(*, stamped: bool = True, signed_at: dt.datetime = pki.TIME) -> bytes:
    timestamper = NL.timestamper() if stamped else None
    return sign_cades(LETTER, NL.authority.signer, signed_at=signed_at, timestamper=timestamper)


def forgery(**changes: object) -> bytes:
    base = Forgery(NL.authority.signer, LETTER, der.time(pki.TIME))
    for name, value in changes.items():
        setattr(base, name, value)
    return base.build()


def refused(cms: bytes, content: bytes = LETTER, *, at: dt.datetime | None = SOON) -> SignatureError:
    with pytest.raises(SignatureError) as caught:
        verify_cades(cms, content, trusted=TRUSTED, at=at)
    return caught.value


def test_a_stamped_signature_passes_and_says_who_and_when() -> None:
    report = verify_cades(signed(), LETTER, trusted=TRUSTED, at=SOON)
    assert report.passed
    assert report.indication is Indication.TOTAL_PASSED
    assert report.sub_indication is None
    assert report.level == "CAdES-B-T"
    assert report.signer == NL.authority.der
    assert report.signed_at == report.timestamped_at == report.best_time == pki.TIME
    assert report.as_json() == {
        "indication": "TOTAL-PASSED",
        "sub_indication": None,
        "level": "CAdES-B-T",
        "signer": report.signer_name,
        "signer_fingerprint": report.signer_fingerprint,
        "algorithm": "ecdsa-sha256",
        "signed_at": "2026-11-24T09:30:00Z",
        "timestamped_at": "2026-11-24T09:30:00Z",
        "best_time": "2026-11-24T09:30:00Z",
        "timestamper": report.timestamper,
        "reasons": [],
    }


def test_a_signature_without_time_stamp_passes_at_a_known_time() -> None:
    report = verify_cades(signed(stamped=False), LETTER, trusted=TRUSTED, at=SOON)
    assert report.passed
    assert report.level == "CAdES-B-B"
    assert report.as_json()["timestamped_at"] is None


def test_a_signature_for_a_pdf_claims_no_time_and_is_no_letters_signature() -> None:
    digest = hashlib.sha256(LETTER).digest()
    cms = sign_pades(digest, NL.authority.signer, timestamper=NL.timestamper())
    assert der.identifier(oids.SIGNING_TIME) not in cms[: cms.index(der.identifier(oids.SIGNATURE_TIMESTAMP))]
    assert refused(cms).sub_indication is SubIndication.SIG_CONSTRAINTS_FAILURE
    assert der.identifier(oids.SIGNATURE_TIMESTAMP) not in sign_pades(digest, NL.authority.signer)


def test_a_stream_is_signed_and_verified_like_its_bytes() -> None:
    cms = sign_cades(io.BytesIO(LETTER), NL.authority.signer, signed_at=pki.TIME)
    assert verify_cades(cms, io.BytesIO(LETTER), trusted=TRUSTED, at=SOON).passed
    assert refused(cms, b"other").sub_indication is SubIndication.HASH_FAILURE


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ec.generate_private_key(ec.SECP521R1()),
        pki.rsa_key(),
        generate_second_signing_key(),
    ],
    ids=["p384", "p521", "rsa-pss", "ml-dsa-65"],
)
def test_every_accepted_kind_of_key_signs_letters(key: PrivateKey) -> None:
    holder = pki.holder(Purpose.AUTHORITY, key=key)
    cms = sign_cades(LETTER, holder.signer, signed_at=pki.TIME)
    assert verify_cades(cms, LETTER, trusted=[holder.der], at=SOON).algorithm is holder.signer.algorithm
    with pytest.raises(SignatureError):
        verify_cades(cms, LETTER + b"x", trusted=[holder.der], at=SOON)


def test_nothing_but_the_claim_about_the_time_is_indeterminate() -> None:
    report = verify_cades(signed(stamped=False), LETTER, trusted=TRUSTED)
    assert not report.passed
    assert (report.indication, report.sub_indication) == (Indication.INDETERMINATE, SubIndication.NO_POE)
    assert report.as_json()["sub_indication"] == "NO_POE"
    assert verify_cades(signed(), LETTER, trusted=TRUSTED).passed


def test_an_expired_certificate_passes_with_a_time_stamp_and_not_without() -> None:
    stamp = pki.holder(Purpose.TIMESTAMP, valid_until=LONG)
    timestamper = LocalTimestamper(stamp.signer, clock=FixedClock(pki.TIME))
    cms = sign_cades(LETTER, NL.authority.signer, signed_at=pki.TIME, timestamper=timestamper)
    assert verify_cades(cms, LETTER, trusted=[NL.authority.der, stamp.der], at=AFTER).passed
    bare = verify_cades(signed(stamped=False), LETTER, trusted=TRUSTED, at=AFTER)
    assert (bare.indication, bare.sub_indication) == (Indication.INDETERMINATE, SubIndication.OUT_OF_BOUNDS_NO_POE)


def test_a_time_stamp_whose_own_certificate_has_expired_proves_nothing_any_more() -> None:
    report = verify_cades(signed(), LETTER, trusted=TRUSTED, at=AFTER)
    assert report.sub_indication is SubIndication.OUT_OF_BOUNDS_NO_POE
    assert "left out" in report.reasons[0]
    earlier = verify_cades(signed(), LETTER, trusted=TRUSTED, at=pki.VALID_UNTIL)
    assert earlier.passed


def test_a_time_stamp_by_somebody_unknown_is_left_out_and_named() -> None:
    cms = sign_cades(LETTER, NL.authority.signer, signed_at=pki.TIME, timestamper=SN.timestamper())
    report = verify_cades(cms, LETTER, trusted=TRUSTED, at=SOON)
    assert report.passed
    assert report.level == "CAdES-B-B"
    assert "left out" in report.reasons[0]
    named = verify_cades(cms, LETTER, trusted=[NL.authority.der], trusted_timestampers=[SN.timestamp.der], at=SOON)
    assert named.level == "CAdES-B-T"


def test_the_earliest_of_several_time_stamps_counts() -> None:
    signature = Forgery(NL.authority.signer, LETTER, der.time(pki.TIME))
    later = pki.TIME + dt.timedelta(hours=1)
    value = NL.authority.signer.sign(der.set_of(signature.attributes()))

    class Fixed(FileSigner):
        def sign(self, message: bytes) -> bytes:  # noqa: ARG002 - always the same
            return value

    signature.signer = Fixed(NL.authority.key, [NL.authority.der])
    tokens = [NL.timestamper(moment).stamp(value) for moment in (later, pki.TIME)]
    signature.unsigned = [attribute("1.2.3.4", der.NULL), attribute(oids.SIGNATURE_TIMESTAMP, *tokens)]
    report = verify_cades(signature.build(), LETTER, trusted=TRUSTED, at=SOON)
    assert report.timestamped_at == pki.TIME


def test_a_claimed_time_after_the_time_stamp_is_indeterminate() -> None:
    late = signed(signed_at=pki.TIME + dt.timedelta(hours=1))
    report = verify_cades(late, LETTER, trusted=TRUSTED, at=SOON)
    assert report.sub_indication is SubIndication.TIMESTAMP_ORDER_FAILURE
    assert verify_cades(signed(signed_at=SOON), LETTER, trusted=TRUSTED, at=SOON).passed


def test_a_claimed_time_in_the_future_is_refused() -> None:
    late = signed(stamped=False, signed_at=pki.TIME + dt.timedelta(days=1))
    assert refused(late).sub_indication is SubIndication.NOT_YET_VALID


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(AFTER, SubIndication.EXPIRED), (pki.VALID_FROM - dt.timedelta(days=1), SubIndication.NOT_YET_VALID)],
)
def test_a_signature_proven_to_lie_outside_the_certificates_validity_fails(
    moment: dt.datetime, expected: SubIndication
) -> None:
    stamp = pki.holder(Purpose.TIMESTAMP, valid_from=dt.datetime(2020, 1, 1, tzinfo=dt.UTC), valid_until=LONG)
    timestamper = LocalTimestamper(stamp.signer, clock=FixedClock(moment))
    cms = sign_cades(LETTER, NL.authority.signer, signed_at=moment, timestamper=timestamper)
    with pytest.raises(SignatureError) as caught:
        verify_cades(cms, LETTER, trusted=[NL.authority.der, stamp.der], at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC))
    assert caught.value.sub_indication is expected
    assert caught.value.indication is Indication.TOTAL_FAILED


def test_a_certificate_not_yet_valid_fails_even_without_time_stamp() -> None:
    early = pki.VALID_FROM - dt.timedelta(days=1)
    cms = signed(stamped=False, signed_at=early)
    assert refused(cms, at=early).sub_indication is SubIndication.NOT_YET_VALID


def test_an_unknown_signer_is_refused() -> None:
    cms = sign_cades(LETTER, SN.authority.signer, signed_at=pki.TIME)
    error = refused(cms)
    assert error.sub_indication is SubIndication.NO_CERTIFICATE_CHAIN_FOUND
    assert error.indication is Indication.INDETERMINATE


@pytest.mark.parametrize("purpose", [Purpose.TLS, Purpose.TIMESTAMP])
def test_a_key_for_another_use_does_not_sign_letters(purpose: Purpose) -> None:
    holder = pki.holder(purpose)
    cms = sign_cades(LETTER, holder.signer, signed_at=pki.TIME)
    with pytest.raises(SignatureError) as caught:
        verify_cades(cms, LETTER, trusted=[holder.der], at=SOON)
    assert caught.value.sub_indication is SubIndication.CHAIN_CONSTRAINTS_FAILURE


def test_the_forger_makes_valid_signatures_when_nothing_is_changed() -> None:
    assert verify_cades(forgery(), LETTER, trusted=TRUSTED, at=SOON).passed


OTHER = signing_certificate(SN.authority.der)
LIES: list[tuple[str, dict[str, object], SubIndication]] = [
    ("another certificate under protection", {"certificate_value": OTHER}, SubIndication.SIG_CONSTRAINTS_FAILURE),
    ("no certificate under protection", {"without": {oids.SIGNING_CERTIFICATE}}, SubIndication.SIG_CONSTRAINTS_FAILURE),
    ("no signing time", {"without": {oids.SIGNING_TIME}}, SubIndication.SIG_CONSTRAINTS_FAILURE),
    ("no message digest", {"without": {oids.MESSAGE_DIGEST}}, SubIndication.FORMAT_FAILURE),
    ("no content type", {"without": {oids.CONTENT_TYPE}}, SubIndication.FORMAT_FAILURE),
    (
        "an attribute twice",
        {"extra_attributes": [attribute(oids.SIGNING_TIME, der.time(pki.TIME))]},
        SubIndication.FORMAT_FAILURE,
    ),
    (
        "an attribute with two values",
        {"extra_attributes": [attribute("1.2.3.4", der.NULL, der.integer(1))]},
        SubIndication.FORMAT_FAILURE,
    ),
    ("no certificate", {"certificates": []}, SubIndication.NO_SIGNING_CERTIFICATE_FOUND),
    ("another's certificate", {"certificates": [SN.authority.der]}, SubIndication.NO_SIGNING_CERTIFICATE_FOUND),
    ("what is no certificate", {"certificates": [der.sequence()]}, SubIndication.FORMAT_FAILURE),
    ("two signers", {"signers": 2}, SubIndication.FORMAT_FAILURE),
    ("no signer", {"signers": 0}, SubIndication.FORMAT_FAILURE),
    ("content inside", {"inside": LETTER}, SubIndication.FORMAT_FAILURE),
    ("another type of content", {"content_type": "1.2.3.4"}, SubIndication.FORMAT_FAILURE),
    ("another type of content outside", {"inner_type": "1.2.3.4"}, SubIndication.FORMAT_FAILURE),
    ("another type of message", {"outer_type": "1.2.840.113549.1.7.3"}, SubIndication.FORMAT_FAILURE),
    ("the digest SHA-1", {"digest": der.algorithm(SHA1)}, SubIndication.CRYPTO_CONSTRAINTS_FAILURE),
    (
        "SHA-1 under protection",
        {"certificate_value": signing_certificate(NL.authority.der, digest="sha1", identifier=der.algorithm(SHA1))},
        SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
    ),
    (
        "ECDSA with SHA-1",
        {"algorithm": der.algorithm("1.2.840.10045.4.1")},
        SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
    ),
    (
        "two different digests",
        {"algorithm": der.algorithm("1.2.840.10045.4.3.3")},
        SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
    ),
    (
        "RSA under an elliptic key",
        {"algorithm": der.algorithm("1.2.840.113549.1.1.1", der.NULL)},
        SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
    ),
    ("a signature over something else", {"attributes_over": b"other"}, SubIndication.SIG_CRYPTO_FAILURE),
    (
        "a broken time-stamp",
        {"unsigned": [attribute(oids.SIGNATURE_TIMESTAMP, der.sequence())]},
        SubIndication.FORMAT_FAILURE,
    ),
    (
        "the time-stamp of another signature",
        {"unsigned": [attribute(oids.SIGNATURE_TIMESTAMP, NL.timestamper().stamp(b"other"))]},
        SubIndication.HASH_FAILURE,
    ),
]


@pytest.mark.parametrize(("changes", "expected"), [lie[1:] for lie in LIES], ids=[lie[0] for lie in LIES])
def test_a_signature_with_one_lie_is_refused(changes: dict[str, object], expected: SubIndication) -> None:
    assert refused(forgery(**changes)).sub_indication is expected


def pss(*, inner: str = "sha256", mask: str = "sha256", mask_kind: str = oids.MGF1, salt: int = 32) -> bytes:
    digest = der.algorithm(oids.DIGEST_IDENTIFIERS[mask])
    parameters = der.sequence(
        der.explicit(0, der.algorithm(oids.DIGEST_IDENTIFIERS[inner])),
        der.explicit(1, der.algorithm(mask_kind, digest)),
        der.explicit(2, der.integer(salt)),
    )
    return der.algorithm(oids.RSA_PSS, parameters)


RSA = pki.holder(Purpose.AUTHORITY, key=pki.rsa_key())


@pytest.mark.parametrize(
    "algorithm",
    [pss(inner="sha384"), pss(mask="sha512"), pss(salt=20), pss(mask_kind="1.2.3.4")],
)
def test_rsa_with_odd_parameters_is_refused(algorithm: bytes) -> None:
    cms = Forgery(RSA.signer, LETTER, der.time(pki.TIME), algorithm=algorithm).build()
    with pytest.raises(SignatureError):
        verify_cades(cms, LETTER, trusted=[RSA.der], at=SOON)
    plain = Forgery(RSA.signer, LETTER, der.time(pki.TIME), algorithm=pss()).build()
    assert verify_cades(plain, LETTER, trusted=[RSA.der], at=SOON).passed


def test_a_signer_named_by_its_key_is_found() -> None:
    from cryptography import x509

    from dedere.crypto.keys import parse_certificate

    key = x509.SubjectKeyIdentifier.from_public_key(parse_certificate(NL.authority.der).public_key()).digest
    assert verify_cades(forgery(named=der.element(0x80, key)), LETTER, trusted=TRUSTED, at=SOON).passed
    error = refused(forgery(named=der.element(0x80, b"other")))
    assert error.sub_indication is SubIndication.NO_SIGNING_CERTIFICATE_FOUND


def test_a_certificate_with_a_key_of_no_known_kind_is_refused() -> None:
    elliptic, unknown = der.identifier("1.2.840.10045.2.1"), der.identifier("1.2.840.10045.2.9")
    odd = NL.authority.der.replace(elliptic, unknown)
    cms = forgery(certificates=[odd], certificate_value=signing_certificate(odd))
    assert refused(cms).sub_indication is SubIndication.CRYPTO_CONSTRAINTS_FAILURE


def test_another_digest_under_protection_is_fine_when_it_is_accepted() -> None:
    value = signing_certificate(
        NL.authority.der, digest="sha512", identifier=der.algorithm(oids.DIGEST_IDENTIFIERS["sha512"], der.NULL)
    )
    assert verify_cades(forgery(certificate_value=value), LETTER, trusted=TRUSTED, at=SOON).passed


def test_time_after_2049_is_written_in_its_other_form() -> None:
    far = dt.datetime(2055, 1, 1, tzinfo=dt.UTC)
    holder = pki.holder(Purpose.AUTHORITY, valid_until=dt.datetime(2060, 1, 1, tzinfo=dt.UTC))
    cms = sign_cades(LETTER, holder.signer, signed_at=far)
    assert verify_cades(cms, LETTER, trusted=[holder.der], at=far).signed_at == far


def test_no_byte_can_be_changed_without_refusal_or_the_same_answer() -> None:
    cms = signed()
    report = verify_cades(cms, LETTER, trusted=TRUSTED, at=SOON)
    unchanged: list[tuple[int, SignatureReport]] = []
    for place in range(len(cms)):
        changed = bytearray(cms)
        changed[place] ^= 0x01
        try:
            unchanged.append((place, verify_cades(bytes(changed), LETTER, trusted=TRUSTED, at=SOON)))
        except SignatureError:
            continue
    # What CMS leaves unprotected (version numbers, the announced digest algorithms) changes nothing in the answer.
    assert all(each == report or each.level == "CAdES-B-B" for _, each in unchanged)
    assert len(unchanged) < 150


def test_a_signature_cannot_be_cut_or_extended() -> None:
    cms = signed(stamped=False)
    for length in range(0, len(cms), 7):
        assert refused(cms[:length]).sub_indication is SubIndication.FORMAT_FAILURE
    assert refused(cms + b"\x00").sub_indication is SubIndication.FORMAT_FAILURE
