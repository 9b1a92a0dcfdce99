"""How findings stand on a page of text: question and answer, reasons indented under it, each with what it rests on."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from dedere.base.finding import Outcome
from dedere.treaty.wording import capital

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dedere.base.finding import Finding
    from dedere.base.reference import Reference

WIDTH = 100
_STEP = "   "
ANSWERS = {Outcome.HOLDS: "HOLDS", Outcome.DOES_NOT_HOLD: "DOES NOT HOLD", Outcome.UNSETTLED: "UNSETTLED"}
_SHORT = {Outcome.HOLDS: "yes", Outcome.DOES_NOT_HOLD: "no", Outcome.UNSETTLED: "not known"}


def wrapped(text: str, *, indent: str = "", first: str = "") -> str:
    """The text in lines of at most 100 columns; `first` opens the first line, later lines are indented as far."""
    rest = indent + " " * len(first)
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent + first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def sentence(text: str) -> str:
    """The text as a sentence: a large first letter, and an end."""
    return capital(text) if text.endswith((".", "?", "!")) else f"{capital(text)}."


def tree(finding: Finding, *, indent: str = "", seen: set[str] | None = None, full: bool = True) -> Iterator[str]:
    """The lines of what a finding was made of, nothing twice; not `full`: only the parts that decided."""
    shown = set() if seen is None else seen
    for part in finding.because:
        if not full and part.outcome is not finding.outcome:
            continue
        yield wrapped(f"{part.question} {short_answer(part.outcome)}", indent=indent, first="- ")
        below = indent + "  "
        if part.question in shown:
            yield wrapped("As above.", indent=below)
            continue
        shown.add(part.question)
        if _says_more(part):
            yield wrapped(part.reason, indent=below)
        yield from references(part.references, indent=below)
        yield from tree(part, indent=below + " ", seen=shown, full=full)


def _says_more(finding: Finding) -> bool:
    """Whether its reason says anything that does not stand below it anyway."""
    left, below = finding.reason, list(finding.because)
    while below:
        part = below.pop()
        left = left.replace(part.reason, "")
        below.extend(part.because)
    return any(character.isalnum() for character in left)


def short_answer(outcome: Outcome) -> str:
    """The answer behind a question: Yes, No or Not known."""
    return f"{_SHORT[outcome].capitalize()}."


def references(found: Iterable[Reference], *, indent: str) -> Iterator[str]:
    """One line for each reference: place, how known, datum; what is verified or made up is said."""
    for reference in found:
        yield wrapped(f"[{cited(reference)}]", indent=indent)


def cited(reference: Reference) -> str:
    """A reference as a lawyer reads it."""
    if reference.demonstration:
        known = "demonstration data"
    elif reference.verified_by:
        known = f"verified by {reference.verified_by}"
    elif reference.verified:
        known = "read"
    else:
        known = f"{reference.status.value}, confidence {reference.confidence.value}, not verified"
    return f"{reference.place}; {known}; {reference.datum}"


def numbered(texts: Iterable[str], *, indent: str = _STEP) -> Iterator[str]:
    """The texts as a numbered list."""
    for number, text in enumerate(texts, start=1):
        yield wrapped(text, indent=indent, first=f"{number}. ")
