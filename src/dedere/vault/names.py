"""Names as they may be shown and written: what a source called a file, without what a name can do to its reader."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

NAME_LIMIT = 120
"""Characters of a shown name."""

_BYTES_LIMIT = 220  # file systems end at 255 bytes, and a dossier puts the item's identifier before the name
_EXTENSION_LIMIT = 16
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_UNWRITABLE = frozenset('/\\:*?"<>|')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
)


def safe_name(name: str) -> str:
    """`name` as it is shown, stored and written to a dossier: one path component, printable, of bounded length.

    Control characters, direction overrides and other invisible characters become `_`, so that nothing of the name is
    hidden or reordered; separators too. The extension survives shortening. Never empty, never `.` or `..`, never a name
    that some system reserves. `safe_name(safe_name(x)) == safe_name(x)`.
    """
    shown = "".join(_shown(character) for character in unicodedata.normalize("NFC", name))
    shown = _shorten(" ".join(shown.split()).strip(" ."))
    if not shown:
        return "unnamed"
    stem = shown.split(".", maxsplit=1)[0].rstrip(" ").lower()
    return f"_{shown}" if stem in _RESERVED else shown


def safe_path(path: str) -> str:
    """A relative path of safe names joined by `/`; `..` and a leading `/` have no meaning left."""
    parts = [safe_name(part) for part in path.split("/") if part not in {"", ".", ".."}]
    return "/".join(parts) or "unnamed"


def distinct(path: str, taken: Container[str]) -> str:
    """`path`, or with ` (2)`, ` (3)` … before its extension when it is taken, also where case does not count."""
    folder, slash, name = path.rpartition("/")
    stem, dot, extension = name.rpartition(".")
    if not stem:
        stem, dot, extension = name, "", ""
    candidate, number = path, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{folder}{slash}{stem} ({number}){dot}{extension}"
    return candidate


def _shown(character: str) -> str:
    if character in _UNWRITABLE:
        return "_"
    return "_" if unicodedata.category(character) in _UNSHOWN else character


def _shorten(name: str) -> str:
    if len(name) <= NAME_LIMIT and len(name.encode()) <= _BYTES_LIMIT:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > _EXTENSION_LIMIT:
        stem, dot, extension = name, "", ""
    ending = f"…{dot}{extension}"
    room = NAME_LIMIT - len(ending)
    while len((stem[:room].rstrip(" .") + ending).encode()) > _BYTES_LIMIT:
        room -= 1
    return stem[:room].rstrip(" .") + ending
