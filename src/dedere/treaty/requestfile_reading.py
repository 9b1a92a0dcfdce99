"""Bytes of a request file as plain data: TOML or JSON, strict UTF-8, bounded, nothing read twice."""

from __future__ import annotations

import json
import tomllib

from dedere.treaty.requestfile_problems import Problem, RequestFileError

LARGEST_FILE = 4 * 1024 * 1024
"""Bytes; attachments are files of their own, so a longer request file is a mistake or an attack."""

_DEEPEST = 16


def read_tables(data: bytes, *, name: str, read_as: str = "a request file") -> dict[str, object]:
    """The top-level table of a file; dates of TOML stay date objects. `read_as` says in messages what it should be.

    JSON is recognised by the name's ending or, failing that, by its first character.

    Raises:
        RequestFileError: too long, not UTF-8, not TOML or JSON, a key twice, nested too deeply, not a table.
    """

    def refusal(expected: str) -> RequestFileError:
        return RequestFileError(name, [Problem("", expected)], read_as=read_as)

    if len(data) > LARGEST_FILE:
        raise refusal(f"expected at most {LARGEST_FILE} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal(f"expected UTF-8, byte {error.start + 1} is not") from error
    try:
        tables = _json(text) if _is_json(text, name=name) else tomllib.loads(text)
        _require_shallow(tables, depth=0)
    except RecursionError as error:
        raise refusal("expected fewer tables inside one another") from error
    except ValueError as error:
        raise refusal(_syntax(error)) from error
    if not isinstance(tables, dict):
        raise refusal("expected a table of fields at the top")
    return tables


def _is_json(text: str, *, name: str) -> bool:
    lower = name.lower()
    return lower.endswith(".json") or (not lower.endswith(".toml") and text.lstrip().startswith("{"))


def _json(text: str) -> object:
    found: object = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise _FormError("a field stands twice in the same table")
    return table


def _refuse_constant(word: str) -> object:
    raise _FormError(f"{word} is not a value of this format")


def _require_shallow(value: object, *, depth: int) -> None:
    if depth > _DEEPEST:
        raise RecursionError
    if isinstance(value, dict):
        for part in value.values():
            _require_shallow(part, depth=depth + 1)
    elif isinstance(value, list):
        for part in value:
            _require_shallow(part, depth=depth + 1)


def _syntax(error: ValueError) -> str:
    """The parser's complaint with line and column, which both parsers give; never the text around it."""
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
    if isinstance(error, tomllib.TOMLDecodeError):
        return f"not TOML: {error}"
    return str(error) if isinstance(error, _FormError) else "expected numbers with fewer digits"


class _FormError(ValueError):
    """JSON that its parser lets pass and this format does not; the text is ours."""
