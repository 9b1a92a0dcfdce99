"""A ministry's own letterhead and wording, kept in a folder of the node; checked before anything is printed with it.

The folder may hold `office.toml`, `letterhead.typ`, pictures it shows (`*.svg`, `*.png`, `*.jpg`) and
`wording/<language>.toml`. A letterhead is a function that lays out what it is given; it can read nothing, fetch nothing
and compute little. The files are copied when they are loaded, so what was checked is what is used.
"""

from __future__ import annotations

import functools
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.papers.errors import TemplateError
from dedere.papers.house_checks import (
    Complaint,
    letterhead_complaints,
    picture_complaints,
    settings_complaints,
    wording_complaints,
)
from dedere.papers.house_settings import SETTINGS, HouseSettings, read_settings
from dedere.papers.typesetting import Typesetter, shipped_templates, shipped_typesetter
from dedere.papers.wording import Wording, load_wording, parse_wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LETTERHEAD = "letterhead.typ"
PICTURES = frozenset({".svg", ".png", ".jpg"})
WORDING = "wording"


@dataclass(frozen=True, slots=True)
class House:
    """How one office prints its documents: with which templates, in which words, under which address."""

    typesetter: Typesetter
    changed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    settings: HouseSettings = field(default_factory=HouseSettings)

    def wording(self, language: str) -> Wording:
        """The fixed text of a language with the office's own changes, and who checked it for the office.

        Raises:
            LanguageError: there is no fixed text in this language.
        """
        shipped = load_wording(language)
        changed, checked_by = self.changed.get(language), self.settings.checked.get(language, "")
        if not changed and not checked_by:
            return shipped
        return Wording(language, {**shipped.texts, **(changed or {})}, shipped.documents, checked_by)


@functools.cache
def shipped_house() -> House:
    """The house of an office that changed nothing."""
    return House(shipped_typesetter())


def load_house(folder: Path) -> House:
    """The house in a folder; the shipped one when the folder is absent.

    Raises:
        TemplateError: something in the folder cannot be used; the sentence holds every complaint with file and line.
    """
    if not folder.is_dir():
        return shipped_house()
    complaints = check_house(folder)
    if complaints:
        raise TemplateError(
            "The office's own templates cannot be used: " + " ".join(str(complaint) for complaint in complaints)
        )
    changed = {
        path.stem: parse_wording(path.read_text("utf-8"), language=path.stem).texts
        for path in sorted((folder / WORDING).glob("*.toml"))
    }
    path = folder / SETTINGS
    settings = read_settings(path.read_text("utf-8")) if path.is_file() else HouseSettings()
    return House(Typesetter(_copied(folder)), changed, settings)


def check_house(folder: Path) -> tuple[Complaint, ...]:
    """Everything that is wrong with a folder of templates; nothing when it can be used."""
    return tuple(_complaints(folder))


def _complaints(folder: Path) -> Iterator[Complaint]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            yield Complaint(path.name, 0, "is a link; put the file itself into the folder.")
        elif path.is_dir() and path.name == WORDING:
            for catalogue in sorted(path.iterdir()):
                yield from wording_complaints(catalogue)
        elif path.suffix in PICTURES:
            yield from picture_complaints(path)
        elif path.name == SETTINGS:
            yield from settings_complaints(path)
        elif path.name != LETTERHEAD:
            yield Complaint(
                path.name, 0, "is not expected here: only office.toml, letterhead.typ, pictures and the folder wording."
            )
    letterhead = folder / LETTERHEAD
    if letterhead.is_file() and not letterhead.is_symlink():
        yield from letterhead_complaints(letterhead, copied=_copied)


@functools.cache
def _workroom() -> tempfile.TemporaryDirectory[str]:
    """One folder a process for copies of templates; it disappears with the process."""
    return tempfile.TemporaryDirectory(prefix="dedere-papers-")


def _copied(folder: Path) -> Path:
    """The shipped templates with the office's letterhead and pictures over them, in a folder of this process."""
    target = Path(tempfile.mkdtemp(dir=_workroom().name))
    for source in (shipped_templates(), folder):
        for path in source.iterdir():
            if path.is_file() and (source != folder or path.name == LETTERHEAD or path.suffix in PICTURES):
                shutil.copyfile(path, target / path.name)
    return target
