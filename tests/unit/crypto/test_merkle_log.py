"""RFC 9162 trees against the published example roots, and proofs that lie."""

from __future__ import annotations

import pytest

from dedere.base.errors import InputError
from dedere.crypto.errors import ProofError
from dedere.crypto.merkle import MerkleTree, Peaks, leaf_hash, verify_consistency, verify_inclusion

# Inputs and heads that implementations of RFC 6962 and RFC 9162 share as examples.
ENTRIES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")] + [
    bytes.fromhex("606162636465666768696a6b6c6d6e6f")
]
HEADS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def tree() -> MerkleTree:
    return MerkleTree(map(leaf_hash, ENTRIES))


def test_heads_are_the_published_ones() -> None:
    assert [tree().root(size).hex() for size in range(1, 9)] == HEADS


def test_the_empty_log_has_the_digest_of_nothing() -> None:
    assert MerkleTree().root() == Peaks().root()
    assert MerkleTree().root().hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_appending_gives_the_index_and_peaks_give_the_same_head() -> None:
    growing, peaks = MerkleTree(), Peaks()
    for index, entry in enumerate(ENTRIES):
        assert growing.append(entry) == index
        peaks = peaks.appended(leaf_hash(entry))
        assert peaks.root() == growing.root()
        assert peaks.size == growing.size == index + 1


def test_a_published_inclusion_proof() -> None:
    assert [digest.hex()[:8] for digest in tree().inclusion_proof(0)] == ["96a296d2", "5f083f0a", "6b47aaf2"]


def test_a_leaf_is_what_was_appended() -> None:
    assert [tree().leaf(index) for index in range(8)] == [leaf_hash(entry) for entry in ENTRIES]


@pytest.mark.parametrize("index", [-1, 8])
def test_there_is_no_leaf_outside_the_log(index: int) -> None:
    with pytest.raises(InputError):
        tree().leaf(index)


@pytest.mark.parametrize(("index", "size"), [(8, 8), (-1, 8), (0, 0), (0, 9), (0, -1)])
def test_there_is_no_inclusion_proof_outside_the_log(index: int, size: int) -> None:
    with pytest.raises(InputError):
        tree().inclusion_proof(index, size)


@pytest.mark.parametrize(("first", "second"), [(0, 4), (5, 4), (1, 9)])
def test_there_is_no_consistency_proof_outside_the_log(first: int, second: int) -> None:
    with pytest.raises(InputError):
        tree().consistency_proof(first, second)


def test_an_inclusion_proof_does_not_serve_another_place_entry_or_head() -> None:
    full, proof, leaf = tree(), tree().inclusion_proof(2), leaf_hash(ENTRIES[2])
    verify_inclusion(leaf, index=2, size=8, proof=proof, root=full.root())
    for index, size, attempt, root, entry in [
        (3, 8, proof, full.root(), leaf),
        (2, 4, proof, full.root(), leaf),
        (2, 8, proof[:-1], full.root(), leaf),
        (2, 8, (*proof, leaf), full.root(), leaf),
        (2, 8, tuple(reversed(proof)), full.root(), leaf),
        (2, 8, proof, full.root(7), leaf),
        (2, 8, proof, full.root(), leaf_hash(ENTRIES[3])),
        (8, 8, proof, full.root(), leaf),
        (-1, 8, proof, full.root(), leaf),
    ]:
        with pytest.raises(ProofError):
            verify_inclusion(entry, index=index, size=size, proof=attempt, root=root)


def test_a_consistency_proof_does_not_serve_a_rewritten_log() -> None:
    full, proof = tree(), tree().consistency_proof(3, 7)
    verify_consistency(first=3, second=7, first_root=full.root(3), second_root=full.root(7), proof=proof)
    other = MerkleTree(map(leaf_hash, [*ENTRIES[:2], b"changed", *ENTRIES[3:]]))
    for first, second, old, new, attempt in [
        (3, 7, other.root(3), full.root(7), proof),
        (3, 7, full.root(3), other.root(7), proof),
        (3, 7, full.root(3), full.root(7), proof[:-1]),
        (3, 7, full.root(3), full.root(7), (*proof, full.root())),
        (3, 7, full.root(3), full.root(7), ()),
        (4, 8, full.root(4), full.root(8), (*full.consistency_proof(4, 8), full.root(), full.root())),
        (7, 3, full.root(7), full.root(3), proof),
        (0, 3, full.root(3), full.root(3), ()),
        (3, 3, full.root(3), other.root(3), ()),
        (3, 3, full.root(3), full.root(3), proof),
    ]:
        with pytest.raises(ProofError):
            verify_consistency(first=first, second=second, first_root=old, second_root=new, proof=attempt)


def test_every_proof_of_small_logs_verifies() -> None:
    full = MerkleTree(leaf_hash(bytes([number])) for number in range(13))
    for size in range(1, 14):
        for index in range(size):
            leaf, proof = leaf_hash(bytes([index])), full.inclusion_proof(index, size)
            verify_inclusion(leaf, index=index, size=size, proof=proof, root=full.root(size))
            first, steps = index + 1, full.consistency_proof(index + 1, size)
            verify_consistency(
                first=first, second=size, first_root=full.root(first), second_root=full.root(size), proof=steps
            )


def test_a_log_is_consistent_with_itself() -> None:
    verify_consistency(first=3, second=3, first_root=tree().root(3), second_root=tree().root(3), proof=())
    assert tree().consistency_proof(3, 3) == ()
