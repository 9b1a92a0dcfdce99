"""The evidence of the demonstration: a file of any size, made by a program, the same bytes every time."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from dedere.base.errors import FacilityError

PIECE = 4 * 1024 * 1024
FILM_SIZE = "64M"


def make_evidence(path: Path, size: int) -> Path:
    """Write `size` bytes that no compression shrinks, in constant memory; they say at their beginning what they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = b"Fictional survey data, made by a program for a demonstration.\n"
    with path.open("wb") as file:
        written = file.write(head[:size])
        number = 0
        while written < size:
            piece = hashlib.shake_128(f"dedere demonstration {number}".encode()).digest(min(PIECE, size - written))
            written += file.write(piece)
            number += 1
    return path


def prepare_request(request: Path, folder: Path) -> Path:
    """Copy a request file with everything beside it into `folder`; of an example, make the attachments there too.

    Raises:
        FacilityError: the folder cannot be copied, or the examples' script failed; with what it said.
    """
    try:
        shutil.copytree(request.parent, folder)
    except OSError as error:
        raise FacilityError(f"{request.parent} cannot be copied into {folder}.") from error
    script = request.resolve().parent.parent / "make_attachments.py"
    if script.is_file():
        run_script(script, folder, film_size=FILM_SIZE)
    return folder / request.name


def run_script(script: Path, folder: Path, *, film_size: str) -> None:
    """Have the examples' script make the attachments that the request in `folder` names.

    Raises:
        FacilityError: it failed; with what it said.
    """
    command = [sys.executable, str(script), str(folder), "--film-size", film_size]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise FacilityError(f"{script} failed: {done.stderr.strip()}")
