"""The door in front of the node: the addresses are there, and strangers learn nothing of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client, RequestFactory, override_settings

from dedere.gateway import urls
from dedere.node.exchange import actions
from dedere.node.office import using
from support.offices import START, make_home

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    made = make_home(tmp_path_factory.mktemp("home") / "nl", "NL", "Fictional central authority of the Netherlands")
    with using(made):
        yield


@pytest.mark.parametrize("path", ["/letters", "/card", "/parts", "/mailbox", "/nothing", "/admin/"])
def test_p200_strangers_learn_nothing(path: str) -> None:
    with override_settings(ROOT_URLCONF="dedere.gateway.urls", MIDDLEWARE=[]):
        answer = Client().get(path)

    assert (answer.status_code, answer.content) == (404, b"")


def test_trouble_outside_every_endpoint_is_told_to_nobody() -> None:
    answer = urls.trouble(RequestFactory().get("/card"))

    assert (answer.status_code, answer.content) == (404, b"")


def test_the_node_stands_behind_the_door() -> None:
    assert urls.gateway.door() is actions
    assert urls.OfficeClock().now() == START
    assert urls.gateway.state() == "NL"
