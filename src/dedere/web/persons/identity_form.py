"""Typing who a person is: one form for every person, sealed at once where the person is protected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dedere.base.errors import InputError
from dedere.casework.persons.identity import Document, Identity, Place, UncertainDate, WrittenName
from dedere.web.components.forms import Checkboxes, Line, OfficeForm, Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMA = str.maketrans({"،": ",", "；": ";", "؛": ";"})


class IdentityForm(OfficeForm):
    """Who a person is, and what in the case. Rows stand one a line, their pieces between commas or semicolons."""

    reference = forms.CharField(
        label=gettext_lazy("Reference in the request"),
        help_text=gettext_lazy("As person-2; left empty, the next one is taken."),
        required=False,
        max_length=60,
        widget=Line(width="govuk-input--width-10"),
    )
    roles = forms.MultipleChoiceField(label=gettext_lazy("Roles in the case"), widget=Checkboxes())
    names = forms.CharField(
        label=gettext_lazy("Names, every spelling"),
        help_text=gettext_lazy(
            "One spelling a line, in every script you know: family name, comma, given names. Petrović, Dragan"
        ),
        max_length=4000,
        widget=Passage(rows=4, autocomplete="off"),
    )
    rare = forms.MultipleChoiceField(
        label=gettext_lazy("What holds"),
        choices=[("alone", gettext_lazy("The given names alone would give the person away"))],
        required=False,
        widget=Checkboxes(),
    )
    born = forms.CharField(
        label=gettext_lazy("Born"),
        help_text=gettext_lazy("As far as it is known: 1971, 1971-05 or 1971-05-27; with ~ before it when uncertain."),
        required=False,
        max_length=11,
        widget=Line(width="govuk-input--width-10", autocomplete="off"),
    )
    born_at = forms.CharField(
        label=gettext_lazy("Place of birth"), required=False, max_length=300, widget=Line(dir="auto")
    )
    sex = forms.CharField(
        label=gettext_lazy("Sex as written in papers"),
        required=False,
        max_length=40,
        widget=Line(width="govuk-input--width-10"),
    )
    nationality = forms.CharField(
        label=gettext_lazy("Nationality"),
        help_text=gettext_lazy("Two-letter codes, with commas between several: SN, FR"),
        required=False,
        max_length=80,
        widget=Line(width="govuk-input--width-20"),
    )
    languages = forms.CharField(
        label=gettext_lazy("Languages the person understands"), required=False, max_length=200, widget=Line(dir="auto")
    )
    documents = forms.CharField(
        label=gettext_lazy("Documents"),
        help_text=gettext_lazy("One a line: kind; number; issuing State; valid until"),
        required=False,
        max_length=4000,
        widget=Passage(rows=2, autocomplete="off"),
    )
    places = forms.CharField(
        label=gettext_lazy("Places"),
        help_text=gettext_lazy("One a line: kind; address. Never where a protected person was moved to."),
        required=False,
        max_length=4000,
        widget=Passage(rows=2, autocomplete="off"),
    )
    contacts = forms.CharField(
        label=gettext_lazy("Telephone numbers and e-mail addresses"),
        help_text=gettext_lazy("One a line"),
        required=False,
        max_length=2000,
        widget=Passage(rows=2, autocomplete="off"),
    )
    tell_tales = forms.CharField(
        label=gettext_lazy("Other words that give the person away"),
        help_text=gettext_lazy("One a line: a nickname, a function that only one person had"),
        required=False,
        max_length=2000,
        widget=Passage(rows=2, autocomplete="off"),
    )
    relocation_pointer = forms.CharField(
        label=gettext_lazy("File number of the protection service"),
        help_text=gettext_lazy("Only the number under which that service keeps where the person was moved to."),
        required=False,
        max_length=40,
        widget=Line(width="govuk-input--width-20", autocomplete="off"),
    )

    def identity(self) -> Identity | None:
        """The identity typed, or nothing: then the form says what is wrong."""
        given = self.cleaned_data
        try:
            return Identity(
                names=tuple(_name(line, alone=bool(given.get("rare"))) for line in _lines(given["names"])),
                born=UncertainDate(given["born"].strip()),
                born_at=given["born_at"].strip(),
                sex=given["sex"].strip(),
                nationality=tuple(_pieces(given["nationality"].upper())),
                documents=tuple(Document(*_columns(line, 4)) for line in _lines(given["documents"])),
                places=tuple(Place(*_columns(line, 2)) for line in _lines(given["places"])),
                contacts=tuple(_lines(given["contacts"])),
                tell_tales=tuple(_lines(given.get("tell_tales", ""))),
                languages=tuple(_pieces(given["languages"])),
                relocation_pointer=given.get("relocation_pointer", "").strip(),
            )
        except InputError as error:
            self.show_refusal(error)
        return None


def identity_lines(identity: Identity) -> list[tuple[str, str]]:
    """An identity as labelled lines, for the one page that may show it."""
    rows = [
        (_("Names"), "\n".join(name.full for name in identity.names)),
        (_("Born"), identity.born.text),
        (_("Place of birth"), identity.born_at),
        (_("Sex as written in papers"), identity.sex),
        (_("Nationality"), ", ".join(identity.nationality)),
        (_("Languages the person understands"), ", ".join(identity.languages)),
        (
            _("Documents"),
            "\n".join(
                ", ".join(filter(None, (each.kind, each.number, each.issuer, each.valid_until)))
                for each in identity.documents
            ),
        ),
        (_("Places"), "\n".join(f"{each.kind}: {each.text}" for each in identity.places)),
        (_("Telephone numbers and e-mail addresses"), "\n".join(identity.contacts)),
        (_("Other words that give the person away"), "\n".join(identity.tell_tales)),
        (_("File number of the protection service"), identity.relocation_pointer),
    ]
    return [(label, text) for label, text in rows if text]


def typed(identity: Identity) -> dict[str, str]:
    """What an officer would have typed for this identity; of a protected person it is never made."""
    documents = ((each.kind, each.number, each.issuer, each.valid_until) for each in identity.documents)
    return {
        "names": "\n".join(", ".join(filter(None, (name.family, name.given))) for name in identity.names),
        "born": identity.born.text,
        "born_at": identity.born_at,
        "sex": identity.sex,
        "nationality": ", ".join(identity.nationality),
        "languages": ", ".join(identity.languages),
        "documents": "\n".join("; ".join(columns).rstrip("; ") for columns in documents),
        "places": "\n".join(f"{each.kind}; {each.text}" for each in identity.places),
        "contacts": "\n".join(identity.contacts),
    }


def _name(line: str, *, alone: bool) -> WrittenName:
    family, _comma, given = line.translate(_COMMA).partition(",")
    return WrittenName(family.strip(), given.strip(), alone=alone)


def _lines(text: str) -> Iterator[str]:
    yield from (line.strip() for line in text.splitlines() if line.strip())


def _pieces(text: str) -> Iterator[str]:
    yield from (piece.strip() for piece in text.translate(_COMMA).split(",") if piece.strip())


def _columns(line: str, count: int) -> list[str]:
    """The pieces of a row; a row with one piece less than two is put under its last meaning."""
    pieces = [piece.strip() for piece in line.translate(_COMMA).split(";", count - 1)]
    return pieces if len(pieces) > 1 else ["", *pieces]
