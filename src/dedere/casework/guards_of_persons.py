"""Guards of proceedings about a person: arrest, extradition, prosecution, consent, transit, transfer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedere.casework.acts import ProceedingKind
from dedere.casework.docket import Situation, text
from dedere.casework.guards import consulted
from dedere.casework.matters import AssuranceStatus, ConditionStatus

if TYPE_CHECKING:
    from dedere.casework.docket import OpenProceeding
    from dedere.casework.guards import Guard


def request_without_measures(case: Situation) -> str:
    """An act about a whole proceeding of this kind names no measures."""
    return "This proceeding has no measures; the act must not name any." if case.rows("measures") else ""


def links_known(case: Situation) -> str:
    """What a request says it follows is a proceeding of this case."""
    known = set(case.docket.proceedings)
    return "" if set(case.words("links")) <= known else "The request names a proceeding that this case does not have."


def links_arrest(case: Situation) -> str:
    """Extradition by consent follows a provisional arrest made by the State that tells of the consent."""
    for here in _linked(case):
        if here.form.kind is ProceedingKind.PROVISIONAL_ARREST and here.status in _ARRESTED:
            return "" if here.sides.get(case.sender) == "requested" else "The person was not arrested by this State."
    return "The act must name a provisional arrest after which the person is held."


def links_surrender(case: Situation) -> str:
    """Consent to more is asked by the State to which the person was surrendered, from the State that surrendered."""
    for here in _linked(case):
        if here.form.kind is ProceedingKind.EXTRADITION and here.status in _SURRENDERED:
            fits = here.sides.get(case.sender) == "requesting" and case.act.recipient in here.sides
            return "" if fits else "The person was not surrendered to this State by that State."
    return "The request must name an extradition after which the person was surrendered."


def person_informed(case: Situation) -> str:
    """A statement counts only when the person was informed, and a consent only with counsel at hand."""
    if case.act.body.get("informed") is not True:
        return "The person must have been informed of what the statement means."
    if case.text("statement") == "consents" and case.act.body.get("counsel") is not True:
        return "A consent counts only when the person had counsel."
    return ""


def dates_not_ahead(case: Situation) -> str:
    """What is said to have happened does not lie ahead of the day of the act."""
    for name in _PAST_DATES:
        if case.text(name) > case.sealed_on:
            return f"The day in {name} lies after the day of the act."
    return ""


def dates_not_before_opening(case: Situation) -> str:
    """What is said to have happened does not lie before the proceeding was opened."""
    for name in _PAST_DATES:
        if case.text(name) and case.text(name) < case.proceeding.opened_on:
            return f"The day in {name} lies before the day on which the proceeding was opened."
    return ""


def released_after_arrest(case: Situation) -> str:
    """Nobody is released before the arrest."""
    arrested = text(case.proceeding.latest("arrest"), "arrested_on")
    return "The release lies before the arrest." if case.text("released_on") < arrested else ""


def period_ended_names_limit(case: Situation) -> str:
    """A release because a period ended says which limit of the law that was."""
    lacking = case.text("reason") == "period-ended" and not case.text("limit")
    return "A release because a period ended must name the limit." if lacking else ""


def no_open_conditions(case: Situation) -> str:
    """Nothing is decided or carried out while a condition waits for a reply."""
    waits = any(each.status is ConditionStatus.PROPOSED for each in case.proceeding.conditions.values())
    return "A condition still waits for a reply." if waits else ""


def no_open_assurances(case: Situation) -> str:
    """Nothing is granted while an assurance asked for is neither given nor declined."""
    waits = any(each.status is AssuranceStatus.ASKED for each in case.proceeding.assurances.values())
    return "An assurance that was asked for has been neither given nor declined." if waits else ""


def decision_names_accepted_conditions(case: Situation) -> str:
    """A decision rests on conditions only that the other side accepted."""
    for name in case.words("conditions"):
        condition = case.proceeding.conditions.get(name)
        if condition is None or condition.status is not ConditionStatus.ACCEPTED:
            return f"The decision names the condition {name}, which was not accepted."
    return ""


def arranged_date_ahead(case: Situation) -> str:
    """A date is arranged for the day of the act or later."""
    return "The date arranged lies before the day of the act." if case.text("date") < case.sealed_on else ""


def lent_until_a_date(case: Situation) -> str:
    """A person surrendered for a time is to be returned by a day that is named."""
    by = case.text("return_by")
    return "" if by > case.text("on") else "A surrender for a time must name a later day for the return."


def released_after_date_for_surrender(case: Situation) -> str:
    """A person is not released for not being collected before the date that was appointed."""
    appointed = text(case.proceeding.latest("arrangement"), "date")
    early = case.text("released_on") <= appointed
    return "The date appointed for the surrender has not passed." if early else ""


def speciality_names_offences(case: Situation) -> str:
    """Consent to prosecute more names the offences; consent to surrender onward names the States."""
    if case.proceeding.variant == "re-extradition-consent":
        return (
            "" if case.words("states") else "The decision must name the States to which the person may be surrendered."
        )
    return "" if case.words("offences") else "The decision must name the offences that may be prosecuted."


def other_side_acts(case: Situation) -> str:
    """Nobody acknowledges an act of their own."""
    return "A State does not acknowledge its own act." if case.proceeding.set_by == case.sender else ""


def consent_to_verify(case: Situation) -> str:
    """A consent is verified after it was given."""
    given = text(case.proceeding.latest("statement"), "statement") == "consents"
    return "" if given else "There is no consent of the person to verify."


def not_agreed_before(case: Situation) -> str:
    """A State agrees once."""
    agreed = any(text(body, "by_state") == case.sender for body in case.proceeding.facts.get("agreement", []))
    return "This State has agreed already." if agreed else ""


def person_consents_unless_fled(case: Situation) -> str:
    """A transfer needs the person's consent, not found wanting when it was verified; unless the person fled."""
    if case.proceeding.variant == FLED:
        return ""
    if consent_to_verify(case):
        return "The person has not consented to the transfer."
    verified = case.proceeding.latest("verification")
    return "The consent was not confirmed when it was verified." if verified.get("confirmed") is False else ""


