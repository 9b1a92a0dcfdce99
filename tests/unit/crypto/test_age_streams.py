"""Sealing and reading streams: constant memory, both digests, any range, cut and changed files."""

from __future__ import annotations

import hashlib
import io
import threading
from pathlib import Path

import pytest

from dedere.base.errors import DefectError, FacilityError
from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto import age
from dedere.crypto.age.payload import BATCH, CHUNK, NONCE, SEALED_CHUNK
from dedere.crypto.errors import SealHeaderError, SealPayloadError

CHANCE = SeededIdentifiers("streams")
IDENTITY = age.HybridIdentity.generate(CHANCE)
BORDERS = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH + CHUNK + 5, 3 * BATCH]


def pattern(size: int) -> bytes:
    return hashlib.shake_128(b"fictional evidence").digest(size)


def sealed_stream(plain: bytes, *, step: int) -> tuple[bytes, age.SealingWriter]:
    sink = io.BytesIO()
    with age.SealingWriter(sink, [IDENTITY.recipient], chance=CHANCE) as writer:
        for start in range(0, len(plain), step):
            assert writer.write(plain[start : start + step]) == len(plain[start : start + step])
        assert writer.finish() == len(writer.header)
    return sink.getvalue(), writer


@pytest.mark.parametrize("size", BORDERS)
@pytest.mark.parametrize("step", [1_000_003, BATCH, 10 * BATCH])
def test_a_stream_seals_to_what_opens_again_with_the_right_digests(size: int, step: int) -> None:
    plain = pattern(size)
    sealed, writer = sealed_stream(plain, step=step)
    assert age.open_sealed(sealed, [IDENTITY]) == plain
    header, payload = age.split_sealed(sealed)
    assert header == writer.header
    assert writer.plain_size == size
    assert writer.payload_size == len(payload) == age.payload_size(size)
    assert writer.sealed_size == len(sealed)
    assert age.plain_size(len(payload)) == size
    assert writer.plain_sha256 == hashlib.sha256(plain).hexdigest()
    assert writer.payload_sha256 == hashlib.sha256(payload).hexdigest()


def test_the_header_can_be_kept_apart() -> None:
    payload = io.BytesIO()
    writer = age.SealingWriter(payload, [IDENTITY.recipient], chance=CHANCE, header_in_sink=False)
    writer.write(b"fictional")
    writer.finish()
    assert age.open_sealed(writer.header + payload.getvalue(), [IDENTITY]) == b"fictional"
    assert hashlib.sha256(payload.getvalue()).hexdigest() == writer.payload_sha256


def test_the_caller_may_reuse_its_buffer() -> None:
    sink, buffer = io.BytesIO(), bytearray(BATCH + CHUNK)
    writer = age.SealingWriter(sink, [IDENTITY.recipient], chance=CHANCE)
    expected = b""
    for value in range(4):
        buffer[:] = bytes([value]) * len(buffer)
        expected += bytes(buffer)
        writer.write(memoryview(buffer))
        buffer[:] = bytes(len(buffer))
    writer.finish()
    assert age.open_sealed(sink.getvalue(), [IDENTITY]) == expected
    assert writer.plain_sha256 == hashlib.sha256(expected).hexdigest()


def test_a_writer_that_is_left_early_ends_its_threads_and_leaves_nothing_that_opens() -> None:
    before = threading.active_count()
    sink = io.BytesIO()
    with age.SealingWriter(sink, [IDENTITY.recipient], chance=CHANCE) as writer:
        writer.write(bytes(2 * BATCH))
        assert threading.active_count() > before
    assert threading.active_count() == before
    with pytest.raises(SealPayloadError):
        age.open_sealed(sink.getvalue(), [IDENTITY])


def test_a_failing_sink_is_told_to_the_caller() -> None:
    class Full(io.BytesIO):
        def write(self, data: object, /) -> int:
            size = memoryview(data).nbytes  # type: ignore[arg-type]  # any buffer
            if size > CHUNK:
                raise OSError("no space")
            return size

    with (
        pytest.raises(OSError, match="no space"),
        age.SealingWriter(Full(), [IDENTITY.recipient], chance=CHANCE) as writer,
    ):
        writer.write(bytes(2 * BATCH))


class Sluggish(io.BytesIO):
    """An unbuffered file: takes and gives a part of what is asked."""

    def write(self, data: object, /) -> int:
        return super().write(memoryview(data)[:100_000])  # type: ignore[arg-type]  # any buffer

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(100_000, size or 0))


def test_a_file_that_takes_and_gives_a_part_at_a_time_is_used_patiently() -> None:
    file = Sluggish()
    with age.SealingWriter(file, [IDENTITY.recipient], chance=CHANCE) as writer:
        writer.write(pattern(BATCH + 5))
        start = writer.finish()
    assert age.SealedReader(writer.header, file, [IDENTITY], start=start).read() == pattern(BATCH + 5)


def test_a_file_that_takes_nothing_is_not_asked_for_ever() -> None:
    class Stuck(io.BytesIO):
        def write(self, data: object, /) -> int:  # noqa: ARG002 - whatever it is
            return 0

    with pytest.raises(FacilityError, match="no more"):
        age.SealingWriter(Stuck(), [IDENTITY.recipient], chance=CHANCE)


