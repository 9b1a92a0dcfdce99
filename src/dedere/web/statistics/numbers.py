"""Numbers: time in our hands and in theirs, counted from the letters themselves, drawn and listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from dedere.node.desk import numbers as queries
from dedere.web.components.views import OfficerRequest, for_officers

if TYPE_CHECKING:
    from django.http import HttpResponse

_FULL = 420.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One measure with one partner: days, and the lengths of its two bars in user units of the picture."""

    row: queries.NumberRow
    y: int
    ours: int
    theirs: int


@require_safe
@for_officers
def numbers(request: OfficerRequest) -> HttpResponse:
    """Every figure can be computed again from the record; the page says over how many requests."""
    found = queries.numbers(request.user)
    longest = max((max(row.median_days_ours or 0, row.median_days_theirs or 0) for row in found.rows), default=0)
    scale = _FULL / longest if longest else 0.0
    bars = [
        Bar(
            row,
            y=place * 58,
            ours=round((row.median_days_ours or 0) * scale),
            theirs=round((row.median_days_theirs or 0) * scale),
        )
        for place, row in enumerate(found.rows)
    ]
    context = {"numbers": found, "bars": bars, "height": len(bars) * 58 + 8}
    return render(request, "statistics/numbers.html", context)
