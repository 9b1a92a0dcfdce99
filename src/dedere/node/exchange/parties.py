"""Who may write into a case that is known here: the States that have part in it, and those that bring them together."""

from __future__ import annotations

from dedere.casework.docket import texts
from dedere.node.cases.actions.record import acts_with_effect
from dedere.node.cases.models import Case
from dedere.node.office import office
from dedere.protocol.errors import OrderRefusedError
from dedere.protocol.letter import Letter


def require_party(letter: Letter) -> None:
    """P-112: let a letter of a case that nobody here knows through, and any other only from a State that may write.

    A case in which nothing has effect yet is nobody's: of a circular act a copy of somebody else's may come first.

    Raises:
        OrderRefusedError: the sender has no part in the case here; it may get one, so it tries again.
    """
    case = Case.objects.filter(pk=letter.case).first()
    if case is None or not acts_with_effect(case):
        return
    sender = letter.sender.state
    sides = {state for here in case.state["proceedings"] for state, _side in here["sides"]}
    written_to = case.letters.filter(sender=office().state).values_list("recipient", flat=True)
    if sender in {case.partner, *sides, *written_to} or _brings_together(letter, sides):
        return
    raise OrderRefusedError("The sender has no part in this case here.", code="sender-no-party")


def _brings_together(letter: Letter, sides: set[str]) -> bool:
    """Whether the letter is a copy of an act that goes to every State of the case, which each of them reads."""
    body = letter.act["body"]
    members = set(texts(body, "members")) if isinstance(body, dict) else set()
    return {letter.sender.state, office().state, *sides} <= members
