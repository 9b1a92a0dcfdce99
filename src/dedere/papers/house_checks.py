"""The checks that an office's own letterhead, pictures and wording go through before they are used."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.papers.house_settings import settings_faults
from dedere.papers.pictures import picture_size
from dedere.papers.wording import LANGUAGES, load_wording, parse_wording, places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedere.papers.wording import Wording

MAXIMUM_TEMPLATE = 64 * 1024
MAXIMUM_PICTURE = 2 * 1024 * 1024
MAXIMUM_PIXELS = 4_000_000
# Fixed text that warns the reader is the same in every office.
PROTECTED = ("provenance.", "translation.", "status.", "confidence.", "outcome.", "frame.banner", "frame.seal_note")
_FIELDS = ("state", "authority", "lines")
# What reads files, fetches packages, runs text as code or could name any of these indirectly.
_FORBIDDEN = re.compile(
    r"\b(import|include|read|eval|plugin|sys|std|dictionary|json|toml|yaml|csv|xml|cbor|bibliography|query|state|"
    r"counter|while|range|embed|attach|raw|document)\b(?!:)"
)
_SCRIPTS = {"ar": "ARABIC", "mn": "CYRILLIC"}
_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, where. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}," if self.line else self.file
        return f"{where} {self.sentence}"


def letterhead_complaints(path: Path, *, copied: Callable[[Path], Path]) -> Iterator[Complaint]:
    """Whether the letterhead keeps to what a letterhead may do, prints every field, and ends in time.

    `copied` makes the folder to try it in. It is tried in a process of its own with bounded time and memory.
    """
    source = path.read_bytes()
    if len(source) > MAXIMUM_TEMPLATE:
        yield Complaint(path.name, 0, f"is larger than {MAXIMUM_TEMPLATE // 1024} KiB.")
        return
    refused = list(_forbidden_words(path.name, source.decode("utf-8", "replace")))
    yield from refused
    if not refused:
        yield from _tried(path, copied(path.parent))


def _forbidden_words(name: str, source: str) -> Iterator[Complaint]:
    for number, line in enumerate(source.splitlines(), start=1):
        # `head.state` is a field of what the letterhead is given, not the function of that name.
        for found in _FORBIDDEN.finditer(re.sub(r"\bhead\.\w+", "", line)):
            yield Complaint(name, number, f"uses {found[0]!r}, which a letterhead may not.")
        if "@" in line:
            yield Complaint(name, number, "uses '@', which a letterhead may not; addresses come from the settings.")


def _tried(path: Path, folder: Path) -> Iterator[Complaint]:
    command = [sys.executable, "-m", "dedere.papers.house_trial", str(folder)]
    found: dict[str, object]
    try:
        # Our own interpreter on our own module; the folder is an argument, not a command.
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
        found = json.loads(done.stdout) if done.returncode == 0 else {"line": 0, "message": "needs too much memory."}
    except subprocess.TimeoutExpired:
        found = {"line": 0, "message": f"does not end within {_SECONDS} seconds."}
    message, line, shown = found.get("message"), found.get("line"), found.get("shown")
    if message:
        yield Complaint(path.name, line if isinstance(line, int) else 0, str(message))
        return
    for field in _FIELDS:
        if not isinstance(shown, list) or field not in shown:
            yield Complaint(path.name, 0, f"does not print head.{field} through line-of.")


def settings_complaints(path: Path) -> Iterator[Complaint]:
    """Whether the office's settings can be printed: known names, the right kinds, lines that fit."""
    if path.stat().st_size > MAXIMUM_TEMPLATE:
        yield Complaint(path.name, 0, f"is larger than {MAXIMUM_TEMPLATE // 1024} KiB.")
        return
    for line, sentence in settings_faults(path.read_text("utf-8", "replace")):
        yield Complaint(path.name, line, sentence)


def picture_complaints(path: Path) -> Iterator[Complaint]:
    """Whether a picture of a letterhead is small enough to print on every document."""
    if path.stat().st_size > MAXIMUM_PICTURE:
        yield Complaint(path.name, 0, f"is larger than {MAXIMUM_PICTURE // 2**20} MiB.")
        return
    if path.suffix == ".svg":
        if re.search(rb"<!ENTITY|<script|href\s*=\s*[\"'](?!#|data:)", path.read_bytes(), re.IGNORECASE):
            yield Complaint(path.name, 0, "is a drawing with scripts, entities or links to other files.")
        return
    size = picture_size(path.read_bytes())
    if size is None:
        yield Complaint(path.name, 0, "is not a readable PNG or JPEG picture.")
    elif size.pixels > MAXIMUM_PIXELS:
        yield Complaint(path.name, 0, f"has {size.pixels:,} pixels; a letterhead takes {MAXIMUM_PIXELS:,}.")


def wording_complaints(path: Path) -> Iterator[Complaint]:
    """Whether a catalogue of changed wording is of a known language, in its script, with the right keys and places."""
    name, language = f"wording/{path.name}", path.stem
    if path.suffix != ".toml" or language not in LANGUAGES:
        yield Complaint(
            name, 0, f"is not a catalogue; expected one of {', '.join(f'{each}.toml' for each in LANGUAGES)}."
        )
        return
    source = path.read_text("utf-8", "replace")
    try:
        changed = parse_wording(source, language=language)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        yield Complaint(name, int(line[1]) if line else 0, "is not readable as TOML.")
        return
    shipped = load_wording(language)
    for key, text in changed.texts.items():
        sentence = _text_fault(key, text, shipped)
        if sentence:
            yield Complaint(name, _line_of(key, source), sentence)


def _text_fault(key: str, text: str, shipped: Wording) -> str:
    if key.startswith(PROTECTED):
        return f"changes {key}, which is the same in every office."
    if not shipped.has(key):
        return f"changes {key}, which does not exist."
    wanted = places(shipped.texts[key])
    if places(text) != wanted:
        listed = ", ".join(f"{{{place}}}" for place in sorted(wanted)) or "none"
        return f"has other places in {key} than expected ({listed})."
    if not _in_script(text, shipped.language):
        return f"has {key} in another script than that of the language {shipped.language}."
    return ""


def _in_script(text: str, language: str) -> bool:
    """Whether the letters of a text are mostly those of the language's script."""
    wanted = _SCRIPTS.get(language, "LATIN")
    letters = [character for character in re.sub(r"\{\w+\}", "", text) if character.isalpha()]
    fitting = sum(wanted in unicodedata.name(letter, "") for letter in letters)
    return not letters or 2 * fitting >= len(letters)


def _line_of(key: str, source: str) -> int:
    """The line on which a key stands, by its table and its last name; 0 when it cannot be told."""
    table, _, member = key.partition(".")
    inside = ""
    for number, line in enumerate(source.splitlines(), start=1):
        head = re.match(r"\s*\[\s*([^\]]+?)\s*\]", line)
        if head:
            inside = head[1]
        elif inside == table and re.match(rf"\s*[\"']?{re.escape(member)}[\"']?\s*=", line):
            return number
    return 0
