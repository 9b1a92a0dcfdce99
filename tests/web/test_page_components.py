"""The parts that pages are made of: names, words, readable data, forms from shapes, pictures."""

from __future__ import annotations

import datetime as dt

import pytest
from django import forms
from django.test import RequestFactory
from django.utils import translation

from dedere.casework.procedure import load_procedure
from dedere.casework.shapes import parse_shape
from dedere.node.desk import findings, law, recorded
from dedere.node.evidence.queries import LedgerRow
from dedere.treaty.requestfile_schema import fields
from dedere.web.components import labels, names, outline, readable, tables
from dedere.web.components.chain import draw_chain
from dedere.web.components.forms import DateParts, OfficeForm, yes_or_no
from dedere.web.components.request_fields import Asked, form_for, values_from
from dedere.web.components.views import page_number, small_number
from dedere.web.requests.bodies import body_form, initial_for
from dedere.web.requests.offers import Known, Offered
from dedere.web.templatetags import office as tags
from support.offices import Bureau


def test_an_unknown_language_is_written_in_english() -> None:
    assert names.locale_for("xx-nonsense-at-all").language == "en"


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1 kB"),
        (64_200_000, "64.2 MB"),
        (10**12, "1 TB"),
        (10**15, "1000 TB"),
    ],
)
def test_sizes_are_written_for_people(count: int, written: str) -> None:
    assert names.written_size(count) == written


def test_days_and_states_are_written_in_the_pages_language() -> None:
    with translation.override("fr"):
        assert names.written_date(dt.date(2026, 11, 1)) == "1 novembre 2026"
        assert names.state_name("NL") == "Pays-Bas"
        assert names.language_name("nl") == "néerlandais"
    assert names.state_name("QQ") == "QQ"
    assert len(names.all_states()) > 240
    assert len(names.all_languages()) > 100


def test_a_code_without_a_word_is_spelled_out() -> None:
    assert labels.label("act", "new-kind-of-act") == "New kind of act"
    assert labels.spelled("") == ""


def test_nothing_that_is_not_a_day_is_shown_as_one() -> None:
    assert tags.day("") == ""  # type: ignore[arg-type] # what a template gives for a missing name
    assert tags.day(dt.datetime(2026, 11, 24, tzinfo=dt.UTC)) == "24 November 2026"
    assert tags.instant(None) == ""
    assert tags.short_digest("abc") == "abc"


def test_data_is_shown_as_deep_as_it_is_and_no_deeper() -> None:
    deep: object = "end"
    for _ in range(20):
        deep = {"inside": deep}

    lines = readable.readable({"outer": deep, "list": [["a", "b"], {"name": "c"}], "empty": [], "flag": True})

    def texts(line: readable.Line) -> list[str]:
        return [line.text, *(text for below in line.lines for text in texts(below))]

    shown = [text for line in lines for text in texts(line)]
    assert any("Nested too deep" in text for text in shown)
    assert {"a, b", "c", "Yes"} <= set(shown)
    assert "Empty" not in [line.label for line in lines]


def test_a_language_without_documents_is_labelled_in_english() -> None:
    with translation.override("de"):
        assert readable.wording_of_page().language == "en"


def test_what_no_section_names_stands_at_the_end() -> None:
    chapters = outline.chapters_of({"request": {"kind": "mla", "new_thing": "said"}, "other_table": {"word": "too"}})

    assert chapters[-1].title == "Other"
    assert outline.section_holding("mla", "nowhere.at.all") is None
    assert outline.body_shown("no mapping") == {}


def test_tables_are_changed_by_path_and_never_in_place() -> None:
    before = {"a": {"b": 1, "c": 2}}

    assert tables.with_values(before, {"a.b": ""}) == {"a": {"c": 2}}
    assert tables.with_values(before, {"a.b": None, "a.c": None}) == {}
    assert tables.with_values({}, {"a.b.c": False}) == {"a": {"b": {"c": False}}}
    assert before == {"a": {"b": 1, "c": 2}}
    assert tables.value_at({"a": "text"}, "a.b") is None
    assert tables.rows_at({"a": "text"}, "a") == []
    assert tables.next_id([{"id": "fact-2"}], "fact") == "fact-3"


def test_a_long_chain_goes_on_in_the_next_line() -> None:
    at = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
    entries = [
        LedgerRow(number, "examined", at, "x", "y", "", "d" * 64, signed=False, holds=True) for number in range(1, 7)
    ]

    chain = draw_chain(entries)

    assert [box.link == "" for box in chain.boxes] == [True, *[False] * 5]
    assert chain.boxes[4].x == chain.boxes[0].x
    assert chain.boxes[4].y > chain.boxes[3].y
    assert "V" in chain.boxes[4].link
    assert draw_chain([]).boxes == ()


