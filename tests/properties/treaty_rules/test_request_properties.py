"""What must hold for every request file and every check of it: nothing breaks, nothing is said without a source."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dedere.base.finding import Outcome
from dedere.treaty.contents import ContentFinding, Weight, check_contents
from dedere.treaty.grounds import Availability, GroundInputs, GroundReport, assess_grounds
from dedere.treaty.requestfile import RequestFile, RequestFileError, parse_request_file, request_from_tables
from dedere.treaty.words import Force
from support.clocks import the_law
from support.requests import COMPLETE, ON, request_of

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=12), inside, max_size=3),
    max_leaves=12,
)
WORDS = ["", " ", "x", "NL", "QQ", "none", "fact-1", "person-1", "annex-1", "item-1", "2026-01-01", "2030-01-01", "lhc"]
replacements = st.one_of(
    st.sampled_from(WORDS),
    st.booleans(),
    st.integers(-1, 4000),
    st.lists(st.sampled_from(WORDS), max_size=2),
    json_values,
)


def _places(data: Any) -> list[tuple[Any, Any]]:  # Any: nested JSON
    keys = list(data) if isinstance(data, dict) else list(range(len(data))) if isinstance(data, list) else []
    return [(data, key) for key in keys] + [place for key in keys for place in _places(data[key])]


def _damage(draw: st.DrawFn, tables: dict[str, Any]) -> None:
    """Removes one value, or replaces it by anything."""
    places = _places(tables)
    if not places:
        return
    place, key = places[draw(st.integers(0, len(places) - 1))]
    if draw(st.booleans()):
        del place[key]
    else:
        place[key] = draw(replacements)


@st.composite
def damaged_tables(draw: st.DrawFn) -> dict[str, Any]:
    """A complete request with a few values removed or replaced by anything."""
    tables = request_of(COMPLETE[draw(st.sampled_from(sorted(COMPLETE)))]()).as_json()
    for _ in range(draw(st.integers(1, 4))):
        _damage(draw, tables)
    return tables


@st.composite
def damaged_requests(draw: st.DrawFn) -> RequestFile:
    """A complete request with a few values removed or replaced, in ways that can still be read."""
    request = request_of(COMPLETE[draw(st.sampled_from(sorted(COMPLETE)))]())
    for _ in range(draw(st.integers(1, 4))):
        tables = request.as_json()
        _damage(draw, tables)
        read = _read(tables)
        request = read if isinstance(read, RequestFile) else request
    return request


def _read(tables: dict[str, Any]) -> RequestFile | RequestFileError:
    try:
        return request_from_tables(tables, name="damaged.json")
    except RequestFileError as error:
        return error


def _parse(data: bytes, name: str) -> RequestFile | RequestFileError:
    try:
        return parse_request_file(data, name=name)
    except RequestFileError as error:
        return error


def _check(request: RequestFile) -> tuple[ContentFinding, ...]:
    return check_contents(the_law(), request, on=ON)


def _assess(request: RequestFile, answers: dict[str, Outcome]) -> GroundReport:
    return assess_grounds(the_law(), request, known=GroundInputs(on=ON, answers=answers))


@settings(max_examples=100)
@given(
    st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()),
    st.sampled_from(["a.json", "a.toml", "a"]),
)
def test_any_bytes_are_read_or_refused_in_words(data: bytes, name: str) -> None:
    found = _parse(data, name)

    if isinstance(found, RequestFileError):
        assert found.problems
        assert str(found).endswith(".")


@settings(max_examples=100)
@given(damaged_tables())
def test_a_damaged_request_is_read_or_each_problem_has_its_path(tables: dict[str, Any]) -> None:
    before = copy.deepcopy(tables)

    found = _read(tables)

    assert tables == before
    if isinstance(found, RequestFileError):
        assert all(problem.expected for problem in found.problems)
    else:
        assert request_from_tables(found.as_json(), name="again").data == found.data


@settings(max_examples=80)
@given(damaged_requests())
def test_a_check_never_fails_and_never_speaks_without_a_source(request: RequestFile) -> None:
    findings = _check(request)

    for finding in findings:
        assert finding.references
        assert finding.reason
        assert finding.consequence
        assert finding.ask
    assert len({finding.field for finding in findings}) == len(findings)
    weights = [list(Weight).index(finding.weight) for finding in findings]
    assert weights == sorted(weights)


@settings(max_examples=25)
@given(damaged_requests())
def test_the_same_request_gives_byte_identical_findings(request: RequestFile) -> None:
    again = request_from_tables(request.as_json(), name="again")

    one, other = (json.dumps([finding.as_json() for finding in _check(each)]) for each in (request, again))

    assert one == other
    grounds = [json.dumps(_assess(each, {}).as_json()) for each in (request, again)]
    assert grounds[0] == grounds[1]


ANSWERS = st.dictionaries(
    st.sampled_from(sorted({ground.id for ground in the_law().grounds})), st.sampled_from(list(Outcome)), max_size=8
)


@settings(max_examples=50)
@given(damaged_requests(), ANSWERS)
def test_an_unknown_circumstance_settles_nothing_by_itself(request: RequestFile, answers: dict[str, Outcome]) -> None:
    for each in _assess(request, answers).assessments:
        if each.circumstance.outcome is Outcome.UNSETTLED and each.finding.outcome is not Outcome.UNSETTLED:
            # Only the law itself, verified, or an accepted assurance can settle it then; here no assurance is.
            assert each.availability is Availability.NOT_AVAILABLE
            assert each.finding.outcome is Outcome.DOES_NOT_HOLD
            assert any(reference.verified for reference in each.finding.references)
        if each.finding.outcome is Outcome.UNSETTLED:
            assert each.finding.open_question


@settings(max_examples=50)
@given(damaged_requests(), ANSWERS)
def test_only_what_was_verified_blocks_and_an_unsettled_force_shows_every_reading(
    request: RequestFile, answers: dict[str, Outcome]
) -> None:
    rows = {ground.datum: ground for ground in the_law().grounds}
    for each in _assess(request, answers).assessments:
        row = rows[each.datum]
        verified = any(reference.verified for reference in each.finding.references)
        if not each.may_be_chosen and each.circumstance.outcome is not Outcome.DOES_NOT_HOLD:
            assert verified
        if row.force is Force.UNSETTLED:
            assert tuple(reading.force for reading in each.readings) == row.force_candidates
        if each.finding.outcome is Outcome.HOLDS:
            assert each.finding.references[0].verified
        assert each.finding.references


@settings(max_examples=50)
@given(damaged_requests(), ANSWERS, ANSWERS)
def test_adding_an_answer_never_flips_a_settled_finding_without_a_new_reason(
    request: RequestFile, answers: dict[str, Outcome], more: dict[str, Outcome]
) -> None:
    before = _assess(request, answers).assessments
    after = _assess(request, {**more, **answers}).assessments

    for one, other in zip(before, after, strict=True):
        if one.finding.outcome is not Outcome.UNSETTLED and other.finding.outcome is not one.finding.outcome:
            assert other.finding.reason != one.finding.reason
