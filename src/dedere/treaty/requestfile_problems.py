"""What is wrong with a request file: every problem names its path and what was expected, all are collected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a request file from being read; `path` counts list rows from 1, empty for the file."""

    path: str
    expected: str

    @property
    def sentence(self) -> str:
        """Path and expectation in one sentence; never the value found, which may be personal data."""
        return f"{self.path}: {self.expected}." if self.path else f"{self.expected[:1].upper()}{self.expected[1:]}."


class RequestFileError(InputError):
    """A request file cannot be read; `problems` holds every one found, in the order of the file."""

    code = "request-file"

    def __init__(self, name: str, problems: Iterable[Problem], *, read_as: str = "a request file") -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        what = "1 problem" if count == 1 else f"{count} problems"
        listed = "; ".join(problem.sentence.removesuffix(".") for problem in self.problems)
        super().__init__(f"{name} cannot be read as {read_as}, {what}: {listed}.")


def path_text(parts: Iterable[str | int]) -> str:
    """A path as the format's documentation writes it: `request.persons[1].role`, rows counted from 1."""
    text = ""
    for part in parts:
        text += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text
