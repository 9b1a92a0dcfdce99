"""Reading a case's kept state: the JSON of `casework.CaseState`, which both sides compute alike, as typed values.

The state is kept by this node's own actions; what is missing or of another kind is a defect, never an officer's fault.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedere.node.cases.models import Case

Table = Mapping[str, object]


def tables(table: Table, name: str) -> list[Table]:
    """The list of tables under a name; empty when there is none."""
    found = table.get(name)
    if not isinstance(found, Sequence) or isinstance(found, str):
        return []
    return [entry for entry in found if isinstance(entry, Mapping)]


def text(table: Table, name: str) -> str:
    """The text under a name; empty when there is none."""
    found = table.get(name)
    return found if isinstance(found, str) else ""


def texts(table: Table, name: str) -> tuple[str, ...]:
    """The list of texts under a name; empty when there is none."""
    found = table.get(name)
    if not isinstance(found, Sequence) or isinstance(found, str):
        return ()
    return tuple(str(entry) for entry in found)


def number(table: Table, name: str) -> int:
    """The whole number under a name, 0 when there is none."""
    found = table.get(name)
    return found if isinstance(found, int) else 0


def pairs(table: Table, name: str) -> dict[str, str]:
    """The pairs of texts under a name, as a mapping."""
    found = table.get(name)
    if not isinstance(found, Sequence) or isinstance(found, str):
        return {}
    return {str(entry[0]): str(entry[1]) for entry in found if isinstance(entry, Sequence) and len(entry) == 2}  # noqa: PLR2004 - a pair


def proceedings(case: Case) -> list[Table]:
    """The proceedings of a case, in the order in which they were opened."""
    return tables(case.state, "proceedings")


def reference_of(case: Case, state: str) -> str:
    """The reference that the authority of `state` gave the case, as it stands in its letters; empty when none yet."""
    for proceeding in proceedings(case):
        found = pairs(proceeding, "references").get(state, "")
        if found:
            return found
    return ""


def stage_of(case: Case) -> tuple[str, str]:
    """Code and title of where the case stands: its first unfinished proceeding, else its last, else a draft."""
    found = proceedings(case)
    for proceeding in found:
        if proceeding.get("final") is not True:
            return text(proceeding, "status"), text(proceeding, "status_title")
    if found:
        return text(found[-1], "status"), text(found[-1], "status_title")
    return "draft", ""


def began_here(case: Case, own: str) -> bool:
    """Whether our State sent the case's first letter; a case without a letter yet is one that we began."""
    timeline = tables(case.state, "timeline")
    return not timeline or text(timeline[0], "sender") == own
