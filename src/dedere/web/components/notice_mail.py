"""The words of the e-mail that tells an officer that something waits: readable by anybody, about nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from dedere.node.desk.notices import Counted


def write_notice(counted: Counted, language: str) -> tuple[str, str]:
    """Subject and text in the officer's language. They name the house, its address and two numbers; nothing else."""
    with translation.override(language):
        sentences = [
            ngettext(
                "In the office of %(house)s %(count)d thing waits for you.",
                "In the office of %(house)s %(count)d things wait for you.",
                counted.waiting,
            )
            % {"house": counted.house, "count": counted.waiting},
            ngettext("%(count)d of them is grave.", "%(count)d of them are grave.", counted.grave)
            % {"count": counted.grave}
            if counted.grave
            else "",
            _("Sign in to see what it is: %(address)s") % {"address": counted.address},
            _("This message says nothing of any case, on purpose. On your own page you choose whether you get it."),
        ]
        return _("Something waits for you in Dedere"), "\n\n".join(each for each in sentences if each) + "\n"
