"""The checks: each a function that raises AssertionError with a sentence, named by the requirements it shows."""
# ruff: noqa: INP001 - run as a program

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tester import CLOCK, IDS, Correspondent

from dedere.protocol.letter import LetterRef, Party
from dedere.protocol.receipt import SentLetter, accept_machine_receipt, accept_part_receipt
from dedere.transport.errors import PartnerRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from implementation import Implementation

ROOT = Path(__file__).resolve().parent.parent
LETTER_TYPE = "application/vnd.dedere.letter+age"
WAIT_SECONDS = 120


def need(holds: object, sentence: str) -> None:
    """Fail with `sentence` unless it holds."""
    if not holds:
        raise AssertionError(sentence)


def vectors() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every vector, shared cards put in their places."""
    cards = json.loads((ROOT / "vectors/cards.json").read_text("utf-8"))
    shared = {f"@{name}": card for name, card in cards.items()}

    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [fill(item) for item in value]
        return shared.get(value, value) if isinstance(value, str) else value

    for topic in ("cards", "containers", "letters", "order", "receipts", "requests"):
        for path in sorted((ROOT / "vectors" / topic).glob("*.json")):
            yield path.stem, fill(json.loads(path.read_text("utf-8")))


def check_vectors(implementation: Implementation, say: Callable[[str], None]) -> None:
    """Every vector gives its expected outcome."""
    unsupported, wrong = [], []
    asked = list(vectors())
    lines = "".join(json.dumps(vector) + "\n" for _, vector in asked)
    answers = implementation.ask("vectors", given=lines.encode()).splitlines()
    for (name, vector), answer in zip(asked, answers, strict=True):
        outcome = json.loads(answer)
        if outcome == {"result": "unsupported"}:
            unsupported.append(name)
        elif outcome != vector["expected"]:
            wrong.append(f"{name}: {outcome} instead of {vector['expected']}")
    if unsupported:
        say(f"  {len(unsupported)} vectors are unsupported: {', '.join(sorted(unsupported))}")
    need(not wrong, "; ".join(wrong[:10]))


def code_of(correspondent: Correspondent, letter_id: str, sealed: bytes) -> str:
    """The code with which the door refuses a letter, or nothing."""
    with correspondent.client() as client:
        try:
            client.deliver_letter(letter_id, sealed)
        except PartnerRefusedError as error:
            return error.code
    return ""


def strangers_learn_nothing(to: Correspondent, _: Implementation) -> None:
    """P-200: an unsigned request gets an empty 404 everywhere."""
    asked = (("GET", "/card"), ("POST", "/letters"), ("GET", "/mailbox"), ("PATCH", "/parts/x/y"), ("GET", "/"))
    for method, path in asked:
        answer = to.raw(method, path, headers={})
        nothing = (answer.status_code, answer.content) == (404, b"")
        need(nothing, f"{method} {path} answers {answer.status_code} to a stranger")


def spoiled_requests_are_strangers(to: Correspondent, _: Implementation) -> None:
    """P-150, P-152, P-154, P-193: a signed request that was changed, readdressed or repeated is a stranger's."""
    good = to.signed("GET", "/card", headers={})
    need(to.raw("GET", "/card", headers=good).status_code == 200, "a signed request is not let in")  # noqa: PLR2004
    need(to.raw("GET", "/card", headers=good).status_code == 404, "a request is let in twice")  # noqa: PLR2004
    for name, value in (("dedere-to", "FR"), ("Signature", "dedere=:AAAA:")):
        spoiled = {**to.signed("GET", "/card", headers={}), name: value}
        need(to.raw("GET", "/card", headers=spoiled).content == b"", f"a request with another {name} is let in")
    elsewhere = to.signed("GET", "/card", headers={})
    need(to.raw("GET", "/mailbox", headers=elsewhere).content == b"", "a request for another path is let in")


def only_tls_1_3(to: Correspondent, _: Implementation) -> None:
    """P-220: nothing older than TLS 1.3."""
    need(not to.old_tls(), "the door speaks TLS 1.2")


