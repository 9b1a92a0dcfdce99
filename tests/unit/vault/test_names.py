"""Names that were given to harm or mislead."""

from __future__ import annotations

import pytest

from dedere.vault.names import NAME_LIMIT, distinct, safe_name, safe_path


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.pdf", "report.pdf"),
        ("été 2026.pdf", "été 2026.pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
        ("invoice\u202efdp.exe", "invoice_fdp.exe"),
        ("a\x00b\nc\td", "a_b_c_d"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", "unnamed"),
        (".", "unnamed"),
        ("", "unnamed"),
        ("   ", "unnamed"),
        (".hidden.", "hidden"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("a:b*c?.txt", "a_b_c_.txt"),
        ("e\u0301.txt", "é.txt"),
        ("zero\u200bwidth", "zero_width"),
        ("bad\udce9byte", "bad_byte"),
        ("two  spaces", "two spaces"),
    ],
)
def test_a_name_shows_what_it_is(name: str, expected: str) -> None:
    assert safe_name(name) == expected


def test_a_long_name_keeps_its_extension() -> None:
    safe = safe_name("x" * 300 + ".jpeg")
    assert safe.endswith("….jpeg")
    assert len(safe) == NAME_LIMIT


def test_a_long_name_without_an_extension_is_cut() -> None:
    assert len(safe_name("x" * 300)) == NAME_LIMIT
    assert safe_name("x." + "y" * 300).startswith("x.yyy")
    assert len(safe_name("." + "y" * 300)) == NAME_LIMIT


def test_a_name_of_wide_characters_fits_a_file_system() -> None:
    assert len(safe_name("木" * 300 + ".png").encode()) <= 220


def test_a_path_cannot_climb() -> None:
    assert safe_path("/a/../../b//c.txt") == "a/b/c.txt"
    assert safe_path("../..") == "unnamed"


def test_a_taken_path_is_counted_on() -> None:
    taken = {"a/x.txt", "a/x (2).txt", "plain"}
    assert distinct("a/X.txt", taken) == "a/X (3).txt"
    assert distinct("plain", taken) == "plain (2)"
    assert distinct("free", taken) == "free"
    assert distinct(".rc", {".rc"}) == ".rc (2)"
