"""Fixed text: every complete language says the same things; every label and word of the data has its translation."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources

import pytest

from dedere.casework.acts import ActKind
from dedere.casework.procedure import load_procedure
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.composing.values import CODED_MEMBERS
from dedere.papers.errors import LanguageError
from dedere.papers.wording import COMPLETE, LANGUAGES, PARTIAL, load_wording, parse_wording, places
from dedere.treaty.requestfile_schema import schema


@pytest.mark.parametrize("language", COMPLETE)
def test_a_complete_language_has_exactly_the_keys_of_english(language: str) -> None:
    assert load_wording(language).texts.keys() == load_wording("en").texts.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_the_places_of_the_english_one(language: str) -> None:
    english = load_wording("en").texts
    wrong = [
        key
        for key, text in load_wording(language).texts.items()
        if key not in english or places(text) != places(english[key])
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_padded(language: str) -> None:
    assert [key for key, text in load_wording(language).texts.items() if not text or text != text.strip()] == []


@pytest.mark.parametrize("language", PARTIAL)
def test_a_partial_language_has_the_frame_and_every_label_of_a_request_for_assistance(language: str) -> None:
    wording = load_wording(language)
    prefixes = ("frame.", "provenance.", "confidence.", "signature.")
    wanted = {key for key in load_wording("en").texts if key.startswith(prefixes)}
    wanted |= {f"document.{name}" for name in wording.documents} | {f"intro.{name}" for name in wording.documents}
    request = schema()["properties"]
    assert isinstance(request, Mapping)
    wanted |= {f"label.{name}" for name in _names({"properties": {"request": request["request"]}}) if name != "other"}

    assert wanted - wording.texts.keys() == set()


def test_every_member_of_every_act_has_a_label() -> None:
    procedure = load_procedure()
    data = tomllib.loads((resources.files("dedere.casework") / "data" / "acts.toml").read_text("utf-8"))
    names = {field.name for form in procedure.acts.values() for field in form.body.fields}
    names |= {name for shape in data["shape"].values() for name in shape}

    assert {name for name in names if not load_wording("en").has(f"label.{name}")} == set()


def test_every_field_of_a_request_file_has_a_label() -> None:
    contextual = {key.rsplit(".", 1)[-1] for key in load_wording("en").texts if key.startswith("label.")}

    assert set(_names(schema())) - contextual == set()


def test_every_choice_of_every_act_has_a_word() -> None:
    data = tomllib.loads((resources.files("dedere.casework") / "data" / "acts.toml").read_text("utf-8"))
    shapes = [*data["shape"].values(), *(act["body"] for act in data["act"])]
    choices = {
        choice
        for shape in shapes
        for text in shape.values()
        if str(text).startswith("one-of:")
        for choice in str(text).removesuffix("?").removeprefix("one-of:").split("|")
    }
    assert {choice for choice in choices if not load_wording("en").has(f"word.{choice}")} == set()


def test_every_member_with_choices_is_known_as_coded() -> None:
    data = tomllib.loads((resources.files("dedere.casework") / "data" / "acts.toml").read_text("utf-8"))
    shapes = [*data["shape"].values(), *(act["body"] for act in data["act"])]
    members = {name for shape in shapes for name, text in shape.items() if "one-of:" in str(text)}

    assert (members | set(_members_with_choices(schema(), ""))) - CODED_MEMBERS == set()


def test_every_choice_of_a_request_file_has_a_word() -> None:
    assert {choice for choice in _choices(schema()) if not load_wording("en").has(f"word.{choice}")} == set()


def test_every_document_has_its_title_and_its_opening_sentence() -> None:
    for name in (*(kind.value for kind in ActKind), *(kind.value for kind in SheetKind)):
        assert load_wording("en").has(f"document.{name}")
        assert load_wording("en").has(f"intro.{name}")


def test_a_language_without_catalogue_is_refused_by_name() -> None:
    with pytest.raises(LanguageError, match="'xx' has no fixed text yet"):
        load_wording("xx")


def test_a_missing_text_is_refused_by_key() -> None:
    with pytest.raises(LanguageError, match=r"frame\.nothing"):
        load_wording("en").text("frame.nothing")


def test_a_value_in_a_place_is_not_read_as_a_pattern() -> None:
    assert "{id}" in load_wording("en").text("frame.document_line", id="{id}")


def test_a_label_depends_on_where_the_member_stands() -> None:
    wording = load_wording("en")

    assert wording.label("part") == "Enclosure"
    assert wording.label("part", inside="persons") == "Part in the facts"
    assert wording.label("never_heard-of") == "Never heard of"


def test_nested_tables_become_prefixes() -> None:
    wording = parse_wording('[a]\nb = "1"\n[a.c]\nd = "2"\n', language="en")

    assert wording.texts == {"a.b": "1", "a.c.d": "2"}


def _names(node: Mapping[str, object]) -> Iterator[str]:
    properties, items = node.get("properties"), node.get("items")
    if isinstance(properties, Mapping):
        for name, inner in properties.items():
            yield name
            yield from _names(inner)
    if isinstance(items, Mapping):
        yield from _names(items)


def _members_with_choices(node: Mapping[str, object], name: str) -> Iterator[str]:
    if "enum" in node:
        yield name
    properties, items = node.get("properties"), node.get("items")
    if isinstance(properties, Mapping):
        for member, inner in properties.items():
            yield from _members_with_choices(inner, member)
    if isinstance(items, Mapping):
        yield from _members_with_choices(items, name)


def _choices(node: Mapping[str, object]) -> Iterator[str]:
    choices = node.get("enum")
    if isinstance(choices, list):
        yield from (str(choice) for choice in choices)
    properties, items = node.get("properties"), node.get("items")
    if isinstance(properties, Mapping):
        for inner in properties.values():
            yield from _choices(inner)
    if isinstance(items, Mapping):
        yield from _choices(items)
