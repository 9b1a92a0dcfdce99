"""A store in any S3-compatible object storage.

    <prefix>/payloads/<name>            the payload, uploaded in parts while it is written; `name` is random
    <prefix>/objects/<id>.<name>        the header; its key ties the object's identifier to its payload

The identifier is known only when the last byte has passed, and an object cannot be renamed there without copying it:
hence the random name. Writing the header's key is the one step that makes the object exist. Deleting is final only
where the bucket keeps no versions; a bucket for a vault must not.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from dedere.base.errors import DefectError
from dedere.vault.errors import StoreError
from dedere.vault.port import PIECE, Presence, require_object_id, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef
    from typing_extensions import Buffer

    from dedere.base.clock import Clock
    from dedere.base.identifiers import Identifiers

PART = 16 * 1024 * 1024
"""Bytes of an uploaded part at first; they grow, since an upload has at most 10,000."""

_GROW_EVERY = 2000
_ABANDONED_AFTER = dt.timedelta(days=2)
_CONNECT_WITHIN = 10
_ANSWER_WITHIN = 60
_TRIES = 4


@dataclass(frozen=True, slots=True)
class S3Access:
    """How a storage service is reached. What is empty is what the environment says.

    A service that is silent for `within` seconds counts as failing; each request is tried a few times.
    """

    endpoint: str = ""
    region: str = ""
    key_name: str = ""
    key: str = ""
    within: float = _ANSWER_WITHIN


class S3Store:
    """An `ObjectStore` in one bucket. What the service says of lengths is compared with what was written and read."""

    def __init__(self, client: S3Client, bucket: str, *, prefix: str = "", chance: Identifiers, clock: Clock) -> None:
        """Use `bucket` through `client`; `prefix` without a slash at its end."""
        self.client = client
        self.bucket = bucket
        self._chance = chance
        self._clock = clock
        self._start = f"{prefix}/" if prefix else ""

    def begin(self) -> S3Pending:
        """Begin an object."""
        return S3Pending(self, f"{self._start}payloads/{self._chance.new()}")

    def adopt(self, payload: Path, object_id: str, *, header: bytes) -> bool:
        """Upload a payload file; it is gone afterwards."""
        pending = self.begin()
        try:
            with payload.open("rb", buffering=0) as source:
                while piece := source.read(PIECE):
                    pending.write(piece)
            fresh = pending.commit(object_id, header)
        finally:
            pending.abandon()
        payload.unlink()
        return fresh

    def holds(self, object_id: str) -> bool:
        """Whether the whole object is there."""
        key = self._find(object_id)
        return key is not None and self.measure(self._payload_key(key)) is not None

    def read_header(self, object_id: str) -> bytes:
        """The header."""
        key = self._require(object_id)
        with service("reading a header"):
            return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def replace_header(self, object_id: str, header: bytes) -> None:
        """Put another header in its place."""
        self.put_header(self._require(object_id), header)

    def put_header(self, key: str, header: bytes) -> None:
        """Write a header's key: the step that makes an object exist."""
        with service("writing a header"):
            self.client.put_object(Bucket=self.bucket, Key=key, Body=header)

    def header_key(self, object_id: str, payload_key: str) -> str:
        """The key that ties an object to its payload."""
        return f"{self._start}objects/{require_object_id(object_id)}.{payload_key.rpartition('/')[2]}"

    def open_payload(self, object_id: str) -> BinaryIO:
        """The payload, seekable; each read is one request for a range."""
        key, size = self._locate(object_id)
        # A raw stream has every method its readers call; the standard library types only its own as BinaryIO.
        return cast("BinaryIO", RangeReader(self, key, size))

    def payload_size(self, object_id: str) -> int:
        """The payload's length in bytes."""
        return self._locate(object_id)[1]

    def payload_address(self, object_id: str, *, seconds: int) -> str:
        """A signed address from which anybody can fetch the payload, sealed as it is, for that many seconds."""
        key, _ = self._locate(object_id)
        with service("signing an address"):
            return self.client.generate_presigned_url(
                "get_object", Params={"Bucket": self.bucket, "Key": key}, ExpiresIn=seconds
            )

    def survey(self) -> Iterator[Presence]:
        """Every object that has a header; payloads without one are the sweep's business."""
        payloads = {key for key, _ in self._list("payloads/")}
        for key, _ in self._list("objects/"):
            object_id = key.rpartition("/")[2].partition(".")[0]
            yield Presence(object_id, header=True, payload=self._payload_key(key) in payloads)

    def destroy(self, object_id: str) -> None:
        """Delete the header, then the payload."""
        key = self._require(object_id)
        with service("destroying an object"):
            self.client.delete_object(Bucket=self.bucket, Key=key)
            self.client.delete_object(Bucket=self.bucket, Key=self._payload_key(key))

    def sweep(self) -> int:
        """Remove payloads without a header and unfinished uploads, both only when two days old."""
        limit = self._clock.now() - _ABANDONED_AFTER
        used = {self._payload_key(key) for key, _ in self._list("objects/")}
        loose = [key for key, changed in self._list("payloads/") if key not in used and changed < limit]
        dealt_with = len(loose)
        with service("sweeping"):
            for key in loose:
                self.client.delete_object(Bucket=self.bucket, Key=key)
            pages = self.client.get_paginator("list_multipart_uploads")
            for page in pages.paginate(Bucket=self.bucket, Prefix=f"{self._start}payloads/"):
                for upload in page.get("Uploads", ()):
                    if upload["Initiated"] < limit:
                        self.client.abort_multipart_upload(
                            Bucket=self.bucket, Key=upload["Key"], UploadId=upload["UploadId"]
                        )
                        dealt_with += 1
        return dealt_with

    def _find(self, object_id: str) -> str | None:
        prefix = f"{self._start}objects/{require_object_id(object_id)}."
        with service("looking for an object"):
            found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix, MaxKeys=1)
        contents = found.get("Contents")
        return contents[0]["Key"] if contents else None

    def _require(self, object_id: str) -> str:
        key = self._find(object_id)
        if key is None:
            raise unknown(object_id)
        return key

    def _payload_key(self, header_key: str) -> str:
        return f"{self._start}payloads/{header_key.rpartition('.')[2]}"

    def _locate(self, object_id: str) -> tuple[str, int]:
        key = self._payload_key(self._require(object_id))
        size = self.measure(key)
        if size is None:
            raise unknown(object_id)
        return key, size

    def measure(self, key: str) -> int | None:
        """How many bytes lie under a key; None: nothing does."""
        with service("measuring an object"):
            found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=key, MaxKeys=1)
        contents = found.get("Contents")
        return contents[0]["Size"] if contents else None

    def _list(self, below: str) -> Iterator[tuple[str, dt.datetime]]:
        with service("listing"):
            for page in self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=f"{self._start}{below}"
            ):
                for entry in page.get("Contents", ()):
                    yield entry["Key"], entry["LastModified"]


