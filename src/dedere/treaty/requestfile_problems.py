"""What is wrong with a request file: every problem names its path and what was expected, all are collected."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from jsonschema import ValidationError

_TYPES = {
    "string": "text in quotation marks",
    "boolean": "true or false",
    "integer": "a whole number",
    "array": "a list",
    "object": "a table of fields",
}
_PATTERNS = {
    "^[A-Z]{2}$": "a State as its two-letter code in capitals, e.g. NL",
    "^[A-Z]$": "one capital letter",
    "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$": "a language code, e.g. fr",
    "^[a-z0-9][a-z0-9-]{0,39}$": "an id of small letters, digits and hyphens, e.g. person-1",
    "^[a-z0-9][a-z0-9.-]{0,79}$": "an id of small letters, digits, hyphens and dots, e.g. practice.police-first",
    "^[a-z0-9]+/[a-z0-9.+-]+$": "a media type, e.g. application/pdf",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a request file from being read; `path` counts list rows from 1, empty for the file."""

    path: str
    expected: str

    @property
    def sentence(self) -> str:
        """Path and expectation in one sentence; never the value found, which may be personal data."""
        return f"{self.path}: {self.expected}." if self.path else f"{self.expected}."


class RequestFileError(InputError):
    """A request file cannot be read; `problems` holds every one found, in the order of the file."""

    code = "request-file"

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        what = "1 problem" if count == 1 else f"{count} problems"
        listed = "; ".join(problem.sentence.removesuffix(".") for problem in self.problems)
        super().__init__(f"{name} cannot be read as a request file, {what}: {listed}.")


def path_text(parts: Iterable[str | int]) -> str:
    """A path as the format's documentation writes it: `request.persons[1].role`, rows counted from 1."""
    text = ""
    for part in parts:
        text += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text


def problems_of(error: ValidationError) -> Iterator[Problem]:
    """The problems one schema error stands for: several for unknown keys, otherwise one."""
    path = list(error.absolute_path)
    where = path_text(path)
    schema: Mapping[str, object] = error.schema if isinstance(error.schema, dict) else {}
    match error.validator:
        case "additionalProperties":
            yield from _unknown_keys(path, found=error.instance, known=schema.get("properties", {}))
        case "required":
            yield from _absent_keys(path, found=error.instance, required=schema.get("required", []))
        case validator:
            yield Problem(where, _expectation(str(validator), error.validator_value, found=error.instance))


def _unknown_keys(path: Sequence[str | int], *, found: object, known: object) -> Iterator[Problem]:
    names = [str(name) for name in known] if isinstance(known, dict) else []
    for key in found if isinstance(found, dict) else ():
        if key in names:
            continue
        near = difflib.get_close_matches(key, names, n=1)
        hint = f"; did you mean {near[0]}" if near else ""
        shown = key if len(key) <= _LONGEST_KEY_SHOWN and key.isprintable() else "a field"
        yield Problem(path_text(path), f"there is no field {shown} here{hint}")


_LONGEST_KEY_SHOWN = 60


def _absent_keys(path: Sequence[str | int], *, found: object, required: object) -> Iterator[Problem]:
    present = found if isinstance(found, dict) else {}
    for key in required if isinstance(required, list) else ():
        if key not in present:
            yield Problem(path_text([*path, str(key)]), "is needed before the file can be read")


def _expectation(validator: str, value: object, *, found: object) -> str:
    match validator:
        case "type":
            return f"expected {_TYPES.get(str(value), str(value))}, found {_kind(found)}"
        case "enum":
            choices = [str(choice) for choice in value] if isinstance(value, list) else []
            near = difflib.get_close_matches(str(found), choices, n=1)
            hint = f"; did you mean {near[0]}" if near else ""
            return f"expected one of {', '.join(choices)}{hint}"
        case "const":
            return f'expected "{value}"'
        case "pattern":
            return f"expected {_PATTERNS.get(str(value), 'another form')}"
        case "format":
            return "expected a day that exists, written like 2026-11-24"
        case _:
            return _limit(validator, value)


def _limit(validator: str, value: object) -> str:
    match validator:
        case "maxLength":
            return f"expected at most {value} characters"
        case "maxItems":
            return f"expected at most {value} rows"
        case "minimum":
            return f"expected {value} or more"
        case "maximum":
            return f"expected {value} or less"
        case _:
            return "the same entry stands here twice"


def _kind(value: object) -> str:
    return _FOUND.get(type(value), "a date or time")


_FOUND: Mapping[type, str] = {
    bool: "true or false",
    str: "text",
    int: "a number",
    float: "a number",
    dict: "a table",
    list: "a list",
    type(None): "nothing (null)",
}
