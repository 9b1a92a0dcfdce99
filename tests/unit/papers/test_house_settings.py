"""What an office says of itself on its documents: read when sound, refused with its line when not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.papers.errors import TemplateError
from dedere.papers.facts import Arrangement
from dedere.papers.house import check_house, load_house
from dedere.papers.house_settings import HouseSettings
from dedere.papers.wording import LANGUAGES, load_wording

if TYPE_CHECKING:
    from pathlib import Path

SOUND = """\
lines = ["1 Example Street", "2500 EX The Hague (fictional)"]
place = "The Hague"
reference = "MJ-AIRS/{reference}"
languages = ["fr", "en"]
arrangement = "consecutive"

[authority]
fr = "Autorité centrale fictive"
"""


def test_sound_settings_are_read(tmp_path: Path) -> None:
    (tmp_path / "office.toml").write_text(SOUND)

    settings = load_house(tmp_path).settings

    assert settings.lines == ("1 Example Street", "2500 EX The Hague (fictional)")
    assert settings.referenced("NL-2026-0001") == "MJ-AIRS/NL-2026-0001"
    assert settings.referenced("") == ""
    assert settings.languages == ("fr", "en")
    assert settings.arrangement is Arrangement.CONSECUTIVE
    assert settings.authority == {"fr": "Autorité centrale fictive"}
    assert settings.place == "The Hague"


def test_wording_is_unverified_until_an_office_says_who_compared_it(tmp_path: Path) -> None:
    (tmp_path / "office.toml").write_text('checked.fr = "Me Dupont (fictive), 24 novembre 2026"\n')
    house = load_house(tmp_path)

    assert house.wording("fr").checked_by == "Me Dupont (fictive), 24 novembre 2026"
    assert house.wording("es").checked_by == ""
    assert [load_wording(language).checked_by for language in LANGUAGES] == [""] * len(LANGUAGES)


def test_without_settings_there_are_none(tmp_path: Path) -> None:
    assert load_house(tmp_path).settings == HouseSettings()


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('place = "The Hague"\nlines = 3\n', "office.toml, line 2, needs lines as a list of at most 12 texts"),
        ('lines = ["a\\nb"]\n', "office.toml, line 1, needs lines"),
        ('\n\nplace = ""\n', "office.toml, line 3, needs place"),
        ('reference = "MJ"\n', "office.toml, line 1, needs reference as a text with {reference} in it once."),
        ('languages = ["en", "fr", "es"]\n', "office.toml, line 1, needs languages as a list of one or two"),
        ('languages = ["wo"]\n', "office.toml, line 1, needs languages"),
        ('arrangement = "stacked"\n', "office.toml, line 1, needs arrangement as one of parallel, consecutive."),
        ('[authority]\nxx = "Name"\n', "office.toml, line 1, needs authority as a table of names by language"),
        ("checked.fr = 3\n", "office.toml, line 1, needs checked as a table of who compared the fixed text and when"),
        ('authority.xx = "Name"\n', "office.toml, line 1, needs authority"),
        ('place = "Here"\nmotto = "x"\n', "office.toml, line 2, has the unknown setting 'motto'."),
        ('place = "Here"\nlines = [\n', "office.toml, line 2, is not readable as TOML."),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, source: str, complaint: str) -> None:
    (tmp_path / "office.toml").write_text(source)

    assert complaint in " ".join(str(each) for each in check_house(tmp_path))
    with pytest.raises(TemplateError, match=r"office\.toml"):
        load_house(tmp_path)


def test_settings_too_large_are_refused(tmp_path: Path) -> None:
    (tmp_path / "office.toml").write_text("#" * (64 * 1024 + 1))

    assert [str(each) for each in check_house(tmp_path)] == ["office.toml is larger than 64 KiB."]
