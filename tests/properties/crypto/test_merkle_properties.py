"""The log against the definition in RFC 9162, word for word and slow."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from dedere.crypto.errors import ProofError
from dedere.crypto.merkle import MerkleTree, Peaks, leaf_hash, verify_consistency, verify_inclusion


def naive_root(entries: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = 1
    while split * 2 < len(entries):
        split *= 2
    return hashlib.sha256(b"\x01" + naive_root(entries[:split]) + naive_root(entries[split:])).digest()


def naive_path(index: int, entries: list[bytes]) -> list[bytes]:
    """PATH of RFC 9162, 2.1.3.1."""
    if len(entries) == 1:
        return []
    split = 1
    while split * 2 < len(entries):
        split *= 2
    if index < split:
        return [*naive_path(index, entries[:split]), naive_root(entries[split:])]
    return [*naive_path(index - split, entries[split:]), naive_root(entries[:split])]


logs = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


@given(entries=logs, data=st.data())
def test_heads_and_proofs_are_those_of_the_definition(entries: list[bytes], data: st.DataObject) -> None:
    tree = MerkleTree(map(leaf_hash, entries))
    size = data.draw(st.integers(1, len(entries)))
    index = data.draw(st.integers(0, size - 1))
    assert tree.root(size) == naive_root(entries[:size])
    proof = tree.inclusion_proof(index, size)
    assert list(proof) == naive_path(index, entries[:size])
    verify_inclusion(leaf_hash(entries[index]), index=index, size=size, proof=proof, root=tree.root(size))


@given(entries=logs, data=st.data())
def test_every_earlier_head_is_consistent_and_every_rewritten_one_is_not(
    entries: list[bytes], data: st.DataObject
) -> None:
    tree = MerkleTree(map(leaf_hash, entries))
    second = data.draw(st.integers(1, len(entries)))
    first = data.draw(st.integers(1, second))
    proof = tree.consistency_proof(first, second)
    roots = {"first_root": tree.root(first), "second_root": tree.root(second)}
    verify_consistency(first=first, second=second, proof=proof, **roots)
    place = data.draw(st.integers(0, first - 1))
    rewritten = [*entries[:place], b"rewritten", *entries[place + 1 :]]
    other = MerkleTree(map(leaf_hash, rewritten))
    try:
        verify_consistency(
            first=first,
            second=second,
            first_root=tree.root(first),
            second_root=other.root(second),
            proof=other.consistency_proof(first, second),
        )
    except ProofError:
        return
    raise AssertionError("a rewritten log passes")


@given(entries=st.lists(st.binary(max_size=4), max_size=70))
def test_the_compact_form_has_the_head_of_the_whole(entries: list[bytes]) -> None:
    peaks = Peaks()
    for entry in entries:
        peaks = peaks.appended(leaf_hash(entry))
    assert peaks.root() == naive_root(entries)
    assert len(peaks.hashes) == len(entries).bit_count()


@given(entries=logs, data=st.data())
def test_an_entry_that_is_not_there_has_no_proof(entries: list[bytes], data: st.DataObject) -> None:
    tree = MerkleTree(map(leaf_hash, entries))
    index = data.draw(st.integers(0, len(entries) - 1))
    proof = tree.inclusion_proof(index)
    try:
        verify_inclusion(leaf_hash(b"absent"), index=index, size=len(entries), proof=proof, root=tree.root())
    except ProofError:
        return
    raise AssertionError("an entry that is not there passes")
