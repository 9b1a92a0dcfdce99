"""What every page shows: the house, the officer, the navigation and the languages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi, pgettext
from django.utils.translation import gettext as _

from dedere.node.accounts import queries as accounts
from dedere.node.practising import practice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest


# Languages whose catalogue is complete; the others are laid out (right to left) but not offered.
COMPLETE = ("en", "fr", "es")


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
        "practice": practice(),
        "badge": badge,
        "news": accounts.unseen(officer) if badge and isinstance(officer, accounts.Officer) else 0,
        "ways": _ways(request.path, badge) if badge else [],
        "page_language": get_language() or "en",
        "page_direction": "rtl" if get_language_bidi() else "ltr",
        "page_languages": [(code, name) for code, name in settings.LANGUAGES if code in COMPLETE],
    }


# Which roles find which way in the navigation. The pages check again; this only spares a walk to a closed door.
_CASEWORK = frozenset({"case-officer", "approver", "registrar", "custodian"})
_EVERYBODY = _CASEWORK | {"executing-authority", "auditor", "administrator"}


def _ways(path: str, badge: accounts.Badge) -> list[Way]:
    """The ways this officer has; the one whose address the page's address continues farthest is the current one."""
    ways = list(_open_ways(badge))
    here = [way for way in ways if path == way.href or (way.href != "/" and path.startswith(way.href))]
    nearest = max(here, key=lambda way: len(way.href), default=None)
    return [replace(way, current=way is nearest) for way in ways]


def _open_ways(badge: accounts.Badge) -> Iterator[Way]:
    held = frozenset(badge.roles)
    for name, roles, word in (
        ("today", _EVERYBODY, _("Today")),
        ("cases:list", _CASEWORK, _("Cases")),
        ("requests:list", _CASEWORK, _("Drafts")),
        ("messages:incoming", _CASEWORK, _("Incoming")),
        ("documents:received", _CASEWORK, _("Paper")),
        ("cases:measures", {"executing-authority"}, _("Measures")),
        ("persons:desk", {"custodian"}, _("Protection")),
        ("evidence:list", _CASEWORK | {"executing-authority"}, _("Evidence")),
        ("messages:list", _CASEWORK, _("Deliveries")),
        ("law:index", _EVERYBODY, _("Law")),
        ("register:index", _EVERYBODY, pgettext("noun", "Register")),
        ("statistics:index", _CASEWORK | {"auditor"}, _("Numbers")),
        ("system:index", {"administrator", "auditor"}, _("System")),
    ):
        if held & roles:
            yield Way(word, reverse(name), current=False)
