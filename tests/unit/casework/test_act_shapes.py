"""Bodies of acts have the shape their kind prescribes, or are refused with the path to what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import InputError
from dedere.casework.acts import ActKind, parse_kind
from dedere.casework.errors import BodyError, ProcedureDataError
from dedere.casework.procedure import load_procedure
from dedere.casework.shapes import Shapes, parse_shape

if TYPE_CHECKING:
    from dedere.casework.acts import JSON

DEEP: dict[str, JSON] = {}
for _ in range(40):
    DEEP = {"deeper": DEEP}

FIELDS = {
    "id": "id?",
    "state": "state?",
    "digest": "digest?",
    "line": "line?",
    "text": "text?",
    "date": "date?",
    "instant": "instant?",
    "yes": "yes-no?",
    "count": "count?",
    "object": "object?",
    "any": "any?",
    "choice": "one-of:a|b?",
    "lines": "list:line?",
    "some": "some:inner?",
    "one": "inner?",
}
INNER = parse_shape("inner", {"must": "line"})
OUTER = parse_shape("outer", FIELDS)
SHAPES = Shapes({"inner": INNER, "outer": OUTER})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "m1"),
        ("state", "NL"),
        ("digest", "0" * 64),
        ("line", "a line"),
        ("text", "two\nlines"),
        ("date", "2026-11-24"),
        ("instant", "2026-11-24T09:30:00Z"),
        ("yes", False),
        ("count", 0),
        ("object", {"a": [1, {"b": None}]}),
        ("any", 1.5),
        ("choice", "b"),
        ("lines", []),
        ("some", [{"must": "x"}]),
        ("one", {"must": "x"}),
    ],
)
def test_a_value_of_the_right_shape_is_let_through(field: str, value: JSON) -> None:
    SHAPES.check({field: value}, OUTER, at="body")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("id", "M1", "body.id must be an id"),
        ("id", 1, "body.id must be an id"),
        ("state", "Netherlands", "a State's code"),
        ("digest", "0" * 63, "SHA-256"),
        ("line", "two\nlines", "one line"),
        ("line", "  ", "one line"),
        ("line", "x" * 301, "one line"),
        ("text", "", "text, at most"),
        ("text", "x" * 100_001, "text, at most"),
        ("date", "2026-02-30", "a date like"),
        ("date", 20260230, "a date like"),
        ("date", "20260228", "a date like"),
        ("instant", "2026-11-24", "an instant like"),
        ("instant", 5, "an instant like"),
        ("yes", 1, "true or false"),
        ("count", -1, "a whole number"),
        ("count", True, "a whole number"),
        ("object", [], "an object"),
        ("object", DEEP, "nested less than"),
        ("any", [DEEP], "nested less than"),
        ("choice", "c", "one of: a, b"),
        ("lines", "a", "must be a list"),
        ("lines", ["a", ""], "body.lines[1] must be one line"),
        ("lines", ["a"] * 2001, "more than 2000"),
        ("some", [], "at least one"),
        ("some", [{}], "body.some[0].must is missing"),
        ("one", "x", "body.one must be an object"),
        ("one", {"must": "x", "other": 1}, "does not know: 'other'"),
    ],
)
def test_a_value_of_another_shape_is_refused_with_its_path(field: str, value: JSON, says: str) -> None:
    with pytest.raises(BodyError, match=says.replace("[", r"\[").replace("]", r"\]")) as caught:
        SHAPES.check({field: value}, OUTER, at="body")
    assert caught.value.rule == "body-shape"


def test_a_shape_names_known_types_only() -> None:
    with pytest.raises(ProcedureDataError):
        Shapes({"outer": parse_shape("outer", {"x": "nonsense"})})
    with pytest.raises(ProcedureDataError):
        parse_shape("outer", {"x": 3})


def test_every_kind_of_act_has_a_form_and_no_other_is_known() -> None:
    assert set(load_procedure().acts) == set(ActKind)
    assert parse_kind("request") is ActKind.REQUEST
    with pytest.raises(InputError, match="no kind of act"):
        parse_kind("surprise")
    assert SHAPES["inner"] is INNER
