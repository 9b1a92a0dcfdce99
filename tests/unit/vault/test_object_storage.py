"""Object storage: uploads in parts, what a crash leaves there, signed addresses, and a service that fails."""

from __future__ import annotations

import datetime as dt
import hashlib
import sys
from typing import TYPE_CHECKING

import boto3
import httpx2
import pytest

from dedere.base.clock import FixedClock, SystemClock
from dedere.base.identifiers import RandomIdentifiers
from dedere.vault.errors import StoreError, UnknownObjectError
from dedere.vault.port import PIECE
from dedere.vault.s3 import PART, S3Store, open_s3_store
from support.object_storage import storage_client
from support.vaults import content, keep, read_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.network

EARLIER = FixedClock(dt.datetime(2005, 1, 1, tzinfo=dt.UTC))
LATER = FixedClock(dt.datetime(2100, 1, 1, tzinfo=dt.UTC))


@pytest.fixture
def place() -> Iterator[tuple[S3Client, str]]:
    with storage_client() as found:
        yield found


@pytest.fixture
def store(place: tuple[S3Client, str]) -> S3Store:
    return S3Store(*place, prefix="nl", chance=RandomIdentifiers(), clock=SystemClock())


def keys(place: tuple[S3Client, str]) -> list[str]:
    client, bucket = place
    return [entry["Key"] for entry in client.list_objects_v2(Bucket=bucket).get("Contents", ())]


def test_a_large_object_goes_up_in_parts_and_any_range_comes_back(store: S3Store) -> None:
    data = content(2 * PART + 2 * PIECE)
    stored = keep(store, data)
    assert store.payload_size(stored.id) == stored.payload_size
    assert read_back(store, stored.id) == data
    assert store.sweep() == 0


def test_an_object_of_exactly_whole_parts_is_kept(store: S3Store) -> None:
    payload = content(PART)
    pending = store.begin()
    pending.write(payload)
    pending.commit(hashlib.sha256(payload).hexdigest(), b"header")
    assert store.holds(hashlib.sha256(payload).hexdigest())


def test_an_abandoned_upload_leaves_nothing(store: S3Store, place: tuple[S3Client, str]) -> None:
    pending = store.begin()
    pending.write(content(PART + 1))
    pending.abandon()
    pending.abandon()
    client, bucket = place
    assert "Uploads" not in client.list_multipart_uploads(Bucket=bucket)
    assert keys(place) == []


def test_a_sweep_removes_what_crashes_left_once_it_is_old(store: S3Store, place: tuple[S3Client, str]) -> None:
    client, bucket = place
    stored = keep(store, b"kept")
    client.put_object(Bucket=bucket, Key="nl/payloads/loose", Body=b"a payload whose header was never written")
    assert store.sweep() == 0
    store.begin().write(content(PART + 1))
    # The server of these tests dates every upload into 2010.
    earlier = S3Store(client, bucket, prefix="nl", chance=RandomIdentifiers(), clock=EARLIER)
    assert earlier.sweep() == 0
    later = S3Store(client, bucket, prefix="nl", chance=RandomIdentifiers(), clock=LATER)
    assert later.sweep() == 2
    assert later.sweep() == 0
    assert read_back(store, stored.id) == b"kept"


def test_a_half_is_surveyed_and_not_held(store: S3Store, place: tuple[S3Client, str]) -> None:
    client, bucket = place
    stored = keep(store, b"kept")
    (payload,) = (key for key in keys(place) if "/payloads/" in key)
    client.delete_object(Bucket=bucket, Key=payload)
    assert not store.holds(stored.id)
    assert [presence.payload for presence in store.survey()] == [False]
    with pytest.raises(UnknownObjectError):
        store.payload_size(stored.id)


def test_a_signed_address_gives_the_sealed_bytes_to_anybody(store: S3Store) -> None:
    stored = keep(store, content(1000))
    answer = httpx2.get(store.payload_address(stored.id, seconds=60))
    assert hashlib.sha256(answer.content).hexdigest() == stored.id


def test_a_service_that_refuses_is_said(place: tuple[S3Client, str]) -> None:
    client, _ = place
    absent = S3Store(client, "absent", chance=RandomIdentifiers(), clock=SystemClock())
    with pytest.raises(StoreError, match="refused while looking for an object: NoSuchBucket"):
        absent.holds("0" * 64)


def test_a_service_that_does_not_answer_is_said() -> None:
    client = boto3.client("s3", endpoint_url="http://127.0.0.1:9")
    client.meta.events.register("before-send", lambda **_: None)
    silent = S3Store(client, "bucket", chance=RandomIdentifiers(), clock=SystemClock())
    with pytest.raises(StoreError, match="did not answer"):
        silent.holds("0" * 64)
    client.close()


def test_an_address_names_bucket_and_prefix() -> None:
    store = open_s3_store("s3://evidence/nl/vault/", chance=RandomIdentifiers(), clock=SystemClock())
    assert store.bucket == "evidence"
    assert store.header_key("0" * 64, "x/payloads/name") == f"nl/vault/objects/{'0' * 64}.name"
    store.client.close()


def test_without_its_client_object_storage_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(StoreError, match="extra `s3`"):
        open_s3_store("s3://evidence", chance=RandomIdentifiers(), clock=SystemClock())
