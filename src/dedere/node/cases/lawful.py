"""The law beside the procedure: an act of this house is made only if both let it through."""

from __future__ import annotations

from dedere.casework.acts import ActKind, RecordedAct
from dedere.casework.permitted import check_act
from dedere.casework.refusing import RefusalSetting, check_refusal
from dedere.casework.state import CaseState
from dedere.node.office import office
from dedere.treaty.parties import treaties_between


def refusal_setting(partner: str) -> RefusalSetting:
    """Today, and which treaties bind this State and the partner as far as the law of this office knows."""
    on = office().clock.now().date()
    return RefusalSetting(on=on, treaties=treaties_between(office().law, office().state, partner, on=on))


def require_lawful(state: CaseState, act: RecordedAct) -> None:
    """Let an act of this side through.

    Raises:
        ActRefusedError: the procedure forbids it, or the law a refusal; the sentence says why.
    """
    check_act(state, act)
    if act.kind is ActKind.REFUSAL:
        check_refusal(state, act, law=office().law, setting=refusal_setting(act.recipient))
