"""Names that harm nobody, and ranges that are always the same bytes."""

from __future__ import annotations

import io
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from dedere.vault.media import BYTES, sniff
from dedere.vault.names import NAME_LIMIT, distinct, safe_name, safe_path
from dedere.vault.reading import open_object, sealed_stream
from dedere.vault.store import MemoryStore
from support.vaults import content, identity, keep

STORE = MemoryStore()
DATA = content(300_000)
STORED = keep(STORE, DATA)
SEALED = STORE.headers[STORED.id] + STORE.payloads[STORED.id]


@given(st.text(max_size=400))
def test_a_safe_name_is_one_short_printable_component_and_stays_itself(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= NAME_LIMIT + 1
    assert len(safe.encode()) <= 255
    assert not set(safe) & set('/\\:*?"<>|')
    assert all(unicodedata.category(character) not in {"Cc", "Cf", "Cs"} for character in safe)
    assert safe.strip(" .") not in {"", ".", ".."}
    assert safe_name(safe) == safe


@given(st.text(max_size=200))
def test_a_safe_path_leads_down_only(path: str) -> None:
    parts = safe_path(path).split("/")
    assert all(part and part == safe_name(part) for part in parts)


@given(st.lists(st.text("aA.b/", min_size=1, max_size=6), max_size=20))
def test_distinct_paths_never_meet(paths: list[str]) -> None:
    taken: set[str] = set()
    for path in map(safe_path, paths):
        free = distinct(path, taken)
        assert free.casefold() not in taken
        taken.add(free.casefold())


@settings(max_examples=60)
@given(st.integers(0, 310_000), st.integers(0, 310_000))
def test_any_range_is_what_was_taken_in(start: int, length: int) -> None:
    with open_object(STORE, STORED.id, [identity("vault")]) as reader:
        assert reader.read_range(start, length) == DATA[start : start + length]
    with sealed_stream(STORE, STORED.id) as stream:
        stream.seek(start)
        assert io.BufferedReader(stream).read(length) == SEALED[start : start + length]


@given(st.binary(max_size=200), st.text(max_size=30))
def test_nothing_unknown_is_ever_shown_in_place(first: bytes, declared: str) -> None:
    found = sniff(first, declared)
    assert found.inline or found.served == BYTES
    assert not found.inline or found.served.split("/")[0] in {"image", "audio", "video", "text", "application"}
    assert found.served not in {"text/html", "image/svg+xml", "text/xml"}
