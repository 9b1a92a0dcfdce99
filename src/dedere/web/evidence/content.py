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
        _Pieces(source, start, end),
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


class _Pieces:
    """The bytes from `start` to `end`, read when they are asked for; closed whether or not anybody asked."""

    def __init__(self, source: BinaryIO, start: int, end: int) -> None:
        self._source = source
        self._left = end - start + 1
        source.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._source.read(min(_PIECE, self._left)) if self._left > 0 else b""
        if not piece:
            raise StopIteration
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Let go of the item."""
        self._source.close()
