"""Homes made by `dedere node init` itself, once in a run, then copied. Every authority is fictional."""

from __future__ import annotations

import dataclasses
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dedere.node.home import load_home, write_home
from support.cluster import Cluster, find_programs, started
from support.commands import free_port, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dedere.node.home import Home

NAMES = {
    "NL": "Central Authority of the Netherlands (fictional)",
    "SN": "Central Authority of Senegal (fictional)",
}


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One home of each State, to be copied and never used itself."""
    folder = tmp_path_factory.mktemp("founded")
    for state, name in NAMES.items():
        said("node", "init", folder / state, "--state", state, "--name", name, "--demonstration")
    return {state: folder / state for state in NAMES}


@pytest.fixture
def home_of(founded: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    """Makes a home of a State, with ports of its own that the card does not know yet."""

    def make(state: str) -> Path:
        return shutil.copytree(founded[state], tmp_path / state)

    return make


@pytest.fixture
def home(home_of: Callable[[str], Path]) -> Path:
    """The home of the Netherlands."""
    return home_of("NL")


@pytest.fixture
def listening(tmp_path: Path) -> Home:
    """A home whose card names the port on which its gateway listens."""
    folder = tmp_path / "listening"
    said(
        "node", "init", folder, "--state", "NL", "--name", NAMES["NL"], "--demonstration",
        "--pages-port", free_port(), "--gateway-port", free_port(),
    )  # fmt: skip
    return load_home(folder)


def without_gateway(folder: Path) -> Home:
    """A home that nobody reaches, with a free port for its pages."""
    home = load_home(folder)
    port = free_port()
    pages = dataclasses.replace(home.pages, port=port, url=f"http://127.0.0.1:{port}")
    home = dataclasses.replace(home, pages=pages, gateway=dataclasses.replace(home.gateway, url=""), polls=("*",))
    write_home(home)
    return home


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of the tests' own."""
    if find_programs() is None:
        message = "PostgreSQL is not installed."
        (pytest.fail if os.environ.get("DEDERE_TEST_REQUIRE") == "all" else pytest.skip)(message)
    with started() as found:
        yield found
