"""A request that arrives on paper: the file (PDF or scan) is looked over before an officer registers it.

Says what it is and how many pages it has, and refuses what an officer's screen must not be given: scripts, files that
start programs, pictures that fill the memory. Nothing is decoded or executed. The file itself is kept as it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from dedere.base.errors import InputError
from dedere.crypto.digests import sha256_of_stream
from dedere.papers.pictures import picture_size

if TYPE_CHECKING:
    from typing import BinaryIO

MAXIMUM_SIZE = 512 * 1024 * 1024
MAXIMUM_PAGES = 5_000
MAXIMUM_PIXELS = 80_000_000
_HEAD = 1024 * 1024
# Names in a catalogue, a page or an annotation that make a viewer do something by itself.
_ACTIVE = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/GoToE", "/RichMedia")
MOST_OBJECTS = 400_000

# pyHanko's objects of a PDF are dictionaries and arrays without types.
Pdf: TypeAlias = Any


class PaperRefusedError(InputError):
    """The file cannot be taken as a request on paper."""

    code = "paper-refused"


@dataclass(frozen=True, slots=True)
class ReceivedPaper:
    """A file that may be registered: its kind, its pages, its size in bytes and SHA-256."""

    media_type: str
    pages: int
    size: int
    sha256: str


def look_over(source: BinaryIO) -> ReceivedPaper:
    """Look over a seekable file from its beginning; it is left at an arbitrary place.

    Raises:
        PaperRefusedError: neither PDF, PNG, JPEG nor TIFF; damaged, encrypted, active, or too large.
    """
    source.seek(0)
    head = source.read(_HEAD)
    size = source.seek(0, 2)
    if size > MAXIMUM_SIZE:
        raise PaperRefusedError(
            f"A request on paper has at most {MAXIMUM_SIZE // 2**20} MiB; scan it with less detail."
        )
    if head[:1024].lstrip().startswith(b"%PDF-"):
        media_type, pages = "application/pdf", _pages_of(source)
    else:
        media_type, pages = _kind_of_picture(head), 1
    source.seek(0)
    return ReceivedPaper(media_type, pages, size, sha256_of_stream(source))


def _kind_of_picture(head: bytes) -> str:
    size = picture_size(head)
    if size is None:
        raise PaperRefusedError("The file is neither a PDF nor a PNG, JPEG or TIFF picture that can be read.")
    if size.pixels > MAXIMUM_PIXELS:
        raise PaperRefusedError(
            f"The picture has {size.pixels:,} pixels; {MAXIMUM_PIXELS:,} can be shown at most. Scan it coarser."
        )
    return size.media_type


def _pages_of(source: BinaryIO) -> int:
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 - a second to import; only paper needs it
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    try:
        reader = PdfFileReader(source, strict=False)
        encrypted = reader.encrypted
        pages = 0 if encrypted else int(reader.root["/Pages"]["/Count"])
        active = "" if encrypted else _active_part(reader.root)
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise PaperRefusedError(
            "The PDF is damaged and cannot be read; ask for it again or print and scan it."
        ) from error
    if encrypted:
        raise PaperRefusedError("The PDF is locked with a password; ask the sender for one without.")
    if active:
        raise PaperRefusedError(
            f"The PDF holds an active part ({active}); print it and scan it, or ask for one without."
        )
    if not 0 < pages <= MAXIMUM_PAGES:
        raise PaperRefusedError(f"The PDF says that it has {pages} pages; between 1 and {MAXIMUM_PAGES} are taken.")
    return pages


def _active_part(root: Pdf) -> str:
    """The first part that would act by itself, by its name; empty when there is none."""
    from pyhanko.pdf_utils.generic import IndirectObject  # noqa: PLC0415

    seen: set[tuple[int, int]] = set()
    waiting: list[Pdf] = [root]
    looked_at = 0
    while waiting:
        value = waiting.pop()
        looked_at += 1
        if looked_at > MOST_OBJECTS:
            return "hidden among too many parts"
        if isinstance(value, IndirectObject):
            if (value.idnum, value.generation) in seen:
                continue
            seen.add((value.idnum, value.generation))
        part: Pdf = _object(value)
        if isinstance(part, dict):
            found = next((name for name in _ACTIVE if _acts(part, name)), "")
            if found:
                return found.removeprefix("/")
        waiting += _inside(part)
    return ""


def _inside(part: Pdf) -> list[Pdf]:
    if isinstance(part, dict):
        return [part.raw_get(name) for name in part]  # type: ignore[attr-defined]  # pyHanko's dictionaries are dicts
    if isinstance(part, list):
        return [part.raw_get(place) for place in range(len(part))]  # type: ignore[attr-defined]  # and its arrays lists
    return []


def _acts(dictionary: Pdf, name: str) -> bool:
    """Whether a dictionary has this name as a member, or is of this kind; kinds may be references too."""
    kinds = (_object(dictionary.raw_get(member)) for member in ("/S", "/Subtype") if member in dictionary)
    return name in dictionary or name in kinds


def _object(value: Pdf) -> Pdf:
    """The object that a reference names, null for a reference into the void; any other value as it is."""
    from pyhanko.pdf_utils.generic import IndirectObject  # noqa: PLC0415

    if not isinstance(value, IndirectObject):
        return value
    reference: Pdf = value
    return reference.get_object()
