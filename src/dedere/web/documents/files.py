"""A file that came on paper or came back edited: shown by the browser when it can be, otherwise saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from dedere.node.papers import queries
from dedere.web.components.views import OfficerRequest, for_officers, handed_out

if TYPE_CHECKING:
    from django.http import HttpResponse

# What a browser shows without running anything; TIFF is shown by none of them.
_SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg"})


@require_safe
@xframe_options_sameorigin
@for_officers
def content(request: OfficerRequest, file_id: str) -> HttpResponse:
    """The file, byte for byte as it came."""
    row, data = queries.paper_content(request.user, file_id)
    return handed_out(data, name=row.name, media_type=row.media_type, inline=row.media_type in _SHOWN)
