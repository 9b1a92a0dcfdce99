"""What a file says about itself beside its content: shown before it leaves, and taken out where that is wanted.

Taking out leaves the content as it is, byte for byte in pictures: only the segments that describe are dropped (JPEG,
PNG), the descriptions of a PDF, the property parts of an office file. A picture keeps which side is up.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dedere.papers.errors import DocumentInputError

if TYPE_CHECKING:
    import pypdf

_LONGEST = 2000
_ORIENTATION = 0x0112
_JPEG = b"\xff\xd8\xff"
_PNG = b"\x89PNG\r\n\x1a\n"
_ZIP = b"PK\x03\x04"
_PDF = b"%PDF-"
# What a PNG is drawn from; every other chunk describes.
_PNG_DRAWN = frozenset(
    (
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"pHYS",
        b"acTL", b"fcTL", b"fdAT", b"cICP",
    )
)  # fmt: skip
# After 0xFF within the scans of a JPEG: a stuffed zero, restart marks, fill bytes.
_WITHIN_SCAN = frozenset((0, 0xFF, *range(0xD0, 0xD8)))
_THUMBNAIL = re.compile(rb"<Relationship\b[^<>]*thumbnail[^<>]*/>")
_PROPERTIES = re.compile(r"docProps/(?:core|app|custom)\.xml|meta\.xml")
_EMPTY_PARTS = {
    "docProps/core.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties '
    b'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties '
    b'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
    "meta.xml": b'<?xml version="1.0" encoding="UTF-8"?><office:document-meta office:version="1.3" '
    b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>',
}


def metadata_of(data: bytes, media_type: str) -> tuple[tuple[str, str], ...]:
    """Each thing that the file says about itself, as name and value; empty for kinds that are not known.

    `media_type` may be empty: then the first bytes decide. Damaged files answer what can be read.
    """
    try:
        if media_type == "application/pdf" or data.startswith(_PDF):
            return tuple(_of_pdf(data))
        if data.startswith(_ZIP):
            return tuple(_of_office(data))
        if media_type.startswith("image/") or not media_type:
            return tuple(_of_picture(data))
    except Exception:  # noqa: BLE001 - a hostile file can make a reader raise anything; its bytes are scanned besides
        return ()
    return ()


def without_metadata(data: bytes) -> bytes:
    """The file with the same content and no description of itself.

    Raises:
        DocumentInputError: of this kind of file nothing can be taken out, or it is damaged.
    """
    try:
        if data.startswith(_JPEG):
            return _jpeg_without(data)
        if data.startswith(_PNG):
            return _png_without(data)
        if data.startswith(_PDF):
            return _pdf_without(data)
        if data.startswith(_ZIP):
            return _office_without(data)
    except (ValueError, KeyError, struct.error, zipfile.BadZipFile, RuntimeError, IndexError, OSError) as error:
        raise DocumentInputError("The file is damaged or locked: nothing can be taken out of it.") from error
    raise DocumentInputError("Descriptions can be taken out of JPEG, PNG, PDF and office files only.")


def _of_picture(data: bytes) -> Iterator[tuple[str, str]]:
    from PIL import ExifTags, Image  # noqa: PLC0415 - only where a picture is read

    with Image.open(io.BytesIO(data)) as picture:
        exif = picture.getexif()
        for directory in (exif, *(exif.get_ifd(each) for each in ExifTags.IFD)):
            for tag, value in directory.items():
                name = str(ExifTags.TAGS.get(tag) or ExifTags.GPSTAGS.get(tag) or f"tag {tag}")
                if tag != _ORIENTATION and not isinstance(value, dict):
                    yield name, _shown(value)
        for key, value in picture.info.items():
            if key in {"comment", "Comment", "xmp", "photoshop", "XML:com.adobe.xmp"} or isinstance(value, str):
                yield str(key), _shown(value)


def _of_pdf(data: bytes) -> Iterator[tuple[str, str]]:
    import pypdf  # noqa: PLC0415 - only where a PDF is read

    reader = pypdf.PdfReader(io.BytesIO(data))
    for name, value in (reader.metadata or {}).items():
        yield str(name).removeprefix("/"), _shown(value)
    root: Any = reader.root_object  # pypdf's own objects have no types of their own
    if (packet := root.get("/Metadata")) is not None:
        yield "XMP", _shown(re.sub(r"<[^>]*>", " ", packet.get_object().get_data().decode("utf-8", errors="replace")))


def _of_office(data: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            if _PROPERTIES.fullmatch(member.filename) and member.file_size < 2**20:
                text = archive.read(member).decode("utf-8", errors="replace")
                for name, value in re.findall(r"<(?:[\w-]+:)?([\w-]+)[^<>]*>([^<>]+)</", text):
                    if value.strip():
                        yield name, _shown(value)


def _shown(value: object) -> str:
    if isinstance(value, bytes):
        value = (
            value.replace(b"\0", b"").decode("utf-8", errors="replace")
            if value.count(b"\0") * 3 > len(value)
            else (value.decode("utf-8", errors="replace"))
        )
    elif isinstance(value, str):
        value = _as_written(value)
    return " ".join(str(value).split())[:_LONGEST]


def _as_written(text: str) -> str:
    """A text whose UTF-8 was read as Latin-1, which is what readers of pictures do, in its own letters."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _jpeg_without(data: bytes) -> bytes:
    """Every segment but those that describe; what is drawn is not touched."""
    kept = [data[:2]]
    orientation = _orientation(data)
    if orientation > 1:
        kept.append(_turned(orientation))
    at = 2
    while data[at] == 0xFF:  # noqa: PLR2004 - the mark before every segment
        mark = data[at + 1]
        if mark == 0xDA:  # noqa: PLR2004 - from here on the picture itself
            kept.append(data[at : _end_of_picture(data, at)])
            return b"".join(kept)
        if mark == 0xFF:  # noqa: PLR2004 - a fill byte
            at += 1
            continue
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        segment = data[at : at + 2 + length]
        if not _describes(mark, segment[4:]):
            kept.append(segment)
        at += 2 + length
    raise ValueError


