"""What holds for every test: no sockets where none are needed, no waiting on Hypothesis' clock."""

from __future__ import annotations

import contextlib
import os

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import disable_socket, enable_socket

settings.register_profile(
    "house", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("long", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("DEDERE_TEST_PROFILE", "house"))


_cluster = contextlib.ExitStack()


def pytest_sessionstart(session: pytest.Session) -> None:
    """`DEDERE_TEST_DATABASE=postgresql` runs the tests on a cluster of this process's own."""
    if os.environ.get("DEDERE_TEST_DATABASE") == "postgresql" and not session.config.getoption("collectonly"):
        from django.conf import settings as django

        from support.cluster import started

        _cluster.enter_context(started(django.TEST_CLUSTER))


def pytest_sessionfinish() -> None:
    """The cluster ends with the run."""
    _cluster.close()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Only tests that say so may open sockets."""
    if any(item.get_closest_marker(name) for name in ("network", "browser")):
        enable_socket()
    else:
        disable_socket(allow_unix_socket=True)


def pytest_runtest_teardown() -> None:
    """Leave the process as it was."""
    enable_socket()
