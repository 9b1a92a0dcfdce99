"""Settings for tests and type checks: an empty home in a temporary folder, the pages' urls, no network."""

from __future__ import annotations

import tempfile
from pathlib import Path

from dedere.node.settings.common import *  # noqa: F403 - settings are a namespace
from dedere.node.settings.common import sqlite

SECRET_KEY = "for tests only"  # noqa: S105 - signs nothing outside a test
ROOT_URLCONF = "dedere.web.urls"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DEDERE_HOME = Path(tempfile.gettempdir()) / "dedere-testing-home"
DEDERE_PROCESS = "pages"
DATABASES = {"default": sqlite(":memory:")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