def _describes(mark: int, content: bytes) -> bool:
    if mark == 0xFE:  # noqa: PLR2004 - a comment
        return True
    if not 0xE0 <= mark <= 0xEF:  # noqa: PLR2004 - application segments
        return False
    return not (mark == 0xE0 or (mark == 0xE2 and content.startswith(b"ICC_PROFILE\0")) or mark == 0xEE)  # noqa: PLR2004 - JFIF, colours


def _end_of_picture(data: bytes, start: int) -> int:
    """Behind the first mark that ends the picture whose scans begin at `start`; what is appended there is left out."""
    at = start
    while True:
        at = data.index(b"\xff", at)
        mark = data[at + 1]
        if mark == 0xD9:  # noqa: PLR2004 - the end of the picture
            return at + 2
        if mark in _WITHIN_SCAN:
            at += 1 if mark == 0xFF else 2  # noqa: PLR2004 - a fill byte
        else:
            (length,) = struct.unpack(">H", data[at + 2 : at + 4])
            at += 2 + length


def _orientation(data: bytes) -> int:
    from PIL import Image  # noqa: PLC0415 - only where a picture is read

    with Image.open(io.BytesIO(data)) as picture:
        return int(picture.getexif().get(_ORIENTATION, 1))


def _turned(orientation: int) -> bytes:
    """A segment that says which side is up, and nothing else."""
    body = b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHHI", _ORIENTATION, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _png_without(data: bytes) -> bytes:
    kept, at = [_PNG], len(_PNG)
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, chunk = data[at + 4 : at + 8], data[at : at + 12 + length]
        if len(chunk) != length + 12 or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise ValueError
        if kind in _PNG_DRAWN:
            kept.append(chunk)
        if kind == b"IEND":
            return b"".join(kept)
        at += 12 + length
    raise ValueError


def _pdf_without(data: bytes) -> bytes:
    import pypdf  # noqa: PLC0415 - only where a PDF is read
    from pypdf.errors import PyPdfError  # noqa: PLC0415 - as above

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise ValueError
        if _is_signed(reader):
            raise DocumentInputError("The PDF is signed: taking anything out would break the signature.")
        writer = pypdf.PdfWriter(clone_from=reader)
        writer.metadata = None
        root: Any = writer.root_object  # pypdf's own objects have no types of their own
        for part in (root, *writer.pages):
            for name in ("/Metadata", "/PieceInfo"):
                part.pop(name, None)
        writer.compress_identical_objects(remove_unreferenced=True)
        out = io.BytesIO()
        writer.write(out)
    except PyPdfError as error:
        raise ValueError from error
    return out.getvalue()


def _is_signed(reader: pypdf.PdfReader) -> bool:
    return any(field.get("/FT") == "/Sig" and field.get("/V") for field in (reader.get_fields() or {}).values())


def _office_without(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as target:
        for member in archive.infolist():
            content = _EMPTY_PARTS.get(member.filename) or archive.read(member)
            if member.filename.startswith("docProps/thumbnail"):
                continue
            if member.filename == "_rels/.rels":
                content = _THUMBNAIL.sub(b"", content)
            if content.startswith((_JPEG, _PNG)):
                content = without_metadata(content)
            plain = zipfile.ZipInfo(member.filename)
            plain.compress_type = member.compress_type
            target.writestr(plain, content)
    return out.getvalue()
