"""First acts: how the practice partner opens a proceeding of any kind. All content is fictional."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.acts import ActKind, ProceedingKind, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.casework.acts import JSON
    from dedere.casework.practice.bodies import Body
    from dedere.casework.practice.dice import Dice

_MEASURES = ("records", "hearing-video", "search", "service", "freezing", "statement", "examination", "covert")


@dataclass(frozen=True, slots=True)
class FirstAct:
    """An act that opens a proceeding. `by_asked`: it comes from the State that is usually asked."""

    kind: ActKind
    body: Mapping[str, JSON]
    role: Role = Role.CASE_OFFICER


def first_act(
    kind: ProceedingKind,
    *,
    dice: Dice,
    today: dt.date,
    variant: str = "",
    links: tuple[str, ...] = (),
    members: tuple[str, ...] = (),
) -> FirstAct:
    """The act that opens a proceeding of this kind and variant. `members` are the States of a joint team."""
    act = ActKind.REQUEST
    body: Body = {}
    match kind:
        case ProceedingKind.SPONTANEOUS_INFORMATION:
            act, body = ActKind.INFORMATION, {"subject": "A list of names", "text": "Found here."}
        case ProceedingKind.CONSULTATION:
            act = ActKind.CONSULTATION
            body = {"consultation": dice.name("k"), "about": "jurisdiction", "text": "Who prosecutes?"}
        case ProceedingKind.NOTIFICATION:
            act = ActKind.NOTIFICATION
            body = {
                "subject": "A suspect",
                "event": "suspect.in-custody",
                "text": "Held here.",
                "on": today.isoformat(),
            }
        case ProceedingKind.JOINT_TEAM:
            act, body = ActKind.PROPOSAL, _proposal(members, today)
        case ProceedingKind.TRANSFER if variant == "transfer-interest":
            act = ActKind.INTEREST
            body = {"request": _request(variant), "expressed_on": today.isoformat(), "text": "The person wishes it."}
        case _:
            body = {"request": _request(variant or kind.value)}
    if kind is ProceedingKind.MLA:
        chosen = dice.some_of(_MEASURES)[:4]
        body["measures"] = [{"id": f"m{number}", "kind": name} for number, name in enumerate(chosen, start=1)]
    if variant:
        body["variant"] = variant
    if links:
        body["links"] = list(links)
    return FirstAct(act, {"opens": kind.value, **body})


def consent_under_arrest(today: dt.date, *, links: tuple[str, ...]) -> FirstAct:
    """The act by which the State that holds a person begins extradition because the person consents."""
    facts: Body = {"before": "Court of the capital (fictional)", "informed": True, "counsel": True}
    said: Body = {"statement": "consents", "stated_on": today.isoformat(), **facts}
    opens: Body = {"opens": ProceedingKind.EXTRADITION.value, "as": "requested", "links": list(links)}
    return FirstAct(ActKind.PERSON_CONSENT, {**opens, **said})


def _request(kind: str) -> dict[str, JSON]:
    return {"request": {"kind": kind, "facts": {"summary": "A mill burned (fictional)."}}}


def _proposal(members: tuple[str, ...], today: dt.date) -> Body:
    clauses: list[JSON] = [
        {"id": name, "title": name.capitalize(), "text": f"On {name}, as agreed."}
        for name in ("purpose", "law", "costs")
    ]
    until = (today + dt.timedelta(days=120)).isoformat()
    return {"request": _request("jit"), "members": list(members), "clauses": clauses, "until": until}
