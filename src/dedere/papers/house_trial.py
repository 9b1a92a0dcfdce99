"""Tries a letterhead in a process of its own: `python -m dedere.papers.house_trial FOLDER` prints what it found.

Prints `{"shown": [fields]}`, or `{"line", "message"}` for an error in the template. Time and memory are bounded here,
so that a template that never ends or takes everything harms nobody.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path

from dedere.papers.typesetting import typefaces

_SECONDS = 15
_MEMORY = 2 * 1024**3
_SAMPLE = "Sample of a long line of a letterhead, with أحرف and Ө " * 3


def try_letterhead(folder: Path) -> dict[str, object]:
    """The fields that the letterhead in `folder` prints, or its error with its line."""
    import typst  # noqa: PLC0415 - after the limits are set

    fonts, families = typefaces()
    paper = json.dumps({"fonts": families, "sample": _SAMPLE})
    compiler = typst.Compiler(
        folder / "letterhead_check.typ",
        root=folder,
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"paper": paper},
    )
    try:
        compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"])
        shown = json.loads(compiler.query("<shown>", field="value"))
    except typst.TypstError as error:
        line = re.search(r"letterhead\.typ:(\d+):", error.diagnostic)
        return {"line": int(line[1]) if line else 0, "message": f"does not work: {error.message}."}
    return {"shown": shown}


def main() -> None:
    """The command."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    sys.stdout.write(json.dumps(try_letterhead(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
