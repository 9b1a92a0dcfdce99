"""What a file is by its first bytes, and as what a page may show it.

A sender's word about a media type is kept as said and never obeyed. Only types on the list below are ever shown in
place; everything that can carry a script (HTML, SVG, XML, anything unknown) is handed out as a download of bytes.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

SNIFF_LENGTH = 4096
"""How many first bytes are looked at."""

BYTES = "application/octet-stream"

_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS", "audio/ogg"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"MZ", "application/x-msdownload"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_CONTAINED = {b"WEBP": b"RIFF", b"WAVE": b"RIFF", b"AVI ": b"RIFF"}
_ISO_BRANDS = {b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"heic": "image/heic", b"avif": "image/avif"}
_MARKUP = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<svg", b"<?xml", b"<!--", b"<a ")
_SHOWN = frozenset(
    {
        "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "application/pdf", "text/plain",
        "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/flac", "video/mp4", "video/webm", "video/quicktime",
    }
)  # fmt: skip
_SAME = (
    frozenset({"audio/ogg", "video/ogg", "application/ogg"}),
    frozenset({"video/webm", "audio/webm", "video/x-matroska"}),
    frozenset({"audio/wav", "audio/x-wav", "audio/wave"}),
    frozenset({"video/mp4", "audio/mp4", "video/quicktime", "video/3gpp"}),
    frozenset({"image/jpeg", "image/jpg"}),
)
_CONTAINERS = {
    "application/zip": (
        "application/vnd.openxmlformats",
        "application/vnd.oasis",
        "application/epub",
        "application/java",
    ),
    "application/x-ole-storage": ("application/msword", "application/vnd.ms-"),
}
_ACTIVE_IN_PDF = (b"/JavaScript", b"/JS", b"/Launch", b"/OpenAction", b"/EmbeddedFile")


@dataclass(frozen=True, slots=True)
class MediaType:
    """What was found.

    `detected` is by content; `served` is what an answer's Content-Type may be; `inline` whether a page may show it in
    place; `agrees` whether content and the sender's word are the same kind; `remark` one sentence for the officer,
    empty when there is nothing to say.
    """

    detected: str
    declared: str
    served: str
    inline: bool
    agrees: bool
    remark: str


def sniff(first: bytes, declared: str = "") -> MediaType:
    """Judge a file by its first SNIFF_LENGTH bytes, all of them when it is shorter; `declared` is the sender's word."""
    declared = declared.split(";", maxsplit=1)[0].strip().lower()
    detected = _detect(first[:SNIFF_LENGTH])
    inline = detected in _SHOWN
    agrees = not declared or declared == BYTES or _same_kind(detected, declared)
    return MediaType(
        detected=detected,
        declared=declared,
        served=_served(detected) if inline else BYTES,
        inline=inline,
        agrees=agrees,
        remark=_remark(first, detected, declared=declared, agrees=agrees),
    )


def shown_as(detected: str) -> str:
    """The Content-Type under which a page may show a file of this type in place; empty: it is only handed out.

    A PDF is never handed to a browser's own viewer, which runs what scripts it carries: the page draws it.
    """
    return _served(detected) if detected in _SHOWN and detected != "application/pdf" else ""


def _served(detected: str) -> str:
    return "text/plain; charset=utf-8" if detected == "text/plain" else detected


def _detect(first: bytes) -> str:
    for offset, mark, media_type in _MARKS:
        if first.startswith(mark, offset) and first.startswith(_CONTAINED.get(mark, b"")):
            return media_type
    if first[4:8] == b"ftyp":
        return _ISO_BRANDS.get(first[8:12], "video/mp4")
    return _detect_text(first)


def _detect_text(first: bytes) -> str:
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_MARKUP):
        if b"<svg" in start:
            return "image/svg+xml"
        return "text/xml" if start.startswith(b"<?xml") and b"<html" not in start else "text/html"
    if not first or any(byte < 9 or 13 < byte < 32 for byte in first):  # noqa: PLR2004 - control characters
        return BYTES
    return "text/plain" if _is_utf8_so_far(first) else BYTES


def _is_utf8_so_far(first: bytes) -> bool:
    # Not final: the cut may stand within a character.
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(first, final=len(first) < SNIFF_LENGTH)
    except UnicodeDecodeError:
        return False
    return True


def _same_kind(detected: str, declared: str) -> bool:
    if detected == declared or any(detected in kinds and declared in kinds for kinds in _SAME):
        return True
    if detected == "text/plain" and declared.startswith("text/"):
        return declared not in {"text/html", "text/xml"}
    if detected == "text/plain":
        return declared == "application/json"
    return declared.startswith(_CONTAINERS.get(detected, ("\0",)))


def _remark(first: bytes, detected: str, *, declared: str, agrees: bool) -> str:
    if not agrees:
        return f"The sender calls it {declared}; its content is {detected}."
    if detected == "application/pdf" and any(mark in first for mark in _ACTIVE_IN_PDF):
        return "The PDF can run something when opened; it is shown with that switched off."
    if detected in {"text/html", "image/svg+xml", "text/xml"}:
        return "The file can carry a script; it is handed out as a download and never shown in place."
    return ""
