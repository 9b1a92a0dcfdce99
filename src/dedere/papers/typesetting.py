"""From a document to its PDF: PDF/A-2a (PDF/A-3a with data inside) and PDF/UA-1 at once, always the same bytes.

Everything printed reaches the template as JSON in one system input; nothing of it is ever source text. The typesetter
sees one folder, no system typefaces and no package store.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
import threading
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from dedere.papers.code import DocumentCode, code_picture
from dedere.papers.errors import CharacterError, TypefaceError, TypesettingError
from dedere.papers.typst_data import document_data

if TYPE_CHECKING:
    import typst

    from dedere.papers.document import Document

_PREFERRED = ("Noto Sans", "Amiri")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefe]")
_MISSING = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.DOTALL)
Standard: TypeAlias = Literal["a-2a", "a-2u", "a-3a", "ua-1"]
STANDARDS: Final = ("a-2a", "ua-1")
EMBEDDING: Final = ("a-3a", "ua-1")


class Typesetter:
    """One warm compiler. Documents after the first cost a few milliseconds; threads take turns."""

    def __init__(self, folder: Path) -> None:
        import typst  # noqa: PLC0415 - half the cost of starting; only documents need it

        fonts, self._families = typefaces()
        self._folder = folder
        self._lock = threading.Lock()
        self._failure = typst.TypstError
        self._compiler = typst.Compiler(
            folder / "paper.typ",
            root=folder,
            font_paths=fonts,
            ignore_system_fonts=True,
            package_path=folder / "no-packages",
            package_cache_path=folder / "no-packages",
        )

    def typeset(self, document: Document) -> bytes:
        """The PDF.

        Raises:
            CharacterError: a character that no installed typeface has.
            TypesettingError: the template failed.
        """
        data = document_data(document, fonts=self._families)
        # A byte for each letter: the template reads it back as the bytes of a picture.
        data["code"] = list(code_picture(DocumentCode(id=document.id, digest=document.digest).text()))
        data["arabic"] = False
        paper = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        if _ARABIC.search(paper):
            paper = json.dumps({**data, "arabic": True}, ensure_ascii=False, separators=(",", ":"))
        standards: tuple[Standard, ...] = EMBEDDING if document.embedded else STANDARDS
        return self._compile(paper, standards=standards, timestamp=document.instant)

    def typeset_block(self, data: dict[str, object]) -> bytes:
        """A single small page by `signature.typ`, to be shown inside another document: without structure of its own."""
        paper = json.dumps({**data, "fonts": self._families}, ensure_ascii=False)
        return self._compile(paper, standards=("a-2u",), template="signature.typ")

    def _compile(
        self,
        paper: str,
        *,
        standards: tuple[Standard, ...],
        timestamp: int = 0,
        template: str = "paper.typ",
    ) -> bytes:
        try:
            with self._lock:
                made = self._compiler.compile(
                    self._folder / template,
                    format="pdf",
                    sys_inputs={"paper": paper},
                    pdf_standards=[*standards],
                    timestamp=timestamp,
                    pdf_tags="ua-1" in standards,
                )
        except self._failure as error:
            raise _explained(error) from error
        if not isinstance(made, bytes):
            raise TypesettingError("The typesetter gave no document.")
        return made


@functools.cache
def shipped_typesetter() -> Typesetter:
    """The typesetter for the templates that ship, made once for each process."""
    return Typesetter(shipped_templates())


def shipped_templates() -> Path:
    """The folder of the templates that ship."""
    return Path(str(importlib.resources.files("dedere.papers").joinpath("templates")))


@functools.cache
def typefaces() -> tuple[typst.Fonts, tuple[str, ...]]:
    """The installed typefaces and their family names, the preferred ones first.

    Raises:
        TypefaceError: the package of the main typeface is missing.
    """
    import fontpkg  # noqa: PLC0415 - only documents need typefaces
    import typst  # noqa: PLC0415

    installed = fontpkg.families()
    if "noto-sans" not in installed:
        raise TypefaceError("The typeface Noto Sans is not installed; install the package fontpkg-noto-sans.")
    folders = sorted({str(file.path.parent) for family in installed.values() for file in family.files})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    names = sorted((family.name for family in installed.values()), key=_preference)
    return fonts, tuple(names)


def _preference(name: str) -> tuple[int, str]:
    """Noto Sans for Latin, Greek and Cyrillic, Amiri for Arabic; any other installed family for what these lack."""
    return (_PREFERRED.index(name) if name in _PREFERRED else len(_PREFERRED), name)


def _explained(error: Exception) -> CharacterError | TypesettingError:
    found = _MISSING.search(str(error))
    if found is None:
        return TypesettingError("The document template failed; the document was not made.")
    character = found[1][:1]
    name = unicodedata.name(character, "without a name")
    return CharacterError(
        f"No installed typeface has the character U+{ord(character):04X} ({name.lower()}); "
        "install a package of typefaces (fontpkg) that has it, or write it in Latin letters."
    )