def a_letter_is_receipted_once(to: Correspondent, implementation: Implementation) -> None:
    """P-163, P-082, P-110: a true receipt; the same for the same letter; it is in the inbox once."""
    letter = to.letter()
    container = to.packed(letter)
    sealed = to.sealed(container)
    with to.client() as client:
        first, second = client.deliver_letter(letter.id, sealed), client.deliver_letter(letter.id, sealed)
        third = client.deliver_letter(letter.id, to.sealed(container))
    digest = accept(to, letter, container, first)
    need(first == second == third, "a repeated letter gives another receipt")
    held = [row for row in implementation.rows("inbox") if row["letter"] == letter.id]
    need(len(held) == 1 and held[0]["digest"] == digest, "the letter is not in the inbox exactly once")


def accept(to: Correspondent, letter: Any, container: bytes, receipt: bytes) -> str:
    """Verify a machine receipt; the letter's digest."""
    digest = hashlib.sha256(container).hexdigest()
    accept_machine_receipt(receipt, SentLetter.of(letter, digest), directory=to.directory, now=CLOCK.now())
    return digest


def bad_letters_are_refused(to: Correspondent, implementation: Implementation) -> None:
    """P-100 to P-109: each bad letter is refused with its code, and nothing of it is kept."""
    base = to.letter()
    first = to.packed(base)
    need(code_of(to, base.id, to.sealed(first)) == "", "a sound letter is refused")
    container = to.packed(to.letter())
    own = to.tester.card.party
    flipped = container[:200] + bytes([container[200] ^ 1]) + container[201:]
    cases = {
        "seal-broken": (IDS.new(), to.sealed(container)[:-1]),
        "container-trailing": (IDS.new(), to.sealed(container + b"\0")),
        "container-truncated": (IDS.new(), to.sealed(container[:-1])),
        "container-checksum": (IDS.new(), to.sealed(flipped)),
        "card-unknown": packed(to, to.letter(sender=Party(own.state, "0" * 64))),
        "recipient-wrong": packed(to, to.letter(recipient=own)),
        "letter-id-differs": (IDS.new(), to.sealed(container)),
        "sealed-in-future": packed(to, to.letter(sealed_at=base.sealed_at.replace(hour=0) + 2 * DAY)),
        "letter-id-reused": packed(to, to.letter(id=base.id)),
        "sequence-taken": packed(to, to.letter(case=base.case)),
        "answers-wrong": packed(to, to.letter(case=base.case, sequence=2, answers=(LetterRef(base.id, "0" * 64),))),
    }
    before = len(implementation.rows("inbox"))
    for code, (letter_id, sealed) in cases.items():
        found = code_of(to, letter_id, sealed)
        need(found == code, f"refused with {found or 'nothing'} instead of {code}")
    need(len(implementation.rows("inbox")) == before, "something of a refused letter was kept")


def packed(to: Correspondent, letter: Any) -> tuple[str, bytes]:
    """A letter's identifier and sealed bytes."""
    return letter.id, to.sealed(to.packed(letter))


def bad_bodies_are_refused(to: Correspondent, _: Implementation) -> None:
    """P-155, P-196, P-201: a body without its digest, of another type, or with another digest."""
    letter_id, sealed = packed(to, to.letter())
    wanted = {"dedere-letter": letter_id, "content-type": LETTER_TYPE}
    rows = (
        ({**wanted, "content-type": "text/html"}, sealed, "request-form"),
        ({**wanted, "dedere-letter": "../../etc"}, sealed, "request-form"),
        ({**wanted, "content-digest": "sha-256=:" + "A" * 43 + "=:"}, sealed, "body-digest"),
    )
    for headers, body, code in rows:
        answer = to.raw(
            "POST", "/letters", headers=to.signed("POST", "/letters", headers=headers, body=body), body=body
        )
        need(answer.headers.get("dedere-code") == code, f"{answer.headers.get('dedere-code')} instead of {code}")


