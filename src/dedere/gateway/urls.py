"""The addresses of the door, in front of this node's exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

from dedere.gateway import answers
from dedere.gateway.endpoints import Gateway
from dedere.node.exchange import actions
from dedere.node.exchange.actions.refusals import RefusalLog
from dedere.node.office import office

if TYPE_CHECKING:
    import datetime as dt

    from dedere.gateway.door import Door


class OfficeClock:
    """The clock of the office at work, which does not exist yet when this module is loaded."""

    def now(self) -> dt.datetime:
        """This instant."""
        return office().clock.now()


def _door() -> Door:
    return actions


def _state() -> str:
    return office().state


def trouble(request: HttpRequest) -> HttpResponse:
    """What failed outside every endpoint is told to nobody."""
    del request
    return answers.stranger()


gateway = Gateway(door=_door, state=_state, clock=OfficeClock(), refused=RefusalLog().note)
urlpatterns = gateway.urls()
handler400 = handler403 = handler404 = gateway.elsewhere
handler500 = trouble
