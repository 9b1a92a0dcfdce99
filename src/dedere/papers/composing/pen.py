"""The pen: writes data of any shape as blocks in one language, so that a composer only says what is special."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.papers.composing.provenance import is_reference, reference_note
from dedere.papers.document import Block, Fields, Heading, Items, Line, Paragraph, Run, Table, line
from dedere.papers.particulars import Json, Particulars, is_blank, is_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dedere.papers.wording import Wording

_DEEPEST_HEADING = 3
_WORD_LENGTH = 90


@dataclass(slots=True)
class Pen:
    """Blocks written so far, in one language. Made for one document, then thrown away."""

    wording: Wording
    blocks: list[Block] = field(default_factory=list)

    def heading(self, text: str, *, level: int = 1) -> None:
        """A heading of our own words."""
        self.blocks.append(Heading(line(text), level=min(level, _DEEPEST_HEADING)))

    def say(self, key: str, /, **places: str) -> None:
        """A numbered paragraph of fixed text."""
        self.blocks.append(Paragraph(line(self.wording.text(key, **places)), numbered=True))

    def prose(self, text: str, *, notes: Sequence[str] = (), language: str = "") -> None:
        """Free text as numbered paragraphs, one for each stretch between blank lines."""
        stretches = [stretch.strip("\n") for stretch in _stretches(text)]
        for place, stretch in enumerate(stretches):
            last = tuple(notes) if place == len(stretches) - 1 else ()
            self.blocks.append(Paragraph(line(stretch, language=language, notes=last), numbered=True))

    def rows(self, rows: Iterable[tuple[str, str]], *, code: frozenset[str] = frozenset()) -> None:
        """Label and value; rows without a value are left out. Labels in `code` have values such as digests."""
        made = tuple((line(label), line(value, code=label in code)) for label, value in rows if value)
        if made:
            self.blocks.append(Fields(made))

    def table(self, heading: Sequence[str], rows: Sequence[Sequence[str]], *, widths: tuple[int, ...] = ()) -> None:
        """A table of plain texts; `widths` are shares of the line."""
        self.blocks.append(
            Table(
                heading=tuple(line(cell) for cell in heading),
                rows=tuple(tuple(line(cell) for cell in row) for row in rows),
                widths=widths,
            )
        )

    def data(self, data: Mapping[str, Json], *, level: int = 2) -> None:
        """Any mapping: short values as rows, long texts as paragraphs, lists and mappings below a heading."""
        rows: list[tuple[Line, Line]] = []
        notes = _notes_of(data, self.wording)
        for name, value in data.items():
            if is_blank(value) or is_reference(value) or name == "references":
                continue
            short = self._short(value)
            if short is not None:
                rows.append((line(self.wording.label(name)), line(short, notes=notes)))
                notes = ()
                continue
            self._flush(rows)
            self.heading(self.wording.label(name), level=level)
            self.value(value, level=level + 1)
        self._flush(rows)
        if notes:
            self.blocks.append(Paragraph(line(self.wording.text("provenance.rests_on"), notes=notes)))

    def value(self, value: Json, *, level: int = 2) -> None:
        """Any value."""
        if isinstance(value, Mapping):
            self.data(value, level=level)
        elif is_list(value):
            self._list(value, level=level)
        else:
            short = self._short(value)
            if short is not None:
                self.blocks.append(Paragraph(line(short)))
            else:
                self.prose(str(value))

    def rest(self, particulars: Particulars, *, level: int = 2) -> None:
        """What the composer did not take: printed all the same."""
        rest = particulars.rest()
        if rest:
            self.data(rest, level=level)

    def _list(self, values: Sequence[Json], *, level: int) -> None:
        shorts = [self._short(value) for value in values if not is_blank(value)]
        if all(short is not None for short in shorts):
            self.blocks.append(Items(tuple(line(short) for short in shorts if short is not None)))
            return
        for number, value in enumerate(values, start=1):
            self.heading(self.wording.text("frame.item", number=str(number)), level=level)
            self.value(value, level=level + 1)

    def _short(self, value: Json) -> str | None:
        """The value as a few words, or `None` when it needs room."""
        if isinstance(value, bool):
            return self.wording.text("frame.yes" if value else "frame.no")
        if isinstance(value, int | float):
            return str(value)
        if isinstance(value, str) and "\n" not in value:
            return self.wording.word("word", value)
        return None

    def _flush(self, rows: list[tuple[Line, Line]]) -> None:
        if rows:
            self.blocks.append(Fields(tuple(rows)))
            rows.clear()


def runs(*parts: Run | str) -> Line:
    """A line from runs and plain texts."""
    return tuple(part if isinstance(part, Run) else Run(part) for part in parts)


def _stretches(text: str) -> list[str]:
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    found = [stretch for stretch in normal.split("\n\n") if stretch.strip()]
    return found or [""]


def _notes_of(data: Mapping[str, Json], wording: Wording) -> tuple[str, ...]:
    notes = [
        reference_note(value, wording) for value in data.values() if isinstance(value, Mapping) and is_reference(value)
    ]
    listed = data.get("references")
    if is_list(listed):
        notes += [reference_note(item, wording) for item in listed if isinstance(item, Mapping)]
    return tuple(notes)
