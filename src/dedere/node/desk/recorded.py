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


def proceedings(case: Case) -> list[Table]:
    """The proceedings of a case, in the order in which they were opened."""
    return tables(case.state, "proceedings")
