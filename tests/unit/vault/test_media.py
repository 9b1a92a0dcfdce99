"""Media types by content, whatever the sender says."""

from __future__ import annotations

import pytest

from dedere.vault.media import BYTES, SNIFF_LENGTH, sniff


@pytest.mark.parametrize(
    ("first", "detected", "inline"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg", True),
        (b"\x89PNG\r\n\x1a\n....", "image/png", True),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", True),
        (b"JUNK\x00\x00\x00\x00WEBPVP8 ", BYTES, False),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav", True),
        (b"%PDF-1.7\n", "application/pdf", True),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4", True),
        (b"\x00\x00\x00\x18ftypqt  ", "video/quicktime", True),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4", True),
        (b"\x1aE\xdf\xa3", "video/webm", True),
        (b"PK\x03\x04", "application/zip", False),
        (b"MZ\x90\x00", "application/x-msdownload", False),
        (b"plain words\n", "text/plain", True),
        ("mots français\n".encode(), "text/plain", True),
        ("é".encode() * 3000, "text/plain", True),
        (b"x" * (SNIFF_LENGTH - 1) + "é".encode(), "text/plain", True),
        (b"latin \xe9 one", BYTES, False),
        (b"\x00\x01\x02", BYTES, False),
        (b"", BYTES, False),
        (b"  <!DOCTYPE html><p>", "text/html", False),
        (b"\xef\xbb\xbf<html>", "text/html", False),
        (b"<script>alert(1)</script>", "text/html", False),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/svg+xml", False),
        (b"<?xml version='1.0'?><svg/>", "image/svg+xml", False),
        (b"<?xml version='1.0'?><note/>", "text/xml", False),
        (b"<?xml version='1.0'?><html xmlns='x'/>", "text/html", False),
    ],
)
def test_content_decides(first: bytes, detected: str, *, inline: bool) -> None:
    found = sniff(first)
    assert found.detected == detected
    assert found.inline is inline
    assert found.served.startswith(detected if inline else BYTES)


def test_a_page_that_calls_itself_a_picture_is_never_shown() -> None:
    found = sniff(b"<html><script>alert(1)</script>", "image/jpeg")
    assert (found.served, found.inline, found.agrees) == (BYTES, False, False)
    assert found.remark == "The sender calls it image/jpeg; its content is text/html."


def test_a_picture_that_can_run_is_handed_out_only() -> None:
    found = sniff(b"<svg onload='alert(1)'/>", "image/svg+xml")
    assert found.agrees
    assert not found.inline
    assert "can carry a script" in found.remark


def test_a_pdf_that_can_run_something_is_remarked() -> None:
    assert "switched off" in sniff(b"%PDF-1.7\n1 0 obj<</OpenAction 2 0 R>>", "application/pdf").remark
    assert sniff(b"%PDF-1.7\n", "application/pdf").remark == ""


@pytest.mark.parametrize(
    ("first", "declared", "agrees"),
    [
        (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", True),
        (b"PK\x03\x04", "image/png", False),
        (b"a,b\n1,2\n", "text/csv; charset=utf-8", True),
        (b'{"a": 1}', "application/json", True),
        (b"words", "text/html", False),
        (b"words", "image/png", False),
        (b"\x00\x00\x00\x18ftypisom", "video/quicktime", True),
        (b"\xff\xd8\xff", "application/octet-stream", True),
        (b"\xff\xd8\xff", "IMAGE/JPEG", True),
    ],
)
def test_the_senders_word_is_compared(first: bytes, declared: str, *, agrees: bool) -> None:
    assert sniff(first, declared).agrees is agrees
