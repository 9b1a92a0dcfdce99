"""The catalogues of the pages: `update` brings the .po files level with the sources, `check` fails on what is missing.

Messages come from the pages' Python and templates, and from the words of the request format that the pages show.
The build (frontend/catalogues.mjs) turns the .po files into what Django reads.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "src" / "dedere" / "web"
CATALOGUES = ROOT / "frontend" / "locale"
LANGUAGES = ("fr", "es")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def messages() -> Catalog:
    """Every message of the pages, with the files where it stands."""
    catalogue = Catalog(project="Dedere", charset="utf-8")
    for path in sorted(PAGES.rglob("*.py")):
        _add(catalogue, path, path.read_bytes())
    for path in sorted(PAGES.rglob("*.html")):
        _add(catalogue, path, _templatized(path).encode())
    for description in _words_of_the_request_format():
        catalogue.add(description, locations=[("the request format", 1)])
    return catalogue


def update() -> None:
    """Bring each language level: new messages come in empty, messages that are gone go."""
    CATALOGUES.mkdir(exist_ok=True)
    source = messages()
    for language in LANGUAGES:
        known = _read(language)
        catalogue = Catalog(locale=language, project="Dedere", charset="utf-8", fuzzy=False)
        for message in source:
            if message.id:
                held = known.get(message.id, message.context)
                catalogue.add(
                    message.id, held.string if held else "", locations=message.locations, context=message.context
                )
        with (CATALOGUES / f"{language}.po").open("wb") as file:
            write_po(file, catalogue, width=120, omit_header=False, include_lineno=False, sort_output=True)


def complaints() -> Iterator[str]:
    """Each message that a language lacks, or translates with other places to fill."""
    source = [message for message in messages() if message.id]
    for language in LANGUAGES:
        known = _read(language)
        for message in source:
            held = known.get(message.id, message.context)
            strings = _strings(held.string) if held else [""]
            if not all(strings):
                yield f"{language}: not translated: {_strings(message.id)[0]!r}"
                continue
            wanted = _places(_strings(message.id)[-1])
            if any(_places(string) != wanted for string in strings[-1:]):
                yield f"{language}: other places to fill: {_strings(message.id)[0]!r}"


def _read(language: str) -> Catalog:
    path = CATALOGUES / f"{language}.po"
    return read_po(io.BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)


def _add(catalogue: Catalog, path: Path, source: bytes) -> None:
    found = extract("python", io.BytesIO(source), keywords=KEYWORDS, options={"encoding": "utf-8"})
    for line, message, _comments, context in found:
        catalogue.add(message, locations=[(str(path.relative_to(ROOT)), line)], context=context)


def _templatized(path: Path) -> str:
    from django.conf import settings  # noqa: PLC0415 - only templates need it

    if not settings.configured:
        settings.configure(USE_I18N=True)
    from django.utils.translation.template import templatize  # noqa: PLC0415 - after the settings

    return templatize(path.read_text(encoding="utf-8"), origin=str(path))


def _words_of_the_request_format() -> Iterable[str]:
    from dedere.treaty.requestfile_schema import fields  # noqa: PLC0415 - only this needs it

    return dict.fromkeys(field.description for field in fields().values())


def _strings(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list | tuple) else [str(value)]


def _places(text: str) -> set[str]:
    return {part.split(")", 1)[0] for part in text.split("%(")[1:]}


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    found = list(complaints())
    print("\n".join(found))
    sys.exit(1 if found else 0)
