"""Object storage that is slow, fails, gives up, or lies about lengths: said in a sentence, and nothing half is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from dedere.base.clock import SystemClock
from dedere.base.identifiers import RandomIdentifiers
from dedere.crypto.age import SealError
from dedere.vault.errors import StoreError
from dedere.vault.port import PIECE
from dedere.vault.s3 import PART, S3Access, S3Store, open_s3_store
from support.object_storage import Answer, between, storage, wait
from support.vaults import content, keep, read_back

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.network


@pytest.fixture
def bucket() -> Iterator[str]:
    with storage() as (_address, name):
        yield name


def store_at(address: str, bucket: str, *, within: float = 20.0) -> S3Store:
    access = S3Access(address, "us-east-1", "testing", "testing", within)
    return open_s3_store(f"s3://{bucket}/nl", access, chance=RandomIdentifiers(), clock=SystemClock())


def only(method: str, where: str, spoil: Callable[[Answer], None]) -> Callable[[str, str, Answer], None]:
    """Spoil what is answered to this method where the path matches; hand on the rest."""

    def meddle(asked: str, path: str, answer: Answer) -> None:
        if asked == method and re.search(where, path) and answer.status < 300:
            spoil(answer)

    return meddle


def test_a_slow_service_is_waited_for(bucket: str) -> None:
    with between(wait(0.05)) as address:
        store = store_at(address, bucket)
        stored = keep(store, content(1000))
        assert read_back(store, stored.id) == content(1000)


def test_a_service_that_does_not_answer_in_time_is_given_up(bucket: str) -> None:
    with between(wait(0.6)) as address:
        store = store_at(address, bucket, within=0.1)
        with pytest.raises(StoreError, match="did not answer while looking for an object: ReadTimeoutError"):
            store.holds("0" * 64)


def test_a_service_that_fails_now_and_then_is_asked_again(bucket: str) -> None:
    failures = iter([True, False, True, True])

    def meddle(_method: str, _path: str, answer: Answer) -> None:
        if next(failures, False):
            answer.status, answer.body, answer.said_length = 503, b"", 0

    with between(meddle) as address:
        store = store_at(address, bucket)
        stored = keep(store, content(1000))
        assert read_back(store, stored.id) == content(1000)


def test_a_service_that_fails_for_good_leaves_nothing(bucket: str) -> None:
    def fail(answer: Answer) -> None:
        answer.status, answer.body, answer.said_length = 500, b"", 0

    with between(only("PUT", "partNumber=2", fail)) as address:
        store = store_at(address, bucket)
        with pytest.raises(StoreError, match="refused while uploading: 500"):
            keep(store, content(2 * PART + PIECE))
        assert list(store.survey()) == []
        assert "Uploads" not in store.client.list_multipart_uploads(Bucket=bucket)


def test_a_service_that_lost_what_it_took_is_found_out(bucket: str) -> None:
    """It says that it took everything, and lists fewer bytes."""

    def shrink(answer: Answer) -> None:
        answer.body = re.sub(rb"<Size>(\d)\d*</Size>", rb"<Size>\1</Size>", answer.body)
        answer.said_length = len(answer.body)

    with between(only("GET", "list-type=2.*payloads", shrink)) as address:
        store = store_at(address, bucket)
        with pytest.raises(StoreError, match="does not keep what it says"):
            keep(store, content(5000))
        assert list(store.survey()) == []


@pytest.mark.parametrize("length_said", ["the whole", "the part"])
def test_a_service_that_gives_less_than_lies_there_is_found_out(bucket: str, length_said: str) -> None:
    def cut(answer: Answer) -> None:
        answer.body = answer.body[: len(answer.body) // 2]
        if length_said == "the part":
            answer.said_length = len(answer.body)

    with storage() as (honest, _bucket):
        stored = keep(store_at(honest, bucket), content(100_000))
    with between(only("GET", "/payloads/", cut)) as address:
        store = store_at(address, bucket)
        with pytest.raises(StoreError, match=r"The object storage (gave|did not answer)"):
            read_back(store, stored.id)


def test_a_service_that_gives_other_bytes_opens_nothing(bucket: str) -> None:
    def alter(answer: Answer) -> None:
        answer.body = bytes([answer.body[0] ^ 1]) + answer.body[1:]

    with storage() as (honest, _bucket):
        stored = keep(store_at(honest, bucket), content(100_000))
    with between(only("GET", "/payloads/", alter)) as address, pytest.raises(SealError, match="was changed or cut"):
        read_back(store_at(address, bucket), stored.id)
