"""What can be read in a file that is to leave: its text and what it says about itself.

Files come from anywhere, so they are read in a process of their own with bounded time and memory
(`python -m dedere.papers.legible KIND`, the file on its standard input; nothing is written to a disk). What cannot be
read is said, never passed over: a scan without text, a film, a file too large or damaged.
"""

from __future__ import annotations

import html
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from dedere.papers.metadata import metadata_of

LARGEST = 128 * 1024 * 1024
_SECONDS = 30
_MEMORY = 2 * 1024**3
_MOST_TEXT = 8 * 1024 * 1024
_MOST_EXPANDED = 256 * 1024 * 1024
_MOST_MEMBERS = 4000
_EDGES = 4 * 1024 * 1024
_PARAGRAPH = re.compile(
    r"</(?:\w+:)?(?:p|h|si|row|table-row|tr|div|li|title|comment|text-box)>|<br\s*/?>", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]*>")
_VALUES = re.compile(r"""<[^>]*?\s(?:[\w:]+)=["']([^"'<>]{4,300})["']""")
_RUNS = re.compile(r"[^\x00-\x1f\x7f-\x9f\ufffd]{4,}")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
# Where a text is not in Unicode: the scripts of Western and Central Europe, Cyrillic, Arabic.
_OLDER_ENCODINGS = ("utf-8", "cp1252", "cp1250", "cp1251", "cp1256", "koi8-r", "iso-8859-5", "iso-8859-6")
_OFFICE = ("application/vnd.openxmlformats", "application/vnd.oasis", "application/epub", "application/zip")


@dataclass(frozen=True, slots=True)
class Legible:
    """What was read. `unread` says in a sentence each what of the file nobody but a person can judge."""

    text: str
    unread: tuple[str, ...] = ()


def read_legible(source: BinaryIO, media_type: str) -> Legible:
    """The text of a file, and what of it could not be read. Never raises for what the file is."""
    data = source.read(LARGEST + 1)
    if len(data) > LARGEST:
        edges = data[:_EDGES] + data[-_EDGES:]
        return Legible(_runs(edges), ("The file is too large to be read whole.",))
    try:
        done = subprocess.run(  # noqa: S603 - our own module, by our own interpreter
            [sys.executable, "-m", "dedere.papers.legible", media_type],
            input=data,
            capture_output=True,
            timeout=_SECONDS + 5,
            check=True,
        )
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return Legible(_runs(data[:_EDGES]), ("The file could not be read; it may be damaged.",))
    return Legible(found["text"], tuple(found["unread"]))


def look_through(data: bytes, media_type: str) -> Legible:
    """The same, in this process and without bounds on time and memory."""
    texts: list[str] = [f"{name}: {value}" for name, value in metadata_of(data, media_type)]
    unread: list[str] = []
    for kind, reader in _READERS.items():
        if media_type.startswith(kind):
            for text in reader(data):
                if text.startswith("\0"):
                    unread.append(text[1:])
                else:
                    texts.append(text)
            break
    else:
        texts.append(_runs(data[:_EDGES] + data[-_EDGES:]))
        unread.append("The guard cannot read this kind of file: look through it yourself.")
    whole = "\n".join(texts)
    if len(whole) > _MOST_TEXT:
        unread.append("The file has more text than the guard reads.")
    return Legible(whole[:_MOST_TEXT], tuple(dict.fromkeys(unread)))


def _plain(data: bytes) -> Iterator[str]:
    for text in _decoded(data):
        yield text
        if "<" in text or "&" in text:
            yield _without_tags(text)
        if "\\u" in text:
            yield _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    if data.lstrip().startswith(b"{\\rtf"):
        yield "\0The guard cannot read this kind of file: look through it yourself."


def _decoded(data: bytes) -> Iterator[str]:
    """The text in the encoding that it is in; in every likely one where that is not said."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        yield data.decode("utf-16", errors="replace")
        return
    try:
        yield data.decode("utf-8")
    except UnicodeDecodeError:
        yield from (data.decode(encoding, errors="replace") for encoding in _OLDER_ENCODINGS)


def _picture(data: bytes) -> Iterator[str]:
    yield _runs(data[:_EDGES])
    yield "\0The guard reads what a picture says about itself, not what it shows: look at it yourself."


def _pdf(data: bytes) -> Iterator[str]:
    import pypdf  # noqa: PLC0415 - only where a PDF is read
    from pypdf.errors import PyPdfError  # noqa: PLC0415 - as above

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            yield "\0The PDF is locked: its text could not be read."
            return
        silent = 0
        for page in reader.pages:
            text = page.extract_text()
            silent += not text.strip()
            yield text
            yield from _annotations(page)
        if silent:
            yield f"\0The PDF has {silent} pages without text, scans perhaps: look at them yourself."
        yield from (str(field.get("/V", "")) for field in (reader.get_fields() or {}).values())
        for name, contents in reader.attachments.items():
            yield name
            yield from (_runs(content[:_EDGES]) for content in contents)
            yield "\0The PDF carries another file: look at it yourself."
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        yield _runs(data[:_EDGES])
        yield "\0The PDF is damaged, or could not be read whole."


def _annotations(page: Mapping[str, object]) -> Iterator[str]:
    notes = page.get("/Annots")
    for note in notes if isinstance(notes, list) else ():
        found = note.get_object()
        yield from (str(found[key]) for key in ("/Contents", "/T", "/Subj") if key in found)


def _office(data: bytes) -> Iterator[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_EXPANDED:
                yield "\0The file holds more than the guard unpacks: look through it yourself."
                return
            for member in members:
                yield member.filename
                yield from _member(member.filename, archive.read(member))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError):
        yield _runs(data[:_EDGES])
        yield "\0The file is damaged, or locked."


def _member(name: str, content: bytes) -> Iterator[str]:
    ending = name.rpartition(".")[2].lower()
    if ending in {"xml", "rels", "txt", "html", "xhtml", "csv", "json"}:
        text = content.decode("utf-8", errors="replace")
        yield _without_tags(text)
        yield html.unescape("\n".join(_VALUES.findall(text)))
        yield from _plain(content) if ending in {"json", "txt", "csv"} else ()
    elif ending in {"jpg", "jpeg", "png", "gif", "tif", "tiff", "webp"}:
        yield from (f"{field}: {value}" for field, value in metadata_of(content, ""))
        yield "\0The file carries a picture: look at it yourself."
    elif not name.endswith("/"):
        yield _runs(content[:_EDGES])
        yield "\0The file carries another file: look at it yourself."


def _without_tags(text: str) -> str:
    """What is read between the tags; pieces of one word stay one word."""
    return html.unescape(_TAG.sub("", _PARAGRAPH.sub("\n", text)))


def _runs(data: bytes) -> str:
    """Whatever in the bytes reads as text, in the encodings that files use."""
    found = []
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        found += _RUNS.findall(data.decode(encoding, errors="replace"))
    return "\n".join(found)


_READERS: Mapping[str, Callable[[bytes], Iterator[str]]] = {
    "text/": _plain,
    "application/json": _plain,
    "application/xml": _plain,
    "application/pdf": _pdf,
    "image/": _picture,
    **dict.fromkeys(_OFFICE, _office),
}


def main() -> None:
    """The command."""
    import resource  # noqa: PLC0415 - not on every system

    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    found = look_through(sys.stdin.buffer.read(), sys.argv[1])
    sys.stdout.write(json.dumps({"text": found.text, "unread": list(found.unread)}))


if __name__ == "__main__":
    main()
