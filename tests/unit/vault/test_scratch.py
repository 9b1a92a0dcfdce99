"""A temporary file that only its process reads."""

from __future__ import annotations

import pytest

from dedere.vault.scratch import Scratch
from support.vaults import CHANCE, content


@pytest.mark.parametrize("size", [0, 10, 5_000_000])
def test_what_was_written_is_read_back(size: int) -> None:
    data = content(size)
    scratch = Scratch(CHANCE)
    assert scratch.write(data) == size
    with scratch.finish() as reader:
        assert reader.read_range(0, size) == data
        assert data[:100] == reader.read_range(0, 100)


def test_what_is_let_go_is_gone() -> None:
    scratch = Scratch(CHANCE)
    scratch.write(b"a name")
    scratch.discard()
    with pytest.raises(ValueError, match="closed file"):
        scratch.finish()