def test_nothing_follows_the_end_and_digests_wait_for_it() -> None:
    writer = age.SealingWriter(io.BytesIO(), [IDENTITY.recipient], chance=CHANCE)
    with pytest.raises(DefectError):
        _ = writer.plain_sha256
    writer.finish()
    with pytest.raises(DefectError):
        writer.write(b"x")
    with pytest.raises(DefectError):
        writer.finish()


def reader_of(plain: bytes) -> age.SealedReader:
    sealed = age.seal(plain, [IDENTITY.recipient], chance=CHANCE)
    header, _ = age.split_sealed(sealed)
    return age.SealedReader(header, io.BytesIO(sealed), [IDENTITY], start=len(header))


@pytest.mark.parametrize("size", BORDERS)
def test_a_sealed_file_reads_like_the_plain_one(size: int) -> None:
    plain = pattern(size)
    reader = reader_of(plain)
    assert reader.size == size
    assert reader.read() == plain
    assert reader.read(1) == b""
    for offset, length in [(0, 1), (size // 2, CHUNK + 1), (size - 1, 5), (CHUNK - 1, 2), (size, 1), (3, 2 * BATCH)]:
        if offset >= 0:
            assert reader.read_range(offset, length) == plain[offset : offset + length]


def test_seeking_works_from_everywhere() -> None:
    plain = pattern(CHUNK * 3 + 7)
    reader = reader_of(plain)
    assert reader.readable()
    assert reader.seekable()
    assert not reader.writable()
    assert reader.seek(-5, io.SEEK_END) == len(plain) - 5
    assert reader.read() == plain[-5:]
    assert reader.seek(10) == reader.tell() == 10
    assert reader.seek(2, io.SEEK_CUR) == 12
    assert reader.read(3) == plain[12:15]
    assert reader.seek(len(plain) + 100) == len(plain) + 100
    assert reader.read(1) == b""
    with pytest.raises(DefectError):
        reader.seek(-1)
    buffered = io.BufferedReader(reader, 1000)
    buffered.seek(CHUNK - 3)
    assert buffered.read(6) == plain[CHUNK - 3 : CHUNK + 3]


def test_closing_closes_the_source() -> None:
    source = io.BytesIO(age.seal(b"x", [IDENTITY.recipient], chance=CHANCE))
    header, _ = age.read_header(source)
    reader = age.SealedReader(header, source, [IDENTITY], start=len(header))
    reader.close()
    reader.close()
    assert source.closed


def test_payload_and_header_in_files_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "payload"
    with (
        path.open("wb") as sink,
        age.SealingWriter(sink, [IDENTITY.recipient], chance=CHANCE, header_in_sink=False) as writer,
    ):
        writer.write(pattern(CHUNK + 1))
        writer.finish()
    with age.SealedReader(writer.header, path.open("rb"), [IDENTITY]) as reader:
        assert reader.read_range(CHUNK - 1, 2) == pattern(CHUNK + 1)[-2:]


def test_a_cut_file_is_refused_when_it_is_opened() -> None:
    sealed = age.seal(pattern(3 * CHUNK), [IDENTITY.recipient], chance=CHANCE)
    header, payload = age.split_sealed(sealed)
    for length in (NONCE + SEALED_CHUNK, NONCE + 2 * SEALED_CHUNK, len(payload) - 1, NONCE + 5, NONCE):
        with pytest.raises(SealPayloadError):
            age.SealedReader(header, io.BytesIO(payload[:length]), [IDENTITY])
    with pytest.raises(SealHeaderError):
        age.SealedReader(header, io.BytesIO(payload[: NONCE - 1]), [IDENTITY])


def test_a_changed_chunk_is_refused_when_it_is_read_and_the_others_still_open() -> None:
    plain = pattern(3 * CHUNK)
    header, payload = age.split_sealed(age.seal(plain, [IDENTITY.recipient], chance=CHANCE))
    changed = bytearray(payload)
    changed[NONCE + SEALED_CHUNK + 100] ^= 1
    reader = age.SealedReader(header, io.BytesIO(bytes(changed)), [IDENTITY])
    assert reader.read_range(0, CHUNK) == plain[:CHUNK]
    with pytest.raises(SealPayloadError):
        reader.read_range(CHUNK, 1)
    assert reader.read_range(2 * CHUNK, CHUNK) == plain[2 * CHUNK :]


def test_chunks_cannot_change_places() -> None:
    header, payload = age.split_sealed(age.seal(pattern(3 * CHUNK), [IDENTITY.recipient], chance=CHANCE))
    first, second = (payload[NONCE + place * SEALED_CHUNK :][:SEALED_CHUNK] for place in range(2))
    swapped = payload[:NONCE] + second + first + payload[NONCE + 2 * SEALED_CHUNK :]
    with pytest.raises(SealPayloadError):
        age.SealedReader(header, io.BytesIO(swapped), [IDENTITY]).read()


def test_a_source_that_shrinks_while_it_is_read_is_noticed() -> None:
    header, payload = age.split_sealed(age.seal(pattern(2 * CHUNK), [IDENTITY.recipient], chance=CHANCE))
    source = io.BytesIO(payload)
    reader = age.SealedReader(header, source, [IDENTITY])
    source.truncate(NONCE + 100)
    with pytest.raises(SealPayloadError, match="shorter"):
        reader.read(1)
