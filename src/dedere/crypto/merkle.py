"""Merkle tree hashes and their proofs (RFC 9162, section 2): a log that cannot be rewritten unnoticed.

Does not store entries and does not sign tree heads; it keeps 64 bytes of memory for each leaf.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.crypto.errors import ProofError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_EMPTY = hashlib.sha256(b"").digest()
_HASH = 32


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry as a leaf (RFC 9162, 2.1.1): 32 bytes."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (RFC 9162, 2.1.1): 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """An append-only tree over leaf hashes; roots and proofs of every earlier size stay available."""

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        # The i-th 32 bytes of _levels[k] are the root of the complete subtree of 2**k leaves from leaf i * 2**k on.
        self._levels: list[bytearray] = [bytearray()]
        for digest in leaf_hashes:
            self.append_hash(digest)

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0]) // _HASH

    def append(self, entry: bytes) -> int:
        """Add `entry`; the index of its leaf."""
        return self.append_hash(leaf_hash(entry))

    def append_hash(self, digest: bytes) -> int:
        """Add an entry of which only the leaf hash is at hand; the index of its leaf."""
        index = self.size
        self._levels[0] += digest
        level = 0
        while len(self._levels[level]) % (2 * _HASH) == 0:
            if level + 1 == len(self._levels):
                self._levels.append(bytearray())
            pair = bytes(self._levels[level][-2 * _HASH :])
            self._levels[level + 1] += node_hash(pair[:_HASH], pair[_HASH:])
            level += 1
        return index

    def leaf(self, index: int) -> bytes:
        """The leaf hash at `index`: 32 bytes."""
        if not 0 <= index < self.size:
            raise InputError(f"Leaf {index} is not in a tree of {self.size} leaves.")
        return self._hash(index, index + 1)

    def root(self, size: int | None = None) -> bytes:
        """The tree head of the first `size` leaves, by default of all (RFC 9162, 2.1.1): 32 bytes."""
        size = self._require_size(size)
        return self._hash(0, size) if size else _EMPTY

    def inclusion_proof(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """What proves that leaf `index` is in the tree of `size` leaves (RFC 9162, 2.1.3.1), leaf to root."""
        size = self._require_size(size)
        if not 0 <= index < size:
            raise InputError(f"Leaf {index} is not in a tree of {size} leaves.")
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        return tuple(reversed(path))

    def consistency_proof(self, first: int, second: int | None = None) -> tuple[bytes, ...]:
        """What proves that the tree of `second` leaves extends that of `first` (RFC 9162, 2.1.4.1)."""
        second = self._require_size(second)
        if not 0 < first <= second:
            raise InputError(f"A tree of {second} leaves has no consistency proof from {first} leaves.")
        path: list[bytes] = []
        start, end, whole = 0, second, True
        while first != end:
            middle = start + _split(end - start)
            if first <= middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(start, middle))
                start, whole = middle, False
        if not whole:
            path.append(self._hash(start, end))
        return tuple(reversed(path))

    def _hash(self, start: int, end: int) -> bytes:
        count = end - start
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            place = (start >> level) * _HASH
            return bytes(self._levels[level][place : place + _HASH])
        middle = start + _split(count)
        return node_hash(self._hash(start, middle), self._hash(middle, end))

    def _require_size(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise InputError(f"The tree has {self.size} leaves; there is no head for {size}.")
        return size


@dataclass(frozen=True, slots=True)
class Peaks:
    """The compact form of a growing log: enough to add entries and to name its head, not to prove anything.

    `hashes` are the roots of the complete subtrees that `size` is the sum of, largest first.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def appended(self, digest: bytes) -> Peaks:
        """The log with one more leaf hash."""
        hashes, size = [*self.hashes, digest], self.size
        while size & 1:
            right = hashes.pop()
            hashes.append(node_hash(hashes.pop(), right))
            size >>= 1
        return Peaks(self.size + 1, tuple(hashes))

    def root(self) -> bytes:
        """The tree head, equal to `MerkleTree.root` over the same leaves."""
        if not self.hashes:
            return _EMPTY
        digest = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            digest = node_hash(left, digest)
        return digest


def verify_inclusion(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Return only if `proof` shows the leaf hash `leaf` at `index` under `root` (RFC 9162, 2.1.3.2).

    Raises:
        ProofError: it does not.
    """
    if not 0 <= index < size:
        raise ProofError(f"Entry {index} cannot be in a log of {size} entries.")
    position, last, digest = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofError("The inclusion proof is longer than the log is deep.")
        if position & 1 or position == last:
            digest = node_hash(sibling, digest)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            digest = node_hash(digest, sibling)
        position, last = position >> 1, last >> 1
    if last or not hmac.compare_digest(digest, root):
        raise ProofError("The inclusion proof does not lead from the entry to the log's head.")


def verify_consistency(
    *, first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> None:
    """Return only if `proof` shows that the tree at `second` extends the tree at `first` (RFC 9162, 2.1.4.2).

    Raises:
        ProofError: it does not.
    """
    if not 0 < first <= second:
        raise ProofError(f"A log of {second} entries cannot extend one of {first}.")
    if first == second:
        if proof or not hmac.compare_digest(first_root, second_root):
            raise ProofError("Two heads of one size differ: the log was rewritten.")
        return
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not path:
        raise ProofError("The consistency proof is empty.")
    old, new = _fold_consistency(path, position=first - 1, last=second - 1)
    if not hmac.compare_digest(old, first_root) or not hmac.compare_digest(new, second_root):
        raise ProofError("The consistency proof does not lead from the earlier head to the later one.")


def _fold_consistency(path: list[bytes], *, position: int, last: int) -> tuple[bytes, bytes]:
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("The consistency proof is longer than the log is deep.")
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofError("The consistency proof is shorter than the log is deep.")
    return old, new


def _split(count: int) -> int:
    """The largest power of two below `count`, which is at least two."""
    return 1 << (count - 1).bit_length() - 1
