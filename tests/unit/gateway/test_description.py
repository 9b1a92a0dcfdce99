"""The OpenAPI description of the door says what the door does: the same paths, methods, bounds, codes and answers."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx2
import pytest
from django.urls import URLPattern
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from dedere.base.clock import FixedClock
from dedere.protocol.codes import registry
from dedere.protocol.content import load_schema
from dedere.protocol.letter import MAX_SEALED_BYTES
from dedere.protocol.parts import MAX_PIECE_BYTES
from dedere.protocol.receipt import RECEIPT_LIMITS
from support.doors import MemoryNode
from support.exchange import NOW, identifier
from support.knocking import Caller
from support.served import served, tls_holder

FILE = Path(__file__).parents[3] / "docs/protocol/openapi.json"
DESCRIBED: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
METHODS = ("get", "head", "post", "patch", "options")


@dataclass(frozen=True)
class Operation:
    """One method of one path, as it is described."""

    path: str
    method: str
    facts: Any  # an operation object of OpenAPI
    parameters: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def resolved(value: Any) -> Any:
    """What a reference points at."""
    while "$ref" in value:
        found: Any = DESCRIBED
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = found
    return value


def operations() -> Iterator[Operation]:
    for path, item in DESCRIBED["paths"].items():
        for method in METHODS:
            if method in item:
                listed = [*item.get("parameters", []), *item[method].get("parameters", [])]
                yield Operation(path, method.upper(), item[method], tuple(map(resolved, listed)))


def test_the_description_is_openapi() -> None:
    validate(DESCRIBED)
    assert DESCRIBED["openapi"].startswith("3.1.")


def test_it_names_every_path_and_method_of_the_door_and_no_other() -> None:
    """P-200 to P-218: the page and the code list the same."""
    patterns: list[URLPattern] = MemoryNode("SN", FixedClock(NOW)).gateway.urls()
    paths = {"/" + str(each.pattern) for each in patterns}
    spelled = {"<dedere:letter_id>": "{letter}", "<dedere:part_id>": "{part}", "<int:serial>": "{serial}"}
    spelled["<int:size>"] = "{size}"
    for ours, theirs in spelled.items():
        paths = {path.replace(ours, theirs) for path in paths}
    assert paths == set(DESCRIBED["paths"])
    caller = Caller(MemoryNode("SN", FixedClock(NOW)).gateway, FixedClock(NOW), "NL", "SN")
    for path in DESCRIBED["paths"]:
        described = {each.method for each in operations() if each.path == path}
        filled = path.format(letter=identifier("l"), part=identifier("p"), serial=1, size=0)
        for method in {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"} - described:
            answer = caller.ask(method, filled, body=b"" if method in {"POST", "PATCH", "PUT"} else None)
            assert answer.status_code == 404, (method, path)
        for method in described - {"POST", "PATCH"}:
            headers = {"tus-resumable": "1.0.0", "range": "bytes=0-1"}
            answer = caller.ask(method, filled, headers=headers)
            assert answer.status_code != 404 or answer.headers["dedere-code"] == "unknown-object"


def test_codes_bounds_and_the_mailbox_are_those_of_the_protocol() -> None:
    schemas = DESCRIBED["components"]["schemas"]
    assert schemas["Code"]["enum"] == [code for code, row in registry().items() if row.told]
    bounds = {
        str(each): next(iter(each.facts["requestBody"]["content"].values()))["schema"]["maxLength"]
        for each in operations()
        if "requestBody" in each.facts
    }
    assert bounds.pop("POST /letters") == MAX_SEALED_BYTES
    assert bounds.pop("PATCH /parts/{letter}/{part}") == MAX_PIECE_BYTES
    assert set(bounds.values()) == {RECEIPT_LIMITS.total_bytes}
    text = json.dumps(schemas["Mailbox"])
    text = text.replace("#/components/schemas/Identifier", "#/$defs/identifier")
    text = text.replace("#/components/schemas/Offset", "#/$defs/size")
    published = load_schema("mailbox-1")
    assert json.loads(text) == {name: value for name, value in published.items() if not name.startswith("$")}
    assert published["$defs"] == {"identifier": schemas["Identifier"], "size": schemas["Offset"]}


def values_of(schema: Any, place: str) -> st.SearchStrategy[str]:
    """Texts for a parameter: such as it describes, and others."""
    schema = resolved(schema)
    if "const" in schema:
        sound: st.SearchStrategy[str] = st.just(schema["const"])
    elif schema["type"] == "integer":
        sound = st.integers(schema["minimum"], schema["maximum"]).map(str)
    else:
        sound = st.from_regex(schema["pattern"], fullmatch=True)
    visible = st.characters(min_codepoint=33, max_codepoint=126)
    letters = visible if place == "header" else st.sampled_from("abcxyz0129-_~.")
    return st.one_of(sound, sound, sound, st.text(letters, min_size=1, max_size=40))


@st.composite
def requests(draw: st.DrawFn, operation: Operation) -> tuple[str, dict[str, str], bytes | None]:
    """Path, headers and body of a request for an operation."""
    chosen = {each["name"]: (each["in"], draw(values_of(each["schema"], each["in"]))) for each in operation.parameters}
    path = operation.path.format(**{name: value for name, (place, value) in chosen.items() if place == "path"})
    headers = {name.lower(): value for name, (place, value) in chosen.items() if place == "header"}
    if headers and draw(st.integers(0, 9)) == 0:
        del headers[draw(st.sampled_from(sorted(headers)))]
    body = draw(st.binary(max_size=300)) if operation.method in {"POST", "PATCH"} else None
    kinds = list(operation.facts.get("requestBody", {}).get("content", {}))
    if kinds:
        headers["content-type"] = draw(st.sampled_from([*kinds, *kinds, "text/plain"]))
    return path, headers, body


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Caller]]:
    """SN's door on loopback, and NL before it."""
    node = MemoryNode("SN", FixedClock(NOW))
    with served(node, tmp_path_factory.mktemp("door")) as address:
        yield address, Caller(node.gateway, node.clock, "NL", "SN")


