"""Forms in the look of the office: GOV.UK's markup through Django's own field groups.

A field may carry `why` (the reason it is asked, with its provision) and `references`; both are shown under its label.
Every error stands twice: in the summary at the top, linked, and at its field.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _

from dedere.base.errors import InputError
from dedere.node.errors import FieldsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from django.utils.functional import _StrPromise

    from dedere.base.reference import Reference


class OfficeRenderer(DjangoTemplates):
    """Renders field groups with the templates of the office."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"


class OfficeForm(forms.Form):
    """A form whose errors can be put beside their fields, whoever found them."""

    default_renderer = OfficeRenderer
    use_required_attribute = False
    error_css_class = "govuk-form-group--error"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def show_refusal(self, error: InputError) -> None:
        """Put what an action refused where the officer can see it: at its fields, or above them all."""
        if isinstance(error, FieldsError):
            for name, sentence in error.fields.items():
                self.add_error(name if name in self.fields else None, sentence)
        else:
            self.add_error(None, error.sentence)

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """Let a field offer these choices, each as (what is sent, what is read).

        Raises:
            TypeError: the field is none of choice.
        """
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(f"{name} is no field of choice.")
        field.choices = list(choices)

    def summary(self) -> Iterator[tuple[str, str]]:
        """Each error as (address of its field on the page, sentence); the address is empty where there is no field."""
        for sentence in self.non_field_errors():
            yield "", str(sentence)
        for name in self.fields:
            bound = self[name]
            for sentence in bound.errors:
                target = bound.auto_id if not bound.use_fieldset else f"{bound.auto_id}_0"
                yield f"#{target}", f"{bound.label}: {sentence}"


def explained(field: forms.Field, *, why: str = "", references: Sequence[Reference] = ()) -> forms.Field:
    """`field` with the reason it is asked and what that rests on."""
    field.why = why  # type: ignore[attr-defined] # read by components/field.html
    field.references = tuple(references)  # type: ignore[attr-defined] # as above
    return field


class Line(forms.TextInput):
    """One line of text."""

    def __init__(self, *, width: str = "", **attrs: str) -> None:
        super().__init__({"class": f"govuk-input {width}".strip(), **attrs})


class Secret(forms.PasswordInput):
    """One line that is not shown."""

    def __init__(self, **attrs: str) -> None:
        super().__init__({"class": "govuk-input govuk-input--width-20", **attrs})


class Passage(forms.Textarea):
    """Several lines of text in any script: the direction follows what is typed."""

    def __init__(self, *, rows: int = 6, **attrs: str) -> None:
        super().__init__({"class": "govuk-textarea", "rows": str(rows), "dir": "auto", **attrs})


class Choice(forms.Select):
    """One of many."""

    def __init__(self, **attrs: str) -> None:
        super().__init__({"class": "govuk-select", **attrs})


class Radios(forms.RadioSelect):
    """One of few, all of them in sight."""

    template_name = "components/widgets/choices.html"

    def __init__(self, *, compact: bool = False) -> None:
        super().__init__()
        self._compact = compact

    def get_context(self, name: str, value: object, attrs: Mapping[str, object] | None) -> dict[str, Any]:
        """Django's context, with the name of the pattern."""
        made = super().get_context(name, value, dict(attrs or {}))
        return {**made, "kind": "radios", "compact": self._compact}


class Checkboxes(forms.CheckboxSelectMultiple):
    """Any number of few."""

    template_name = "components/widgets/choices.html"

    def get_context(self, name: str, value: object, attrs: Mapping[str, object] | None) -> dict[str, Any]:
        """Django's context, with the name of the pattern."""
        return {**super().get_context(name, value, dict(attrs or {})), "kind": "checkboxes"}


class File(forms.FileInput):
    """One file."""

    def __init__(self, **attrs: str) -> None:
        super().__init__({"class": "govuk-file-upload", **attrs})


class Files(File):
    """Several files; with `folder`, all that are in one, where the browser can choose folders."""

    allow_multiple_selected = True

    def __init__(self, *, folder: bool = False) -> None:
        super().__init__(multiple="multiple", **({"webkitdirectory": "webkitdirectory"} if folder else {}))


class FilesField(forms.FileField):
    """Any number of files, none among them."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each as Django's own field takes it."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(each, initial) for each in given]


class DateParts(forms.MultiWidget):
    """A date in three boxes: day, month, year; typed, never picked from a calendar that a keyboard cannot reach."""

    template_name = "components/widgets/date.html"
    use_fieldset = True

    def __init__(self) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            "day": Line(width="govuk-date-input__input govuk-input--width-2", inputmode="numeric", maxlength="2"),
            "month": Line(width="govuk-date-input__input govuk-input--width-2", inputmode="numeric", maxlength="2"),
            "year": Line(width="govuk-date-input__input govuk-input--width-4", inputmode="numeric", maxlength="4"),
        }
        super().__init__(boxes)

    def decompress(self, value: object) -> list[str]:
        """The three boxes for a date, or for what was stored as one."""
        if isinstance(value, str) and value:
            try:
                value = dt.date.fromisoformat(value)
            except ValueError:
                return ["", "", ""]
        if isinstance(value, dt.date):
            return [str(value.day), str(value.month), str(value.year)]
        return ["", "", ""]


class DateField(forms.MultiValueField):
    """A calendar day."""

    widget = DateParts

    def __init__(self, **kwargs: Any) -> None:
        parts = tuple(forms.CharField(max_length=4, required=False) for _ in range(3))
        super().__init__(parts, require_all_fields=False, **kwargs)

    def compress(self, data_list: Sequence[str]) -> dt.date | None:
        """The day, nothing when all three boxes are empty.

        Raises:
            forms.ValidationError: no such day.
        """
        if not any(data_list):
            return None
        try:
            day, month, year = (int(part) for part in data_list)
            return dt.date(year, month, day)
        except ValueError:
            raise forms.ValidationError(_("Enter a day that exists, such as 27 3 2026."), code="no-such-day") from None


def yes_or_no(label: str | _StrPromise, *, required: bool = True) -> forms.TypedChoiceField:
    """A question answered by yes or no; nothing is chosen beforehand."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        required=required,
        widget=Radios(),
    )
