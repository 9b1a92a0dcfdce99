"""Asking clamd: clean, found, too large, silent, gone; never clean by mistake."""

from __future__ import annotations

import io
import socket
from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import InputError
from dedere.vault.scanner import PIECE, Scanner, ScanResult, ScanVerdict
from support.clamds import EICAR, clamd
from support.vaults import content

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.network


@pytest.mark.parametrize("by_port", [False, True], ids=["socket", "port"])
def test_what_is_clean_and_what_is_not_is_told_apart(tmp_path: Path, by_port: bool) -> None:  # noqa: FBT001
    with clamd(None if by_port else tmp_path) as fake:
        scanner = Scanner.at(fake.address)
        data = content(2 * PIECE + 5)
        assert scanner.scan(io.BytesIO(data)) == ScanResult(ScanVerdict.CLEAN)
        assert scanner.scan(io.BytesIO(b"")) == ScanResult(ScanVerdict.CLEAN)
        assert scanner.scan(io.BytesIO(data + EICAR)) == ScanResult(ScanVerdict.FOUND, "Eicar-Test-Signature")
        assert fake.streams == [data, b"", data + EICAR]
        assert scanner.name == "clamd"


def test_what_is_too_large_for_the_scanner_is_not_called_clean(tmp_path: Path) -> None:
    with clamd(tmp_path, most=PIECE) as fake:
        result = Scanner.at(fake.address).scan(io.BytesIO(content(30 * PIECE)))
    assert result.verdict in (ScanVerdict.NOT_SCANNED, ScanVerdict.UNAVAILABLE)
    with clamd(most=10) as fake:
        result = Scanner.at(fake.address).scan(io.BytesIO(content(11)))
    assert result == ScanResult(ScanVerdict.NOT_SCANNED, "INSTREAM size limit exceeded.")


@pytest.mark.parametrize(
    ("answer", "verdict", "text"),
    [
        (b"", ScanVerdict.UNAVAILABLE, "No reply."),
        (b"\0", ScanVerdict.UNAVAILABLE, "No reply."),
        (b"stream: Can't allocate memory ERROR\0", ScanVerdict.NOT_SCANNED, "Can't allocate memory"),
        (b"stream: OKAY\0", ScanVerdict.NOT_SCANNED, "OKAY"),
        (b"stream: Evil\x1b[2J.Name FOUND\0", ScanVerdict.FOUND, "Evil[2J.Name"),
        (b"stream: OK\n", ScanVerdict.CLEAN, ""),
        (b"ERROR\0", ScanVerdict.NOT_SCANNED, "ERROR"),
        (b"x" * 9000, ScanVerdict.NOT_SCANNED, "x" * 4096),
    ],
)
def test_every_answer_is_read_strictly(tmp_path: Path, answer: bytes, verdict: ScanVerdict, text: str) -> None:
    with clamd(tmp_path, answer=answer) as fake:
        result = Scanner.at(fake.address).scan(io.BytesIO(b"x"))
    assert (result.verdict, result.text[:4096]) == (verdict, text)


def test_a_scanner_that_is_not_there_or_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    assert Scanner.at(f"unix:{tmp_path}/none").scan(io.BytesIO(b"x")).verdict is ScanVerdict.UNAVAILABLE
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        scanner = Scanner(silent.getsockname(), timeout=0.2)
        assert scanner.scan(io.BytesIO(b"x")) == ScanResult(ScanVerdict.UNAVAILABLE, "TimeoutError.")
    assert Scanner(("::1", 1), timeout=0.2).scan(io.BytesIO(b"x")).verdict is ScanVerdict.UNAVAILABLE


def test_a_damaged_item_is_no_result_of_a_scan(tmp_path: Path) -> None:
    class Broken(io.RawIOBase):
        def read(self, _count: int = -1, /) -> bytes:
            raise ValueError("damaged")

    with clamd(tmp_path) as fake, pytest.raises(ValueError, match="damaged"):
        Scanner.at(fake.address).scan(Broken())


@pytest.mark.parametrize(
    "address", ["", "clamd", "unix:", "unix:relative", "tcp:host", "tcp::3310", "tcp:h:0", "tcp:h:x"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(InputError, match="unix:/path/of/socket"):
        Scanner.at(address)


def test_addresses_are_read() -> None:
    assert Scanner.at("tcp:[::1]:3310").place == ("::1", 3310)
    assert Scanner.at("unix:/run/clamd.sock").place == "/run/clamd.sock"
