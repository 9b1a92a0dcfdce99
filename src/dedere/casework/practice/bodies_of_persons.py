"""Bodies for acts about persons, teams and information, made by rule and chance. All content is fictional."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.casework.acts import ActKind
from dedere.casework.docket import Team, text
from dedere.casework.teams import agreement_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dedere.casework.acts import JSON
    from dedere.casework.practice.bodies import Body, Maker
    from dedere.casework.practice.desk import Desk

AUTHORITY = "Court of the capital (fictional)"
PLACE = "Airport (fictional)"


def _information(desk: Desk) -> Body:
    return {"subject": "A further list", "text": "Found later.", "items": [{"part": desk.enclose("list")}]}


def _arrest(desk: Desk) -> Body:
    return {"arrested_on": desk.day, "place": "Port (fictional)", "in_custody": True}


def _release(desk: Desk) -> Body | None:
    reason = dict(desk.step.choice.when).get("reason") or desk.dice.one_of(["period-ended", "decision"])
    body: Body = {"released_on": desk.day, "reason": reason, "decided_by": AUTHORITY, "text": "Released."}
    if reason == "period-ended":
        body["limit"] = "limit.provisional-arrest"
    if reason == "not-collected" and desk.day <= text(desk.here.latest("arrangement"), "date"):
        return None
    return body


def _person_consent(desk: Desk) -> Body:
    statement = dict(desk.step.choice.when).get("statement") or desk.dice.one_of(["consents", "consents", "refuses"])
    facts: Body = {"before": AUTHORITY, "informed": True, "counsel": True, "stated_on": desk.day}
    return {**facts, "statement": statement, "speciality_renounced": desk.dice.percent(20)}


def _decision(desk: Desk) -> Body | None:
    outcome = dict(desk.step.choice.when)["outcome"]
    body: Body = {"outcome": outcome, "decided_on": desk.day, "authority": AUTHORITY, "text": "As decided (fictional)."}
    if outcome == "granted":
        body["offences"] = ["the first offence"]
        body["states"] = ["SI"]
    if outcome == "pardoned":
        consultation = desk.consultation("pardon")
        if not consultation:
            return None
        body["consultation"] = consultation
    return body


def _surrender_arrangement(desk: Desk) -> Body:
    return {"date": desk.ahead(desk.dice.below(6)), "place": PLACE, "detention_days": desk.dice.below(400)}


def _surrender(desk: Desk) -> Body | None:
    late = desk.day > text(desk.here.latest("arrangement"), "date")
    if late and desk.dice.percent(30):
        return None
    kind = dict(desk.step.choice.when)["kind"]
    body: Body = {"kind": kind, "on": desk.day, "place": PLACE, "detention_days": desk.dice.below(400)}
    if kind == "temporary":
        body["return_by"] = desk.ahead(60)
    return body


def _property_handover(desk: Desk) -> Body | None:
    if desk.here.facts.get("property"):
        return None
    return {"handed_over_on": desk.day, "property": [{"id": "g1", "description": "A watch (fictional)."}]}


def _referral(desk: Desk) -> Body:
    return {"referred_on": desk.day, "authority": "Prosecutor (fictional)"}


def _outcome(desk: Desk) -> Body:
    outcome = "used" if desk.side == "receiving" else desk.dice.one_of(["convicted", "acquitted", "discontinued"])
    return {"outcome": outcome, "on": desk.day, "text": "As told (fictional)."}


def _transit_report(desk: Desk) -> Body:
    return {"kind": dict(desk.step.choice.when)["kind"], "on": desk.day, "place": PLACE}


def _consent_verification(desk: Desk) -> Body:
    return {"verified_on": desk.day, "by": "Consul (fictional)", "confirmed": desk.dice.percent(80)}


def _transfer_arrangement(desk: Desk) -> Body:
    return {"date": desk.ahead(desk.dice.below(6)), "place": PLACE}


def _transfer(desk: Desk) -> Body:
    return {"transferred_on": desk.day, "place": PLACE, "served_days": desk.dice.below(2_000)}


def _enforcement(desk: Desk) -> Body:
    mode = desk.dice.one_of(["continued", "converted"])
    return {"mode": mode, "decided_on": desk.day, "court": AUTHORITY, "sentence": "Ten years.", "not_harsher": True}


def _report(desk: Desk) -> Body | None:
    kind = dict(desk.step.choice.when)["kind"]
    if kind in {"completed", "died"} and desk.dice.percent(70):
        return None
    return {"kind": kind, "on": desk.day, "text": "As the prison tells (fictional)."}


def _team(desk: Desk) -> Team:
    return desk.here.team or Team(())


def _amendment(desk: Desk) -> Body | None:
    team = _team(desk)
    if sum(clause.version for clause in team.clauses.values()) >= _ENOUGH_VERSIONS:
        return None
    clause = desk.dice.one_of(list(team.clauses.values()))
    changed: Body = {"id": clause.id, "title": clause.title, "text": f"{clause.text} Amended by {desk.state}."}
    return {"clauses": [changed]}


def _clause_agreement(desk: Desk) -> Body | None:
    rows: list[JSON] = [
        {"clause": clause.id, "version": clause.version}
        for clause in _team(desk).clauses.values()
        if desk.state not in clause.agreed_by
    ]
    return {"clauses": rows} if rows else None


def _signature(desk: Desk) -> Body:
    return {"agreement": agreement_digest(_team(desk)), "signatory": "Minister (fictional)"}


def _member_change(desk: Desk) -> Body:
    person: Body = {"id": desk.dice.name("n"), "name": "Officer (fictional)", "state": desk.state}
    return {"joins": [person], "text": "One more officer."}


def _extension(desk: Desk) -> Body | None:
    team = _team(desk)
    if desk.day > team.until or team.extension:
        return None
    later = dt.date.fromisoformat(team.until) + dt.timedelta(days=365)
    return {"until": later.isoformat(), "reason": "The work is not done."}


def _extension_agreement(desk: Desk) -> Body | None:
    team = _team(desk)
    if not team.extension or desk.state in team.extension_agreed_by or desk.day > team.until:
        return None
    return {"until": team.extension}


def _team_evidence(desk: Desk) -> Body | None:
    if len(desk.items()) >= _ENOUGH_ITEMS or desk.day > _team(desk).until:
        return None
    return {"items": [{"part": desk.enclose("evidence")}]}


def _evaluation(_: Desk) -> Body:
    return {"text": "The team worked well (fictional)."}


def _team_end(desk: Desk) -> Body:
    return {"on": desk.day, "reason": "The work is done."}


_ENOUGH_VERSIONS = 6
_ENOUGH_ITEMS = 4

PERSON_MAKERS: Mapping[ActKind, Maker] = {
    ActKind.INFORMATION: _information,
    ActKind.ARREST: _arrest,
    ActKind.RELEASE: _release,
    ActKind.PERSON_CONSENT: _person_consent,
    ActKind.DECISION: _decision,
    ActKind.SURRENDER_ARRANGEMENT: _surrender_arrangement,
    ActKind.SURRENDER: _surrender,
    ActKind.PROPERTY_HANDOVER: _property_handover,
    ActKind.REFERRAL: _referral,
    ActKind.OUTCOME: _outcome,
    ActKind.TRANSIT_REPORT: _transit_report,
    ActKind.CONSENT_VERIFICATION: _consent_verification,
    ActKind.TRANSFER_ARRANGEMENT: _transfer_arrangement,
    ActKind.TRANSFER: _transfer,
    ActKind.ENFORCEMENT: _enforcement,
    ActKind.REPORT: _report,
    ActKind.AMENDMENT: _amendment,
    ActKind.CLAUSE_AGREEMENT: _clause_agreement,
    ActKind.SIGNATURE: _signature,
    ActKind.MEMBER_CHANGE: _member_change,
    ActKind.EXTENSION: _extension,
    ActKind.EXTENSION_AGREEMENT: _extension_agreement,
    ActKind.TEAM_EVIDENCE: _team_evidence,
    ActKind.EVALUATION: _evaluation,
    ActKind.TEAM_END: _team_end,
}
