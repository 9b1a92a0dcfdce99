"""The description of the whole interface, made of its operations: OpenAPI 3.1."""

from __future__ import annotations

import re
from importlib.metadata import version

from dedere.web.api.operations import OPERATIONS, Operation
from dedere.web.api.plain import Schema, schema_of

ERRORS = {
    "400": "What was sent is no JSON that this interface reads.",
    "401": "No token, or one that is not good.",
    "403": "The officer, or the token, may not do this.",
    "404": "There is no such thing for this officer.",
    "413": "What was sent is too large.",
    "422": "What was sent cannot be accepted; detail says why, and what to do.",
    "503": "Something in the house does not work; nothing was lost.",
}
PROBLEM: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
    },
}


def describe() -> dict[str, object]:
    """The document, made anew; it depends on nothing but the program."""
    schemas: dict[str, Schema] = {"Problem": PROBLEM}
    paths: dict[str, dict[str, object]] = {}
    for operation in OPERATIONS:
        paths.setdefault(address_of(operation), {})[operation.method.lower()] = _described(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Dedere for other programs of the house",
            "version": version("dedere"),
            "description": "Every call acts as the officer who made its token, within that officer's cases and roles.",
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
        },
    }


def address_of(operation: Operation) -> str:
    """The operation's address as OpenAPI writes it."""
    return "/api/1/" + re.sub(r"<slug:(\w+)>", r"{\1}", operation.path)


def status_of(operation: Operation) -> int:
    """The status of success: what was made anew is told apart."""
    return 201 if operation.name in {"start", "propose"} else 200


def _described(operation: Operation, schemas: dict[str, Schema]) -> dict[str, object]:
    named = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"<slug:(\w+)>", operation.path)
    ]
    asked = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in operation.query]
    answers: dict[str, object] = {
        str(status_of(operation)): {
            "description": operation.summary,
            "content": {"application/json": {"schema": schema_of(operation.answers, schemas)}},
        }
    }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, text in ERRORS.items():
        answers[status] = {"description": text, "content": problem}
    described: dict[str, object] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": f"Needs a token for {operation.scope.value}.",
        "parameters": named + asked,
        "responses": answers,
    }
    if operation.takes is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": operation.takes}},
        }
    return described
