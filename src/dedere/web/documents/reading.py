"""What the pages of a request on paper say, entered section by section with the pages in view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from dedere.base.errors import InputError
from dedere.node.papers import filing, queries
from dedere.web.components.outline import Section, row_fields, section_of, sections_for
from dedere.web.components.readable import coded, readable, wording_of_page
from dedere.web.components.request_fields import Asked, form_for, initial_from, values_from
from dedere.web.components.tables import next_id, rows_at, value_at, with_row, with_values, without_row
from dedere.web.components.views import OfficerRequest, for_officers, posted, small_number

if TYPE_CHECKING:
    from django.http import HttpResponse

    from dedere.web.components.forms import OfficeForm

# Lists whose rows others point to by their id; the stem of the ids.
_STEMS = {
    "request.persons": "person",
    "request.facts.statements": "fact",
    "request.assistance.items": "item",
    "request.annexes": "annex",
}


@dataclass(frozen=True, slots=True)
class Work:
    """What a page of the reading works on."""

    paper: queries.PaperRequestView
    section: Section

    @property
    def tables(self) -> Mapping[str, object]:
        """What was read so far."""
        return self.paper.tables

    def asked(self, *, standing_in: str = "") -> Asked:
        """The rows that links may point to."""
        links = {
            path: [(str(row["id"]), _caption(row)) for row in rows_at(self.tables, path) if row.get("id")]
            for path in _STEMS
        }
        return Asked(links, why={}, references={}, standing_in=standing_in)


@require_http_methods(["GET", "POST"])
@for_officers
def section(request: OfficerRequest, request_id: str, section: str) -> HttpResponse:
    """The plain fields of a section beside the pages, and its lists."""
    work = _work(request, request_id, section)
    plain, asked = work.section.plain_fields(), work.asked()
    shown = initial_from(plain, {field.path: value_at(work.tables, field.path) for field in plain})
    form = form_for(plain, asked)(posted(request), initial=shown)
    if request.method == "POST" and form.is_valid():
        changed = with_values(work.tables, values_from(plain, form.cleaned_data, asked))
        if _saved(request, work, form, changed):
            following = _after(work) if "next" in request.POST else ""
            if following:
                return redirect("documents:section", request_id, following)
            return redirect("documents:request", request_id)
    lists = [
        (
            field.path,
            _title_of(field.path),
            [
                (place, _caption(row), readable({name: value for name, value in row.items() if name != "id"}))
                for place, row in enumerate(rows_at(work.tables, field.path), start=1)
            ],
        )
        for field in work.section.lists()
    ]
    context = {
        "paper": work.paper,
        "section": work.section,
        "form": form,
        "lists": lists,
        "has_fields": bool(plain),
        "next_slug": _after(work),
    }
    return render(request, "documents/section.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_officers
def new_row(request: OfficerRequest, request_id: str, section: str, list_path: str) -> HttpResponse:
    """A row to add."""
    return _row_page(request, _work(request, request_id, section), list_path, place=None)


@require_http_methods(["GET", "POST"])
@for_officers
def row(request: OfficerRequest, request_id: str, section: str, list_path: str, place: int) -> HttpResponse:
    """A row to change or take out; `place` counts from 1."""
    work = _work(request, request_id, section)
    if not 1 <= place <= len(rows_at(work.tables, list_path)):
        raise Http404
    return _row_page(request, work, list_path, place=place - 1)


def _row_page(request: OfficerRequest, work: Work, list_path: str, *, place: int | None) -> HttpResponse:
    if list_path not in {field.path for field in work.section.lists()}:
        raise Http404
    rows = rows_at(work.tables, list_path)
    present = dict(rows[place]) if place is not None else {}
    shown = tuple(field for field in row_fields(list_path) if field.path != f"{list_path}.id")
    asked = work.asked(standing_in=list_path)
    values = {asked.name_of(field): value_at(present, asked.name_of(field)) for field in shown}
    form = form_for(shown, asked)(posted(request), initial=initial_from(shown, values))
    done = redirect("documents:section", work.paper.row.id, work.section.slug)
    if "remove" in request.POST and place is not None:
        if form.is_valid() and _saved(request, work, form, without_row(work.tables, list_path, place)):
            return done
    elif request.method == "POST" and form.is_valid():
        changed = with_values(present, values_from(shown, form.cleaned_data, asked))
        stem = _STEMS.get(list_path)
        if stem and "id" not in changed:
            changed = {"id": next_id(rows, stem), **changed}
        if _saved(request, work, form, with_row(work.tables, list_path, index=place, row=changed)):
            return done
    context = {
        "paper": work.paper,
        "section": work.section,
        "form": form,
        "title": _title_of(list_path),
        "place": place,
        "number": (place or 0) + 1,
    }
    return render(request, "documents/row.html", context, status=422 if form.errors else 200)


def _work(request: OfficerRequest, request_id: str, slug: str) -> Work:
    paper = queries.paper_request(request.user, request_id)
    found = section_of(_kind(paper), slug)
    if found is None:
        raise Http404
    return Work(paper, found)


def _saved(request: OfficerRequest, work: Work, form: OfficeForm, changed: Mapping[str, object]) -> bool:
    version = small_number(request.POST.get("version", ""), otherwise=-1)
    try:
        filing.save_reading(by=request.user, request_id=work.paper.row.id, tables=changed, version=version)
    except InputError as error:
        form.show_refusal(error)
        return False
    return True


def _after(work: Work) -> str:
    """The section after this one, empty after the last."""
    slugs = [each.slug for each in sections_for(_kind(work.paper))]
    place = slugs.index(work.section.slug) + 1
    return slugs[place] if place < len(slugs) else ""


def _kind(paper: queries.PaperRequestView) -> str:
    return str(value_at(paper.tables, "request.kind") or "mla")


def _title_of(list_path: str) -> str:
    above, _dot, name = list_path.rpartition(".")
    if above == "measure":
        return coded("measure", name.replace("_", "-"), wording_of_page())
    return wording_of_page().label(name)


def _caption(row: Mapping[str, object]) -> str:
    identity = row.get("identity")
    name = identity.get("name") if isinstance(identity, Mapping) else ""
    said = (row.get("alias"), name, row.get("title"), row.get("text"), row.get("description"), row.get("id"))
    text = next((each for each in said if isinstance(each, str) and each.strip()), "…")
    return text if len(text) <= _CAPTION else f"{text[: _CAPTION - 1]}…"


_CAPTION = 90
