"""The spellings of the protected witness, as bytes: in the encodings and escapes in which programs keep text."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

from support.custody import SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def needles() -> Iterator[bytes]:
    """Every spelling in every form."""
    for spelling in SPELLINGS:
        for form in {spelling, unicodedata.normalize("NFD", spelling), spelling.upper(), spelling.lower()}:
            yield from (form.encode("utf-8"), form.encode("utf-16-le"), form.encode("utf-16-be"))
            yield json.dumps(form).strip('"').encode("ascii")


def found_in(content: bytes) -> list[bytes]:
    """Which of them stand in these bytes."""
    return [needle for needle in set(needles()) if needle in content]


def spelled_below(folder: Path) -> list[str]:
    """Every file below a folder that spells the name, in its content or its own name."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [str(path) for path in files if found_in(path.read_bytes()) or found_in(str(path).encode())]
