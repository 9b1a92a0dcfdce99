"""Answering other programs: who stands behind the token, what was sent, the operation, its answer or the problem."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

import jsonschema
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from dedere.base.errors import DedereError, FacilityError, InputError, PermissionRefusedError
from dedere.node.accounts.actions import Bearer, bearer_of
from dedere.node.errors import UnknownObjectError
from dedere.web.api.document import describe, status_of
from dedere.web.api.operations import OPERATIONS, Call, Operation
from dedere.web.api.plain import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest

_LARGEST_NUMBER = 2**53 - 1


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """Why a call is not answered; becomes `application/problem+json`."""

    def __init__(self, status: HTTPStatus, detail: str, code: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.code = status, detail, code

    def response(self) -> HttpResponse:
        """The problem as it is sent."""
        told = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
            "code": self.code,
        }
        made = JsonResponse(told, status=self.status.value, content_type="application/problem+json")
        if self.status is HTTPStatus.UNAUTHORIZED:
            made["WWW-Authenticate"] = "Bearer"
        return made


@require_safe
def document(_request: HttpRequest) -> HttpResponse:
    """The description of the interface; it says nothing about the house."""
    return JsonResponse(describe())


@csrf_exempt
def answer(request: HttpRequest, **path: str) -> HttpResponse:
    """The operation at this address with this method. No session is looked at: the token alone speaks."""
    route = request.resolver_match.route.removeprefix("api/1/") if request.resolver_match else ""
    here = [each for each in OPERATIONS if each.path == route]
    with translation.override("en"):
        try:
            return _answered(request, here, path)
        except Problem as problem:
            return problem.response()
        except DedereError as error:
            return _problem_of(error).response()


def _answered(request: HttpRequest, here: Sequence[Operation], path: Mapping[str, str]) -> HttpResponse:
    bearer = _bearer(request)
    operation = next((each for each in here if each.method == request.method), None)
    if operation is None:
        response = Problem(HTTPStatus.METHOD_NOT_ALLOWED, "Nothing is done here by this method.", "method").response()
        response["Allow"] = ", ".join(each.method for each in here)
        return response
    if operation.scope not in bearer.scopes:
        raise Problem(HTTPStatus.FORBIDDEN, f"The token is not good for {operation.scope.value}.", "scope")
    body = _body(request, operation) if operation.takes is not None else {}
    call = Call(bearer.officer, path, {name: str(value) for name, value in request.GET.items()}, body)
    return JsonResponse(plain(operation.call(call)), status=status_of(operation), safe=False)


def _bearer(request: HttpRequest) -> Bearer:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    bearer = bearer_of(text.strip()) if kind.casefold() == "bearer" else None
    if bearer is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "Show a token of an officer who works here.", "token")
    return bearer


def _body(request: HttpRequest, operation: Operation) -> Mapping[str, object]:
    try:
        data = request.body
    except RequestDataTooBig as error:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "What was sent is too large.", "too-large") from error
    try:
        found = json.loads(data, parse_constant=_refuse, parse_int=_whole)
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "What was sent is no JSON that can be read here.", "no-json") from error
    if b"\\u0000" in data or b"\x00" in data:
        raise Problem(HTTPStatus.BAD_REQUEST, "What was sent holds a character that no text has.", "no-json")
    wrong = next(iter(jsonschema.Draft202012Validator(operation.takes or {}).iter_errors(found)), None)
    if wrong is not None:
        place = "/".join(str(each) for each in wrong.absolute_path) or "what was sent"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{place}: it is not in its form.", "form")
    return dict(found)


def _refuse(text: str) -> object:
    raise ValueError(text)


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) > _LARGEST_NUMBER:
        raise ValueError("A number that not every program reads alike.")
    return number


def _problem_of(error: DedereError) -> Problem:
    match error:
        case UnknownObjectError():
            return Problem(HTTPStatus.NOT_FOUND, error.sentence, error.code)
        case PermissionRefusedError():
            return Problem(HTTPStatus.FORBIDDEN, error.sentence, error.code)
        case InputError():
            return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.sentence, error.code)
        case FacilityError():
            return Problem(HTTPStatus.SERVICE_UNAVAILABLE, error.sentence, error.code)
        case _:
            raise error
