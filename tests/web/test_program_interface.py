"""The interface for other programs of the house: tokens, the same actions and permissions as the pages, one document."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from dedere.base.errors import InputError
from dedere.casework.acts import ActKind
from dedere.node.accounts.actions import make_token
from dedere.node.accounts.actions.tokens import TOKENS_AT_MOST
from dedere.node.accounts.models import Officer, Token
from dedere.node.audit.models import Event
from dedere.node.cases.models import Case, Draft
from dedere.web.api.document import describe
from dedere.web.api.operations import OPERATIONS
from support.offices import Bureau, measure_of, proceeding_of, request_tables
from support.pages import SignIn, errors_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

NOWHERE = "a" * 26


class Program:
    """Another program with a token. What it is told is checked against the document every time."""

    def __init__(self, token: str) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=True)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.document: dict[str, Any] = describe()

    def ask(self, method: str, path: str, sent: object = None, *, raw: bytes | None = None) -> tuple[int, Any]:
        data = raw if raw is not None else b"" if sent is None else json.dumps(sent).encode()
        response = self.client.generic(
            method, f"/api/1/{path}", data, content_type="application/json", headers=self.headers
        )
        told = json.loads(response.content)
        self._check(method, path.partition("?")[0], response.status_code, told)
        return response.status_code, told

    def _check(self, method: str, path: str, status: int, told: object) -> None:
        if status == 405:
            return
        (answers,) = (
            methods[method.lower()]["responses"]
            for address, methods in self.document["paths"].items()
            if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", address), f"/api/1/{path}")
        )
        (content,) = answers[str(status)]["content"].values()
        jsonschema.Draft202012Validator({**content["schema"], "components": self.document["components"]}).validate(told)


def program(bureau: Bureau, name: str, *scopes: str) -> Program:
    return Program(
        make_token(by=bureau[name], name="Registry (fictional)", scopes=scopes or ("read", "write"), days=30)
    )


def test_a_program_drafts_a_request_and_a_person_approves_it(bureau: Bureau) -> None:
    registry = program(bureau, "anna")

    status, begun = registry.ask(
        "POST", "drafts", {"partner": "SN", "title": "Dol (fictional)", "opens": "mla", "request": request_tables()}
    )
    assert status == 201
    draft = begun["row"]["id"]
    tables = {**begun["body"]["request"]}
    status, saved = registry.ask("PUT", f"drafts/{draft}", {"version": begun["version"], "body": {"request": tables}})
    assert (status, saved["version"]) == (200, begun["version"] + 1)
    status, stale = registry.ask("PUT", f"drafts/{draft}", {"version": begun["version"], "body": {"request": tables}})
    assert (status, stale["code"]) == (422, "input")
    status, waiting = registry.ask("POST", f"drafts/{draft}/submission", {"approver": bureau["bram"].identifier})
    assert (status, waiting["row"]["state"]) == (200, "submitted")

    assert not [each for each in OPERATIONS if "approv" in each.name]
    assert Draft.objects.get(pk=draft).state == "submitted"


def test_a_program_reads_what_its_officer_may_read_and_nothing_else(bureau: Bureau) -> None:
    case = bureau.requested()
    letter = bureau.arrives(
        "acknowledgement", {"own_reference": "SN-9", "received_on": "2026-11-24"}, case=case, role="registrar"
    )
    addresses = ["", "/items", "/clocks"]
    draft = bureau.drafted()
    anna, stranger, eva = (program(bureau, name, "read") for name in ("anna", "stranger", "eva"))

    found = anna.ask("GET", "cases?text=burning&page=1")[1]
    assert {row["id"] for row in found["rows"]} == {case.pk, draft.case_id}
    assert stranger.ask("GET", "cases")[1]["rows"] == []
    assert eva.ask("GET", "cases")[0] == 404
    for path in [*(f"cases/{case.pk}{each}" for each in addresses), f"letters/{letter}", f"drafts/{draft.pk}"]:
        assert anna.ask("GET", path)[0] == 200, path
        assert stranger.ask("GET", path) == stranger.ask(
            "GET", path.replace(case.pk, NOWHERE).replace(letter, NOWHERE).replace(draft.pk, NOWHERE)
        ), path
        assert stranger.ask("GET", path)[0] == 404
    for path in ("today", "letters", "drafts"):
        assert anna.ask("GET", path)[0] == 200
    assert anna.ask("GET", f"cases/{case.pk}")[1]["permitted"]


def test_a_program_takes_a_case_up_and_answers(bureau: Bureau) -> None:
    case = bureau.asked()
    rosa = program(bureau, "rosa")
    letter = rosa.ask("GET", "letters")[1]["rows"][0]["letter_id"]

    assert rosa.ask("POST", f"letters/{letter}/take-up", {})[0] == 200
    body = {"own_reference": case.reference, "received_on": "2026-11-24"}
    act = {"proceeding": proceeding_of(case), "kind": "acknowledgement", "body": body}
    status, draft = rosa.ask("POST", f"cases/{case.pk}/acts", act)

    assert status == 201
    assert draft["row"]["kind"] == "acknowledgement"
    status, saved = rosa.ask(
        "PUT", f"drafts/{draft['row']['id']}", {"version": 1, "body": {**body, "own_reference": "NL-1"}}
    )
    assert (status, saved["body"]["own_reference"]) == (200, "NL-1")
    early = {
        **act,
        "kind": "result",
        "body": {"measures": [{"measure": measure_of(case), "outcome": "executed", "text": "x"}]},
    }
    assert rosa.ask("POST", f"cases/{case.pk}/acts", early)[0] == 422, "the procedure forbids it as on the page"


def test_a_token_is_good_for_its_scope_its_time_and_its_officer_alone(bureau: Bureau) -> None:
    reader = program(bureau, "anna", "read")
    assert reader.ask("POST", "drafts", {"partner": "SN", "title": "x", "opens": "mla"})[1]["code"] == "scope"
    assert program(bureau, "bram").ask("POST", "drafts", {"partner": "SN", "title": "x", "opens": "mla"})[0] == 403
    for token in ("", "dedere_no", "Basic x", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")):
        assert Program(token).ask("GET", "today")[0] == 401
    other = program(bureau, "rosa", "read")
    Officer.objects.filter(pk=bureau["rosa"].pk).update(is_active=False)
    assert other.ask("GET", "today")[0] == 401
    assert reader.ask("GET", "today")[0] == 200
    bureau.clock.advance(dt.timedelta(days=31))
    assert reader.ask("GET", "today")[0] == 401


def test_a_session_is_worth_nothing_here_and_a_token_nothing_on_pages(bureau: Bureau, signed_in: SignIn) -> None:
    assert signed_in("anna").get("/api/1/today").status_code == 401
    token = make_token(by=bureau["anna"], name="x", scopes=["read"], days=1)
    assert Client().get("/cases/", headers={"Authorization": f"Bearer {token}"}).status_code == 302


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400), (b"{", 400), (b'{"a": NaN}', 400), (b"[" * 100_000, 400), (b'"\\ud800"', 400), (b"\xff", 400),
        (b'{"b": 99999999999999999999}', 400), (b'{"title": "\\u0000"}', 400), (b"[]", 422), (b"{}", 422),
        (b'{"partner": "SN", "title": "x", "opens": "mla", "more": 1}', 422),
        (b'{"partner": "SN", "title": "x", "opens": "mla", "request": {"format": 1e400}}', 400),
        (b'{"partner": "NL", "title": "x", "opens": "mla"}', 422),
        (b'{"partner": "SN", "title": " ", "opens": "mla"}', 422),
        (b'{"partner": "SN", "title": "x", "opens": "tea"}', 422),
        (b'{"title": "' + b"x" * 5_000_000 + b'"}', 413),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_changes_nothing(bureau: Bureau, raw: bytes, status: int) -> None:
    told = program(bureau, "anna").ask("POST", "drafts", raw=raw)
    assert told[0] == status
    assert not Case.objects.exists()


def test_a_method_that_does_nothing_says_what_does(bureau: Bureau) -> None:
    anna = program(bureau, "anna")
    assert anna.ask("DELETE", "cases")[0] == 405
    assert anna.client.generic("DELETE", "/api/1/cases", headers=anna.headers).headers["Allow"] == "GET"


def test_the_document_is_open_and_names_every_operation(client: Client, db: None) -> None:
    document = client.get("/api/1/openapi.json").json()

    assert document["openapi"] == "3.1.0"
    assert document == json.loads(json.dumps(describe()))
    named = {each["operationId"] for methods in document["paths"].values() for each in methods.values()}
    assert named == {each.name for each in OPERATIONS}
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_tokens_are_made_shown_once_and_ended_on_the_officers_page(bureau: Bureau, signed_in: SignIn) -> None:
    client = signed_in("anna")
    assert "You have none." in text_of(client.get("/account/tokens/"))

    page = client.post("/account/tokens/", {"name": "Registry", "scopes": ["read"], "days": "30"})

    token = re.search(r"dedere_[a-z2-7]+", text_of(page))
    assert token is not None
    assert Program(token[0]).ask("GET", "today")[0] == 200
    listed = text_of(client.get("/account/tokens/"))
    assert "Registry" in listed
    assert token[0] not in listed
    assert token[0] not in str(list(Token.objects.values())) + str(list(Event.objects.values()))
    row = Token.objects.get()
    assert row.used_at is not None
    signed_in("bram").post("/account/tokens/remove/", {"token": row.identifier})
    assert Token.objects.exists()
    signed_in("anna").post("/account/tokens/remove/", {"token": row.identifier})
    assert Program(token[0]).ask("GET", "today")[0] == 401


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": "", "scopes": ["read"], "days": "1"}, "Program that will use it"),
        ({"name": "x", "days": "1"}, "What it may do in your place"),
        ({"name": "x", "scopes": ["read"], "days": "367"}, "Days it is good for"),
        ({"name": "x", "scopes": ["read"], "days": "soon"}, "Days it is good for"),
        ({"name": " \t ", "scopes": ["everything"], "days": "0"}, "Select a valid choice"),
    ],
)
def test_a_token_without_purpose_or_end_is_not_made(
    bureau: Bureau, signed_in: SignIn, sent: dict[str, object], sentence: str
) -> None:
    page = signed_in("anna").post("/account/tokens/", sent)
    assert (page.status_code, sentence in errors_of(page), Token.objects.exists()) == (422, True, False)


def test_the_action_itself_holds_the_same_bounds(bureau: Bureau, signed_in: SignIn) -> None:
    for wrong in ({"name": " "}, {"scopes": ["all"]}, {"days": 0}):
        given_ = {"name": "x", "scopes": ["read"], "days": 1, **wrong}
        with pytest.raises(InputError):
            make_token(by=bureau["anna"], **given_)  # type: ignore[arg-type] # on purpose
    for _ in range(TOKENS_AT_MOST):
        make_token(by=bureau["anna"], name="x", scopes=["read"], days=1)
    page = signed_in("anna").post("/account/tokens/", {"name": "x", "scopes": ["read"], "days": "1"})
    assert "remove one first" in errors_of(page)


TEXTS = st.text(max_size=12) | st.sampled_from(
    ["SN", "NL", "mla", "extradition", "x", "sentencing", *map(str, ActKind)]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
TABLES = st.dictionaries(
    st.sampled_from(["request", "format", "items", "measures", "questions", "x"]), JSON, max_size=3
)


@st.composite
def anything(draw: st.DrawFn, schema: Mapping[str, Any]) -> dict[str, object]:
    """Something of the operation's form, or nearly."""
    made: dict[str, object] = {}
    for name, inside in schema["properties"].items():
        wild = draw(st.integers(0, 9)) == 0
        if name not in schema["required"] and draw(st.booleans()):
            continue
        made[name] = draw(
            JSON if wild
            else TABLES if inside.get("type") == "object"
            else st.integers(1, 3) if inside.get("type") == "integer"
            else TEXTS | st.just(NOWHERE)
        )  # fmt: skip
    return made