def a_part_is_pushed_and_resumed(to: Correspondent, implementation: Implementation) -> None:
    """P-164, P-205 to P-208, P-141, P-144: pieces, resuming, a true receipt; nothing that was not announced."""
    part, sealed = to.part(b"a fictional recording " * 100_000)
    letter = to.letter(parts=(part,))
    container = to.packed(letter)
    with to.client() as client:
        accept(to, letter, container, client.deliver_letter(letter.id, to.sealed(container)))
        place = f"/parts/{letter.id}/{part.id}"
        piece = {"tus-resumable": "1.0.0", "content-type": "application/offset+octet-stream"}
        first = sealed[:500_000]
        for offset, code in (("5", "part-offset"), ("0", None), ("0", "part-offset")):
            headers = to.signed("PATCH", place, headers={**piece, "upload-offset": offset}, body=first)
            answer = to.raw("PATCH", place, headers=headers, body=first)
            need(answer.headers.get("dedere-code") == code, f"{answer.headers.get('dedere-code')} instead of {code}")
        heard: list[int] = []
        receipt = client.push_part(letter.id, part, io.BytesIO(sealed), progress=heard.append)
        need(heard[0] == len(first), "a push does not resume where it stopped")
        sent = SentLetter(letter.id, "", to.state, (part.id,))
        accept_part_receipt(receipt, part, letter=sent, directory=to.directory, now=CLOCK.now())
        other, data = to.part(b"not announced")
        try:
            client.push_part(letter.id, other, io.BytesIO(data))
        except PartnerRefusedError as error:
            need(error.code == "unknown-object", f"{error.code} for a part that was not announced")
        else:
            need(holds=False, sentence="a part that was not announced was taken")
    held = next(row for row in implementation.rows("inbox") if row["letter"] == letter.id)
    need(held["parts"] == [part.id], "the part is not held whole")


def a_false_part_starts_again(to: Correspondent, _: Implementation) -> None:
    """P-144: a whole of other bytes is forgotten."""
    part, sealed = to.part(b"a fictional recording " * 100)
    letter = to.letter(parts=(part,))
    with to.client() as client:
        client.deliver_letter(letter.id, to.sealed(to.packed(letter)))
        false = bytes([sealed[0] ^ 1]) + sealed[1:]
        try:
            client.push_part(letter.id, part, io.BytesIO(false))
        except PartnerRefusedError:
            pass
        else:
            need(holds=False, sentence="a part of other bytes was receipted")
        client.push_part(letter.id, part, io.BytesIO(sealed))


def _came(recipient: Implementation, known: set[str]) -> bool:
    return bool(letters_of(recipient) - known)


def _all_there(sender: Implementation) -> bool:
    return all(row["state"] in THERE for row in sender.rows("outbox"))


def exchange_both_ways(one: Implementation, two: Implementation) -> None:
    """P-125: each sends the other a letter; both records agree."""
    for sender, recipient in ((one, two), (two, one)):
        known = letters_of(recipient)
        sender.ask("send", str(sender.home), recipient.state)
        wait_for(partial(_came, recipient, known), "the letter did not arrive")
        wait_for(partial(_all_there, sender), "it is not delivered")


def letters_of(implementation: Implementation) -> set[str]:
    """What is in the inbox."""
    return {row["letter"] for row in implementation.rows("inbox")}


def killed_and_started_again(one: Implementation, two: Implementation) -> None:
    """P-122, P-123: the receiver is dead when a letter is sent, and is started again: it arrives once."""
    known = letters_of(two)
    two.stop(kill=True)
    one.ask("send", str(one.home), two.state)
    time.sleep(3)
    two.start()
    wait_for(lambda: all(row["state"] in THERE for row in one.rows("outbox")), "the letter is not delivered")
    arrived = [row["letter"] for row in two.rows("inbox") if row["letter"] not in known]
    need(len(arrived) == 1, f"{len(arrived)} letters arrived")


def wait_for(holds: Callable[[], object], sentence: str) -> None:
    """Wait until it holds."""
    until = time.monotonic() + WAIT_SECONDS
    while not holds():
        need(time.monotonic() < until, sentence)
        time.sleep(1)


DAY = dt.timedelta(days=1)
THERE = {"delivered", "acknowledged"}
DOOR_CHECKS = (
    strangers_learn_nothing,
    spoiled_requests_are_strangers,
    only_tls_1_3,
    a_letter_is_receipted_once,
    bad_letters_are_refused,
    bad_bodies_are_refused,
    a_part_is_pushed_and_resumed,
    a_false_part_starts_again,
)
PAIR_CHECKS = (exchange_both_ways, killed_and_started_again)
