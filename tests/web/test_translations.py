"""The pages speak French and Spanish whole: nothing untranslated, nothing lost between catalogue and page."""

from __future__ import annotations

import gettext
import io
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import dedere.web
from dedere.web.components.context import COMPLETE
from support.offices import Bureau
from support.pages import SignIn, text_of
from support.requirement import lacks

ROOT = Path(__file__).parents[2]
BUILT = Path(dedere.web.__file__).parent / "locale"
TRANSLATED = [language for language in COMPLETE if language != "en"]


def test_every_message_of_the_pages_is_translated() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "translations.py")], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_build_loses_no_message(language: str) -> None:
    built = BUILT / language / "LC_MESSAGES" / "django.mo"
    if not built.exists():
        lacks("needs the built catalogues: run `make static`")
    with built.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    source = read_po(io.BytesIO((ROOT / "frontend" / "locale" / f"{language}.po").read_bytes()), locale=language)

    for message in source:
        said = message.string
        if isinstance(message.id, tuple) and isinstance(said, tuple):
            for number, form in ((1, 0), (2, 1)):
                assert compiled.ngettext(message.id[0], message.id[1], number) == said[form]
        elif message.id and message.context:
            assert compiled.pgettext(message.context, str(message.id)) == said
        elif message.id:
            assert compiled.gettext(str(message.id)) == said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Aujourd’hui", "Chronologie des deux côtés", "Demande", "Sénégal", "24 novembre 2026 à", "UTC")),
        ("es", ("Hoy", "Cronología de ambas partes", "Solicitud", "Senegal", "24 de noviembre de 2026", "UTC")),
    ],
)
def test_a_case_is_told_in_the_officers_language(
    bureau: Bureau, signed_in: SignIn, language: str, words: tuple[str, ...]
) -> None:
    if not (BUILT / language).exists():
        lacks("needs the built catalogues: run `make static`")
    case = bureau.requested()
    client = signed_in("anna")
    client.post("/language/", {"language": language})

    page = text_of(client.get(f"/cases/{case.pk}/"))

    for word in words:
        assert word.removesuffix(" à") in page
    assert "Timeline" not in page
