"""A copy of a document that comes back edited: a Word file, a PDF or a scan, looked over before it is kept.

It is kept as it came and read by people; nothing is taken over from it.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from dedere.crypto.digests import sha256_hex
from dedere.papers.received import MAXIMUM_SIZE, PaperRefusedError, ReceivedPaper, look_over

if TYPE_CHECKING:
    from typing import BinaryIO

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LARGEST_WORD = 64 * 1024 * 1024
_NEEDED = frozenset({"[Content_Types].xml", "word/document.xml"})
# Programs and objects of other programs that a word processor would start.
_ACTIVE = ("vbaproject", "vbadata", "activex", "oleobject", "embeddings/")
_MOST_MEMBERS = 5_000
_ENCRYPTED = 0x1


def look_over_edited(source: BinaryIO) -> ReceivedPaper:
    """Look over a seekable file from its beginning; it is left at an arbitrary place. A Word file has 0 pages.

    Raises:
        PaperRefusedError: neither Word file, PDF, PNG, JPEG nor TIFF; damaged, encrypted, active, or too large.
    """
    source.seek(0)
    if source.read(4) != b"PK\x03\x04":
        return look_over(source)
    source.seek(0)
    data = source.read(LARGEST_WORD + 1)
    if len(data) > LARGEST_WORD:
        raise PaperRefusedError(f"A Word file has at most {LARGEST_WORD // 2**20} MiB; save a larger one as PDF.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _require_word(archive)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise PaperRefusedError("The Word file is damaged.") from error
    return ReceivedPaper(WORD, 0, len(data), sha256_hex(data))


def _require_word(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if not _NEEDED.issubset({member.filename for member in members}):
        raise PaperRefusedError("The file is an archive, and no Word file (DOCX).")
    if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > MAXIMUM_SIZE:
        raise PaperRefusedError("The Word file grows too large when it is opened.")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise PaperRefusedError("The Word file is locked with a password: take the lock off first.")
    active = next((each for each in members if any(word in each.filename.lower() for word in _ACTIVE)), None)
    if active is not None:
        raise PaperRefusedError(
            "The Word file holds a macro or an object of another program: save it without, or as PDF."
        )
