"""The words of persons' pages for codes: roles, states of looks and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import _StrPromise

    from dedere.node.persons.custody import LookRow

ROLES: Mapping[str, _StrPromise] = {
    "suspect": _("Suspect"),
    "accused": _("Accused person"),
    "person-sought": _("Person sought"),
    "convicted": _("Convicted person"),
    "victim": _("Victim"),
    "witness": _("Witness"),
    "expert": _("Expert"),
    "informant": _("Informant"),
    "relative": _("Relative"),
    "third-party": _("Third party"),
}


LOOKS: Mapping[str, _StrPromise] = {
    "asked": _("Asked for"),
    "granted": _("Granted"),
    "refused": _("Refused"),
    "ended": _("Over"),
}


def role_choices() -> list[tuple[str, str]]:
    """Each role with its word."""
    return [(role, str(word)) for role, word in ROLES.items()]


def role_words(roles: Iterable[str]) -> str:
    """Roles in words; one that has none as it is written."""
    return ", ".join(str(ROLES.get(role, role.replace("-", " "))) for role in roles)


def look_words(looks: Iterable[LookRow]) -> list[tuple[LookRow, str]]:
    """Each look with the word for where it stands."""
    return [(look, str(LOOKS[look.state])) for look in looks]
