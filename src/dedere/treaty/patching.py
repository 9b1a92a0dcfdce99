"""Reviews as a patch against the packaged data, which others can take: a unified diff, the reviews named above it."""

from __future__ import annotations

import csv
import datetime as dt
import difflib
import io
from typing import TYPE_CHECKING

from dedere.treaty.rawrows import raw_rows
from dedere.treaty.reviewing import Weight, overrides_from, weigh

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dedere.treaty.document import Document, Place
    from dedere.treaty.review import Review

_FOLDER = "src/dedere/treaty/data"


def review_patch(reviews: Sequence[Review], documents: Mapping[str, Document], registers: Mapping[str, str]) -> str:
    """The patch; empty when no review counts.

    Rows that were found not to exist are named in the preface only: taking them out is an editor's decision, since
    other rows may rest on them.
    """
    rows = raw_rows(documents, registers)
    overrides = overrides_from(reviews, documents, registers)
    preface = [
        f"{each.review.datum}: {each.review.result.value} by {each.said}\n"
        for each in weigh(reviews, rows)
        if each.weight is Weight.COUNTS
    ]
    pieces = ["".join(preface)]
    for name, document in documents.items():
        lines = document.text.splitlines(keepends=True)
        edits = [
            (place, override.values)
            for datum, override in overrides.items()
            if (place := rows[datum].place) is not None and datum.startswith(f"{name}/") and not override.absent
        ]
        pieces.append(_diff(f"instruments/{name}.toml", lines, _edited(document, lines, edits)))
        if name in registers:
            changed = {
                datum: override.values
                for datum, override in overrides.items()
                if rows[datum].place is None and datum.startswith(f"{name}/") and not override.absent
            }
            new = _edited_register(name, registers[name], changed)
            pieces.append(_diff(f"parties/{name}.csv", registers[name].splitlines(keepends=True), new))
    return "".join(pieces)


def _diff(path: str, old: Sequence[str], new: Sequence[str]) -> str:
    return "".join(difflib.unified_diff(old, new, f"a/{_FOLDER}/{path}", f"b/{_FOLDER}/{path}"))


def _edited(document: Document, lines: list[str], edits: Sequence[tuple[Place, Mapping[str, object]]]) -> list[str]:
    changes: dict[int, list[str]] = {}
    for place, values in edits:
        heading = document.line_of(place)
        for key, value in values.items():
            text = f"{key} = {toml_text(value)}\n"
            line = document.line_of(place, key)
            if line == heading:
                changes.setdefault(heading, [lines[heading - 1]]).append(text)
            else:
                changes[line] = [text]
    return [text for number, line in enumerate(lines, start=1) for text in changes.get(number, [line])]


def _edited_register(name: str, text: str, changed: Mapping[str, Mapping[str, object]]) -> list[str]:
    if not changed:
        return text.splitlines(keepends=True)
    source = csv.DictReader(io.StringIO(text))
    target = io.StringIO()
    writer = csv.DictWriter(target, source.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    for row in source:
        writer.writerow({**row, **changed.get(f"{name}/{row['id']}", {})})
    return target.getvalue().splitlines(keepends=True)


def toml_text(value: object) -> str:
    """A value as TOML writes it: words, flags, numbers, days, one quantity, or a list of these."""
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case dt.date():
            return value.isoformat()
        case dict():
            return "{ " + ", ".join(f"{key} = {toml_text(part)}" for key, part in value.items()) + " }"
        case list():
            return "[" + ", ".join(toml_text(part) for part in value) + "]"
        case _:
            return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
