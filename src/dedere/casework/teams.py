"""Joint teams: guards, effects and tests of an agreement that is negotiated clause by clause and signed by all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from dedere.casework.docket import Situation, Team, text
from dedere.casework.errors import ProcedureDataError
from dedere.casework.matters import Clause

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedere.casework.acts import JSONObject
    from dedere.casework.effects import Effect
    from dedere.casework.guards import Guard


def agreement_digest(team: Team) -> str:
    """The SHA-256, in hex, of the agreement as it stands: members, period and clauses. It is what is signed.

    A later extension is an agreement of its own and does not change it.
    """
    clauses = [[each.id, each.title, each.text, each.values, each.version] for each in team.clauses.values()]
    plain = json.dumps([list(team.members), team.agreed_until, clauses], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode("ascii")).hexdigest()


_FEWEST = 2


def team_of_members(case: Situation) -> str:
    """A team is proposed by one of its members to the others, each named once."""
    members = case.words("members")
    if len(set(members)) != len(members) or len(members) < _FEWEST or case.sender not in members:
        return "A team is proposed by one of its members to the others, each named once."
    return ""


def clauses_once(case: Situation) -> str:
    """A clause is written once in one act."""
    names = [text(row, "id") for row in case.rows("clauses")]
    return "A clause is written twice in one act." if len(set(names)) != len(names) else ""


def until_ahead(case: Situation) -> str:
    """A team's period lies ahead."""
    until = case.text("until")
    return "The team's period must end after the day of the act." if until and until <= case.sealed_on else ""


def persons_of_members(case: Situation) -> str:
    """Persons in the team come from its States, each with an id of their own."""
    persons = case.rows("persons")
    names = [text(row, "id") for row in persons]
    strangers = {text(row, "state") for row in persons} - set(case.words("members"))
    if strangers or len(set(names)) != len(names):
        return "Persons of the team come from its States, each under an id of their own."
    return ""


def not_signed_yet(case: Situation) -> str:
    """A text that somebody signed is not changed, and not dropped."""
    signed = _team(case).signed_by
    return f"The agreement was signed by {', '.join(signed)}; it cannot be changed any more." if signed else ""


def clause_versions_current(case: Situation) -> str:
    """A State agrees to the latest version of a clause, once."""
    names = [text(row, "clause") for row in case.rows("clauses")]
    if len(set(names)) != len(names):
        return "A clause is named twice in one act."
    for row in case.rows("clauses"):
        clause = _team(case).clauses.get(text(row, "clause"))
        if clause is None:
            return "The agreement has no such clause."
        if clause.version != row.get("version"):
            return f"The clause {clause.id} stands at version {clause.version}."
        if case.sender in clause.agreed_by:
            return f"This State has agreed to the clause {clause.id} already."
    return ""


def signs_once(case: Situation) -> str:
    """A State signs once."""
    return "This State has signed already." if case.sender in _team(case).signed_by else ""


def signs_this_text(case: Situation) -> str:
    """What is signed is the agreement as it stands."""
    same = case.text("agreement") == agreement_digest(_team(case))
    return "" if same else "The signature is for another text than the agreement as it stands."


def own_persons_change(case: Situation) -> str:
    """A State sends and recalls its own persons only."""
    held = _team(case).persons
    joins = case.rows("joins")
    names = [text(row, "id") for row in joins]
    if not names and not case.words("leaves"):
        return "The act must name persons who join or leave."
    if len(set(names)) != len(names) or any(name in held for name in names):
        return "A person who joins needs an id of their own."
    leaving = [held.get(name) for name in case.words("leaves")]
    own = [*joins, *(person for person in leaving if person is not None)]
    if None in leaving or any(text(person, "state") != case.sender for person in own):
        return "A State sends and recalls persons of its own only."
    return ""


def extension_later(case: Situation) -> str:
    """An extension ends later than the period it extends, and is proposed before that has run out."""
    until = _team(case).until
    if case.sealed_on > until:
        return "The team's period has ended; an extension comes too late."
    return "" if case.text("until") > until else "An extension must end later than the period it extends."


def extension_open(case: Situation) -> str:
    """A State agrees once to the extension that is proposed, before the period has run out."""
    team = _team(case)
    if not team.extension or team.extension != case.text("until"):
        return "No extension to that day is proposed."
    if case.sealed_on > team.until:
        return "The team's period has ended; the extension comes too late."
    return "This State has agreed to the extension." if case.sender in team.extension_agreed_by else ""


def team_not_over(case: Situation) -> str:
    """Evidence is shared while the team is at work."""
    return "The team's period has ended." if case.sealed_on > _team(case).until else ""


def ends_once(case: Situation) -> str:
    """A State agrees once to the end of the team."""
    return "This State has agreed to the end already." if case.sender in _team(case).ending_agreed_by else ""


