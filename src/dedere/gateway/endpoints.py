"""The endpoints: letters, parts (tus 1.0), cards, the mailbox, health. Each parses its head, calls the door, answers.

Requirements P-200 to P-219 (docs/protocol/http.md). Every endpoint but `/health` is behind `admitted`.
"""

from __future__ import annotations

import base64
import binascii
import logging
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, register_converter
from django.urls.converters import get_converters

from dedere.base.errors import DedereError
from dedere.base.identifiers import require_identifier
from dedere.gateway import answers
from dedere.gateway.admission import Admitted, Bounds, Guard, StrangerError, admitted
from dedere.protocol.errors import DoorRefusedError, ProtocolRefusedError
from dedere.protocol.letter import MAX_SEALED_BYTES
from dedere.protocol.mailbox import write_mailbox
from dedere.protocol.parts import MAX_PIECE_BYTES
from dedere.protocol.receipt import RECEIPT_LIMITS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from dedere.base.clock import Clock
    from dedere.gateway.door import Door

TUS_VERSION = "1.0.0"
_TUS = {"Tus-Resumable": TUS_VERSION, "Cache-Control": "no-store"}
_LETTER_TYPE = "application/vnd.dedere.letter+age"
_PIECE_TYPE = "application/offset+octet-stream"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")
_RANGE = re.compile(r"bytes=(0|[1-9][0-9]{0,15})-(0|[1-9][0-9]{0,15})")

logger = logging.getLogger("dedere.gateway")


class IdentifierConverter:
    """Identifiers in paths."""

    regex = "[a-z2-7]{26}"

    def to_python(self, value: str) -> str:
        """The identifier."""
        return value

    def to_url(self, value: str) -> str:
        """The identifier."""
        return value


