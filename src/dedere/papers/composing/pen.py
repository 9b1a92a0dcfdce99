"""The pen: writes data of any shape as blocks in one language, so that a composer only says what is special."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.papers.composing.order import in_reading_order
from dedere.papers.composing.provenance import ground_note, is_reference, reference_note, unknown_note
from dedere.papers.composing.translations import Passage, TranslationState
from dedere.papers.composing.values import is_code, is_digest, language_name, short_value
from dedere.papers.document import (
    Block,
    Fields,
    Heading,
    Items,
    Line,
    Notice,
    NoticeKind,
    Paragraph,
    Table,
    line,
)
from dedere.papers.particulars import Json, is_blank, is_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedere.papers.composing.translations import Translations
    from dedere.papers.wording import Wording

DEEPEST_HEADING = 3
# Longer than this, a value is read better below its label than beside it.
_BESIDE = 160
# A list of at most so many entries of at most this length stands beside its label, too.
_FEW, _SHORT = 8, 80
# The sentence that an object is about: printed as numbered paragraphs without a label of its own.
_MAIN_TEXT = "text"
# What an entry of a list is headed by, beside its number.
_TITLES: Mapping[str, tuple[str, ...]] = {"items": ("title", "measure"), "measures": ("title", "kind", "measure")}
# The form's own business, printed last.
_TRAILING = frozenset({"format", "version"})
# Members whose content is laid out in the place of the object that holds them.
_OPEN_GROUPS = frozenset({"request"})


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What an act's words stand for: names of identifiers, references of provisions, translations of passages."""

    translations: Translations
    names: Mapping[str, str] = field(default_factory=dict)
    references: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)


