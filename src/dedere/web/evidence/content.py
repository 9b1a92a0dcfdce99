"""The content of an item, opened while it streams: no decrypted copy on disk, any range, every look logged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from dedere.node.evidence import queries
from dedere.web.components.views import OfficerRequest, for_officers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http.response import HttpResponseBase

# What a browser may show inside a page; everything else is saved, so that a hostile file never runs here.
_SHOWN = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "video/mp4",
        "video/webm",
        "audio/mpeg",
        "audio/wav",
        "application/pdf",
    }
)
_PIECE = 1024 * 1024
_RANGE = re.compile(r"bytes=([0-9]{1,15})-([0-9]{0,15})")


@require_safe
@xframe_options_sameorigin
@for_officers
def content(request: OfficerRequest, item_id: str) -> HttpResponseBase:
    """The item, whole or the range asked for."""
    row, source = queries.open_item(request.user, item_id, reason=request.GET.get("reason", "")[:300])
    start, end = 0, row.size - 1
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked:
        start = int(asked[1])
        end = min(int(asked[2] or end), end)
        if start > end:
            source.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{row.size}"})
    shown = row.media_type in _SHOWN
    response = StreamingHttpResponse(
        _pieces(source, start, end),
        status=206 if asked else 200,
        content_type=row.media_type if shown else "application/octet-stream",
    )
    response["Content-Length"] = str(max(0, end - start + 1))
    response["Accept-Ranges"] = "bytes"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    if asked:
        response["Content-Range"] = f"bytes {start}-{end}/{row.size}"
    disposition = content_disposition_header(not shown or "save" in request.GET, row.name)
    if disposition:
        response["Content-Disposition"] = disposition
    return response


def _pieces(source: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    with source:
        source.seek(start)
        left = end - start + 1
        while left > 0:
            piece = source.read(min(_PIECE, left))
            if not piece:
                return
            left -= len(piece)
            yield piece
