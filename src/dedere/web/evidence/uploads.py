"""Files sent in pieces by the page's script, resumable: the tus protocol 1.0.0 (core, creation, termination)."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dedere.base.errors import InputError
from dedere.node.errors import UnknownObjectError
from dedere.node.evidence import uploads
from dedere.vault.errors import StoreFullError, UploadBusyError, UploadOffsetError
from dedere.web.components.views import OfficerRequest, for_officers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VERSION = "1.0.0"
_HEADERS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
_PIECE = 1024 * 1024
_MOST_DIGITS = 15
# The first that fits; what is no officer's is told from what was sent wrongly.
_CALLED = {UnknownObjectError: 404, UploadOffsetError: 409, UploadBusyError: 423, StoreFullError: 507, InputError: 400}
_OFFSET_TYPE = "application/offset+octet-stream"


@require_http_methods(["POST", "OPTIONS"])
@for_officers
def begin(request: OfficerRequest) -> HttpResponse:
    """Begin an upload for the target that its metadata names."""
    if request.method == "OPTIONS":
        return _answer(204, {"Tus-Version": VERSION, "Tus-Extension": "creation,termination"})
    return _spoken(request, lambda: _begin(request))


@require_http_methods(["HEAD", "PATCH", "DELETE", "OPTIONS"])
@for_officers
def upload(request: OfficerRequest, upload_id: str) -> HttpResponse:
    """Where an upload stands; its next bytes; its end."""
    if request.method == "OPTIONS":
        return _answer(204, {"Tus-Version": VERSION, "Tus-Extension": "creation,termination"})
    steps = {"HEAD": _tell, "PATCH": _append, "DELETE": _drop}
    return _spoken(request, lambda: steps[str(request.method)](request, upload_id))


def _begin(request: OfficerRequest) -> HttpResponse:
    size = _number(request, "Upload-Length")
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    upload_id = uploads.begin_upload(
        by=request.user,
        target=said.get("target", ""),
        name=said.get("filename", ""),
        size=size,
        media_type=said.get("filetype", ""),
        modified=said.get("modified", ""),
    )
    return _answer(201, {"Location": reverse("evidence:upload", args=[upload_id]), "Upload-Offset": "0"})


def _tell(request: OfficerRequest, upload_id: str) -> HttpResponse:
    state = uploads.upload_state(request.user, upload_id)
    return _answer(200, {"Upload-Offset": str(state.offset), "Upload-Length": str(state.size)})


def _append(request: OfficerRequest, upload_id: str) -> HttpResponse:
    if request.content_type != _OFFSET_TYPE:
        return _answer(415)
    offset = _number(request, "Upload-Offset")
    try:
        reached = uploads.append_upload(by=request.user, upload_id=upload_id, offset=offset, pieces=_pieces(request))
    except UnreadablePostError:
        return _answer(400)  # nobody reads it: the connection is gone, and what came is kept
    return _answer(204, {"Upload-Offset": str(reached)})


def _drop(request: OfficerRequest, upload_id: str) -> HttpResponse:
    uploads.discard_upload(by=request.user, upload_id=upload_id)
    return _answer(204)


def _spoken(request: OfficerRequest, step: Callable[[], HttpResponse]) -> HttpResponse:
    """The step's answer, or what its error is called in HTTP; the script shows a refusal's sentence."""
    if request.headers.get("Tus-Resumable") != VERSION:
        return _answer(412, {"Tus-Version": VERSION})
    try:
        return step()
    except (InputError, StoreFullError) as error:
        status = next(code for kind, code in _CALLED.items() if isinstance(error, kind))
        return _answer(status, sentence=error.sentence)


def _answer(status: int, headers: dict[str, str] | None = None, *, sentence: str = "") -> HttpResponse:
    return HttpResponse(
        sentence, status=status, content_type="text/plain; charset=utf-8", headers={**_HEADERS, **(headers or {})}
    )


def _pieces(request: OfficerRequest) -> Iterator[bytes]:
    while piece := request.read(_PIECE):
        yield piece


def _number(request: OfficerRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise InputError(f"The header {header} is a number of bytes.")
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """Upload-Metadata: pairs of a key and a value in Base64, separated by commas."""
    said = {}
    for pair in filter(None, (each.strip() for each in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            said[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise InputError("The upload's metadata is not in the form of the protocol.") from error
    return said