class S3Pending:
    """An object being uploaded: in one request while it is small, in parts as soon as it is not."""

    def __init__(self, store: S3Store, key: str) -> None:
        self._store = store
        self._key = key
        self._buffer = bytearray()
        self._upload = ""
        self._parts: list[CompletedPartTypeDef] = []
        self._taken = 0
        self._open = True

    def write(self, piece: Buffer, /) -> int:
        """Append payload bytes; sends a part when there is one."""
        if not self._open:
            raise DefectError("An object that was committed or abandoned takes no more bytes.")
        before = len(self._buffer)
        self._buffer += piece
        taken = len(self._buffer) - before
        self._taken += taken
        while len(self._buffer) >= self._part_size():
            self._send(self._part_size())
        return taken

    def commit(self, object_id: str, header: bytes) -> bool:
        """Make the object exist."""
        if not self._open:
            raise DefectError("An object is committed once.")
        header_key = self._store.header_key(object_id, self._key)
        if self._store.holds(object_id):
            self.abandon()
            return False
        with service("finishing an upload"):
            if self._upload:
                if self._buffer:
                    self._send(len(self._buffer))
                self._store.client.complete_multipart_upload(
                    Bucket=self._store.bucket,
                    Key=self._key,
                    UploadId=self._upload,
                    MultipartUpload={"Parts": self._parts},
                )
            else:
                self._store.client.put_object(Bucket=self._store.bucket, Key=self._key, Body=bytes(self._buffer))
        self._open = False
        self._require_kept()
        self._store.put_header(header_key, header)
        return True

    def abandon(self) -> None:
        """Leave nothing behind."""
        if self._open and self._upload:
            with service("abandoning an upload"):
                self._store.client.abort_multipart_upload(
                    Bucket=self._store.bucket, Key=self._key, UploadId=self._upload
                )
        self._open = False
        self._buffer.clear()

    def _require_kept(self) -> None:
        """The service must have what it says that it took; without a header what it has is nobody's."""
        found = self._store.measure(self._key)
        if found != self._taken:
            raise StoreError(
                f"The object storage took {self._taken} bytes and has {found or 0}: it does not keep what it says."
            )

    def _part_size(self) -> int:
        return PART * (1 + len(self._parts) // _GROW_EVERY)

    def _send(self, count: int) -> None:
        where = {"Bucket": self._store.bucket, "Key": self._key}
        with service("uploading"):
            if not self._upload:
                self._upload = self._store.client.create_multipart_upload(Bucket=where["Bucket"], Key=where["Key"])[
                    "UploadId"
                ]
            number = len(self._parts) + 1
            sent = self._store.client.upload_part(
                Bucket=where["Bucket"],
                Key=where["Key"],
                UploadId=self._upload,
                PartNumber=number,
                Body=bytes(self._buffer[:count]),
            )
        self._parts.append({"ETag": sent["ETag"], "PartNumber": number})
        del self._buffer[:count]


class RangeReader(io.RawIOBase):
    """One stored payload, each read a request for a range."""

    def __init__(self, store: S3Store, key: str, size: int) -> None:
        super().__init__()
        self._store = store
        self._key = key
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The offset of the next byte."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to another offset."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def read(self, count: int = -1, /) -> bytes:
        """At most `count` bytes; all the rest when negative."""
        left = max(0, self._size - self._position)
        wanted = left if count < 0 else min(count, left)
        if not wanted:
            return b""
        last = self._position + wanted - 1
        with service("reading an object"):
            answer = self._store.client.get_object(
                Bucket=self._store.bucket, Key=self._key, Range=f"bytes={self._position}-{last}"
            )
            piece = answer["Body"].read()
        if len(piece) != wanted:
            raise StoreError(f"The object storage gave {len(piece)} bytes where {wanted} lie.")
        self._position += len(piece)
        return piece


@contextlib.contextmanager
def service(doing: str) -> Iterator[None]:
    """Errors of the storage service and of the way to it as errors of the store."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - an extra: only who uses S3 has it

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        raise StoreError(f"The object storage refused while {doing}: {code}.") from error
    except (BotoCoreError, OSError) as error:
        raise StoreError(f"The object storage did not answer while {doing}: {type(error).__name__}.") from error


def open_s3_store(address: str, access: S3Access | None = None, *, chance: Identifiers, clock: Clock) -> S3Store:
    """The store at `s3://bucket/prefix`.

    Raises:
        StoreError: the storage client is not installed.
    """
    try:
        import boto3  # noqa: PLC0415 - an extra: only who uses S3 has it
        from botocore.config import Config  # noqa: PLC0415 - it comes with boto3
    except ImportError as error:
        raise StoreError("Object storage needs the extra `s3`: install dedere[s3].") from error
    access = access or S3Access()
    bucket, _, prefix = address.removeprefix("s3://").partition("/")
    with service("opening"):
        client = boto3.client(
            "s3",
            endpoint_url=access.endpoint or None,
            region_name=access.region or None,
            aws_access_key_id=access.key_name or None,
            aws_secret_access_key=access.key or None,
            config=Config(
                connect_timeout=_CONNECT_WITHIN,
                read_timeout=access.within,
                retries={"mode": "standard", "total_max_attempts": _TRIES},
            ),
        )
    return S3Store(client, bucket, prefix=prefix.rstrip("/"), chance=chance, clock=clock)
