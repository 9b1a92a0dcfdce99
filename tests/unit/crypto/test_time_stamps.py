"""RFC 3161 time-stamps: made, asked for over HTTP, verified, refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dedere.base.clock import FixedClock
from dedere.base.errors import InputError
from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto import der, oids
from dedere.crypto.cms import ContentToSign, sign_content
from dedere.crypto.errors import KeyTextError, SignatureError, SubIndication, TimestampServiceError
from dedere.crypto.keys import Purpose
from dedere.crypto.timestamps import HttpTimestamper, LocalTimestamper, verify_timestamp
from support import pki
from support.cmsforge import SHA1

NL, SN = pki.state("NL"), pki.state("SN")
DATA = b"fictional signature value"
IMPRINT = der.sequence(der.algorithm(oids.DIGEST_IDENTIFIERS["sha256"]), der.octets(hashlib.sha256(DATA).digest()))


def test_a_time_stamp_says_when_and_by_whom() -> None:
    report = verify_timestamp(NL.timestamper().stamp(DATA), DATA, trusted=[NL.timestamp.certificate], at=pki.TIME)
    assert report.stamped_at == pki.TIME
    assert report.authority == NL.timestamp.der
    assert report.authority_name.startswith("Fictional")
    assert report.policy.startswith("2.25.")


def test_every_time_stamp_has_its_own_serial_number() -> None:
    stamper = NL.timestamper()
    serials = {verify_timestamp(stamper.stamp(DATA), DATA, trusted=[NL.timestamp.der]).serial_number for _ in range(20)}
    assert len(serials) == 20


def test_only_a_certificate_for_time_stamping_alone_may_stamp() -> None:
    for purpose in (Purpose.AUTHORITY, Purpose.GATEWAY, Purpose.TLS):
        with pytest.raises(KeyTextError, match="time-stamping alone"):
            LocalTimestamper(pki.holder(purpose).signer, clock=FixedClock(pki.TIME))


def refused(token: bytes, *, data: bytes = DATA, at: dt.datetime | None = None) -> SubIndication:
    with pytest.raises(SignatureError) as caught:
        verify_timestamp(token, data, trusted=[NL.timestamp.der], at=at)
    return caught.value.sub_indication


def test_a_time_stamp_for_something_else_by_another_or_out_of_its_time_is_refused() -> None:
    token = NL.timestamper().stamp(DATA)
    assert refused(token, data=b"other") is SubIndication.HASH_FAILURE
    assert refused(SN.timestamper().stamp(DATA)) is SubIndication.NO_CERTIFICATE_CHAIN_FOUND
    late = pki.VALID_UNTIL + dt.timedelta(days=1)
    assert refused(NL.timestamper(late).stamp(DATA)) is SubIndication.EXPIRED
    assert refused(token, at=late) is SubIndication.OUT_OF_BOUNDS_NO_POE


def info(*, imprint: bytes = IMPRINT, rest: tuple[bytes, ...] = ()) -> bytes:
    head = (der.integer(1), der.identifier("1.2.3"), imprint, der.integer(7), der.generalized_time(pki.TIME))
    return der.sequence(*head, *rest)


def token_over(encoded: bytes, *, by: pki.Holder = NL.timestamp, kind: str = "tst_info") -> bytes:
    content = ContentToSign(kind, hashlib.sha256(encoded).digest(), encoded)
    return sign_content(content, by.signer, signed_at=pki.TIME)


def test_a_full_time_stamp_of_another_maker_is_read() -> None:
    rest = (
        der.sequence(der.integer(1)),
        der.boolean_true(),
        der.integer(99),
        der.explicit(0, der.sequence()),
        der.element(0xA1, b""),
    )
    report = verify_timestamp(token_over(info(rest=rest)), DATA, trusted=[NL.timestamp.der])
    assert report.serial_number == 7


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        (b"", SubIndication.FORMAT_FAILURE),
        (info(rest=(der.NULL,)), SubIndication.FORMAT_FAILURE),
        (
            info(imprint=der.sequence(der.algorithm(oids.DIGEST_IDENTIFIERS["sha256"]), der.octets(b"short"))),
            SubIndication.FORMAT_FAILURE,
        ),
        (
            info(imprint=der.sequence(der.algorithm(SHA1), der.octets(hashlib.sha1(DATA).digest()))),
            SubIndication.CRYPTO_CONSTRAINTS_FAILURE,
        ),
    ],
)
def test_a_malformed_or_weak_time_stamp_is_refused(encoded: bytes, expected: SubIndication) -> None:
    assert refused(token_over(encoded)) is expected


def test_an_authoritys_key_gives_no_time_stamps_and_data_is_no_time_stamp() -> None:
    token = token_over(info(), by=NL.authority)
    with pytest.raises(SignatureError) as caught:
        verify_timestamp(token, DATA, trusted=[NL.authority.der])
    assert caught.value.sub_indication is SubIndication.CHAIN_CONSTRAINTS_FAILURE
    assert refused(token_over(info(), kind="data")) is SubIndication.FORMAT_FAILURE
    detached = sign_content(
        ContentToSign("tst_info", hashlib.sha256(b"").digest()), NL.timestamp.signer, signed_at=pki.TIME
    )
    assert refused(detached) is SubIndication.FORMAT_FAILURE


def query(*rest: bytes, imprint: bytes = IMPRINT) -> bytes:
    return der.sequence(der.integer(1), imprint, *rest)


def test_a_question_is_answered_with_its_nonce() -> None:
    answer = NL.timestamper().respond(query(der.identifier("1.2.3"), der.integer(2**63), der.boolean_true()))
    assert answer.startswith(b"\x30")
    assert der.integer(2**63) in answer


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (b"", b"\x03\x02\x02\x04"),
        (query(der.NULL), b"\x03\x02\x02\x04"),
        (query(b"\x02\x01\x80"), b"\x03\x02\x02\x04"),
        (query(imprint=der.sequence(der.algorithm(SHA1), der.octets(bytes(20)))), b"\x03\x02\x07\x80"),
    ],
)
def test_a_question_that_cannot_be_answered_is_told_why(asked: bytes, reason: bytes) -> None:
    assert NL.timestamper().respond(asked) == der.sequence(der.sequence(der.integer(2), reason))


Answer = Callable[[bytes], tuple[int, bytes]]


@pytest.fixture
def service() -> Iterator[Callable[[Answer], str]]:
    """Starts a service that answers as told; gives its address."""
    running: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/timestamp-query"
                status, reply = answer(body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}/tsa?x=1"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def client(url: str) -> HttpTimestamper:
    return HttpTimestamper(url, chance=SeededIdentifiers("nonces"))


@pytest.mark.network
def test_a_service_on_the_network_is_asked(service: Callable[[Answer], str]) -> None:
    token = client(service(lambda asked: (200, NL.timestamper().respond(asked)))).stamp(DATA)
    assert verify_timestamp(token, DATA, trusted=[NL.timestamp.der]).stamped_at == pki.TIME


@pytest.mark.network
@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda _: (500, b""), "status 500"),
        (lambda _: (200, b"<html>"), "something else"),
        (lambda _: (200, bytes(70_000)), "answers with HTTP status"),
        (lambda _: (200, NL.timestamper().respond(b"")), "refuses with status 2"),
        (lambda _: (200, NL.timestamper().respond(query())), "another question"),
        (lambda _: (200, NL.timestamper().respond(query(der.integer(5)))), "another question"),
        (lambda _: (200, der.sequence(der.sequence(der.integer(0)), der.sequence())), "something else"),
        (lambda _: (200, der.sequence(der.sequence(der.integer(0)))), "something else"),
    ],
)
def test_a_service_that_answers_badly_is_the_environments_fault(
    service: Callable[[Answer], str], answer: Answer, sentence: str
) -> None:
    with pytest.raises(TimestampServiceError, match=sentence):
        client(service(answer)).stamp(DATA)


@pytest.mark.network
def test_a_service_that_is_not_there_is_the_environments_fault() -> None:
    with pytest.raises(TimestampServiceError, match="does not answer"):
        client("http://127.0.0.1:1/tsa").stamp(DATA)
    with pytest.raises(TimestampServiceError, match="does not answer"):
        client("https://127.0.0.1:1").stamp(DATA)


@pytest.mark.parametrize("url", ["", "ftp://example.org", "file:///etc/passwd", "https://"])
def test_another_kind_of_address_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="https://"):
        client(url)
