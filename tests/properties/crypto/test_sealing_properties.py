"""What must hold of sealing whatever the size, the pieces and the place."""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto import age
from dedere.crypto.age.payload import CHUNK, payload_size, plain_size
from dedere.crypto.errors import SealError

CHANCE = SeededIdentifiers("properties of sealing")
CLASSICAL = age.X25519Identity.generate(CHANCE)
HYBRID = age.HybridIdentity.generate(CHANCE)
PATTERN = hashlib.shake_128(b"pattern").digest(5 * CHUNK)
SEALED = age.seal(PATTERN, [HYBRID.recipient], chance=CHANCE)
HEADER, PAYLOAD = age.split_sealed(SEALED)

sizes = st.one_of(
    st.integers(0, 200),
    st.builds(lambda chunks, off: max(0, chunks * CHUNK + off), st.integers(0, 4), st.integers(-2, 2)),
)


@settings(max_examples=60, deadline=None)
@given(size=sizes, hybrid=st.booleans())
def test_what_is_sealed_opens_to_itself(size: int, *, hybrid: bool) -> None:
    identity: age.X25519Identity | age.HybridIdentity = HYBRID if hybrid else CLASSICAL
    sealed = age.seal(PATTERN[:size], [identity.recipient], chance=CHANCE)
    assert age.open_sealed(sealed, [identity]) == PATTERN[:size]


@given(size=st.integers(0, 2**45))
def test_the_size_of_a_payload_and_of_what_it_holds_belong_together(size: int) -> None:
    assert plain_size(payload_size(size)) == size


@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(st.integers(0, CHUNK + 7), max_size=8))
def test_the_pieces_a_stream_is_written_in_do_not_matter(pieces: list[int]) -> None:
    sink = io.BytesIO()
    writer = age.SealingWriter(sink, [CLASSICAL.recipient], chance=CHANCE)
    ends = list(itertools.accumulate(min(piece, CHUNK // 2) for piece in pieces))
    for start, end in itertools.pairwise([0, *ends]):
        writer.write(PATTERN[start:end])
    writer.finish()
    plain = PATTERN[: ends[-1] if ends else 0]
    assert age.open_sealed(sink.getvalue(), [CLASSICAL]) == plain
    assert writer.plain_sha256 == hashlib.sha256(plain).hexdigest()
    assert writer.payload_sha256 == hashlib.sha256(sink.getvalue()[len(writer.header) :]).hexdigest()


@settings(max_examples=80, deadline=None)
@given(ranges=st.lists(st.tuples(st.integers(0, len(PATTERN) + 9), st.integers(0, 2 * CHUNK)), max_size=6))
@example(ranges=[(CHUNK - 1, 2), (0, len(PATTERN)), (len(PATTERN) - 1, 1)])
def test_every_range_reads_like_the_plain_bytes(ranges: list[tuple[int, int]]) -> None:
    reader = age.SealedReader(HEADER, io.BytesIO(PAYLOAD), [HYBRID])
    for offset, length in ranges:
        assert reader.read_range(offset, length) == PATTERN[offset : offset + length]


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, len(SEALED) - 1), bit=st.integers(0, 7))
def test_no_bit_can_be_changed_unnoticed(place: int, bit: int) -> None:
    changed = bytearray(SEALED)
    changed[place] ^= 1 << bit
    try:
        age.open_sealed(bytes(changed), [HYBRID])
    except SealError:
        return
    raise AssertionError(f"bit {bit} of byte {place} can be changed")


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=400), prefix=st.sampled_from([b"", b"age-encryption.org/v1\n", HEADER[:200]]))
def test_whatever_arrives_only_sealing_errors_leave(data: bytes, prefix: bytes) -> None:
    with contextlib.suppress(SealError):
        age.open_sealed(prefix + data, [HYBRID, CLASSICAL])
    with contextlib.suppress(SealError):
        age.dearmor(prefix + data)


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(st.booleans(), min_size=1, max_size=5))
def test_rewrapping_any_number_of_times_leaves_the_payload_and_what_it_opens_to(steps: list[bool]) -> None:
    identities = [CLASSICAL, age.X25519Identity.generate(CHANCE)]
    header, payload = age.split_sealed(age.seal(b"fictional", [CLASSICAL.recipient], chance=CHANCE))
    holder = 0
    for other in steps:
        following = int(other)
        header = age.rewrap_header(header, [identities[holder]], [identities[following].recipient], chance=CHANCE)
        holder = following
    assert age.open_sealed(header + payload, [identities[holder]]) == b"fictional"
