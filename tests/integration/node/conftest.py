"""A Netherlands office at work in memory, with Senegal writing to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.offices import Bureau, make_home, open_bureau, using


@pytest.fixture
def bureau(db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    folder = tmp_path_factory.mktemp("homes")
    office = make_home(folder / "nl", "NL", "Fictional central authority of the Netherlands")
    other = make_home(folder / "sn", "SN", "Fictional central authority of Senegal")
    with using(office):
        yield open_bureau(office, other)
