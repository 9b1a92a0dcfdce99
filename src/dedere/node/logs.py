"""Lines of the log without personal data: what a line says is written by us, what an error says is not repeated.

The words of an error may hold whatever was being worked on: a name in a file, a row that the database refused. Of an
error only its kind and the places in the program are written. That is enough to find a defect.
"""

from __future__ import annotations

import json
import logging
import traceback
from types import TracebackType

_PLACES = 40


class Lines(logging.Formatter):
    """One line of text an entry; the places of an error follow, indented."""

    def __init__(self, process: str) -> None:
        super().__init__(f"%(asctime)s {process} %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name is the library's
        """The error's kind and places."""
        kind, places = _described(ei)
        return "\n".join([f"  {kind}", *(f"    at {place}" for place in places)])


class JsonLines(logging.Formatter):
    """One JSON object an entry: `at`, `process`, `level`, `logger`, `message`; of an error `error` and `places`."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """The entry as one line."""
        entry: dict[str, object] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}",
            "process": self._process,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["error"], entry["places"] = _described(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def _described(info: object) -> tuple[str, list[str]]:
    """The kind of an error, and where it came from, the innermost place last."""
    if not isinstance(info, tuple) or not isinstance(info[1], BaseException):
        return "unknown", []
    found: TracebackType | None = info[2]
    frames = traceback.extract_tb(found)[-_PLACES:]
    kind = type(info[1])
    return f"{kind.__module__}.{kind.__qualname__}", [f"{each.filename}:{each.lineno} {each.name}" for each in frames]
