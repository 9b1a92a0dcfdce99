"""Bodies: exactly as long as announced, not too slow, and what their digest says."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping

import pytest
from django.core.handlers.wsgi import WSGIRequest

from dedere.base.clock import FixedClock
from dedere.gateway.body import Pace, announced_body
from dedere.protocol.errors import DoorRefusedError
from dedere.transport.http_signature import content_digest
from support.exchange import NOW

BODY = b"sealed bytes of a letter"


class Wire(io.BytesIO):
    """What comes over the line; `seconds` pass at each read, and it may break."""

    def __init__(self, data: bytes, clock: FixedClock, *, seconds: float = 0, breaks: bool = False) -> None:
        super().__init__(data)
        self._clock = clock
        self._seconds = seconds
        self._breaks = breaks

    def read(self, size: int | None = -1, /) -> bytes:
        self._clock.advance(dt.timedelta(seconds=self._seconds))
        if self._breaks:
            raise TimeoutError("silence")
        return super().read(size)


class Silence:
    """A socket that only remembers its limit."""

    limit: float | None = None

    def settimeout(self, value: float | None, /) -> None:
        self.limit = value


def request(
    data: bytes = BODY, *, headers: Mapping[str, str] | None = None, seconds: float = 0, breaks: bool = False
) -> tuple[WSGIRequest, FixedClock]:
    clock = FixedClock(NOW)
    environ: dict[str, object] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/letters",
        "CONTENT_LENGTH": str(len(data)),
        "HTTP_CONTENT_DIGEST": content_digest(data),
        "wsgi.input": Wire(data, clock, seconds=seconds, breaks=breaks),
        **(headers or {}),
    }
    return WSGIRequest(environ), clock


def read(data: bytes = BODY, *, at_most: int = 1000, **how: object) -> bytes:
    made, clock = request(data, **how)  # type: ignore[arg-type] # the caller names arguments of request
    return announced_body(made, at_most=at_most, clock=clock, pace=Pace()).whole()


def code_of(**how: object) -> str:
    with pytest.raises(DoorRefusedError) as error:
        read(**how)  # type: ignore[arg-type] # the caller names arguments of read
    return error.value.code


def test_p196_a_body_as_announced_is_read() -> None:
    assert read() == BODY
    assert read(b"") == b""


@pytest.mark.parametrize("length", ["", "-1", "x", "1e3", "+5", "9" * 20, "٣"])
def test_p196_a_length_must_be_stated(length: str) -> None:
    assert code_of(headers={"CONTENT_LENGTH": length}) == "body-length"


def test_p196_a_body_over_the_limit_is_refused_before_it_is_read() -> None:
    made, clock = request(breaks=True)

    with pytest.raises(DoorRefusedError) as error:
        announced_body(made, at_most=5, clock=clock, pace=Pace())
    assert error.value.code == "body-too-large"


@pytest.mark.parametrize("name", ["HTTP_TRANSFER_ENCODING", "HTTP_CONTENT_ENCODING"])
def test_p196_an_encoded_body_is_refused(name: str) -> None:
    assert code_of(headers={name: "gzip"}) == "request-form"


@pytest.mark.parametrize(
    "digest", ["", "md5=:AAAA:", "sha-256=:AAAA:", content_digest(b"") + ", " + content_digest(b"")]
)
def test_p155_exactly_one_digest_is_needed(digest: str) -> None:
    assert code_of(headers={"HTTP_CONTENT_DIGEST": digest}) == "request-form"


@pytest.mark.parametrize("data", [BODY, b""])
def test_p197_another_body_than_its_digest_says(data: bytes) -> None:
    assert code_of(data=data, headers={"HTTP_CONTENT_DIGEST": content_digest(b"other")}) == "body-digest"


def test_p197_the_last_piece_never_comes_when_the_digest_is_wrong() -> None:
    made, clock = request(headers={"HTTP_CONTENT_DIGEST": content_digest(b"other")})
    pieces = announced_body(made, at_most=1000, clock=clock, pace=Pace()).pieces()

    with pytest.raises(DoorRefusedError):
        next(pieces)


def test_p196_a_body_that_ends_early() -> None:
    assert code_of(headers={"CONTENT_LENGTH": "500"}) == "body-length"


def test_p198_a_body_that_drips_is_ended() -> None:
    assert code_of(seconds=60) == "body-too-slow"


def test_p198_a_connection_that_breaks_is_told_as_slow() -> None:
    assert code_of(breaks=True) == "body-too-slow"


def test_p198_silence_is_limited_on_the_socket() -> None:
    silence = Silence()
    made, clock = request()
    made.META["gunicorn.socket"] = silence

    announced_body(made, at_most=1000, clock=clock, pace=Pace(silence=7)).whole()

    assert silence.limit == 7
