"""An office for every test of pages; see `support.offices`."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from dedere.base.clock import FixedClock
from dedere.base.identifiers import SeededIdentifiers
from dedere.node.office import Office, using
from support.custody import Custody, custody, unlocked_guard
from support.offices import START, Bureau, make_home, open_bureau

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Every test begins in English, whatever language the one before left behind."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, Office]:
    """The homes of the Netherlands and Senegal; made once, since keys take their time."""
    folder = tmp_path_factory.mktemp("homes")
    return (
        make_home(folder / "nl", "NL", "Central Authority of the Netherlands (fictional)"),
        make_home(folder / "sn", "SN", "Autorité centrale du Sénégal (fictive)"),
    )


@pytest.fixture
def bureau(db: None, homes: tuple[Office, Office], request: pytest.FixtureRequest) -> Iterator[Bureau]:
    """The office at work, its records empty but for its officers and Senegal's card."""
    clock = FixedClock(START)
    name = request.node.name
    ours = dataclasses.replace(homes[0], clock=clock, identifiers=SeededIdentifiers(f"NL {name}"))
    theirs = dataclasses.replace(homes[1], clock=clock, identifiers=SeededIdentifiers(f"SN {name}"))
    with using(ours):
        yield open_bureau(ours, theirs)


@pytest.fixture
def signed_in(bureau: Bureau, client: Client) -> Callable[[str], Client]:
    """The test client with one of the officers signed in."""

    def sign_in(name: str) -> Client:
        client.force_login(bureau[name])
        return client

    return sign_in


@pytest.fixture
def kept(bureau: Bureau) -> Iterator[Custody]:
    """The office with two custodians, its leak guard unlocked."""
    for _each in unlocked_guard(bureau.office):
        yield custody(bureau)
