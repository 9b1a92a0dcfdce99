"""The content of an item, opened while it streams: no decrypted copy on disk, any range, nothing that could run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from dedere.node.evidence import queries
from dedere.vault.media import shown_as
from dedere.web.components.views import OfficerRequest, for_officers
from dedere.web.evidence.links import read_link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http.response import HttpResponseBase

_PIECE = 1024 * 1024
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


@require_safe
@xframe_options_sameorigin
@for_officers
def content(request: OfficerRequest, token: str) -> HttpResponseBase:
    """The item, whole or the range asked for."""
    item_id, save = read_link(request.user, token)
    row, source = queries.open_granted(request.user, item_id)
    asked = _asked(request.headers.get("Range", ""), row.size)
    if asked is not None and asked[0] > asked[1]:
        source.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{row.size}"})
    start, end = asked or (0, row.size - 1)
    # A page's own viewer reads a PDF's bytes; a browser that is led to this address saves them.
    shown = "" if save else shown_as(row.media_type)
    response = StreamingHttpResponse(
        _Pieces(source, start, end),
        status=206 if asked else 200,
        content_type=shown or "application/octet-stream",
    )
    response["Content-Length"] = str(max(0, end - start + 1))
    response["Accept-Ranges"] = "bytes"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    if asked:
        response["Content-Range"] = f"bytes {start}-{end}/{row.size}"
    disposition = content_disposition_header(not shown, row.name)
    if disposition:
        response["Content-Disposition"] = disposition
    return response


def _asked(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range (RFC 9110, 14.1.2); None for anything else, which is answered whole."""
    found = _RANGE.fullmatch(header)
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return max(0, size - int(found[2])), size - 1
    return int(found[1]), min(int(found[2] or size - 1), size - 1)


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
