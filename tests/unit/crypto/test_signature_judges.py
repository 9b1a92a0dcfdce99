"""openssl and pyHanko verify what we sign and stamp; we verify what openssl signs and stamps."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from dedere.base.clock import FixedClock
from dedere.crypto.cades import sign_cades, verify_cades
from dedere.crypto.cms_reading import read_signed
from dedere.crypto.keys import PrivateKey, Purpose, encode_private_key, generate_second_signing_key
from dedere.crypto.timestamps import LocalTimestamper, verify_timestamp
from support import pki
from support.agejudges import run
from support.requirement import require_program

pytestmark = pytest.mark.judge

LETTER = b"fictional letter\n" * 1000
AT = str(int(pki.TIME.timestamp()))
NL = pki.state("NL")


def openssl(*arguments: str | Path) -> bytes:
    return run(str(require_program("openssl")), *map(str, arguments))


def files(folder: Path, **contents: bytes) -> dict[str, Path]:
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in contents}


@pytest.mark.parametrize("stamped", [False, True], ids=["B-B", "B-T"])
@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP384R1()),
        pki.rsa_key(),
    ],
    ids=["p256", "p384", "rsa-pss"],
)
def test_openssl_verifies_our_signatures(tmp_path: Path, key: PrivateKey, *, stamped: bool) -> None:
    holder = pki.holder(Purpose.AUTHORITY, key=key)
    timestamper = NL.timestamper() if stamped else None
    cms = sign_cades(LETTER, holder.signer, signed_at=pki.TIME, timestamper=timestamper)
    at = files(tmp_path, letter=LETTER, signature=cms, certificate=holder.certificate)
    openssl(
        *("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", at["signature"], "-content", at["letter"]),
        *("-CAfile", at["certificate"], "-attime", AT, "-out", tmp_path / "out"),
    )
    assert (tmp_path / "out").read_bytes() == LETTER


def test_openssl_refuses_a_changed_letter(tmp_path: Path) -> None:
    cms = sign_cades(LETTER, NL.authority.signer, signed_at=pki.TIME)
    at = files(tmp_path, letter=LETTER + b"x", signature=cms, certificate=NL.authority.certificate)
    with pytest.raises(AssertionError, match="verification failure"):
        openssl(
            *("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", at["signature"]),
            *("-content", at["letter"], "-CAfile", at["certificate"], "-attime", AT),
        )


def test_openssl_verifies_the_time_stamp_inside_our_signature(tmp_path: Path) -> None:
    cms = sign_cades(LETTER, NL.authority.signer, signed_at=pki.TIME, timestamper=NL.timestamper())
    facts = read_signed(cms, content_type="data", digest_of_content=lambda name: hashlib.new(name, LETTER).digest())
    at = files(tmp_path, value=facts.signature, token=facts.timestamp_tokens[0], certificate=NL.timestamp.certificate)
    openssl(
        *("ts", "-verify", "-data", at["value"], "-in", at["token"], "-token_in"),
        *("-CAfile", at["certificate"], "-attime", AT),
    )


def test_openssl_asks_our_time_stamper_and_verifies_its_answer(tmp_path: Path) -> None:
    at = files(tmp_path, letter=LETTER, certificate=NL.timestamp.certificate)
    openssl("ts", "-query", "-data", at["letter"], "-sha512", "-cert", "-out", tmp_path / "query")
    answer = NL.timestamper().respond((tmp_path / "query").read_bytes())
    (tmp_path / "answer").write_bytes(answer)
    openssl(
        *("ts", "-verify", "-queryfile", tmp_path / "query", "-in", tmp_path / "answer"),
        *("-CAfile", at["certificate"], "-attime", AT),
    )


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP256R1()), pki.rsa_key()], ids=["p256", "rsa"])
def test_we_verify_what_openssl_signs(tmp_path: Path, key: PrivateKey) -> None:
    now = dt.datetime.fromtimestamp(int(openssl_time()), tz=dt.UTC)
    holder = pki.holder(
        Purpose.AUTHORITY, key=key, valid_from=now - dt.timedelta(days=1), valid_until=now + dt.timedelta(days=1)
    )
    at = files(tmp_path, letter=LETTER, certificate=holder.certificate, key=encode_private_key(key))
    openssl(
        *("cms", "-sign", "-cades", "-binary", "-md", "sha256", "-outform", "DER", "-in", at["letter"]),
        *("-signer", at["certificate"], "-inkey", at["key"], "-out", tmp_path / "signature"),
    )
    report = verify_cades((tmp_path / "signature").read_bytes(), LETTER, trusted=[holder.der], at=now)
    assert report.passed


def test_we_verify_what_openssl_stamps(tmp_path: Path) -> None:
    at = files(
        tmp_path,
        letter=LETTER,
        certificate=NL.timestamp.certificate,
        key=encode_private_key(NL.timestamp.key),
        serial=b"01\n",
        config=(
            b"[tsa]\ndefault_tsa = here\n[here]\nserial = %b/serial\ncrypto_device = builtin\nsigner_digest = sha256\n"
            b"default_policy = 1.2.3.4\ndigests = sha256\naccuracy = secs:1\nordering = yes\ntsa_name = yes\n"
            b"ess_cert_id_chain = no\ness_cert_id_alg = sha256\n" % str(tmp_path).encode("utf-8")
        ),
    )
    openssl("ts", "-query", "-data", at["letter"], "-sha256", "-cert", "-out", tmp_path / "query")
    openssl(
        *("ts", "-reply", "-config", at["config"], "-section", "here", "-queryfile", tmp_path / "query"),
        *("-signer", at["certificate"], "-inkey", at["key"], "-token_out", "-out", tmp_path / "token"),
    )
    report = verify_timestamp((tmp_path / "token").read_bytes(), LETTER, trusted=[NL.timestamp.der])
    assert report.policy == "1.2.3.4"


def test_pyhanko_calls_our_signature_valid_and_its_time_stamp_too() -> None:
    from asn1crypto import cms as asn1_cms
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.validation import async_validate_detached_cms
    from pyhanko_certvalidator import ValidationContext

    long = dt.datetime(2046, 1, 1, tzinfo=dt.UTC)
    authority, stamp = (pki.holder(purpose, valid_until=long) for purpose in (Purpose.AUTHORITY, Purpose.TIMESTAMP))
    timestamper = LocalTimestamper(stamp.signer, clock=FixedClock(pki.TIME))
    signed = sign_cades(LETTER, authority.signer, signed_at=pki.TIME, timestamper=timestamper)
    roots = [asn1_x509.Certificate.load(each.der) for each in (authority, stamp)]
    context = ValidationContext(trust_roots=roots, moment=pki.TIME, allow_fetching=False)
    data = asn1_cms.ContentInfo.load(signed)["content"]
    status = asyncio.run(
        async_validate_detached_cms(LETTER, data, signer_validation_context=context, ts_validation_context=context)
    )
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.valid
    assert status.timestamp_validity.trusted
    assert status.timestamp_validity.timestamp == pki.TIME


def test_pyhanko_calls_our_post_quantum_signature_valid() -> None:
    from asn1crypto import cms as asn1_cms
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.validation import async_validate_detached_cms
    from pyhanko_certvalidator import ValidationContext

    second = pki.holder(Purpose.AUTHORITY, key=generate_second_signing_key())
    signed = sign_cades(LETTER, second.signer, signed_at=pki.TIME)
    root = asn1_x509.Certificate.load(second.der)
    context = ValidationContext(trust_roots=[root], moment=pki.TIME, allow_fetching=False)
    data = asn1_cms.ContentInfo.load(signed)["content"]
    status = asyncio.run(async_validate_detached_cms(LETTER, data, signer_validation_context=context))
    assert status.valid
    assert status.trusted


def openssl_time() -> bytes:
    """The machine's time as openssl will see it, in seconds."""
    return run(str(require_program("date")), "+%s")
