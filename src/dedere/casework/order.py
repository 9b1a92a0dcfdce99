"""The order of a case: which letters may be read, and in which order, whatever order they arrived in.

1. A letter is read after every letter it answers and after its sender's earlier letters to the same State.
2. A letter for which one of these is not here waits, and so does what answers it.
3. Among letters that may be read next, the kind of act decides (`first` in `data/acts.toml`), then the instant of
   sealing, then the sending State, then the letter's id. So acts that crossed are read in the same order everywhere.
4. Copies of one act to several States are one act. Two letters that cannot both be true (one id with two contents, one
   place in the sequence taken twice, copies that differ) are a contradiction: the one with the lowest digest is read.
"""

from __future__ import annotations

import hashlib
import heapq
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedere.casework.docket import texts
from dedere.casework.matters import Contradiction, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedere.casework.acts import RecordedAct
    from dedere.casework.transitions import Procedure


@dataclass(slots=True)
class Node:
    """One act in the order: its letter (the lowest of its copies), what it needs first, and all that it builds on.

    `key` is the id under which the state names it, `at` the instant of its sealing as text.
    """

    act: RecordedAct
    key: str
    at: str
    digest: str
    copies: list[RecordedAct]
    needs: set[str] = field(default_factory=set)
    missing_answers: set[str] = field(default_factory=set)
    missing_sequence: set[int] = field(default_factory=set)
    place: int = 0
    past: int = 0
    repeats_sequence: bool = False


@dataclass(frozen=True, slots=True)
class Ordered:
    """The acts in reading order, those that wait, and what contradicts."""

    nodes: tuple[Node, ...]
    waiting: tuple[Waiting, ...]
    contradictions: tuple[Contradiction, ...]
    heads: tuple[tuple[str, str], ...]


def order(records: Iterable[RecordedAct], *, procedure: Procedure) -> Ordered:
    """Put letters in reading order. The same set gives the same result in any order."""
    letters, contradictions = _distinct(records)
    nodes, more = _acts(letters)
    contradictions += more
    contradictions += _depend(nodes, letters)
    read = _sorted(nodes, procedure=procedure)
    done = {node.key for node in read}
    waiting = sorted((node for key, node in nodes.items() if key not in done), key=_tie)
    return Ordered(
        nodes=tuple(read),
        waiting=tuple(map(_waiting, waiting)),
        contradictions=tuple(sorted(contradictions, key=lambda each: (each.sender, each.about, each.digests))),
        heads=_heads([copy for node in read for copy in node.copies]),
    )


def _distinct(records: Iterable[RecordedAct]) -> tuple[dict[str, RecordedAct], list[Contradiction]]:
    letters: dict[str, RecordedAct] = {}
    stories: dict[str, dict[str, RecordedAct]] = defaultdict(dict)
    for record in records:
        held = letters.setdefault(record.letter, record)
        if held.digest != record.digest:
            stories[record.letter].update({held.digest: held, record.digest: record})
    contradictions = []
    for letter, versions in stories.items():
        digests = tuple(sorted(versions))
        letters[letter] = versions[digests[0]]
        contradictions.append(Contradiction(letters[letter].sender, f"letter {letter}", digests))
    return letters, contradictions


def _acts(letters: dict[str, RecordedAct]) -> tuple[dict[str, Node], list[Contradiction]]:
    nodes: dict[str, Node] = {}
    copies: dict[str, list[RecordedAct]] = defaultdict(list)
    for letter in letters.values():
        key = letter.circular
        if key == letter.letter:
            nodes[key] = Node(letter, key, letter.written_at, letter.digest, [letter])
        else:
            copies[key].append(letter)
    contradictions = []
    for key, group in copies.items():
        versions: dict[str, list[RecordedAct]] = defaultdict(list)
        for letter in group:
            versions[act_digest(letter)].append(letter)
        stories = tuple(sorted(versions))
        chosen = min(versions[stories[0]], key=lambda letter: letter.letter)
        nodes[key] = Node(chosen, key, chosen.written_at, stories[0], group)
        if len(stories) > 1:
            contradictions.append(Contradiction(chosen.sender, f"act {key}", stories))
    return nodes, contradictions


def act_digest(letter: RecordedAct) -> str:
    """The SHA-256, in hex, of what copies of one act have in common: sender, act and parts."""
    if not letter.common:
        content = [letter.sender, letter.kind, letter.proceeding, letter.officer, letter.body, _part_facts(letter)]
        plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        letter.note(common=hashlib.sha256(plain.encode("ascii")).hexdigest())
    return letter.common


