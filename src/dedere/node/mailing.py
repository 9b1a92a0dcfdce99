"""Where e-mail to officers goes out: the section `[mail]` of `home.toml`, and what Django is told of it.

An address is `smtps://USER@HOST:PORT` (TLS from the first byte), `smtp://USER@HOST:PORT` (TLS before anything is said,
or nothing is) or, for a server on this machine alone, `smtp://localhost:PORT` in clear.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from dedere.base.errors import InputError
from dedere.node.policies import MailPlace

if TYPE_CHECKING:
    from dedere.node.home import Home

_SENDER = re.compile(r"[^\s\"\\<>@]+@[^\s\"\\<>@]+")
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_PORTS = {"smtp": 587, "smtps": 465}
PATIENCE = 10  # seconds that a mail server may take for an answer


def require_mail(place: MailPlace) -> None:
    """Let a place of e-mail pass in its forms, or one that says nothing.

    Raises:
        InputError: the server's or the sender's address is not in its form.
    """
    if place == MailPlace():
        return
    if not _is_server(place.address):
        raise InputError(
            "The address of a mail server is written smtps://USER@HOST:PORT, without the password: password says where "
            "that lies."
        )
    if not _SENDER.fullmatch(place.sender):
        raise InputError("The sender of mail is an e-mail address like dedere@example.org.")


def mail_settings(home: Home) -> dict[str, object]:
    """Django's settings for it; nothing is ever sent in clear to another machine.

    Raises:
        FacilityError: the password is not where the settings say.
    """
    from dedere.node.passphrases import read_secret  # noqa: PLC0415 - that knows homes, and a home knows this

    if not home.mail.address:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(home.mail.address)
    secret = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": read_secret(home, home.mail.password) if home.mail.password else "",
        "EMAIL_USE_SSL": secret,
        "EMAIL_USE_TLS": not secret and parts.hostname not in _LOCAL,
        "EMAIL_TIMEOUT": PATIENCE,
        "DEFAULT_FROM_EMAIL": home.mail.sender,
    }


def _is_server(address: str) -> bool:
    if re.search(r"[\s\"\\]", address):
        return False
    try:
        parts = urlsplit(address)
        plain = not parts.password and parts.path in {"", "/"} and not parts.query and not parts.fragment
        return parts.scheme in _PORTS and bool(parts.hostname) and plain and parts.port != 0
    except ValueError:  # a port that is no number
        return False