@dataclass(frozen=True)
class Gateway:
    """The endpoints of one node. `door` is asked for at each request, so that the node may set itself up late.

    `refused` is told of each refusal of a known partner: its State, the refusal, the instant.
    """

    door: Callable[[], Door]
    state: Callable[[], str]
    clock: Clock
    bounds: Bounds = field(default_factory=Bounds)
    refused: Callable[[str, ProtocolRefusedError, dt.datetime], None] = field(default=lambda *_refusal: None)

    def urls(self) -> list[URLPattern]:
        """The paths and what answers at each."""
        if "dedere" not in get_converters():
            register_converter(IdentifierConverter, "dedere")
        letter, part = "<dedere:letter_id>", "<dedere:part_id>"
        return [
            path("letters", self._endpoint(POST=self.post_letter)),
            path("parts", self._endpoint(POST=self.create_part, OPTIONS=self.describe_parts)),
            path(f"parts/{letter}/{part}", self._endpoint(HEAD=self.head_part, PATCH=self.patch_part)),
            path(f"parts/{letter}/{part}/receipt", self._endpoint(GET=self.get_part_receipt)),
            path("card", self._endpoint(GET=self.get_card)),
            path("card/<int:serial>", self._endpoint(GET=self.get_card)),
            path("mailbox", self._endpoint(GET=self.get_mailbox)),
            path(f"mailbox/{letter}", self._endpoint(GET=self.get_waiting_letter)),
            path(f"mailbox/{letter}/receipt", self._endpoint(POST=self.post_receipt)),
            path(f"mailbox/{letter}/{part}", self._endpoint(GET=self.get_waiting_part)),
            path(f"mailbox/{letter}/{part}/receipt", self._endpoint(POST=self.post_receipt)),
            path("log/held", self._endpoint(GET=self.get_held_head)),
            path("log/checkpoint", self._endpoint(POST=self.post_checkpoint)),
            path("log/checkpoint/<int:size>", self._endpoint(GET=self.get_checkpoint)),
            path("log/countersignature", self._endpoint(POST=self.post_countersignature)),
            path("health", health),
        ]

    def elsewhere(self, request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
        """Any other path: a partner is told so, a stranger nothing."""
        del exception
        return self._endpoint()(request)

    def _endpoint(self, **handlers: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """A view that admits first, then calls the handler of the method."""
        guard = Guard(lambda: self.door().directory(), self.state, self.clock, self.bounds, self.refused)

        def view(request: HttpRequest, **place: str | int) -> HttpResponse:
            try:
                with admitted(request, guard) as call:
                    return handlers.get(str(request.method), _nothing_here)(call, **place)
            except StrangerError:
                return answers.stranger()
            except DedereError as error:
                return answers.refusal(error)
            except Exception:  # the outer border: nobody outside sees a trace, the log does
                logger.exception("The door failed.")
                return answers.trouble()

        return view

    def post_letter(self, call: Admitted) -> HttpResponse:
        """P-201: a sealed letter; its machine receipt."""
        letter_id = _identifier(call.header("dedere-letter"))
        _require_type(call, _LETTER_TYPE)
        sealed = call.body(at_most=MAX_SEALED_BYTES).whole()
        receipt = self.door().receive_letter(partner=call.partner, letter_id=letter_id, sealed=sealed, at=call.at)
        return answers.container(receipt)

    def describe_parts(self, call: Admitted) -> HttpResponse:
        """P-204: what of tus is spoken here."""
        del call
        headers = {**_TUS, "Tus-Version": TUS_VERSION, "Tus-Extension": "creation"}
        return HttpResponse(status=204, headers=headers)

    def create_part(self, call: Admitted) -> HttpResponse:
        """P-205: begin an announced part, or find it begun."""
        _require_tus(call)
        letter_id, part_id = _metadata(call.header("upload-metadata"))
        length = _number(call.header("upload-length"))
        call.body(at_most=0).whole()
        offset = self.door().begin_part(
            partner=call.partner, letter_id=letter_id, part_id=part_id, length=length, at=call.at
        )
        headers = {**_TUS, "Location": f"/parts/{letter_id}/{part_id}", "Upload-Offset": str(offset)}
        return HttpResponse(status=201, headers=headers)

    def head_part(self, call: Admitted, letter_id: str, part_id: str) -> HttpResponse:
        """P-206: how much of a part is here."""
        _require_tus(call)
        offset, size = self.door().part_offset(partner=call.partner, letter_id=letter_id, part_id=part_id)
        return HttpResponse(headers={**_TUS, "Upload-Offset": str(offset), "Upload-Length": str(size)})

    def patch_part(self, call: Admitted, letter_id: str, part_id: str) -> HttpResponse:
        """P-207: the next piece of a part."""
        _require_tus(call)
        _require_type(call, _PIECE_TYPE)
        offset = _number(call.header("upload-offset"))
        body = call.body(at_most=MAX_PIECE_BYTES)
        reached = self.door().append_part(
            partner=call.partner,
            letter_id=letter_id,
            part_id=part_id,
            offset=offset,
            length=body.length,
            pieces=body.pieces(),
        )
        return HttpResponse(status=204, headers={**_TUS, "Upload-Offset": str(reached)})

    def get_part_receipt(self, call: Admitted, letter_id: str, part_id: str) -> HttpResponse:
        """P-208: the receipt of a part that is here whole."""
        receipt = self.door().part_receipt(partner=call.partner, letter_id=letter_id, part_id=part_id)
        return answers.container(receipt)

    def get_card(self, call: Admitted, serial: int | None = None) -> HttpResponse:
        """P-209: our newest card, or the one with this serial."""
        del call
        cards = self.door().own_cards()
        number = len(cards) if serial is None else serial
        if not 1 <= number <= len(cards):
            raise DoorRefusedError("There is no such card.", code="unknown-object")
        return answers.container(cards[number - 1])

    def get_mailbox(self, call: Admitted) -> HttpResponse:
        """P-210: what waits for the partner."""
        listed = write_mailbox(self.door().mailbox_list(partner=call.partner))
        return HttpResponse(listed, content_type="application/json", headers={"Cache-Control": "no-store"})

    def get_waiting_letter(self, call: Admitted, letter_id: str) -> HttpResponse:
        """P-211: a waiting letter."""
        sealed = self.door().mailbox_letter(partner=call.partner, letter_id=letter_id)
        return HttpResponse(sealed, content_type=_LETTER_TYPE, headers={"Cache-Control": "no-store"})

    def get_waiting_part(self, call: Admitted, letter_id: str, part_id: str) -> HttpResponse:
        """P-212: one range of a waiting part, no larger than a piece."""
        found = _RANGE.fullmatch(call.header("range"))
        if found is None:
            raise DoorRefusedError("A part is fetched by ranges.", code="request-form")
        first, last = int(found[1]), int(found[2])
        with self.door().mailbox_part(partner=call.partner, letter_id=letter_id, part_id=part_id) as source:
            size = source.seek(0, os.SEEK_END)
            if not first <= last < size or last - first >= MAX_PIECE_BYTES:
                raise DoorRefusedError("There is no such range.", code="part-offset")
            source.seek(first)
            data = source.read(last - first + 1)
        headers = {"Content-Range": f"bytes {first}-{last}/{size}", "Cache-Control": "no-store"}
        return HttpResponse(data, status=206, content_type="application/octet-stream", headers=headers)

    def post_receipt(self, call: Admitted, letter_id: str, part_id: str | None = None) -> HttpResponse:
        """P-213: the receipt for what was fetched."""
        receipt = _container(call)
        self.door().mailbox_receipt(
            partner=call.partner, letter_id=letter_id, part_id=part_id, receipt=receipt, at=call.at
        )
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})

    def get_held_head(self, call: Admitted) -> HttpResponse:
        """P-215: what we hold of the caller's log."""
        return answers.container(self.door().held_head(partner=call.partner))

    def post_checkpoint(self, call: Admitted) -> HttpResponse:
        """P-216: a checkpoint of the caller's log; our countersignature."""
        checkpoint = _container(call)
        return answers.container(self.door().take_checkpoint(partner=call.partner, checkpoint=checkpoint, at=call.at))

    def get_checkpoint(self, call: Admitted, size: int) -> HttpResponse:
        """P-217: a checkpoint of our log after what the caller holds."""
        return answers.container(self.door().own_checkpoint(partner=call.partner, after=size, at=call.at))

    def post_countersignature(self, call: Admitted) -> HttpResponse:
        """P-218: the caller's countersignature of what it fetched."""
        countersignature = _container(call)
        self.door().take_countersignature(partner=call.partner, countersignature=countersignature, at=call.at)
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def health(request: HttpRequest) -> HttpResponse:
    """P-214: something listens; nothing more."""
    return HttpResponse(status=204) if request.method in {"GET", "HEAD"} else answers.stranger()


