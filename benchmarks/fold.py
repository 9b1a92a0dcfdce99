"""The fold of a long case, and what one more letter costs a reader.

Run: .venv/bin/python benchmarks/fold.py [--letters 1000]. Prints each figure (CPU, the best of several runs) with its
bound, and the peer: reading the same letters as JSON, which no fold can go below. All content is fictional.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from dedere.casework.acts import ActKind, RecordedAct
from dedere.casework.fold import CaseReader, fold

if TYPE_CHECKING:
    from dedere.casework.acts import JSON

BOUND_FOLD = 50.0
START = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)
TIMES = 9


def case_of(count: int) -> list[RecordedAct]:
    """A request for assistance and questions and answers about it, each letter answering the one before."""
    letters: list[RecordedAct] = []
    sent = {"NL": 0, "SN": 0}
    for number in range(count):
        sender, recipient = ("NL", "SN") if number % 2 == 0 else ("SN", "NL")
        sent[sender] += 1
        kind, body = _act(number)
        role = "registrar" if kind is ActKind.ACKNOWLEDGEMENT else "case-officer"
        before = ((letters[-1].letter, letters[-1].digest),) if letters else ()
        name = f"letter-{number:05}"
        letters.append(
            RecordedAct(
                letter=name,
                digest=hashlib.sha256(name.encode()).hexdigest(),
                case="case",
                proceeding="proceeding",
                sender=sender,
                recipient=recipient,
                sequence=sent[sender],
                answers=before,
                sealed_at=START + dt.timedelta(hours=number),
                kind=kind,
                officer={
                    "name": f"Officer A of {sender}",
                    "role": role,
                    "approved_by": {"name": f"Officer B of {sender}", "role": "approver"},
                },
                body=body,
            )
        )
    return letters


def _act(number: int) -> tuple[ActKind, dict[str, JSON]]:
    if number == 0:
        measures: list[JSON] = [{"id": "m1", "kind": "records"}]
        request: JSON = {"request": {"kind": "mla", "facts": {"summary": "A mill burned (fictional)."}}}
        return ActKind.REQUEST, {"opens": "mla", "request": request, "measures": measures}
    if number == 1:
        return ActKind.ACKNOWLEDGEMENT, {"own_reference": "SN-1", "received_on": START.date().isoformat()}
    if number % 2 == 0:
        return ActKind.QUESTIONS, {"questions": [{"id": f"q{number}", "text": "Which document is meant?"}]}
    return ActKind.ANSWERS, {"answers": [{"question": f"q{number - 1}", "text": "The one in annex 2."}]}


def best(action: Callable[[], object]) -> float:
    """The shortest of several runs, in milliseconds of CPU."""
    found = []
    for _ in range(TIMES):
        started = time.process_time()
        action()
        found.append(time.process_time() - started)
    return min(found) * 1000


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=1_000)
    count = parser.parse_args().letters
    letters = case_of(count)
    refused = [entry.rule for entry in fold("case", letters).timeline if entry.rule]
    if refused:
        raise SystemExit(f"The case does not hold: {refused[0]}.")
    text = json.dumps([asdict(letter) for letter in letters], default=str)
    whole = best(lambda: fold("case", letters))
    reversed_whole = best(lambda: fold("case", letters[::-1]))
    reader = CaseReader("case", letters[:-1])
    growing = best(lambda: CaseReader("case", letters))
    parsed = best(lambda: json.loads(text))
    print(f"fold of {count} letters: {whole:.1f} ms (bound {BOUND_FOLD:.0f} ms for 1,000)")
    print(f"the same, latest first: {reversed_whole:.1f} ms")
    print(f"a reader that keeps every state on the way: {growing:.1f} ms, {growing / count * 1000:.0f} µs a letter")
    started = time.process_time()
    reader.add(letters[-1])
    print(f"one more letter: {(time.process_time() - started) * 1000:.2f} ms")
    print(f"peer, json.loads of the same letters: {parsed:.1f} ms")


if __name__ == "__main__":
    main()