@dataclass(slots=True)
class Pen:
    """Blocks written so far, in one language. Made for one document, then thrown away.

    `first` says that the language is the document's first one.
    """

    wording: Wording
    lexicon: Lexicon
    first: bool = True
    blocks: list[Block] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    _path: list[str] = field(default_factory=list)

    # ---------------------------------------------------------------- single blocks

    def write(self, block: Block) -> None:
        """Any block. Its unit, the place in the data it speaks of, pairs it with the other language's."""
        self.blocks.append(block)
        self.units.append(self._at)

    def heading(self, text: str, *, level: int = 1, notes: tuple[str, ...] = ()) -> None:
        """A heading; levels below the deepest look like the deepest."""
        self.write(Heading(line(text, notes=notes), level=min(level, DEEPEST_HEADING)))

    def say(self, key: str, /, **places: str) -> None:
        """A numbered paragraph of fixed text."""
        self.write(Paragraph(line(self.wording.text(key, **places)), numbered=True))

    def warn(self, key: str, /, **places: str) -> None:
        """A boxed warning of fixed text."""
        self.write(Notice(line(self.wording.text(key, **places), strong=True), kind=NoticeKind.WARNING))

    def rows(self, *rows: tuple[str, str]) -> None:
        """Label and value; rows without a value are left out."""
        made = tuple((line(label), line(value, code=is_digest(value))) for label, value in rows if value)
        if made:
            self.write(Fields(made))

    def table(self, heading: Sequence[str], rows: Sequence[Sequence[str]], *, widths: tuple[int, ...] = ()) -> None:
        """A table of plain texts; `widths` are shares of the line."""
        self.write(
            Table(
                heading=tuple(line(cell) for cell in heading),
                rows=tuple(tuple(line(cell, code=is_digest(cell)) for cell in row) for row in rows),
                widths=widths,
            )
        )

    def prose(self, text: str, *, notes: Sequence[str] = ()) -> None:
        """Free text as numbered paragraphs, one for each stretch between blank lines, with its translation's notes."""
        passage = self._passage(text)
        original = language_name(self.lexicon.translations.original, self.wording.language)
        if passage.state is TranslationState.CHANGED_SINCE:
            self.warn("translation.changed-since", language=original)
        last_notes = (*notes, *self._translation_notes(passage, original=original))
        stretches = _stretches(passage.text)
        for place, stretch in enumerate(stretches, start=1):
            shown = line(stretch, language=passage.language, notes=last_notes if place == len(stretches) else ())
            self.write(Paragraph(shown, numbered=True))

    # ---------------------------------------------------------------- data of any shape

    def data(self, data: Mapping[str, Json], *, level: int = 2, order: str = "") -> None:
        """Any mapping: short values as rows, the main text as paragraphs, lists and mappings below a heading.

        `order` names the reading order; it is that of the member the mapping stands in when empty.
        """
        rows: list[tuple[Line, Line]] = []
        after: list[tuple[str, Json]] = []
        notes = self._notes(data)
        for name, value in in_reading_order(data, inside=order or self._inside):
            if is_blank(value) or is_reference(value) or (name == "references" and _all_references(value)):
                continue
            with self.under(name):
                beside = self._beside(name, value, notes=notes)
            if beside is None or name in _TRAILING:
                after.append((name, value))
                continue
            rows.append(beside)
            notes = ()
        if rows:
            self.write(Fields(tuple(rows)))
        if notes:
            self.write(Paragraph(line(self.wording.text("provenance.rests_on"), notes=notes)))
        for name, value in sorted(after, key=lambda member: (member[0] != _MAIN_TEXT, member[0] in _TRAILING)):
            self.member(name, value, level=level)

    def member(self, name: str, value: Json, *, level: int = 1) -> None:
        """One member that says something, beside its label or below it."""
        with self.under(name):
            beside = self._beside(name, value, notes=())
            if beside is None:
                self._below(name, value, level=level)
            else:
                self.write(Fields((beside,)))

    @contextlib.contextmanager
    def under(self, name: str) -> Iterator[None]:
        """While it lasts, what is written stands at `name` inside what stood before."""
        self._path.append(name)
        try:
            yield
        finally:
            self._path.pop()

    def short(self, name: str, value: Json) -> str | None:
        """The value as a few words, or `None` when it needs room."""
        return short_value(name, value, wording=self.wording, names=self.lexicon.names)

    # ---------------------------------------------------------------- inside

    @property
    def _inside(self) -> str:
        named = [step for step in self._path if not step.startswith("[")]
        return named[-1] if named else ""

    @property
    def _at(self) -> str:
        return ".".join(self._path).replace(".[", "[")

    def _label(self, name: str) -> str:
        named = [step for step in self._path if not step.startswith("[")]
        parents = named[:-1] if named and named[-1] == name else named
        return self.wording.label(name, inside=parents[-1] if parents else "")

    def _beside(self, name: str, value: Json, *, notes: tuple[str, ...]) -> tuple[Line, Line] | None:
        if name == _MAIN_TEXT or isinstance(value, Mapping):
            return None
        if is_list(value):
            return self._few(name, value, notes=notes)
        short = self.short(name, value)
        if short is None or len(short) > _BESIDE:
            return None
        if short == value and self._passage(short).state is TranslationState.CHANGED_SINCE:
            return None
        short, language = self._in_language(short, value)
        if name == "provision" and isinstance(value, str):
            notes = (*notes, *self._provision_notes(value))
        return line(self._label(name)), line(short, language=language, code=is_digest(short), notes=notes)

    def _few(self, name: str, values: Sequence[Json], *, notes: tuple[str, ...]) -> tuple[Line, Line] | None:
        """A few short codes, States or identifiers as one row, each on a line of its own."""
        entries = [self._entry(name, value, number=number) for number, value in enumerate(values, start=1)]
        shown = [run for entry in entries for run in entry or ()]
        if None in entries or len(shown) > _FEW or any(run.language or len(run.text) > _SHORT for run in shown):
            return None
        return line(self._label(name)), line("\n".join(run.text for run in shown), notes=notes)

    def _below(self, name: str, value: Json, *, level: int) -> None:
        if name == _MAIN_TEXT and isinstance(value, str):
            self.prose(value)
            return
        if name in _OPEN_GROUPS and isinstance(value, Mapping):
            self.data(value, level=level)
            return
        self.heading(self._label(name), level=level)
        self._content(name, value, level=level + 1)

    def _content(self, name: str, value: Json, *, level: int) -> None:
        if isinstance(value, Mapping):
            self.data(value, level=level)
        elif is_list(value):
            self._list(name, value, level=level)
        elif isinstance(value, str):
            self.prose(value)
        else:
            self.write(Paragraph(line(self.short(name, value) or "")))

    def _list(self, name: str, values: Sequence[Json], *, level: int) -> None:
        lines = [self._entry(name, value, number=number) for number, value in enumerate(values, start=1)]
        if all(entry is not None for entry in lines):
            self.write(Items(tuple(entry for entry in lines if entry)))
            return
        for number, value in enumerate(values, start=1):
            if is_blank(value):
                continue
            with self.under(f"[{number}]"):
                self._item(name, value, number=number, level=level)

    def _entry(self, name: str, value: Json, *, number: int) -> Line | None:
        """A short entry of a list as a line; an empty line for a blank one, `None` for one that needs room."""
        if is_blank(value):
            return ()
        short = self.short(name, value)
        if short is None or len(short) > _BESIDE:
            return None
        with self.under(f"[{number}]"):
            shown, language = self._in_language(short, value)
        return line(shown, language=language, code=is_digest(shown))

    def _in_language(self, short: str, value: Json) -> tuple[str, str]:
        """A short value and its language: translated where a translation is up to date, otherwise as it is."""
        if short != value or is_code(short):
            return short, ""
        passage = self._passage(short)
        if passage.state is TranslationState.CHANGED_SINCE:
            return short, self.lexicon.translations.original
        return passage.text, "" if passage.language == self.wording.language else passage.language

    def _item(self, name: str, value: Json, *, number: int, level: int) -> None:
        """One entry of a list, headed by its number and, when it has one, its title or kind."""
        key = f"shape.{name}" if self.wording.has(f"shape.{name}") else "shape.item"
        head = self.wording.text(key, number=str(number))
        if isinstance(value, Mapping):
            notes = ground_note(value, self.wording)
            for member in _TITLES.get(name, ("title", "kind")):
                title = value.get(member)
                if isinstance(title, str) and title and len(title) <= _BESIDE:
                    with self.under(member):
                        shown, _ = self._in_language(self.short(member, title) or title, title)
                    head = self.wording.text("shape.titled", head=head, title=shown)
                    value = {other: datum for other, datum in value.items() if other != member}
                    break
        else:
            notes = ()
        self.heading(head, level=level, notes=notes)
        self._content(name, value, level=level + 1)

    def _passage(self, text: str) -> Passage:
        return self.lexicon.translations.passage(text, path=self._at, language=self.wording.language)

    def _translation_notes(self, passage: Passage, *, original: str) -> tuple[str, ...]:
        wording = self.wording
        if passage.state is TranslationState.MISSING:
            return (wording.text("translation.untranslated", language=original),)
        if passage.translation is None:
            return ()
        none = wording.text("translation.not-named")
        note = wording.text(
            "translation.note",
            language=original,
            status=wording.word("word", passage.translation.status) or none,
            translator=passage.translation.translator or none,
            certificate=passage.translation.certificate or none,
        )
        return (note,)

    def _notes(self, data: Mapping[str, Json]) -> tuple[str, ...]:
        found: list[Json] = [value for value in data.values() if is_reference(value)]
        listed = data.get("references")
        if is_list(listed) and _all_references(listed):
            found += listed
        return tuple(reference_note(each, self.wording) for each in found if isinstance(each, Mapping))

    def _provision_notes(self, provision: str) -> tuple[str, ...]:
        if self._inside_ground():
            return ()
        reference = self.lexicon.references.get(provision)
        return (reference_note(reference, self.wording) if reference else unknown_note(self.wording),)

    def _inside_ground(self) -> bool:
        return "grounds" in self._path


def _all_references(value: Json) -> bool:
    return is_list(value) and all(is_reference(item) for item in value)


def _stretches(text: str) -> list[str]:
    normal = text.replace("\r\n", "\n").replace("\r", "\n")
    return [stretch.strip("\n") for stretch in normal.split("\n\n") if stretch.strip()]
