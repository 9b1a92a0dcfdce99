"""What a view starts from: a signed-in officer, a page number, a file to hand out."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from dedere.node.accounts.queries import Officer, needs_second_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.files.uploadedfile import UploadedFile
    from django.http.response import HttpResponseBase
    from django.utils.datastructures import MultiValueDict

Rest = ParamSpec("Rest")
# The place in the session that says that the officer has proven a second factor on this visit.
PROVEN = "second-factor"


class OfficerRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: Officer


def for_officers(
    view: Callable[Concatenate[OfficerRequest, Rest], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """A view that only a signed-in officer reaches; everybody else is led to the sign-in page.

    Whoever still needs a second factor is led to where one is made. What the officer may see is decided by the query or
    action that the view calls.
    """

    @for_newcomers
    @functools.wraps(view)
    def guarded(request: OfficerRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        if needs_second_factor() and not request.session.get(PROVEN):
            return redirect("passkeys:add")
        return view(request, *args, **kwargs)

    return guarded


def for_newcomers(
    view: Callable[Concatenate[OfficerRequest, Rest], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """A view that an officer reaches who has shown the first factor and has no second one yet."""

    @login_required
    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)  # type: ignore[arg-type] # `login_required` has made it an officer's

    return guarded


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent with a form, however little; nothing when the page was only asked for."""
    return request.POST if request.method == "POST" else None


def posted_with_files(
    request: HttpRequest,
) -> tuple[QueryDict | None, MultiValueDict[str, UploadedFile[bytes]] | None]:
    """The same, with the files."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def page_number(request: HttpRequest) -> int:
    """The page asked for, 1 for anything that is no page."""
    text = request.GET.get("page", "1")
    return max(1, small_number(text, otherwise=1))


def small_number(text: str, *, otherwise: int) -> int:
    """The whole number that somebody sent, `otherwise` for anything that is none or is absurdly long."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else otherwise


_MOST_DIGITS = 9


def handed_out(data: bytes, *, name: str, media_type: str, inline: bool = False) -> HttpResponse:
    """A file for the officer: shown by the browser when `inline`, otherwise saved under `name`."""
    response = HttpResponse(data, content_type=media_type)
    disposition = content_disposition_header(not inline, name)
    if disposition:
        response["Content-Disposition"] = disposition
    return response
