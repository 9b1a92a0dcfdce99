"""Turns fields of the request format into fields of a form, and what was typed back into values of the format."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dedere.treaty.requestfile_schema import Field, Shape, fields, properties_of, schema
from dedere.web.components.forms import (
    Checkboxes,
    Choice,
    DateField,
    Line,
    OfficeForm,
    Passage,
    Radios,
    explained,
)
from dedere.web.components.labels import asked as asked_as
from dedere.web.components.names import all_languages, all_states
from dedere.web.components.readable import coded, wording_of_page

if TYPE_CHECKING:
    from dedere.base.reference import Reference

_STATES = frozenset({"requesting_state", "requested_state", "third_state"})
_NOTHING = ("", "—")
_LINE = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form needs besides the format: rows that links may point to, and why each field is asked."""

    links: Mapping[str, Sequence[tuple[str, str]]]
    why: Mapping[str, str]
    references: Mapping[str, tuple[Reference, ...]]
    standing_in: str = ""

    def name_of(self, field: Field) -> str:
        """The field's name in the form: its path within the section or the row."""
        return field.path.removeprefix(f"{self.standing_in}.") if self.standing_in else field.path


def form_for(asked_fields: Sequence[Field], asked: Asked) -> type[OfficeForm]:
    """A form with one field for each field of the format. Nothing is required: a draft may be incomplete."""
    made: dict[str, object] = {}
    above = asked.standing_in
    for field in asked_fields:
        entry = made[asked.name_of(field)] = _form_field(field, asked)
        group = field.path.rpartition(".")[0]
        if group != above and group.count(".") > asked.standing_in.count("."):
            entry.heading = asked_as(fields()[group].description)[0]  # type: ignore[attr-defined] # for the template
        above = group
    made["__doc__"] = "Fields of one section or one row of a request."
    return type("RequestForm", (OfficeForm,), made)


def values_from(asked_fields: Sequence[Field], cleaned: Mapping[str, object], asked: Asked) -> dict[str, object]:
    """What was typed, as values of the format, by the names of the form."""
    return {asked.name_of(field): _value(field, cleaned.get(asked.name_of(field))) for field in asked_fields}


def initial_from(asked_fields: Sequence[Field], values: Mapping[str, object]) -> dict[str, object]:
    """Values of the format as the form shows them; `values` is by the names of the form."""
    shown: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, bool):
            shown[name] = "yes" if value else "no"
        elif isinstance(value, Sequence) and not isinstance(value, str):
            shown[name] = [str(entry) for entry in value]
        else:
            shown[name] = value
    for field in asked_fields:
        if field.shape is Shape.WORDS:
            for name in [name for name in shown if field.path.endswith(name)]:
                listed = shown[name]
                shown[name] = "\n".join(listed) if isinstance(listed, list) else listed
    return shown


def _form_field(field: Field, asked: Asked) -> forms.Field:
    label, hint = asked_as(field.description)
    made = _bare_field(field, asked)
    made.label = label
    made.help_text = " ".join(text for text in (hint, str(made.help_text)) if text)
    made.required = False
    return explained(made, why=asked.why.get(field.path, ""), references=asked.references.get(field.path, ()))


def _bare_field(field: Field, asked: Asked) -> forms.Field:  # noqa: PLR0911 - one line a shape reads best
    match field.shape:
        case Shape.DAY:
            return DateField()
        case Shape.FLAG:
            answers = [("yes", _("Yes")), ("no", _("No")), ("", _("Not said"))]
            return forms.ChoiceField(choices=answers, widget=Radios(compact=True))
        case Shape.NUMBER:
            return forms.IntegerField(widget=Line(width="govuk-input--width-5", inputmode="numeric"))
        case Shape.CHOICE:
            return forms.ChoiceField(choices=_words_for(field), widget=Choice())
        case Shape.LINKS:
            offered = list(asked.links.get(field.refers_to, ()))
            if _stated(field.path).get("type") == "string":
                return forms.ChoiceField(choices=[_NOTHING, *offered], widget=Choice())
            return forms.MultipleChoiceField(choices=offered, widget=Checkboxes())
        case Shape.WORDS:
            return forms.CharField(max_length=20_000, widget=Passage(rows=3), help_text=gettext("One on each line."))
        case _:
            return _text_field(field)


def _text_field(field: Field) -> forms.Field:
    last = field.path.rpartition(".")[2]
    if last in _STATES:
        return forms.ChoiceField(choices=[_NOTHING, *all_states()], widget=Choice())
    if last == "language":
        return forms.ChoiceField(choices=[_NOTHING, *all_languages()], widget=Choice())
    longest = _stated(field.path).get("maxLength")
    if field.has_form or (isinstance(longest, int) and longest <= _LINE):
        return forms.CharField(max_length=500, widget=Line(dir="auto"))
    return forms.CharField(max_length=100_000, widget=Passage(rows=4))


@functools.cache
def _stated(path: str) -> Mapping[str, object]:
    """What the published schema says of a field itself: its type and its limits."""
    part: Mapping[str, object] = schema()
    for name in path.split("."):
        part = properties_of(part).get(name, {})
    return part


def _words_for(field: Field) -> list[tuple[str, str]]:
    wording = wording_of_page()
    name = field.path.rpartition(".")[2]
    return [_NOTHING, *((code, coded(name, code, wording)) for code in field.choices)]


def _value(field: Field, typed: object) -> object:
    match field.shape:
        case Shape.FLAG:
            return {"yes": True, "no": False}.get(str(typed))
        case Shape.DAY:
            return typed.isoformat() if isinstance(typed, dt.date) else None
        case Shape.WORDS:
            return [line.strip() for line in str(typed or "").splitlines() if line.strip()]
        case Shape.LINKS:
            return typed if isinstance(typed, str) else list(typed) if isinstance(typed, Sequence) else []
        case _:
            return typed.strip() if isinstance(typed, str) else typed
