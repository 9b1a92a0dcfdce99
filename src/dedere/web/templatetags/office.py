"""Tags and filters that every page may use: words for codes, names of States, marks, findings, the pager."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django import template
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from dedere.web.components import labels, names
from dedere.web.components.readable import coded, wording_of_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.template.context import RequestContext

    from dedere.base.finding import Finding
    from dedere.base.reference import Reference

register = template.Library()
_SHORT = 12


@register.filter
def word(code: str, table: str) -> str:
    """The word for a code: `{{ act.kind|word:"act" }}`."""
    return labels.label(table, code)


@register.filter
def spelled(code: str) -> str:
    """A code as words, for what has no word of its own."""
    return labels.spelled(code)


@register.filter
def event_name(event: str) -> str:
    """An event of the law as words: `request.sent` becomes "Request sent"."""
    return labels.spelled(event.replace(".", " "))


@register.filter
def field_label(description: str) -> str:
    """What a field of the request format asks, in the page's language."""
    return labels.asked(description)[0]


@register.filter
def measure_name(kind: str) -> str:
    """The measure of this kind, as the formal documents call it."""
    return coded("measure", kind, wording_of_page())


@register.filter
def person_role(role: str) -> str:
    """What a person is in the case, as the formal documents say it."""
    return coded("role", role, wording_of_page())


@register.filter
def condition_kind(kind: str) -> str:
    """The kind of a condition, as the formal documents call it."""
    return coded("kind", kind, wording_of_page())


@register.filter
def state_name(code: str) -> str:
    """The State with this code, in the page's language."""
    return names.state_name(code)


@register.filter
def language_called(code: str) -> str:
    """The language with this code, in the page's language; Django's own filter knows the languages of the site only."""
    return names.language_name(code)


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """A calendar day in words, empty for nothing."""
    if not isinstance(value, dt.date):
        return ""
    return names.written_date(value.date() if isinstance(value, dt.datetime) else value)


@register.filter
def instant(value: dt.datetime | None) -> str:
    """An instant in UTC in words, empty for nothing."""
    return names.written_instant(value) if isinstance(value, dt.datetime) else ""


@register.filter
def size(count: int) -> str:
    """Bytes for people."""
    return names.written_size(count)


@register.filter
def short_digest(digest: str) -> str:
    """The first twelve characters of a digest: enough to tell two apart on a page, never to prove."""
    return f"{digest[:_SHORT]}…" if len(digest) > _SHORT else digest


@register.inclusion_tag("components/mark.html")
def mark(table: str, code: str) -> dict[str, str]:
    """A short word in a shape for a code of one of the tables."""
    glyph = code if table == "outcome" else ""
    return {"word": labels.label(table, code), "shape": labels.SHAPES.get(code, ""), "glyph": glyph}


@register.inclusion_tag("components/provenance.html")
def provenance(reference: Reference) -> dict[str, object]:
    """Where a statement stands and how far anybody has verified it."""
    return {
        "reference": reference,
        "status": labels.STATUSES.get(reference.status, reference.status),
        "confidence": labels.CONFIDENCES.get(reference.confidence, reference.confidence),
    }


@register.filter
def told_apart(references: Iterable[Reference]) -> tuple[Reference, ...]:
    """The references that a reader can tell apart: rows of the data that look the same stand once."""
    shown = {
        (each.place, each.status, each.confidence, each.verified_by, each.demonstration): each for each in references
    }
    return tuple(shown.values())


@register.inclusion_tag("components/reasons.html")
def reasons(finding: Finding, *, opened: bool = True) -> dict[str, object]:
    """A finding with what it was made of, as a tree that opens without a script."""
    return {"finding": finding, "opened": opened}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: RequestContext, page: int, pages: int) -> dict[str, object]:
    """Links to the other pages of a list; the filters of the address stay."""
    request = context["request"]

    def address(number: int) -> str:
        kept = [(name, value) for name, value in request.GET.items() if name != "page"]
        return "?" + urlencode([*kept, ("page", str(number))])

    near = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    entries: list[dict[str, object]] = []
    for number in near:
        if entries and number - _last(entries) > 1:
            entries.append({"gap": True, "number": number - 1})
        entries.append({"number": number, "href": address(number), "current": number == page})
    return {
        "pages": pages,
        "entries": entries,
        "previous": address(page - 1) if page > 1 else "",
        "next": address(page + 1) if page < pages else "",
        "landmark": _("Pages of this list"),
    }


def _last(entries: list[dict[str, object]]) -> int:
    number = entries[-1]["number"]
    return number if isinstance(number, int) else 0
