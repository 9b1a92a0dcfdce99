"""The published schema is valid, agrees with a general validator, and knows every path and word of the law's data."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest

from dedere.base.errors import DefectError
from dedere.treaty.loading import load_law
from dedere.treaty.requestfile_links import SECTIONS
from dedere.treaty.requestfile_schema import FORMAT, Field, Shape, fields, schema, schema_text
from dedere.treaty.requestfile_validation import schema_problems
from dedere.treaty.words import Measure, RequestKind
from support.requests import COMPLETE, request_of


def _judge() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        json.loads(schema_text()), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def test_the_schema_is_a_valid_schema_of_its_version() -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))

    assert schema()["properties"]["format"]["const"] == FORMAT  # type: ignore[index]  # plain JSON


def test_the_schema_knows_every_path_the_law_asks_for() -> None:
    law = load_law()

    asked = {row.field for row in law.contents} | {field for check in law.practice for field in check.fields}

    assert asked <= set(fields())


def test_the_schema_has_the_words_of_the_law() -> None:
    assert set(fields()["request.kind"].choices) == {kind.value for kind in RequestKind} - {"any"}
    assert set(fields()["request.assistance.items.measure"].choices) == {measure.value for measure in Measure}
    assert set(SECTIONS) == set(fields()["request.kind"].choices)


def test_no_path_is_both_a_value_and_a_group() -> None:
    groups = {path.rpartition(".")[0] for path in fields()}

    for path in groups - {""}:
        assert fields()[path].shape in {Shape.GROUP, Shape.ROWS}, path


def test_every_field_says_what_it_is() -> None:
    assert [field for field in fields().values() if not field.description] == []
    assert fields()["request.persons.facts"] == Field(
        "request.persons.facts",
        Shape.LINKS,
        "Ids of the facts the person has a part in",
        refers_to="request.facts.statements",
    )


@pytest.mark.parametrize("name", COMPLETE)
def test_a_general_validator_accepts_what_we_accept(name: str) -> None:
    data = request_of(COMPLETE[name]()).as_json()

    assert list(_judge().iter_errors(data)) == []
    assert list(schema_problems(data, schema())) == []


WRONG: list[object] = [5, True, None, [], [5], {}, {"x": 1}, "", "Not a code!", "2026-02-30", -1, 10**15, ["a", "a"]]


@pytest.mark.parametrize("name", ["mla-search", "transfer-sentencing"])
def test_a_general_validator_refuses_what_we_refuse(name: str) -> None:
    judge = _judge()
    data = request_of(COMPLETE[name]()).as_json()
    for number, (place, key) in enumerate(_places(data)):
        # Two wrong values a place, in turn: all of them everywhere would take the general validator a minute.
        for wrong in (WRONG[number % len(WRONG)], WRONG[(number + 5) % len(WRONG)]):
            kept, place[key] = place[key], copy.deepcopy(wrong)
            ours = bool(list(schema_problems(data, schema())))
            theirs = not judge.is_valid(data)
            place[key] = kept
            assert ours == theirs, (key, wrong)


def _places(data: Any) -> list[tuple[Any, Any]]:  # Any: nested JSON
    keys = list(data) if isinstance(data, dict) else list(range(len(data))) if isinstance(data, list) else []
    return [(data, key) for key in keys] + [place for key in keys for place in _places(data[key])]


def test_a_keyword_that_nothing_checks_is_a_defect_not_passed_over() -> None:
    with pytest.raises(DefectError, match="minLength"):
        list(schema_problems("x", {"type": "string", "minLength": 3}))
    with pytest.raises(DefectError, match="unknown fields"):
        list(schema_problems({}, {"type": "object", "additionalProperties": True}))
