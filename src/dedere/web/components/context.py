"""What every page shows: the house, the officer, the navigation and the languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from dedere.node.accounts import queries as accounts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the service navigation."""

    name: str
    href: str
    current: bool


def office(request: HttpRequest) -> dict[str, object]:
    """The frame of a page. An officer who has not signed in sees the house and nothing else."""
    officer = getattr(request, "user", None)
    badge = accounts.badge(officer) if isinstance(officer, accounts.Officer) else None
    return {
        "house": accounts.house(),
        "badge": badge,
        "ways": list(_ways(request.path, badge)) if badge else [],
        "page_language": get_language() or "en",
        "page_direction": "rtl" if get_language_bidi() else "ltr",
        "page_languages": settings.LANGUAGES,
    }


# Which roles find which way in the navigation. The pages check again; this only spares a walk to a closed door.
_CASEWORK = frozenset({"case-officer", "approver", "registrar", "custodian"})
_EVERYBODY = _CASEWORK | {"executing-authority", "auditor", "administrator"}


def _ways(path: str, badge: accounts.Badge) -> Iterator[Way]:
    held = frozenset(badge.roles)
    for name, roles, word in (
        ("today", _EVERYBODY, _("Today")),
        ("cases:list", _CASEWORK, _("Cases")),
        ("requests:list", _CASEWORK, _("Drafts")),
        ("messages:incoming", _CASEWORK, _("Incoming")),
        ("cases:measures", {"executing-authority"}, _("Measures")),
        ("evidence:list", _CASEWORK | {"executing-authority"}, _("Evidence")),
        ("messages:list", _CASEWORK, _("Deliveries")),
        ("law:index", _EVERYBODY, _("Law")),
        ("register:index", _EVERYBODY, _("Register")),
        ("statistics:index", _CASEWORK | {"auditor"}, _("Numbers")),
        ("system:index", {"administrator", "auditor"}, _("System")),
    ):
        if held & roles:
            href = reverse(name)
            current = path == href if href == "/" else path.startswith(href)
            yield Way(word, href, current)