def evaluated_once(case: Situation) -> str:
    """A team's work is evaluated before the proceeding is closed."""
    return "" if case.proceeding.facts.get("evaluation") else "The team's work has not been evaluated."


def open_team(case: Situation) -> None:
    """The proposal becomes the agreement, agreed to by its author."""
    members = tuple(sorted(case.words("members")))
    case.proceeding.sides = dict.fromkeys(members, case.step.by)
    team = case.proceeding.team = Team(members, agreed_until=case.text("until"), until=case.text("until"))
    for row in case.rows("clauses"):
        team.clauses[text(row, "id")] = _clause(case, row, version=1)
    team.persons = {text(row, "id"): row for row in case.rows("persons")}


def amend_clauses(case: Situation) -> None:
    """Amended clauses get the next version, to which only their author agrees; a new period reopens every clause."""
    team = _team(case)
    for row in case.rows("clauses"):
        held = team.clauses.get(text(row, "id"))
        team.clauses[text(row, "id")] = _clause(case, row, version=held.version + 1 if held else 1)
    if case.text("until"):
        team.agreed_until = team.until = case.text("until")
        for name, clause in team.clauses.items():
            team.clauses[name] = replace(clause, agreed_by=(case.sender,))


def agree_to_clauses(case: Situation) -> None:
    """A State agrees to clauses as they stand."""
    clauses = _team(case).clauses
    for row in case.rows("clauses"):
        held = clauses[text(row, "clause")]
        clauses[held.id] = replace(held, agreed_by=tuple(sorted((*held.agreed_by, case.sender))))


def sign_agreement(case: Situation) -> None:
    """A State signs the agreement as it stands."""
    team = _team(case)
    team.signed_by = tuple(sorted((*team.signed_by, case.sender)))
    team.signed_digest = case.text("agreement")


def change_persons(case: Situation) -> None:
    """Persons join and leave."""
    team = _team(case)
    for name in case.words("leaves"):
        del team.persons[name]
    team.persons.update({text(row, "id"): row for row in case.rows("joins")})


def propose_extension(case: Situation) -> None:
    """An extension waits for the agreement of the others; a later proposal replaces an earlier one."""
    team = _team(case)
    team.extension, team.extension_agreed_by = case.text("until"), (case.sender,)
    _extend(team)


def agree_to_extension(case: Situation) -> None:
    """A State agrees; with the last one the period is longer."""
    team = _team(case)
    team.extension_agreed_by = tuple(sorted((*team.extension_agreed_by, case.sender)))
    _extend(team)


def end_team(case: Situation) -> None:
    """A State agrees to the end."""
    team = _team(case)
    team.ending_agreed_by = tuple(sorted((*team.ending_agreed_by, case.sender)))


def all_clauses_agreed(case: Situation) -> bool:
    """Whether every State agrees to every clause."""
    team = _team(case)
    return all(set(team.members) <= set(clause.agreed_by) for clause in team.clauses.values())


def all_signed(case: Situation) -> bool:
    """Whether every State has signed."""
    team = _team(case)
    return set(team.members) <= set(team.signed_by)


def team_over(case: Situation) -> bool:
    """Whether every State agreed to the end, or the period has run out."""
    team = _team(case)
    return set(team.members) <= set(team.ending_agreed_by) or case.sealed_on > team.until


def _team(case: Situation) -> Team:
    if case.proceeding.team is None:
        raise ProcedureDataError(f"The step {case.step.id} belongs to a joint team.")
    return case.proceeding.team


def _clause(case: Situation, row: JSONObject, *, version: int) -> Clause:
    values = row.get("values")
    return Clause(
        id=text(row, "id"),
        title=text(row, "title"),
        text=text(row, "text"),
        version=version,
        proposed_by=case.sender,
        agreed_by=(case.sender,),
        values=values if isinstance(values, dict) else None,
    )


def _extend(team: Team) -> None:
    if set(team.members) <= set(team.extension_agreed_by):
        team.until, team.extension, team.extension_agreed_by = team.extension, "", ()


TEAM_GUARDS: tuple[Guard, ...] = (
    team_of_members,
    clauses_once,
    until_ahead,
    persons_of_members,
    not_signed_yet,
    clause_versions_current,
    signs_once,
    signs_this_text,
    own_persons_change,
    extension_later,
    extension_open,
    team_not_over,
    ends_once,
    evaluated_once,
)

TEAM_EFFECTS: tuple[Effect, ...] = (
    open_team,
    amend_clauses,
    agree_to_clauses,
    sign_agreement,
    change_persons,
    propose_extension,
    agree_to_extension,
    end_team,
)

TEAM_TESTS: tuple[Callable[[Situation], bool], ...] = (all_clauses_agreed, all_signed, team_over)
