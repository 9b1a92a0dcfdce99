"""A request file is read strictly: every problem is named by its path and none stops the others from being found."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from dedere.treaty.requestfile import RequestFileError, parse_request_file, request_from_tables
from dedere.treaty.requestfile_problems import Problem, path_text
from dedere.treaty.requestfile_reading import LARGEST_FILE
from support.requests import COMPLETE, Tables, assistance, request_of

HEAD = 'format = "dedere-request/1"\n[request]\nkind = "mla"\nrequesting_state = "NL"\nrequested_state = "SN"\n'


def _refusal(data: bytes | str, *, name: str = "draft.toml") -> RequestFileError:
    with pytest.raises(RequestFileError) as caught:
        parse_request_file(data.encode() if isinstance(data, str) else data, name=name)
    return caught.value


def _problems(tables: Tables) -> set[str]:
    with pytest.raises(RequestFileError) as caught:
        request_of(tables)
    return {problem.path for problem in caught.value.problems}


@pytest.mark.parametrize("name", COMPLETE)
def test_toml_tables_and_json_are_read_as_the_same_request(name: str) -> None:
    request = request_of(COMPLETE[name]())

    again = parse_request_file(json.dumps(request.as_json()).encode(), name="same.json")

    assert again.data == request.data
    assert again.as_json() == request.as_json()
    assert request_from_tables(request.as_json(), name="page").data == request.data


def test_json_is_known_by_its_first_character_when_the_name_does_not_tell() -> None:
    request = request_of(COMPLETE["transit"]())

    data = ("\ufeff  " + json.dumps(request.as_json())).encode()

    assert parse_request_file(data, name="upload").data == request.data


def test_all_problems_are_collected_in_the_order_of_the_file() -> None:
    error = _refusal(
        'format = "dedere-request/2"\n[request]\nkind = "mal"\nrequesting_state = "nl"\nrequested_state = "SN"\n'
        "reference = 5\ndated = 2026-02-03T10:00:00\nwritten_record = 1\npersn = true\n"
        '[[request.persons]]\nrole = "wittness"\n[request.contact]\nlanguages = "fr"\n'
        "[transfer.sentence]\ndays_left = -1\n"
    )

    assert [problem.sentence for problem in error.problems] == [
        'format: expected "dedere-request/1".',
        (
            "request.kind: expected one of mla, extradition, provisional-arrest, simplified-extradition, transit, property, "
            "speciality-consent, re-extradition-consent, prosecution-of-national, transfer, transfer-interest, "
            "transfer-provisional, jit, spontaneous-information; did you mean mla."
        ),
        "request.requesting_state: expected a State as its two-letter code in capitals, e.g. NL.",
        "request.reference: expected text in quotation marks, found a number.",
        "request.dated: expected text in quotation marks, found a date or time.",
        "request.written_record: expected true or false, found a number.",
        "request: there is no field persn here; did you mean persons.",
        (
            "request.persons[1].role: expected one of suspect, accused, convicted, witness, victim, expert, third-party; "
            "did you mean witness."
        ),
        "request.persons[1].id: is needed before the file can be read.",
        "request.contact.languages: expected a list, found text.",
        "transfer.sentence.days_left: expected at least 0.",
    ]
    assert str(error).startswith("draft.toml cannot be read as a request file, 11 problems: format: expected")
    assert error.code == "request-file"


def test_a_single_problem_is_one_sentence() -> None:
    error = _refusal(HEAD + "surprise = 1\n")

    assert str(error) == (
        "draft.toml cannot be read as a request file, 1 problem: request: there is no field surprise here."
    )


def test_what_was_found_is_never_repeated() -> None:
    secret = "Aminata Example, 3 Rue des Exemples"  # fictional

    error = _refusal(HEAD + f'dated = "{secret}"\nlanguage = "{secret}"\n[[request.crime]]\ncode = "{secret}"\n')

    assert len(error.problems) == 3
    assert "Aminata" not in str(error)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xff\xfe", "Expected UTF-8, byte 1 is not"),
        (b"a = 1\na = 2\n", "Not TOML: Cannot overwrite a value"),
        (b"= = =", "Not TOML"),
        (b"a = " + b"[" * 3000 + b"]" * 3000, "Expected fewer tables inside one another"),
        (b"a = " + b"[" * 30 + b"]" * 30, "Expected fewer tables inside one another"),
        (b"a." * 40 + b"a = 1", "Expected fewer tables inside one another"),
        (b" " * (LARGEST_FILE + 1), f"Expected at most {LARGEST_FILE} bytes"),
    ],
)
def test_bytes_that_are_no_toml_are_refused_in_one_sentence(data: bytes, expected: str) -> None:
    assert expected in str(_refusal(data))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("[1]", "Expected a table of fields at the top"),
        ("{", "Not JSON: Expecting property name"),
        ('{"a": 1, "a": 2}', "A field stands twice in the same table"),
        ('{"a": NaN}', "NaN is not a value of this format"),
        ('{"a": ' + "9" * 5000 + "}", "Expected numbers with fewer digits"),
        ("[" * 100000, "Expected fewer tables inside one another"),
        ('{"format": null, "request": 1.5}', 'expected "dedere-request/1"'),
    ],
)
def test_json_that_is_no_request_is_refused_in_one_sentence(data: str, expected: str) -> None:
    assert expected in str(_refusal(data, name="draft.json"))


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("request.persons.0.id", "person-2", "request.persons[2].id"),
        ("request.facts.statements.0.id", "Fact 1", "request.facts.statements[1].id"),
        ("request.assistance.items.0.facts", ["fact-9"], "request.assistance.items[1].facts"),
        ("request.assistance.items.0.persons", ["person-9"], "request.assistance.items[1].persons"),
        ("request.offence.attachments", ["annex-9"], "request.offence.attachments"),
        ("request.offence.attachments", ["annex-1", "annex-1"], "request.offence.attachments"),
        ("request.annexes.1.path", "law.pdf", "request.annexes[2].path"),
        ("request.annexes.0.path", "../law.pdf", "request.annexes[1].path"),
        ("request.annexes.0.path", "/etc/passwd", "request.annexes[1].path"),
        ("request.annexes.0.path", "C:/law.pdf", "request.annexes[1].path"),
        ("request.annexes.0.path", "a\\b.pdf", "request.annexes[1].path"),
        ("request.annexes.0.path", "a//b.pdf", "request.annexes[1].path"),
        ("request.annexes.0.path", "law\u202efdp.exe", "request.annexes[1].path"),
        ("request.annexes.0.path", " law.pdf", "request.annexes[1].path"),
        ("request.annexes.0.media_type", "PDF", "request.annexes[1].media_type"),
        ("request.reference", "two\nlines", "request.reference"),
        ("request.language", "fr\n", "request.language"),
        ("request.authenticity", "bell\x07", "request.authenticity"),
        ("request.authenticity", "half \ud800 of a character", "request.authenticity"),
        ("request.reference", "x" * 501, "request.reference"),
        ("request.dated", "2026-02-30", "request.dated"),
        ("request.dated", "20260203", "request.dated"),
        ("request.dated", dt.datetime(2026, 2, 3, tzinfo=dt.UTC), "request.dated"),
        ("request.persons.1.location", "Dakar", "request.persons[2].location"),
        ("request.persons.1.identity", {"name": "X"}, "request.persons[2].identity"),
        ("request.persons.1.alias", "", "request.persons[2].alias"),
        ("transfer", {"written": True}, "transfer"),
        ("request.considered", ["a"] * 2, "request.considered"),
        ("request.persons", [{"id": f"person-{n}"} for n in range(1001)], "request.persons"),
        ("request.assistance.items", [3], "request.assistance.items[1]"),
    ],
)
def test_a_broken_value_is_named_by_its_path(path: str, value: object, field: str) -> None:
    tables = assistance("statement", "lhc")
    place: Any = tables  # Any: a table or a list, by the path
    *steps, last = path.split(".")
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    place[int(last) if last.isdigit() else last] = value

    assert field in _problems(tables)


def test_an_unprintable_unknown_field_is_not_repeated() -> None:
    error = _refusal(json.dumps({"format": "dedere-request/1", "x" * 61: 1}), name="a.json")

    assert Problem("", "there is no field of that name here") in error.problems
    assert any(problem.path == "request" for problem in error.problems)


def test_a_request_is_read_only_and_answers_by_path() -> None:
    request = request_of(COMPLETE["mla-search"]())

    with pytest.raises(TypeError):
        request.data["request"] = {}  # type: ignore[index]  # the point of the test
    assert request.kind == "mla"
    assert (request.requesting, request.requested) == ("NL", "SN")
    assert request.instruments == ("lhc",)
    assert request.measures == ("search",)
    assert request.day("request.dated") == dt.date(2026, 11, 20)
    assert request.day("request.urgent.claimed") is None
    assert request.flag("request.written_record") is True
    assert request.flag("request.urgent.claimed") is None
    assert request.words("request.contact.languages") == ("en", "fr")
    assert request.text("request.nothing.here") == ""
    assert [found.path for found in request.located("request.persons.role")] == [
        "request.persons[1].role",
        "request.persons[2].role",
    ]
    assert request.located("measure.search.location")[0].value


def test_rows_have_typed_views() -> None:
    request = request_of(COMPLETE["mla-search"]())

    suspect, witness = request.persons
    assert (suspect.label, witness.label) == ("Ibar TESK (fictional)", "Amber")
    assert suspect.nationality == ("NL",)
    assert witness.protected
    assert request.facts[1].ends == dt.date(2025, 1, 22)
    assert request.crimes[0].facts == ("fact-1", "fact-2")
    item = request.items[0]
    assert (item.id, item.measure, item.begins) == ("item-1", "search", None)
    assert request.attachments[0].media_type == "application/pdf"


def test_a_joint_team_has_its_own_measure() -> None:
    assert request_of(COMPLETE["joint-team"]()).measures == ("jit",)


def test_a_path_counts_rows_from_one() -> None:
    assert path_text(["request", "persons", 0, "role"]) == "request.persons[1].role"
