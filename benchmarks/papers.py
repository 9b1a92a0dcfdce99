"""How fast documents are made, against the figures we set ourselves.

    python benchmarks/papers.py [--documents 1000]

Prints each figure beside its bound: first document 1.5 s, each further of twenty pages 150 ms, a signature 0.5 s, a
thousand documents on two cores 60 s, memory flat; exit code 1 when one is missed. Time of the processor counts, and of
several rounds the least: other work on the machine only adds. Documents are fictional.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import multiprocessing
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from dedere.casework.acts import ActKind
from dedere.papers.long_term import ValidationMaterial
from dedere.papers.particulars import Json
from dedere.papers.render import act_document, render_act
from dedere.papers.signing import SignatureTerms, sign_document
from dedere.papers.word import word_file
from support import pki
from support.papers import FACTS, act_of, sample_act

FIRST = (
    "import time, sys; sys.path.insert(0, 'tests'); start = time.process_time()\n"
    "from support.papers import FACTS, act_of\n"
    "from dedere.papers.render import render_act\n"
    "render_act(act_of('closure', {'text': 'Done.'}), facts=FACTS); print(time.process_time() - start)"
)


MISSED: list[str] = []


def show(figure: str, value: float, *, unit: str, bound: float) -> None:
    """One line: the figure, its bound, whether it holds."""
    if value > bound:
        MISSED.append(figure)
    print(f"{figure:<58}{value:>10.1f} {unit:<4} bound {bound:>7.1f}  {'ok' if value <= bound else 'MISSED'}")


def seconds(action: Callable[[int], object], *, times: int) -> float:
    """The least time of an action in seconds of the processor."""
    taken = []
    for number in range(times):
        start = time.process_time()
        action(number)
        taken.append(time.process_time() - start)
    return min(taken)


def long_act(number: int) -> dict[str, Json]:
    """A request of about twenty pages; every one different, so that nothing is remembered from the last."""
    act = sample_act(ActKind.REQUEST)
    body = act["body"]
    facts = "\n\n".join(
        f"Paragraph {each} of request {number}: on that day the column left the town. " * 6 for each in range(40)
    )
    return {**act, "body": {**body, "note": facts} if isinstance(body, dict) else body}


def make_batch(numbers: range) -> tuple[float, int]:
    """Documents of one worker, four of five short, one long: seconds of the processor, largest memory so far in KiB."""
    start = time.process_time()
    for number in numbers:
        act = act_of("progress", {"text": f"Number {number}."}) if number % 5 else long_act(number)
        render_act(act, facts=dataclasses.replace(FACTS, sequence=number))
    return time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    count = parser.parse_args().documents
    first = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, check=True, text=True).stdout
    show("first document of a process, imports included", 1000 * float(first), unit="ms", bound=1500)
    render_act(act_of("closure", {"text": "Warm."}), facts=FACTS)
    small = seconds(lambda number: render_act(act_of("progress", {"text": f"{number}."}), facts=FACTS), times=50)
    show("a further small act", 1000 * small, unit="ms", bound=40)
    long = seconds(lambda number: render_act(long_act(number), facts=FACTS), times=10)
    show("a further request of twenty pages", 1000 * long, unit="ms", bound=150)
    signature(count=10)
    word = seconds(lambda number: word_file(act_document(long_act(number), facts=FACTS)), times=3)
    show("the same request as a Word file", 1000 * word, unit="ms", bound=1500)
    batch(count)
    return 1 if MISSED else 0


def signature(*, count: int) -> None:
    """A signature of level B-LT on a document of twenty pages, the import of the library left out."""
    keys, terms = pki.state("NL"), SignatureTerms("A. de Vries (fictional)", "Authority", pki.TIME)
    pdf = render_act(sample_act(ActKind.REQUEST), facts=dataclasses.replace(FACTS, signature_room=True))
    digest = hashlib.sha256(pdf).hexdigest()

    def sign(_number: int) -> None:
        sign_document(
            pdf,
            approved_sha256=digest,
            signer=keys.authority.signer,
            terms=terms,
            timestamper=keys.timestamper(),
            material=ValidationMaterial(),
        )

    sign(0)
    show("a signature B-LT on twenty pages", 1000 * seconds(sign, times=count), unit="ms", bound=500)


def batch(count: int) -> None:
    """A thousand documents on two processes, and how far their memory grows."""
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        early = pool.map(make_batch, [range(1, 1 + count // 20), range(count, count + count // 20)])
        late = pool.map(make_batch, [range(count // 20, count // 2), range(count + count // 20, count + count // 2)])
    used = sum(taken for taken, _ in (*early, *late)) / 2
    before, after = (max(memory for _, memory in part) / 1024 for part in (early, late))
    show(f"{count} documents on two cores", used, unit="s", bound=60 * count / 1000)
    show("memory after the last, over that after a twentieth", after - before, unit="MiB", bound=64)
    show("largest memory of a process", after, unit="MiB", bound=400)


if __name__ == "__main__":
    sys.exit(main())
