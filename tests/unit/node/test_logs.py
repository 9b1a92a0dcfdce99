"""Lines of the log: whole, parsable, and without what an error says."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from dedere.node.logs import JsonLines, Lines

NAME = "Aminata Ndiaye (fictional)"


def fail() -> None:
    raise ValueError(f"the row of {NAME} was refused")


def entry(message: str, *words: object, error: bool = True) -> logging.LogRecord:
    info = None
    if error:
        try:
            fail()
        except ValueError:
            info = sys.exc_info()
    return logging.LogRecord("dedere.test", logging.ERROR, __file__, 1, message, words, info)


def test_a_json_line_is_one_object_with_the_place_of_an_error_and_not_its_words() -> None:
    line = JsonLines("worker").format(entry("seal failed for %s", "abc"))
    assert "\n" not in line
    said = json.loads(line)
    assert (said["process"], said["level"], said["logger"]) == ("worker", "error", "dedere.test")
    assert said["message"] == "seal failed for abc"
    assert said["error"] == "builtins.ValueError"
    assert any("test_logs.py" in place and place.endswith(" fail") for place in said["places"])
    assert NAME not in line


def test_a_line_of_text_says_the_same() -> None:
    text = Lines("pages").format(entry("it failed"))
    assert "pages ERROR dedere.test it failed" in text
    assert "builtins.ValueError" in text
    assert "test_logs.py" in text
    assert NAME not in text


def test_a_line_without_an_error_is_one_line() -> None:
    assert "\n" not in Lines("pages").format(entry("all is well", error=False))
    assert "error" not in json.loads(JsonLines("pages").format(entry("all is well", error=False)))


@pytest.mark.parametrize("formatter", [Lines("x"), JsonLines("x")])
def test_an_error_that_is_none_harms_nothing(formatter: logging.Formatter) -> None:
    record = entry("odd", error=False)
    record.exc_info = (None, None, None)
    assert "odd" in formatter.format(record)
