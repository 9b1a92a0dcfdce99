"""What can be said of a guard before there is an act: whether any act at all could pass it now.

A prospect answers for the pages; it may be more generous than its guard, never stricter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from dedere.casework.guards_of_persons import FLED
from dedere.casework.matters import AssuranceStatus, ConditionStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dedere.casework.docket import Docket, OpenProceeding
    from dedere.casework.matters import Item

Prospect: TypeAlias = "Callable[[Docket, OpenProceeding, str], str]"


def _open_question(_: Docket, here: OpenProceeding, side: str) -> str:
    waits = any(asked_by != side for asked_by in here.unanswered.values())
    return "" if waits else "No question waits for an answer of this State."


def _open_consultation(_: Docket, here: OpenProceeding, side: str) -> str:
    waits = any(each.is_open and each.by != side for each in here.consultations.values())
    return "" if waits else "No consultation waits for a reply of this State."


def _open_condition(_: Docket, here: OpenProceeding, side: str) -> str:
    waits = any(each.waits_for(side) for each in here.conditions.values())
    return "" if waits else "No condition waits for a reply of this State."


def _open_assurance(_: Docket, here: OpenProceeding, side: str) -> str:
    asked = (each for each in here.assurances.values() if each.status is AssuranceStatus.ASKED)
    own = here.sides[side] == here.form.sides[0]
    return "" if own or any(each.asked_by != side for each in asked) else "No assurance was asked of this State."


def _binding_condition(_: Docket, here: OpenProceeding, side: str) -> str:
    binds = any(each.binds and each.set_by != side for each in here.conditions.values())
    return "" if binds else "No condition of the other State binds."


def _open_consent(_: Docket, here: OpenProceeding, side: str) -> str:
    waits = any(not each.granted and each.asked_by != side for each in here.consents)
    return "" if waits else "No request for consent waits for a reply of this State."


def _consulted(about: str) -> Prospect:
    def foresee(_: Docket, here: OpenProceeding, side: str) -> str:
        own = [each for each in here.consultations.values() if each.about == about and each.by == side]
        if not own:
            return f"Consult first: there was no consultation of this State on a {about}."
        if all(each.is_open and not each.reply_by for each in own):
            return "Consult first: the other State has not replied yet."
        return ""

    return foresee


def _items(docket: Docket, here: OpenProceeding) -> list[Item]:
    return [item for item in docket.items.values() if item.proceeding == here.id]


def _unsigned_item(docket: Docket, here: OpenProceeding, side: str) -> str:
    waits = any(side in item.sent_to and side not in item.signed_for for item in _items(docket, here))
    return "" if waits else "There is nothing to sign for."


def _held_item(docket: Docket, here: OpenProceeding, side: str) -> str:
    held = any(side in item.signed_for and side not in item.returned_by for item in _items(docket, here))
    return "" if held else "This State holds no item of this proceeding."


def _returned_item(docket: Docket, here: OpenProceeding, side: str) -> str:
    back = any(
        item.sent_by == side and not set(item.returned_by) <= set(item.taken_back_from) for item in _items(docket, here)
    )
    return "" if back else "Nothing is on its way back."


def _all_signed(docket: Docket, here: OpenProceeding, _: str) -> str:
    unsigned = [item for item in _items(docket, here) if not set(item.sent_to) <= set(item.signed_for)]
    return f"The item {unsigned[0].name} has not been signed for." if unsigned else ""


def _nothing_open(_: Docket, here: OpenProceeding, __: str) -> str:
    if here.unanswered:
        return "A question is still open."
    if any(each.is_open for each in here.consultations.values()):
        return "A consultation is still open."
    if any(each.status is ConditionStatus.PROPOSED for each in here.conditions.values()):
        return "A condition still waits for a reply."
    return "A request for consent still waits for a reply." if any(not each.granted for each in here.consents) else ""


def _any_notice(_: Docket, here: OpenProceeding, __: str) -> str:
    return "" if here.form.notices else "This proceeding knows no events to give notice of."


def _no_open_condition(_: Docket, here: OpenProceeding, __: str) -> str:
    waits = any(each.status is ConditionStatus.PROPOSED for each in here.conditions.values())
    return "A condition still waits for a reply." if waits else ""


def _no_open_assurance(_: Docket, here: OpenProceeding, __: str) -> str:
    waits = any(each.status is AssuranceStatus.ASKED for each in here.assurances.values())
    return "An assurance that was asked for has been neither given nor declined." if waits else ""


def _not_own(_: Docket, here: OpenProceeding, side: str) -> str:
    return "A State does not acknowledge its own act." if here.set_by == side else ""


def _consented(_: Docket, here: OpenProceeding, __: str) -> str:
    given = here.latest("statement").get("statement") == "consents"
    return "" if given else "There is no consent of the person to verify."


def _not_agreed(_: Docket, here: OpenProceeding, side: str) -> str:
    agreed = any(body.get("by_state") == side for body in here.facts.get("agreement", []))
    return "This State has agreed already." if agreed else ""


def _consented_unless_fled(docket: Docket, here: OpenProceeding, side: str) -> str:
    if here.variant == FLED:
        return ""
    if _consented(docket, here, side):
        return "The person has not consented to the transfer."
    confirmed = here.latest("verification").get("confirmed") is not False
    return "" if confirmed else "The consent was not confirmed when it was verified."


def _to_be_transferred(_: Docket, here: OpenProceeding, __: str) -> str:
    return "The person is in the administering State already." if here.variant == FLED else ""


def _has_fled(_: Docket, here: OpenProceeding, __: str) -> str:
    return "" if here.variant == FLED else "Enforcement begins after the transfer."


def _unsigned(_: Docket, here: OpenProceeding, __: str) -> str:
    signed = here.team.signed_by if here.team else ()
    return f"The agreement was signed by {', '.join(signed)}; it cannot be changed any more." if signed else ""


def _signs(_: Docket, here: OpenProceeding, side: str) -> str:
    return "This State has signed already." if here.team and side in here.team.signed_by else ""


def _extension(_: Docket, here: OpenProceeding, side: str) -> str:
    if not here.team or not here.team.extension:
        return "No extension is proposed."
    return "This State has agreed to the extension." if side in here.team.extension_agreed_by else ""


def _ends(_: Docket, here: OpenProceeding, side: str) -> str:
    return "This State has agreed to the end already." if here.team and side in here.team.ending_agreed_by else ""


def _evaluated(_: Docket, here: OpenProceeding, __: str) -> str:
    return "" if here.facts.get("evaluation") else "The team's work has not been evaluated."


PROSPECTS: Mapping[str, Prospect] = {
    "answers-open-questions": _open_question,
    "consultation-awaits-this-side": _open_consultation,
    "condition-replies-open": _open_condition,
    "assurances-answer-request": _open_assurance,
    "consent-on-binding-conditions": _binding_condition,
    "consent-was-asked": _open_consent,
    "consulted-on-refusal": _consulted("refusal"),
    "consulted-on-postponement": _consulted("postponement"),
    "consulted-on-pardon": _consulted("pardon"),
    "no-open-conditions": _no_open_condition,
    "no-open-assurances": _no_open_assurance,
    "other-side-acts": _not_own,
    "consent-to-verify": _consented,
    "not-agreed-before": _not_agreed,
    "person-consents-unless-fled": _consented_unless_fled,
    "not-fled": _to_be_transferred,
    "fled": _has_fled,
    "not-signed-yet": _unsigned,
    "signs-once": _signs,
    "extension-open": _extension,
    "ends-once": _ends,
    "evaluated-once": _evaluated,
    "receipt-for-sent-items": _unsigned_item,
    "returns-held-items": _held_item,
    "return-receipt-for-returned": _returned_item,
    "every-item-signed-for": _all_signed,
    "nothing-left-open": _nothing_open,
    "notice-of-listed-event": _any_notice,
}
