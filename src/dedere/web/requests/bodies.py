"""A form for the body of any act, made from the shape that the procedure prescribes for it.

A list in a body has rows from one of two sources: things the case already knows (its measures, items, open questions),
each offered with a box to tick, or blank rows for what the officer adds. Which, is decided by the row's shape.
The form knows no act by name; what an act needs beyond its shape is checked by the procedure when it is proposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _

from dedere.web.components.forms import (
    Checkboxes,
    Choice,
    DateField,
    Line,
    OfficeForm,
    Passage,
    Radios,
)
from dedere.web.components.names import all_states
from dedere.web.components.readable import coded, wording_of_page
from dedere.web.requests.offers import Group, Known, Offered, Row

if TYPE_CHECKING:
    from dedere.casework.shapes import Field, Shape, Shapes

# Kept by the node or by no page at all: order of copies, what the author had seen, the request's own tables.
HIDDEN = frozenset({"circular", "circulated_at", "follows", "opens", "as", "variant", "links", "request", "registrar"})
_BLANK_ROWS = 3
# The field of a row that names something the case knows, and which list of things that is.
_KEYS: Mapping[str, str] = {
    "measure": "measures",
    "item": "items",
    "question": "questions",
    "condition": "conditions",
    "clause": "clauses",
}
# Fields that name things of a list with another name.
_CHOICES: Mapping[str, str] = {"declined": "assurances", "leaves": "persons", "corrects": "own_acts"}


class BodyForm(OfficeForm):
    """See the module; made by `body_form`."""

    shape: Shape
    offered: Offered
    groups: tuple[Group, ...]

    def clean(self) -> dict[str, object]:
        """Every ticked or begun row is complete."""
        cleaned = super().clean() or {}
        for row in self.rows():
            if not self._is_used(row, cleaned):
                continue
            for part, each in ((inside, each) for inside in row.whole() for each in inside.fields()):
                name = f"{part.prefix}{each.name}"
                if each.required and not each.many and _is_blank(cleaned.get(name)) and name not in self.errors:
                    self.add_error(name, _("Fill this in, or leave the whole row out."))
        for name, group in ((group.rows[0].list_name, group) for group in self.groups):
            needed = next(each for each in self.shape.fields if each.name == name)
            used = any(self._is_used(row, cleaned) for row in group.rows)
            if needed.many == "some" and needed.required and not used:
                self.add_error(None, _("%(list)s: choose or fill in at least one.") % {"list": group.title})
        return cleaned

    def summary(self) -> Iterator[tuple[str, str]]:
        """As for every form; an error in a row says which row it is."""
        captions = {
            f"#id_{name}": row.known.caption for row in self.rows() if row.known is not None for name in row.names()
        }
        for address, sentence in super().summary():
            caption = captions.get(address.removesuffix("_0"), "")
            yield address, f"{caption} – {sentence}" if caption else sentence

    def top_fields(self) -> list[forms.BoundField]:
        """The fields that stand outside lists."""
        inside = {name for row in self.rows() for name in (*row.names(), f"{row.prefix}use")}
        return [self[name] for name in self.fields if name not in inside]

    def bound_groups(self) -> list[dict[str, object]]:
        """The lists with the bound fields of their rows, for the template."""
        return [
            {"title": group.title, "quotes": group.quotes, "rows": [self._bound(row) for row in group.rows]}
            for group in self.groups
        ]

    def _bound(self, row: Row) -> dict[str, object]:
        use = f"{row.prefix}use"
        return {
            "use": self[use] if use in self.fields else None,
            "fields": [self[name] for name in row.names()],
            "known": row.known.id if row.known else "",
        }

    def rows(self) -> Iterable[Row]:
        """Every row of every list."""
        return (row for group in self.groups for row in group.rows)

    def body(self) -> dict[str, object]:
        """The body as the procedure wants it. Call it on a valid form."""
        made: dict[str, object] = dict(self.offered.fixed)
        for each in self.shape.fields:
            if each.name in self.cleaned_data:
                _put(made, each, self.cleaned_data[each.name])
        for each in self.shape.fields:
            rows = [row for row in self.rows() if row.list_name == each.name]
            values = [self._row_value(row) for row in rows if self._is_used(row, self.cleaned_data)]
            if values:
                made[each.name] = values
        for each in self.shape.fields:
            if each.type == "id" and not each.many and each.required and each.name not in made:
                made[each.name] = self.offered.new_id()
        return made

    def _is_used(self, row: Row, cleaned: Mapping[str, object]) -> bool:
        if row.known is not None:
            return bool(cleaned.get(f"{row.prefix}use"))
        texts = [each for each in row.fields() if not each.choices and each.type != "yes-no"]
        return any(not _is_blank(cleaned.get(f"{row.prefix}{each.name}")) for each in texts)

    def _row_value(self, row: Row) -> dict[str, object]:
        value: dict[str, object] = {}
        if row.known is not None:
            if row.key:
                value[row.key] = row.known.id
            value.update(row.known.values)
        elif any(each.name == "id" for each in row.shape.fields):
            value["id"] = self.offered.new_id()
        for each in row.fields():
            _put(value, each, self.cleaned_data.get(f"{row.prefix}{each.name}"))
        for inside in row.inner:
            listed = value.setdefault(inside.list_name, [])
            if isinstance(listed, list):
                listed.append(self._row_value(inside))
        return value


def body_form(shape: Shape, shapes: Shapes, offered: Offered) -> type[BodyForm]:
    """The form for bodies of this shape in a case that offers these things."""
    groups = tuple(_groups(shape, shapes, offered))
    made: dict[str, object] = {}
    for each in shape.fields:
        if each.name in HIDDEN or each.name in offered.fixed or _is_rows(each, shapes):
            continue
        if each.type == "id" and not each.many and not _choices_for(each, offered) and each.required:
            continue
        made[each.name] = _form_field(each, offered)
    for row in (row for group in groups for row in group.rows):
        if row.known is not None:
            made[f"{row.prefix}use"] = forms.BooleanField(label=row.known.caption, required=False)
        for part in row.whole():
            for each in part.fields():
                entry = _form_field(each, offered)
                entry.required = False
                if part is not row and part.known is not None and each == part.fields()[0]:
                    entry.help_text = part.known.caption
                if part.known is not None and each.name in part.known.start:
                    entry.initial = part.known.start[each.name]
                made[f"{part.prefix}{each.name}"] = entry
    made |= {"shape": shape, "offered": offered, "groups": groups, "__doc__": "The body of one act."}
    return type("ActForm", (BodyForm,), made)


def initial_for(shape: Shape, shapes: Shapes, *, body: Mapping[str, object], offered: Offered) -> dict[str, object]:
    """A body as the form shows it."""
    shown: dict[str, object] = {}
    for each in shape.fields:
        if not _is_rows(each, shapes) and each.name in body:
            shown[each.name] = _shown_value(body[each.name])
    for group in _groups(shape, shapes, offered):
        entries = body.get(group.rows[0].list_name, ())
        left = [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, Sequence) else []
        for row in sorted(group.rows, key=lambda row: row.known is None):
            entry = _entry_for(row, left)
            if entry is None:
                continue
            left.remove(entry)
            shown[f"{row.prefix}use"] = True
            for each in row.fields():
                if each.name in entry:
                    shown[f"{row.prefix}{each.name}"] = _shown_value(entry[each.name])
    return shown


def _entry_for(row: Row, left: Sequence[Mapping[str, object]]) -> Mapping[str, object] | None:
    """What the body says in this row: about the known thing, or, in a blank row, whatever is left."""
    if row.known is None:
        return left[0] if left else None
    named = {row.key: row.known.id} if row.key else row.known.values
    return next((entry for entry in left if all(entry.get(name) == named[name] for name in named)), None)


def _groups(shape: Shape, shapes: Shapes, offered: Offered) -> Iterable[Group]:
    wording = wording_of_page()
    for each in shape.fields:
        if each.name in HIDDEN or not _is_rows(each, shapes) or each.type == "item":
            continue
        row_shape = shapes[each.type]
        key = _key_of(row_shape)
        quoted = offered.quoted.get(each.name)
        if quoted is not None:
            rows = tuple(
                Row(each.name, f"{each.name}-{place}-", row_shape, "", known)
                for place, known in enumerate([*quoted.rows, *([None] * quoted.blank)])
            )
        elif key:
            rows = tuple(
                _known_row(each.name, f"{each.name}-{place}-", row_shape, known, shapes)
                for place, known in enumerate(offered.of(_KEYS[key]))
            )
        else:
            rows = tuple(Row(each.name, f"{each.name}-{place}-", row_shape, "", None) for place in range(_BLANK_ROWS))
        if rows:
            yield Group(wording.label(each.name), rows, quotes=quoted is not None)


def _known_row(name: str, prefix: str, shape: Shape, known: Known, shapes: Shapes) -> Row:
    inner = []
    for each in shape.fields:
        for place, inside in enumerate(known.inner.get(each.name, ())):
            row_shape = shapes[each.type]
            row = Row(each.name, f"{prefix}{each.name}-{place}-", row_shape, _key_of(row_shape), inside)
            inner.append(row)
    return Row(name, prefix, shape, _key_of(shape), known, tuple(inner))


def _key_of(shape: Shape) -> str:
    if any(each.name == "id" for each in shape.fields):
        return ""
    first = shape.fields[0]
    return first.name if first.name in _KEYS and first.type == "id" else ""


def _is_rows(each: Field, shapes: Shapes) -> bool:
    if not each.many or each.choices:
        return False
    try:
        return bool(shapes[each.type].fields)
    except KeyError:
        return False


def _choices_for(each: Field, offered: Offered) -> list[tuple[str, str]]:
    plural = _CHOICES.get(each.name, each.name)
    plural = plural if plural in offered.lists else f"{plural}s"
    return [(known.id, known.caption) for known in offered.of(plural)]


def _form_field(each: Field, offered: Offered) -> forms.Field:
    made = _bare_field(each, offered)
    made.label = wording_of_page().label(each.name)
    made.required = each.required
    return made


def _bare_field(each: Field, offered: Offered) -> forms.Field:  # noqa: PLR0911 - one line a type reads best
    wording = wording_of_page()
    if each.choices:
        words = [(code, coded(each.name, code, wording)) for code in each.choices]
        return forms.ChoiceField(choices=words if each.required else [("", "—"), *words], widget=Radios())
    if each.many:
        return _many_field(each, offered)
    if each.type == "id":
        return forms.ChoiceField(choices=[("", "—"), *_choices_for(each, offered)], widget=Choice())
    match each.type:
        case "date":
            return DateField()
        case "yes-no":
            return forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=Radios(compact=True))
        case "state":
            return forms.ChoiceField(choices=[("", "—"), *all_states()], widget=Choice())
        case "count":
            return forms.IntegerField(min_value=0, widget=Line(width="govuk-input--width-5", inputmode="numeric"))
        case "text" | "any":
            return forms.CharField(max_length=100_000, widget=Passage(rows=4))
        case _:
            return forms.CharField(max_length=300, widget=Line(dir="auto"))


def _many_field(each: Field, offered: Offered) -> forms.Field:
    if each.type == "id":
        return forms.MultipleChoiceField(choices=_choices_for(each, offered), widget=Checkboxes())
    if each.type == "state":
        known = [(known.id, known.caption) for known in offered.of("states")]
        return forms.MultipleChoiceField(choices=known or list(all_states()), widget=Checkboxes())
    return forms.CharField(max_length=20_000, widget=Passage(rows=3), help_text=_("One on each line."))


def _put(into: dict[str, object], each: Field, typed: object) -> None:
    if _is_blank(typed):
        return
    if each.type == "yes-no":
        into[each.name] = typed == "yes"
    elif each.type == "date" and hasattr(typed, "isoformat"):
        into[each.name] = typed.isoformat()
    elif each.many and isinstance(typed, str):
        into[each.name] = [line.strip() for line in typed.splitlines() if line.strip()]
    else:
        into[each.name] = typed


def _shown_value(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


def _is_blank(value: object) -> bool:
    return value is None or value in ("", [], ())