def not_fled(case: Situation) -> str:
    """Nobody is transferred who is there already."""
    fled = case.proceeding.variant == FLED
    return "The person is in the administering State already; enforcement is taken over." if fled else ""


def fled(case: Situation) -> str:
    """Enforcement without a transfer is taken over for a person who fled."""
    return "" if case.proceeding.variant == FLED else "Enforcement begins after the transfer."


def enforcement_not_harsher(case: Situation) -> str:
    """The sentence as enforced is never harsher than the sentence as passed."""
    kept = case.act.body.get("not_harsher") is True
    return "" if kept else "The sentence as enforced may not be harsher than the one that was passed."


def consulted_on_pardon(case: Situation) -> str:
    """Consult before a pardon."""
    return consulted(case, "pardon")


def _linked(case: Situation) -> list[OpenProceeding]:
    known = case.docket.proceedings
    return [known[name] for name in case.words("links") if name in known]


_ARRESTED = frozenset({"arrested", "file-sent"})
_SURRENDERED = frozenset({"surrendered", "lent", "closed"})
FLED = "transfer-provisional"
_PAST_DATES = (
    "arrested_on",
    "released_on",
    "decided_on",
    "stated_on",
    "on",
    "handed_over_on",
    "referred_on",
    "expressed_on",
    "verified_on",
    "transferred_on",
    "returned_on",
    "received_on",
)

PERSON_GUARDS: tuple[Guard, ...] = (
    request_without_measures,
    links_known,
    links_arrest,
    links_surrender,
    person_informed,
    dates_not_ahead,
    dates_not_before_opening,
    released_after_arrest,
    period_ended_names_limit,
    no_open_conditions,
    no_open_assurances,
    decision_names_accepted_conditions,
    arranged_date_ahead,
    lent_until_a_date,
    released_after_date_for_surrender,
    speciality_names_offences,
    other_side_acts,
    consent_to_verify,
    not_agreed_before,
    person_consents_unless_fled,
    not_fled,
    fled,
    enforcement_not_harsher,
    consulted_on_pardon,
)
