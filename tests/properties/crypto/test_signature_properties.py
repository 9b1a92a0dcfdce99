"""Whatever arrives in place of a signature: refused by a SignatureError or the same answer, never another error."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dedere.crypto.cades import sign_cades, verify_cades
from dedere.crypto.errors import SignatureError
from support import pki

NL = pki.state("NL")
LETTER = b"fictional"
SIGNED = sign_cades(LETTER, NL.authority.signer, signed_at=pki.TIME, timestamper=NL.timestamper())
TRUSTED = [NL.authority.der, NL.timestamp.der]


def decided(cms: bytes, content: bytes = LETTER) -> bool:
    try:
        report = verify_cades(cms, content, trusted=TRUSTED, at=pki.TIME)
    except SignatureError:
        return False
    assert report.signer == NL.authority.der
    return True


@settings(max_examples=400, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, len(SIGNED) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_changed_bytes_are_decided(changes: list[tuple[int, int]]) -> None:
    changed = bytearray(SIGNED)
    for place, value in changes:
        changed[place] = value
    decided(bytes(changed))
    assert not decided(bytes(changed), LETTER + b"x")


@settings(max_examples=200, deadline=None)
@given(start=st.integers(0, len(SIGNED)), length=st.integers(1, 60), inserted=st.binary(max_size=60))
def test_cut_and_inserted_bytes_are_decided(start: int, length: int, inserted: bytes) -> None:
    spliced = SIGNED[:start] + inserted + SIGNED[start + length :]
    assert decided(spliced) is (spliced == SIGNED) or spliced != SIGNED
    assert not decided(spliced, b"other")


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=200))
def test_arbitrary_bytes_are_refused(data: bytes) -> None:
    assert not decided(data)
