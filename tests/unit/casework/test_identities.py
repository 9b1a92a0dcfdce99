"""Who a person is, as far as it is known, and what is refused as an identity."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from dedere.base.errors import InputError
from dedere.casework.persons.identity import Identity, UncertainDate, WrittenName
from support.custody import WITNESS


def test_an_identity_survives_its_plain_form() -> None:
    assert Identity.from_json(json.loads(json.dumps(WITNESS.as_json()))) == WITNESS
    assert WITNESS.name == "Dragoljub Vukašinović"


@pytest.mark.parametrize(
    ("text", "first", "last", "day"),
    [
        ("1971", "1971-01-01", "1971-12-31", None),
        ("1971-02", "1971-02-01", "1971-02-28", None),
        ("1971-05-27", "1971-05-27", "1971-05-27", "1971-05-27"),
        ("~1971", "1970-01-01", "1972-12-31", None),
        ("~2024-02-29", "2023-02-28", "2025-02-28", None),
    ],
)
def test_a_date_says_how_far_it_is_known(text: str, first: str, last: str, day: str | None) -> None:
    date = UncertainDate(text)

    assert [each.isoformat() for each in date.span] == [first, last]
    assert date.day == (dt.date.fromisoformat(day) if day else None)


def test_no_date_is_no_day() -> None:
    assert UncertainDate("").day is None


@pytest.mark.parametrize("text", ["27 May", "1971-13", "1971-02-30", "19710527", "~9999", "0000"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        UncertainDate(text)


@pytest.mark.parametrize(
    "change",
    [
        {"version": "another"},
        {"unknown": 1},
        {"names": []},
        {"names": [{"family": "", "given": ""}]},
        {"names": [{"family": 1, "given": ""}]},
        {"names": [{"family": "A", "given": "B", "alone": "yes"}]},
        {"names": "Nobody"},
        {"names": [{"family": "x" * 301}]},
        {"nationality": ["Serbia"]},
        {"nationality": [1]},
        {"born": "in spring"},
        {"sex": None},
        {"contacts": ["0"] * 41},
        {"relocation_pointer": "17 Rue des Exemples, Dakar"},
        {"relocation_pointer": "SAFEHOUSE"},
    ],
)
def test_what_is_no_identity_is_refused_without_repeating_it(change: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        Identity.from_json({**WITNESS.as_json(), **change})

    assert "Rue" not in str(refused.value)


@pytest.mark.parametrize("value", [None, [], "text"])
def test_other_data_is_no_identity(value: object) -> None:
    with pytest.raises(InputError):
        Identity.from_json(value)


def test_a_name_may_have_one_part_only() -> None:
    assert Identity(names=(WrittenName(), WrittenName(given="Amina"))).name == "Amina"