def _part_facts(letter: RecordedAct) -> list[list[object]]:
    return [[part.id, part.name, part.size, part.sha256, list(part.conditions)] for part in letter.parts]


def _depend(nodes: dict[str, Node], letters: dict[str, RecordedAct]) -> list[Contradiction]:
    keys = {letter.letter: key for key, node in nodes.items() for letter in node.copies}
    for key, node in nodes.items():
        for letter in node.copies:
            for answered, _ in letter.answers:
                _need(node, keys.get(answered, answered), nodes=nodes)
        for followed in texts(node.act.body, "follows"):
            _need(node, followed, nodes=nodes)
        node.needs.discard(key)
    return _follow_sequence(nodes, letters, keys)


def _need(node: Node, key: str, *, nodes: dict[str, Node]) -> None:
    if key in nodes:
        node.needs.add(key)
    else:
        node.missing_answers.add(key)


def _follow_sequence(
    nodes: dict[str, Node], letters: dict[str, RecordedAct], keys: dict[str, str]
) -> list[Contradiction]:
    lines: dict[tuple[str, str], list[RecordedAct]] = defaultdict(list)
    for letter in letters.values():
        lines[letter.sender, letter.recipient].append(letter)
    contradictions = []
    for (sender, recipient), line in lines.items():
        line.sort(key=lambda letter: (letter.sequence, letter.digest))
        before: RecordedAct | None = None
        for letter in line:
            node = nodes[keys[letter.letter]]
            expected = before.sequence + 1 if before else 1
            if before and letter.sequence == before.sequence:
                node.repeats_sequence = True
                about = f"sequence {letter.sequence} to {recipient}"
                contradictions.append(Contradiction(sender, about, (before.digest, letter.digest)))
            elif letter.sequence > expected:
                node.missing_sequence.update(range(expected, min(letter.sequence, expected + _NAMED)))
            if before and keys[before.letter] != keys[letter.letter]:
                node.needs.add(keys[before.letter])
            before = letter
    return contradictions


def _sorted(nodes: dict[str, Node], *, procedure: Procedure) -> list[Node]:
    followers: dict[str, list[str]] = defaultdict(list)
    left = {}
    ready = []
    for key, node in nodes.items():
        left[key] = len(node.needs) + len(node.missing_answers) + len(node.missing_sequence)
        for need in node.needs:
            followers[need].append(key)
        if not left[key]:
            ready.append(_priority(node, procedure))
    heapq.heapify(ready)
    read: list[Node] = []
    while ready:
        key = heapq.heappop(ready)[-1]
        node = nodes[key]
        node.place = len(read)
        for need in node.needs:
            node.past |= nodes[need].past | (1 << nodes[need].place)
        read.append(node)
        for follower in followers[key]:
            left[follower] -= 1
            if not left[follower]:
                heapq.heappush(ready, _priority(nodes[follower], procedure))
    return read


def before(one: Node, other: Node, *, procedure: Procedure) -> bool:
    """Whether, of two acts that may both be read next, `one` is read first."""
    return _priority(one, procedure) < _priority(other, procedure)


def _priority(node: Node, procedure: Procedure) -> tuple[int, str, str, str]:
    return (procedure.acts[node.act.kind].first, *_tie(node))


def _tie(node: Node) -> tuple[str, str, str]:
    return (node.at, node.act.sender, node.key)


def _waiting(node: Node) -> Waiting:
    return Waiting(
        letter=node.key,
        kind=node.act.kind.value,
        proceeding=node.act.proceeding,
        sender=node.act.sender,
        sequence=node.act.sequence,
        sealed_at=node.at,
        answers_missing=tuple(sorted(node.missing_answers)),
        sequence_missing=tuple(sorted(node.missing_sequence)),
    )


def _heads(letters: list[RecordedAct]) -> tuple[tuple[str, str], ...]:
    """What was read and nothing that was read answers. A letter that waits is answered by nobody yet."""
    answered = {name for letter in letters for name, _ in letter.answers}
    followed = {name for letter in letters for name in texts(letter.body, "follows")}
    return tuple(
        sorted(
            (each.letter, each.digest)
            for each in letters
            if each.letter not in answered and not (followed and each.circular in followed)
        )
    )


# How many missing letters of one gap are named; a hostile sequence number must not name millions.
_NAMED = 16
