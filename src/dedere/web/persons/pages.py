"""The frame that the forms about one person share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dedere.node.persons.queries import PersonView
    from dedere.web.components.forms import OfficeForm
    from dedere.web.components.views import OfficerRequest


@dataclass(frozen=True, slots=True)
class FormPage:
    """What stands around a form: its title, what to know before, its button, and where the officer came from."""

    title: str
    button: str
    back: str
    back_to: str
    intro: str = ""


def form_page(request: OfficerRequest, person: PersonView | None, form: OfficeForm, page: FormPage) -> HttpResponse:
    """The page of one form about a person, or about nobody yet."""
    context = {"person": person, "form": form, "page": page}
    return render(request, "persons/form.html", context, status=422 if form.errors else 200)
