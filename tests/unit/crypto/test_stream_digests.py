"""SHA-256 over bytes, files and streams."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import FacilityError
from dedere.crypto.digests import (
    READ_SIZE,
    DigestingReader,
    DigestingWriter,
    sha256_hex,
    sha256_of_file,
    sha256_of_stream,
)

if TYPE_CHECKING:
    from typing_extensions import Buffer

DATA = b"fictional" * 1000
EXPECTED = hashlib.sha256(DATA).hexdigest()


def test_bytes_streams_and_files_have_the_same_digest(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(DATA)
    assert sha256_hex(DATA) == sha256_of_stream(io.BytesIO(DATA)) == sha256_of_file(path) == EXPECTED


def test_a_file_larger_than_one_read_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "data"
    path.write_bytes(bytes(READ_SIZE + 1))
    assert sha256_of_file(path) == hashlib.sha256(bytes(READ_SIZE + 1)).hexdigest()


def test_a_missing_file_is_the_environments_fault_and_shows_no_folder(tmp_path: Path) -> None:
    with pytest.raises(FacilityError, match=r"The file absent cannot be read") as caught:
        sha256_of_file(tmp_path / "absent")
    assert str(tmp_path) not in str(caught.value)


def test_a_sink_that_answers_none_has_taken_all() -> None:
    class Quiet:
        taken = b""

        def write(self, data: Buffer, /) -> None:
            self.taken += bytes(data)

    sink = Quiet()
    DigestingWriter(sink).write(DATA)
    assert sink.taken == DATA


def test_reader_and_writer_know_what_has_passed() -> None:
    reader = DigestingReader(io.BytesIO(DATA))
    sink = io.BytesIO()
    writer = DigestingWriter(sink)
    while piece := reader.read(100):
        writer.write(piece)
    assert sink.getvalue() == DATA
    assert reader.size == writer.size == len(DATA)
    assert reader.sha256 == writer.sha256 == EXPECTED
