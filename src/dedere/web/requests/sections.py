"""One section of a request: its plain fields on one page, each row of its lists on a page of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dedere.base.errors import InputError
from dedere.node.cases import actions
from dedere.node.desk import drafts as queries
from dedere.treaty.requestfile_schema import Field
from dedere.web.components.outline import Section, row_fields, section_of, sections_for, without_indices
from dedere.web.components.readable import Line, coded, readable, wording_of_page
from dedere.web.components.request_fields import Asked, form_for, initial_from, values_from
from dedere.web.components.tables import next_id, rows_at, value_at, with_row, with_values, without_row
from dedere.web.components.views import OfficerRequest, for_officers, posted, small_number
from dedere.web.requests.remarks import kind_of, remarks_on, request_tables

if TYPE_CHECKING:
    from django.http import HttpResponse

_STEMS: Mapping[str, str] = {
    "request.persons": "person",
    "request.facts.statements": "fact",
    "request.assistance.items": "item",
    "request.annexes": "annex",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of the section with the rows it has."""

    field: Field
    title: str
    rows: tuple[tuple[int, str, tuple[Line, ...]], ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What a page of a section works on."""

    draft: queries.DraftView
    tables: Mapping[str, object]
    section: Section

    def asked(self, *, standing_in: str = "") -> Asked:
        """Links to rows that exist, and the findings as the reasons why fields are asked."""
        why = {without_indices(finding.path): finding.sentence for finding in self.draft.findings}
        references = {without_indices(finding.path): finding.references for finding in self.draft.findings}
        return Asked(_links(self.tables), why=why, references=references, standing_in=standing_in)

    def next_slug(self) -> str:
        """The section after this one, empty after the last."""
        slugs = [section.slug for section in sections_for(kind_of(self.tables))]
        place = slugs.index(self.section.slug) + 1
        return slugs[place] if place < len(slugs) else ""


@require_http_methods(["GET", "POST"])
@for_officers
def section(request: OfficerRequest, draft_id: str, section: str) -> HttpResponse:
    """The plain fields of a section, and its lists."""
    work = _work(request, draft_id, section)
    plain = work.section.plain_fields()
    asked = work.asked()
    shown = initial_from(plain, {field.path: value_at(work.tables, field.path) for field in plain})
    form = form_for(plain, asked)(posted(request), initial=shown)
    if request.method == "POST" and form.is_valid():
        changed = with_values(work.tables, values_from(plain, form.cleaned_data, asked))
        try:
            _save(request, work, changed)
        except InputError as error:
            form.show_refusal(error)
        else:
            following = work.next_slug() if "next" in request.POST else ""
            return (
                redirect("requests:section", draft_id, following) if following else redirect("requests:draft", draft_id)
            )
    here = [each for each in remarks_on(work.draft) if _belongs(each.finding.path, work.section)]
    here = [replace(each, href="") for each in here]
    context = {**_context(work), "form": form, "lists": _lists(work), "remarks": here, "has_fields": bool(plain)}
    return render(request, "requests/section.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_officers
def new_row(request: OfficerRequest, draft_id: str, section: str, list_path: str) -> HttpResponse:
    """A row to add."""
    return _row_page(request, _work(request, draft_id, section), list_path, place=None)


@require_http_methods(["GET", "POST"])
@for_officers
def row(request: OfficerRequest, draft_id: str, section: str, list_path: str, place: int) -> HttpResponse:
    """A row to change or take out; `place` counts from 1."""
    work = _work(request, draft_id, section)
    if not 1 <= place <= len(rows_at(work.tables, list_path)):
        raise Http404
    return _row_page(request, work, list_path, place=place - 1)


@require_POST
@for_officers
def considered(request: OfficerRequest, draft_id: str) -> HttpResponse:
    """The officer has weighed a piece of advice and goes on without following it."""
    draft = queries.draft_view(request.user, draft_id)
    tables = request_tables(draft.body)
    listed = value_at(tables, "request.considered")
    so_far = [str(entry) for entry in listed] if isinstance(listed, Sequence) and not isinstance(listed, str) else []
    advice = request.POST.get("advice", "")[:200]
    if advice and advice not in so_far:
        changed = with_values(tables, {"request.considered": [*so_far, advice]})
        actions.save_body(
            by=request.user, draft_id=draft_id, version=draft.version, body={**draft.body, "request": changed}
        )
        messages.success(request, _("Noted: the advice was considered."))
    return redirect("requests:draft", draft_id)


def _row_page(request: OfficerRequest, work: Work, list_path: str, *, place: int | None) -> HttpResponse:
    if list_path not in {field.path for field in work.section.lists()}:
        raise Http404
    rows = rows_at(work.tables, list_path)
    present = dict(rows[place]) if place is not None else {}
    if "remove" in request.POST and place is not None:
        _save(request, work, without_row(work.tables, list_path, place))
        return redirect("requests:section", work.draft.row.id, work.section.slug)
    shown_fields = tuple(field for field in row_fields(list_path) if field.path != f"{list_path}.id")
    asked = work.asked(standing_in=list_path)
    values = {asked.name_of(field): value_at(present, asked.name_of(field)) for field in shown_fields}
    form = form_for(shown_fields, asked)(posted(request), initial=initial_from(shown_fields, values))
    if request.method == "POST" and form.is_valid():
        changed_row = with_values(present, values_from(shown_fields, form.cleaned_data, asked))
        stem = _STEMS.get(list_path)
        if stem and "id" not in changed_row:
            changed_row = {"id": next_id(rows, stem), **changed_row}
        try:
            _save(request, work, with_row(work.tables, list_path, index=place, row=changed_row))
        except InputError as error:
            form.show_refusal(error)
        else:
            return redirect("requests:section", work.draft.row.id, work.section.slug)
    context = {
        **_context(work),
        "form": form,
        "title": _title_of(list_path),
        "place": place,
        "number": (place or 0) + 1,
    }
    return render(request, "requests/row.html", context, status=422 if form.errors else 200)


def _work(request: OfficerRequest, draft_id: str, slug: str) -> Work:
    draft = queries.draft_view(request.user, draft_id)
    tables = request_tables(draft.body)
    section = section_of(kind_of(tables), slug)
    if section is None or not draft.is_request:
        raise Http404
    return Work(draft, tables, section)


def _save(request: OfficerRequest, work: Work, changed: Mapping[str, object]) -> None:
    version = small_number(request.POST.get("version", ""), otherwise=-1)
    body = {**work.draft.body, "request": changed}
    actions.save_body(by=request.user, draft_id=work.draft.row.id, version=version, body=body)


def _context(work: Work) -> dict[str, object]:
    return {"draft": work.draft, "section": work.section, "next_slug": work.next_slug()}


def _lists(work: Work) -> list[Listed]:
    listed = []
    for field in work.section.lists():
        rows = tuple(
            (place, _caption(row), readable({name: value for name, value in row.items() if name != "id"}))
            for place, row in enumerate(rows_at(work.tables, field.path), start=1)
        )
        listed.append(Listed(field, _title_of(field.path), rows))
    return listed


def _title_of(list_path: str) -> str:
    """What a list is called: persons, facts one by one, or the measure that its rows detail."""
    above, _dot, name = list_path.rpartition(".")
    if above == "measure":
        return coded("measure", name.replace("_", "-"), wording_of_page())
    return wording_of_page().label(name)


def _links(tables: Mapping[str, object]) -> dict[str, list[tuple[str, str]]]:
    return {
        path: [(str(row.get("id", "")), _caption(row)) for row in rows_at(tables, path) if row.get("id")]
        for path in _STEMS
    }


_CAPTION = 90


def _caption(row: Mapping[str, object]) -> str:
    identity = row.get("identity")
    name = identity.get("name") if isinstance(identity, Mapping) else ""
    for text in (row.get("alias"), name, row.get("title"), row.get("text"), row.get("description"), row.get("code")):
        if isinstance(text, str) and text.strip():
            return text if len(text) <= _CAPTION else f"{text[: _CAPTION - 1]}…"
    return str(row.get("id") or row.get("field") or _("Not named yet"))


def _belongs(path: str, section: Section) -> bool:
    bare = without_indices(path)
    return any(bare == prefix or bare.startswith(f"{prefix}.") for prefix in section.prefixes)
