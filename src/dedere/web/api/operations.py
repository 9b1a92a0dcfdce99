"""What another program can ask for and do: each an action or a query of the pages, with the officer's own permissions.

There is no approving here: what leaves the house was read by a second person.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dedere.base.errors import InputError
from dedere.casework.acts import ActKind
from dedere.casework.procedure import load_procedure
from dedere.node.accounts.actions import Scope
from dedere.node.accounts.queries import Officer
from dedere.node.cases import actions
from dedere.node.desk import case, cases, clocks, drafts, incoming, today
from dedere.node.evidence import actions as evidence
from dedere.node.evidence.queries import ItemPage
from dedere.web.api.plain import Schema
from dedere.web.components.views import small_number


@dataclass(frozen=True, slots=True)
class Call:
    """One call: who stands behind it, what its address names, its query, and what was sent with it."""

    officer: Officer
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, object]

    @property
    def page(self) -> int:
        """The page asked for, 1 for anything that is no page."""
        return max(1, small_number(self.query.get("page", "1"), otherwise=1))

    def text(self, name: str) -> str:
        """A text of the body; empty when it has none of that name."""
        found = self.body.get(name, "")
        return found if isinstance(found, str) else ""

    def table(self, name: str) -> Mapping[str, object]:
        """An object of the body."""
        found = self.body.get(name, {})
        return found if isinstance(found, Mapping) else {}


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """Every clock of a case, those that still run first."""

    clocks: tuple[clocks.ClockRow, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask for or to do. `takes` is the schema of what is sent, `answers` a type of the queries."""

    name: str
    method: str
    path: str
    summary: str
    answers: type
    call: Callable[[Call], object]
    query: tuple[str, ...] = ()
    takes: Schema | None = None
    scope: Scope = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scope", Scope.READ if self.method == "GET" else Scope.WRITE)


_TEXT: Schema = {"type": "string", "maxLength": 300}
_IDENTIFIER: Schema = {"type": "string", "pattern": "^[a-z2-7]{26}$"}


def _object(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": {**required, **(optional or {})},
    }


def _list_cases(call: Call) -> object:
    names = {each.name for each in dataclasses.fields(cases.CaseFilter)} - {"page"}
    narrowed = {name: value[:200] for name, value in call.query.items() if name in names}
    return cases.list_cases(call.officer, cases.CaseFilter(**narrowed, page=call.page))


def _start(call: Call) -> object:
    made = actions.start_draft(
        by=call.officer,
        partner=call.text("partner"),
        title=call.text("title"),
        opens=call.text("opens"),
        request=call.table("request"),
        side=call.text("side"),
    )
    return drafts.draft_view(call.officer, made.pk)


def _propose(call: Call) -> object:
    kind, body = call.text("kind"), call.table("body")
    _require_shape(kind, body)
    made = evidence.propose_act(
        by=call.officer, case_id=call.path["case_id"], proceeding=call.text("proceeding"), kind=kind, body=body
    )
    return drafts.draft_view(call.officer, made.pk)


def _save(call: Call) -> object:
    """Of a request, only its tables are replaced: what it opens and follows was decided when it was begun."""
    draft_id, body = call.path["draft_id"], call.table("body")
    found = drafts.draft_view(call.officer, draft_id)
    if found.is_request:
        tables = body.get("request")
        if set(body) != {"request"} or not isinstance(tables, Mapping):
            raise InputError("The body of a request draft is an object with one member, request: a request file.")
        body = {**found.body, "request": tables}
    else:
        _require_shape(found.row.kind, body)
    version = call.body["version"]
    actions.save_body(by=call.officer, draft_id=draft_id, body=body, version=version if isinstance(version, int) else 0)
    return drafts.draft_view(call.officer, draft_id)


