"""Settings for tests and type checks: an empty home in a temporary folder, the pages' urls, no network."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from dedere.node.settings.common import *  # noqa: F403 - settings are a namespace
from dedere.node.settings.common import postgresql, sqlite

SECRET_KEY = "for tests only"  # noqa: S105 - signs nothing outside a test
ROOT_URLCONF = "dedere.web.urls"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DEDERE_HOME = Path(tempfile.gettempdir()) / "dedere-testing-home"
DEDERE_PROCESS = "pages"
# `tests/conftest.py` starts a cluster of its own in this place where the run is on PostgreSQL.
TEST_CLUSTER = Path("/tmp") / f"dpg-{os.getpid()}"  # noqa: S108 - a socket's path must be short
DATABASES = {
    "default": postgresql({"dbname": "postgres", "user": "dedere", "host": str(TEST_CLUSTER / "socket")})
    if os.environ.get("DEDERE_TEST_DATABASE") == "postgresql"
    else sqlite(":memory:")
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
