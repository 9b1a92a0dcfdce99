"""What is due for persons, in the words of Today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from dedere.web.components.names import state_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.node.desk.today import Concern

_PAGES: Mapping[str, str] = {
    "risk-review": "persons:protection",
    "measure-not-put": "persons:protection",
    "safe-conduct-clock": "persons:person",
    "temporary-transfer-clock": "persons:person",
    "victim-to-tell": "persons:victim",
}
KINDS = frozenset(_PAGES)


def title_of(concern: Concern) -> str:
    """What is due, and for whom: by name or alias."""
    said = {
        "risk-review": _("The danger to %(name)s is to be assessed anew"),
        "measure-not-put": _("A protective measure for %(name)s is not known to %(state)s"),
        "safe-conduct-clock": _("The safe conduct of %(name)s may end soon"),
        "temporary-transfer-clock": _("The return of %(name)s is due"),
        "victim-to-tell": _("%(name)s is to be told what happened"),
    }
    return said[concern.kind] % {"name": concern.text, "state": state_name(concern.partner)}


def consequence_of(concern: Concern) -> str:
    """What follows when nobody does it."""
    return {
        "risk-review": _("Nobody may rely on an assessment whose review is due."),
        "measure-not-put": _("It binds that State only once a letter has put it there as a condition."),
        "safe-conduct-clock": _("After that day earlier acts may be prosecuted there."),
        "temporary-transfer-clock": _("The person must be back on the agreed day."),
        "victim-to-tell": _("The victim asked to hear of it."),
    }[concern.kind]


def page_of(concern: Concern) -> str:
    """The page where it is dealt with."""
    return reverse(_PAGES[concern.kind], args=[concern.case_id, concern.object_id])


def action_of(kind: str) -> str:
    """What the officer is led to."""
    return _("Note that the victim was told") if kind == "victim-to-tell" else _("Open the person")