def _require_shape(kind: str, body: Mapping[str, object]) -> None:
    """Let an act's body pass that has the shape of its kind; a request begins as a draft of its own."""
    if kind == ActKind.REQUEST or kind not in set(ActKind):
        raise InputError("No act of this kind is prepared here.")
    procedure = load_procedure()
    procedure.shapes.check(dict(body), procedure.acts[ActKind(kind)].body, at="body")  # type: ignore[arg-type] # JSON as it came


def _submit(call: Call) -> object:
    draft_id = call.path["draft_id"]
    actions.submit_draft(by=call.officer, draft_id=draft_id, approver_id=call.text("approver"))
    return drafts.draft_view(call.officer, draft_id)


def _take_up(call: Call) -> object:
    taken = actions.take_up(by=call.officer, letter_id=call.path["letter_id"])
    return case.case_view(call.officer, taken.pk, acts=True)


OPERATIONS = (
    Operation(
        "today", "GET", "today", "What waits, the gravest first", today.Today, lambda call: today.today(call.officer)
    ),
    Operation(
        "cases", "GET", "cases", "The officer's cases, searched and narrowed", cases.CasePage, _list_cases,
        query=("text", "partner", "direction", "stage", "page"),
    ),
    Operation(
        "case", "GET", "cases/<slug:case_id>", "One case: both sides, what is owed, what may be done", case.CaseView,
        lambda call: case.case_view(call.officer, call.path["case_id"], acts=True),
    ),
    Operation(
        "items", "GET", "cases/<slug:case_id>/items", "The items of a case, page by page", ItemPage,
        lambda call: case.case_items(call.officer, call.path["case_id"], page=call.page), query=("page",),
    ),
    Operation(
        "clocks", "GET", "cases/<slug:case_id>/clocks", "The clocks of a case", CaseClocks,
        lambda call: CaseClocks(clocks.case_clocks(call.officer, call.path["case_id"])),
    ),
    Operation(
        "propose", "POST", "cases/<slug:case_id>/acts", "Begin an act of a case as a draft", drafts.DraftView, _propose,
        takes=_object({"proceeding": _IDENTIFIER, "kind": _TEXT, "body": {"type": "object"}}),
    ),
    Operation(
        "incoming", "GET", "letters", "Letters that came in", incoming.IncomingPage,
        lambda call: incoming.incoming(call.officer, page=call.page), query=("page",),
    ),
    Operation(
        "letter", "GET", "letters/<slug:letter_id>", "A letter that came in, with what it says", incoming.IncomingView,
        lambda call: incoming.incoming_view(call.officer, call.path["letter_id"]),
    ),
    Operation(
        "take-up", "POST", "letters/<slug:letter_id>/take-up", "Take up the case that a letter opened", case.CaseView,
        _take_up, takes=_object({}),
    ),
    Operation(
        "drafts", "GET", "drafts", "Unfinished drafts", drafts.DraftPage,
        lambda call: drafts.list_drafts(call.officer, page=call.page), query=("page",),
    ),
    Operation(
        "start", "POST", "drafts", "Open a case with the draft of a request", drafts.DraftView, _start,
        takes=_object(
            {"partner": {"type": "string", "pattern": "^[A-Z]{2}$"}, "title": _TEXT, "opens": _TEXT},
            {"request": {"type": "object"}, "side": _TEXT},
        ),
    ),
    Operation(
        "draft", "GET", "drafts/<slug:draft_id>", "One draft with what the law finds in it", drafts.DraftView,
        lambda call: drafts.draft_view(call.officer, call.path["draft_id"]),
    ),
    Operation(
        "save", "PUT", "drafts/<slug:draft_id>", "Replace the content of an open draft", drafts.DraftView, _save,
        takes=_object({"version": {"type": "integer", "minimum": 1}, "body": {"type": "object"}}),
    ),
    Operation(
        "submit", "POST", "drafts/<slug:draft_id>/submission", "Put a draft before a second officer", drafts.DraftView,
        _submit, takes=_object({}, {"approver": _IDENTIFIER}),
    ),
)  # fmt: skip