def judged(operation: Operation, answer: httpx2.Response) -> None:
    """The answer is one that the description has for the operation."""
    described = operation.facts["responses"].get(str(answer.status_code))
    assert described is not None, (str(operation), answer.status_code, answer.text[:200])
    described = resolved(described)
    for name, header in described.get("headers", {}).items():
        assert not header.get("required") or name.lower() in answer.headers, name
    if operation.method == "HEAD" or not answer.content:
        return
    kind = answer.headers["content-type"].partition(";")[0]
    assert kind in described["content"], kind
    if answer.status_code >= 400:
        schema = {"$ref": "#/components/schemas/Refusal", "components": DESCRIBED["components"]}
        assert not list(Draft202012Validator(schema).iter_errors(answer.json()))
        assert answer.headers["dedere-code"] == answer.json()["code"]


@pytest.mark.network
@pytest.mark.parametrize("operation", list(operations()), ids=str)
def test_whatever_a_partner_asks_is_answered_as_described(operation: Operation, live: tuple[str, Caller]) -> None:
    address, caller = live
    context = ssl.create_default_context(cadata=tls_holder("SN").certificate.decode())
    with httpx2.Client(verify=context, timeout=20, trust_env=False) as client:
        check = partial(_ask, operation, client, caller, address)
        given(request=requests(operation))(
            settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))(
                lambda request: check(request)  # noqa: PLW0108 - Hypothesis asks for a function with an argument's name
            )
        )()
        stranger = client.request(operation.method, address + operation.path.format_map(_AnyPlace()))
    assert stranger.status_code == (204 if operation.path == "/health" else 404)
    assert not stranger.content
    assert "dedere-code" not in stranger.headers


class _AnyPlace(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "1" if name in {"serial", "size"} else identifier(name)


def _ask(
    operation: Operation,
    client: httpx2.Client,
    caller: Caller,
    address: str,
    request: tuple[str, dict[str, str], bytes | None],
) -> None:
    path, headers, body = request
    signed = caller.signed(operation.method, path, headers=headers, body=body)
    judged(operation, client.send(httpx2.Request(signed.method, address + path, headers=signed.headers, content=body)))
