"""The other State needs to know who somebody is only where a measure concerns the person."""

from __future__ import annotations

import pytest

from dedere.casework.persons.travelling import needs_identity
from support.offices import request_tables

BODY = {"request": request_tables()}


@pytest.mark.parametrize(
    ("kind", "body", "requests", "reference", "needed"),
    [
        ("request", BODY, [], "person-2", True),
        ("request", BODY, [], "person-9", False),
        ("supplement", {}, [BODY], "person-2", True),
        ("answers", {}, [], "person-2", False),
        ("refusal", {}, [BODY], "person-2", False),
        ("request", {}, [], "person-2", False),
        ("request", {"request": {"request": {"assistance": {"items": ["no table"]}}}}, [], "person-2", False),
    ],
)
def test_only_acts_about_a_measure_on_the_person_need_it(
    kind: str, body: dict[str, object], requests: list[dict[str, object]], reference: str, *, needed: bool
) -> None:
    assert needs_identity(kind, body, requests, reference) is needed


def test_a_measure_on_things_needs_nobodys_name() -> None:
    item = {"id": "item-1", "measure": "search", "persons": ["person-2"]}

    assert not needs_identity("request", {"request": {"request": {"assistance": {"items": [item]}}}}, [], "person-2")
    assert not needs_identity(
        "request",
        {"request": {"request": {"assistance": {"items": [{**item, "measure": "statement", "persons": "x"}]}}}},
        [],
        "x",
    )
