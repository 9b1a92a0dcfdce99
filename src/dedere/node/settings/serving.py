"""Settings of a node's processes. From the environment: which home, which process, and how it practises if it does."""

from __future__ import annotations

import os
from pathlib import Path

from dedere.node.home import load_home
from dedere.node.mailing import mail_settings
from dedere.node.settings.common import *  # noqa: F403 - settings are a namespace
from dedere.node.settings.common import INSTALLED_APPS, MIDDLEWARE, database_of

DEDERE_HOME = Path(os.environ["DEDERE_HOME"])
DEDERE_PROCESS = os.environ.get("DEDERE_PROCESS", "command")
DEDERE_PRACTICE = os.environ.get("DEDERE_PRACTICE", "")

_home = load_home(DEDERE_HOME)

SECRET_KEY = (_home.keys / "pages.secret").read_text(encoding="ascii").strip()
DATABASES = {"default": database_of(_home)}
if DEDERE_PROCESS == "worker":  # the only process that sends e-mail, and that reads the password
    globals().update(mail_settings(_home))
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", _home.pages.host]
if _home.pages.url:
    from urllib.parse import urlsplit

    _outside = urlsplit(_home.pages.url)
    ALLOWED_HOSTS.append(_outside.hostname or "")
    if _outside.scheme == "https":
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        SESSION_COOKIE_SECURE = True
        CSRF_COOKIE_SECURE = True
        SECURE_HSTS_SECONDS = 31536000
        CSRF_TRUSTED_ORIGINS = [_home.pages.url.rstrip("/")]
# Two nodes on one machine are two origins; their cookies must not overwrite each other.
SESSION_COOKIE_NAME = f"dedere-{_home.pages.port}"
CSRF_COOKIE_NAME = f"dedere-form-{_home.pages.port}"

if DEDERE_PROCESS == "gateway":
    ROOT_URLCONF = "dedere.gateway.urls"
    ALLOWED_HOSTS = ["*"]  # the partner's signature names the authority; the TLS certificate names the host
    INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "dedere.web"]
    MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
elif DEDERE_PROCESS == "watch":
    ROOT_URLCONF = "dedere.web.watch.urls"
    ALLOWED_HOSTS = ["*"]  # nothing here depends on a host's name
    INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "dedere.web"]
    MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
else:
    ROOT_URLCONF = "dedere.web.urls"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "dedere.node.logs.JsonLines" if _home.watching.json_logs else "dedere.node.logs.Lines",
            "process": DEDERE_PROCESS,
        }
    },
    "handlers": {"error": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["error"], "level": "INFO"},
    "loggers": {
        # A refused request is in the audit log; the framework's own word about it would repeat the path.
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "httpx2": {"level": "WARNING"},
        "pyhanko": {"level": "ERROR"},
    },
}