def _nothing_here(call: Admitted, **place: str | int) -> HttpResponse:
    del call, place
    raise DoorRefusedError("There is nothing here.", code="unknown-object")


def _identifier(text: str) -> str:
    try:
        return require_identifier(text)
    except DedereError as error:
        raise DoorRefusedError("A header names no identifier.", code="request-form") from error


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise DoorRefusedError("A header is not a number.", code="request-form")
    return int(text)


def _require_tus(call: Admitted) -> None:
    if call.header("tus-resumable") != TUS_VERSION:
        raise DoorRefusedError("Parts are pushed with tus 1.0.0.", code="request-form")


def _container(call: Admitted) -> bytes:
    """The body: a container as small as a receipt."""
    _require_type(call, answers.RECEIPT_TYPE)
    return call.body(at_most=RECEIPT_LIMITS.total_bytes).whole()


def _require_type(call: Admitted, wanted: str) -> None:
    if call.header("content-type") != wanted:
        raise DoorRefusedError("The body is of another type.", code="request-form")


def _metadata(text: str) -> tuple[str, str]:
    """Letter and part from `Upload-Metadata` (tus creation): `letter <base64>,part <base64>`, in any order."""
    found: dict[str, str] = {}
    for pair in text.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode("ascii")
        except (binascii.Error, ValueError) as error:
            raise DoorRefusedError("The metadata of the part is malformed.", code="request-form") from error
    if found.keys() != {"letter", "part"}:
        raise DoorRefusedError("The metadata names no letter and part.", code="request-form")
    return _identifier(found["letter"]), _identifier(found["part"])