def test_a_date_that_was_never_one_shows_empty_boxes() -> None:
    boxes = DateParts()

    assert boxes.decompress("2026-11-24") == ["24", "11", "2026"]
    assert boxes.decompress("soon") == ["", "", ""]
    assert boxes.decompress(None) == ["", "", ""]


def test_a_question_has_two_answers_and_none_beforehand() -> None:
    field = yes_or_no("Is it so?")

    assert field.clean("yes") is True
    assert field.clean("no") is False
    assert field.initial is None


@pytest.mark.parametrize(("query", "page"), [("", 1), ("page=3", 3), ("page=0", 1), ("page=-1", 1), ("page=٣", 1)])
def test_a_page_number_is_a_small_number(rf: RequestFactory, query: str, page: int) -> None:
    assert page_number(rf.get(f"/?{query}")) == page
    assert small_number("9" * 30, otherwise=7) == 7


def test_every_type_of_a_body_has_a_field_and_comes_back() -> None:
    shapes = load_procedure().shapes
    shape = parse_shape(
        "everything",
        {
            "words": "list:line", "count": "count", "state": "state", "when": "date", "whether": "yes-no",
            "text": "text", "choice": "one-of:a|b?", "measures": "list:id?", "consultation": "id?", "new": "id",
        },
    )  # fmt: skip
    offered = Offered(
        {"measures": [Known("m1", "First")], "consultations": [Known("c1", "Earlier")]}, new_id=lambda: "fresh"
    )
    form = body_form(shape, shapes, offered)(
        {
            "words": "one\n\ntwo", "count": "3", "state": "NL", "when_day": "1", "when_month": "2", "when_year": "2026",
            "whether": "no", "text": " said ", "choice": "", "measures": ["m1"], "consultation": "c1",
        }
    )  # fmt: skip

    assert form.is_valid(), form.errors
    body = form.body()
    assert body == {
        "words": ["one", "two"], "count": 3, "state": "NL", "when": "2026-02-01", "whether": False, "text": "said",
        "measures": ["m1"], "consultation": "c1", "new": "fresh",
    }  # fmt: skip
    shown = initial_for(shape, shapes, body=body, offered=offered)
    assert shown["whether"] == "no"


def test_every_shape_of_the_request_format_has_a_field_and_comes_back() -> None:
    chosen = [fields()[path] for path in ("transfer.sentence.days_left", "transit.person.person", "request.language")]
    asked = Asked({"request.persons": [("person-1", "X")]}, why={}, references={})
    form = form_for(chosen, asked)(
        {"transfer.sentence.days_left": "400", "transit.person.person": "person-1", "request.language": "fr"}
    )

    assert form.is_valid(), form.errors
    assert values_from(chosen, form.cleaned_data, asked) == {
        "transfer.sentence.days_left": 400,
        "transit.person.person": "person-1",
        "request.language": "fr",
    }


def test_a_kept_state_of_another_form_reads_as_empty() -> None:
    odd = {"list": "text", "number": "many", "texts": "text"}

    assert recorded.tables(odd, "list") == []
    assert recorded.number(odd, "number") == 0
    assert recorded.texts(odd, "texts") == ()


def test_a_request_that_cannot_be_read_at_all_still_gets_its_findings(bureau: Bureau) -> None:
    found = findings.findings_in({"format": "dedere-request/9", "request": 7})

    assert found
    assert all(finding.severity == "missing" for finding in found)


def test_provisions_show_the_rules_that_rest_on_them(bureau: Bureau) -> None:
    resting = [
        law.provision_view("lhc", row.id) for row in law.instrument_view("lhc").provisions if row.id.startswith("mla.")
    ]

    kinds = {datum.kind for view in resting for datum in view.rests}
    assert {"contents", "limit"} <= kinds
    assert all(datum.words for view in resting for datum in view.rests)


def test_clocks_say_from_what_until_when_and_how_sure(bureau: Bureau) -> None:
    from dedere.node.desk.clocks import case_clocks

    case = bureau.accepted()

    rows = case_clocks(bureau["rosa"], case.pk)

    for row in rows:
        assert row.gist
        assert row.event
        assert row.consequence
        assert row.due is None or row.reference.verified


def test_choices_are_offered_by_fields_of_choice_alone() -> None:
    class Form(OfficeForm):
        line = forms.CharField()

    with pytest.raises(TypeError, match="line is no field of choice"):
        Form().offer("line", [("a", "A")])
