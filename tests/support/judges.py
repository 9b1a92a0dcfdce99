"""The foreign judges of documents: veraPDF and the European Union's DSS on Java, and poppler's pdfsig."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from support.requirement import lacks, require_program

if TYPE_CHECKING:
    from collections.abc import Sequence

JARS = Path(__file__).parents[2] / ".make" / "judges" / "lib"


def ask_java(judge: str, *arguments: str | Path) -> tuple[int, list[str]]:
    """The judge's exit code and lines. It needs the jars that `scripts/judges/build.sh` builds."""
    if not (JARS / "judges.jar").is_file():
        lacks("needs the Java judges: run make judges")
    java = require_program("java")
    command: Sequence[str | Path] = (java, "-cp", f"{JARS}/*", f"judges.{judge}", *arguments)
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    return done.returncode, done.stdout.splitlines()