def test_nothing_that_is_sent_makes_a_fault_or_an_answer_beside_the_document(bureau: Bureau) -> None:
    registry = program(bureau, "rosa")
    case, draft = bureau.registered(), bureau.drafted(by="rosa")
    names = {"case_id": case.pk, "letter_id": case.letters.get(sequence=1, sender="SN").pk, "draft_id": draft.pk}
    proceeding = proceeding_of(case)

    @settings(max_examples=60, deadline=None)
    @given(data=st.data())
    def throw(data: st.DataObject) -> None:
        operation = data.draw(st.sampled_from(OPERATIONS))
        known = data.draw(st.integers(0, 4)) > 0
        path = re.sub(r"<slug:(\w+)>", lambda found: names[found[1]] if known else NOWHERE, operation.path)
        asked = [(name, data.draw(st.from_regex("[a-z0-9]{0,8}", fullmatch=True))) for name in operation.query]
        sent = data.draw(anything(operation.takes)) if operation.takes else None
        if sent is not None and "proceeding" in sent and known:
            sent["proceeding"] = proceeding
        query = "&".join(f"{name}={value}" for name, value in asked)
        status, _told = registry.ask(operation.method, f"{path}?{query}" if query else path, sent)
        assert status in {200, 201, 400, 403, 404, 422}

    throw()
