"""What the form of one act offers from its case: who waits for a reply, what may be named, what may be quoted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.acts import ActKind
from dedere.node.office import office
from dedere.web.components.labels import label
from dedere.web.components.names import all_states
from dedere.web.components.readable import coded, wording_of_page
from dedere.web.requests.offers import Known, Offered, Quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dedere.node.desk.case import CaseView
    from dedere.node.desk.grounds import GroundsView
    from dedere.node.desk.material import Material
    from dedere.node.evidence.queries import ItemRow

_NEW_CLAUSES = 3


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What an act is written from. `grounds` are those of a refusal."""

    case: CaseView
    items: Sequence[ItemRow]
    material: Material
    grounds: GroundsView | None


def offered_for(file: CaseFile, proceeding: str, *, kind: str) -> Offered:
    """Everything that the form of this act may name or quote."""
    case, material = file.case, file.material
    measures = [each for part in case.proceedings if part.id == proceeding for each in part.measures]
    names = dict(all_states())
    lists = {
        "measures": [Known(each.id, each.description or each.kind) for each in measures],
        "items": [_known_item(each, case) for each in file.items if each.source != office().state],
        "questions": [Known(each.id, each.text) for each in case.questions],
        "conditions": [Known(each.id, each.text) for each in case.conditions],
        "consultations": [Known(each.id, each.text) for each in case.consultations],
        "assurances": [Known(_text(each, "id"), _text(each, "text")) for each in material.assurances],
        "clauses": [_known_clause(each) for each in material.clauses],
        "persons": [Known(_text(each, "id"), _text(each, "name")) for each in material.persons],
        "own_acts": [_known_act(each) for each in material.own_acts],
        "states": [Known(state, names.get(state, state)) for state in material.states],
    }
    return Offered(
        {name: listed for name, listed in lists.items() if listed},
        new_id=office().identifiers.new,
        quoted=_quoted(material, kind, file.grounds),
        fixed={"agreement": material.agreement} if kind == ActKind.SIGNATURE else {},
    )


def _quoted(material: Material, kind: str, grounds: GroundsView | None) -> dict[str, Quoted]:
    if grounds is not None:
        wording = wording_of_page()
        return {
            "grounds": Quoted([Known(row.datum, row.title, row.quote) for row in grounds.grounds if row.may_be_chosen]),
            "alternatives": Quoted(
                [Known(code, coded("alternative", code, wording), {"kind": code}) for code in grounds.alternatives]
            ),
        }
    if kind == ActKind.ASSURANCE and material.assurances:
        asked = [
            Known(_text(each, "id"), _text(each, "text"), _same(each, "id", "kind", "text"))
            for each in material.assurances
        ]
        return {"given": Quoted(asked, blank=1)}
    if kind == ActKind.AMENDMENT:
        clauses = [
            Known(_text(each, "id"), _text(each, "title"), _same(each, "id"), start=_same(each, "title", "text"))
            for each in material.clauses
        ]
        return {"clauses": Quoted(clauses, blank=_NEW_CLAUSES)}
    return {}


def _known_clause(clause: Mapping[str, object]) -> Known:
    caption = f"{_text(clause, 'title')}: {_text(clause, 'text')}"
    return Known(_text(clause, "id"), caption, {"version": clause.get("version")})


def _known_act(entry: Mapping[str, object]) -> Known:
    return Known(_text(entry, "letter"), f"{label('act', _text(entry, 'kind'))}, {_text(entry, 'sealed_at')[:10]}")


def _known_item(item: ItemRow, case: CaseView) -> Known:
    """An item that came from the other State, with the conditions on it that nobody here has answered."""
    waiting = [
        Known(each.id, each.text)
        for each in case.conditions
        if each.status == "proposed" and (item.id in each.items or not each.items)
    ]
    return Known(item.id, item.title or item.name, {"sha256": item.sha256}, {"condition_replies": waiting})


def _text(row: Mapping[str, object], name: str) -> str:
    return str(row.get(name) or "")


def _same(row: Mapping[str, object], *names: str) -> dict[str, object]:
    return {name: row[name] for name in names if row.get(name)}
