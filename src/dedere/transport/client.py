"""The client of a partner's door: letters delivered, parts pushed and resumed, cards and mailboxes fetched.

Requirements P-160 to P-175. Every request is signed, goes over TLS to exactly the certificates of the partner's card,
has a time limit, and takes a bounded answer that is never decompressed and never redirected. What comes back is bytes:
whoever asked verifies them (`protocol.receipt`, `protocol.card`). It does not decide when to try again.
"""

from __future__ import annotations

import base64
import json
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import httpx2

from dedere.protocol.codes import registry
from dedere.protocol.mailbox import MailboxEntry, read_mailbox
from dedere.protocol.parts import MAX_PIECE_BYTES
from dedere.transport.errors import PartnerRefusedError, PartnerUnreachableError
from dedere.transport.http_signature import ClientIdentity, RequestHead, content_digest, sign_request
from dedere.transport.piece_size import PieceSize
from dedere.transport.pinned_tls import pinned_context

if TYPE_CHECKING:
    from types import TracebackType
    from typing import BinaryIO

    from dedere.base.clock import Clock
    from dedere.base.identifiers import Identifiers
    from dedere.protocol.card import Card
    from dedere.protocol.letter import Part

LETTER_TYPE = "application/vnd.dedere.letter+age"
RECEIPT_TYPE = "application/vnd.etsi.asic-e+zip"
TUS_VERSION = "1.0.0"
_MAX_ANSWER = 1024 * 1024
_MAX_REFUSAL = 4096
_TRIES_A_PIECE = 4
_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.6, 3.0, *(5.0,) * 11)
_NOTHING_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.UnsupportedProtocol)


@dataclass(frozen=True, slots=True)
class Wire:
    """Seconds: for the connection, for any stall while sending or receiving, and for a whole answer.

    `transport` replaces the network: the in-memory one of tests and the simulator (`transport.faulty`). `pause`
    waits for a number of seconds.
    """

    connect: float = 10.0
    stall: float = 60.0
    answer: float = 300.0
    transport: httpx2.BaseTransport | None = None
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, the headers in lower case, and the whole bounded body."""

    status: int
    headers: dict[str, str]
    body: bytes


class NodeClient:
    """Speaks to one partner. Not for use by two threads at once."""

    def __init__(
        self,
        card: Card,
        identity: ClientIdentity,
        *,
        clock: Clock,
        ids: Identifiers,
        wire: Wire | None = None,
    ) -> None:
        wire = wire or Wire()
        self._state = card.state
        self._addresses = card.addresses
        self._identity = identity
        self._clock = clock
        self._ids = ids
        self._answer_seconds = wire.answer
        self._pause = wire.pause
        self._http = httpx2.Client(
            verify=pinned_context(card.tls_certificates),
            timeout=httpx2.Timeout(wire.stall, connect=wire.connect),
            transport=wire.transport,
            follow_redirects=False,
            trust_env=False,
        )
        self._pieces = PieceSize()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def deliver_letter(self, letter_id: str, sealed: bytes) -> bytes:
        """The partner's answer to a letter: the receipt's container, unverified (P-163).

        Raises:
            PartnerUnreachableError: no answer, or trouble over there; try again.
            PartnerRefusedError: a registered code.
        """
        headers = {"dedere-letter": letter_id, "content-type": LETTER_TYPE}
        return self._ask("POST", "/letters", headers=headers, body=sealed).body

    def push_part(
        self,
        letter_id: str,
        part: Part,
        source: BinaryIO,
        *,
        progress: Callable[[int], None] = lambda _: None,
    ) -> bytes:
        """Push the sealed bytes of `part` from where the partner has them to the end; its receipt, unverified.

        `source` is seekable and holds exactly the sealed bytes. `progress` hears every confirmed offset. What was
        confirmed is never sent again, by this call or the next (P-164 to P-166).

        Raises:
            PartnerUnreachableError, PartnerRefusedError
        """
        path = f"/parts/{letter_id}/{part.id}"
        offset = self._begin_part(letter_id, part, path)
        progress(offset)
        failures = 0
        while offset < part.sealed_size:
            try:
                offset = self._push_piece(path, part, source, offset=offset)
                failures = 0
            except PartnerUnreachableError:
                failures += 1
                self._pieces.shrink()
                if failures >= _TRIES_A_PIECE:
                    raise
                offset = self._offset(path)
            except PartnerRefusedError as error:
                if error.code not in {"part-offset", "body-digest"} or failures:
                    raise
                failures += 1
                offset = self._offset(path)
            progress(offset)
        return self._await_receipt(letter_id, part)

    def part_receipt(self, letter_id: str, part_id: str) -> bytes:
        """The receipt of a part that is there whole, unverified; `part-pending` while it is being checked."""
        return self._ask("GET", f"/parts/{letter_id}/{part_id}/receipt").body

    def fetch_card(self, serial: int | None = None) -> bytes:
        """The partner's newest card, or the one with `serial`: a container, unverified (P-167)."""
        return self._ask("GET", "/card" if serial is None else f"/card/{serial}").body

    def mailbox(self) -> tuple[MailboxEntry, ...]:
        """What waits for us at the partner (P-168)."""
        return read_mailbox(self._ask("GET", "/mailbox").body)

    def fetch_letter(self, letter_id: str, *, at_most: int) -> bytes:
        """A sealed letter that waits for us."""
        return self._ask("GET", f"/mailbox/{letter_id}", at_most=at_most).body

    def fetch_part(self, letter_id: str, part: Part, sink: BinaryIO, *, offset: int = 0) -> int:
        """Append the sealed bytes of a waiting part from `offset` on to `sink`; the offset reached (P-169)."""
        while offset < part.sealed_size:
            last = min(offset + self._pieces.bytes, part.sealed_size) - 1
            headers = {"range": f"bytes={offset}-{last}"}
            path = f"/mailbox/{letter_id}/{part.id}"
            answer = self._ask("GET", path, headers=headers, at_most=last - offset + 1)
            if len(answer.body) != last - offset + 1:
                raise PartnerUnreachableError("The partner sent fewer bytes than asked for.")
            sink.write(answer.body)
            offset = last + 1
        return offset

    def send_receipt(self, letter_id: str, receipt: bytes, *, part_id: str | None = None) -> None:
        """Give back the receipt for a letter or part that was fetched from the mailbox (P-170)."""
        path = f"/mailbox/{letter_id}/{part_id}/receipt" if part_id else f"/mailbox/{letter_id}/receipt"
        self._ask("POST", path, headers={"content-type": RECEIPT_TYPE}, body=receipt)

    def held_head(self) -> bytes | None:
        """The partner's countersignature of the newest head it holds of our log, unverified; None: it holds none."""
        return self._ask_or_nothing("/log/held")

    def give_checkpoint(self, checkpoint: bytes) -> bytes:
        """The partner's countersignature of a checkpoint of our log, unverified (P-216)."""
        return self._ask("POST", "/log/checkpoint", headers={"content-type": RECEIPT_TYPE}, body=checkpoint).body

    def fetch_checkpoint(self, size: int) -> bytes | None:
        """A checkpoint of the partner's log that extends its first `size` entries, unverified; None: it has none."""
        return self._ask_or_nothing(f"/log/checkpoint/{size}")

    def give_countersignature(self, countersignature: bytes) -> None:
        """Give back our countersignature of a checkpoint that was fetched (P-218)."""
        self._ask("POST", "/log/countersignature", headers={"content-type": RECEIPT_TYPE}, body=countersignature)

    def _ask_or_nothing(self, path: str) -> bytes | None:
        try:
            return self._ask("GET", path).body
        except PartnerRefusedError as error:
            if error.code != "unknown-object":
                raise
            return None

    def _await_receipt(self, letter_id: str, part: Part) -> bytes:
        """The receipt, once the partner has checked the whole part; patient for about a minute (P-166)."""
        for seconds in _PAUSES:
            try:
                return self.part_receipt(letter_id, part.id)
            except PartnerRefusedError as error:
                if error.code != "part-pending":
                    raise
            self._pause(seconds)
        return self.part_receipt(letter_id, part.id)

    def _begin_part(self, letter_id: str, part: Part, path: str) -> int:
        try:
            return self._offset(path)
        except PartnerRefusedError as error:
            if error.code != "unknown-object":
                raise
        metadata = ",".join(f"{key} {_base64(value)}" for key, value in (("letter", letter_id), ("part", part.id)))
        headers = {"tus-resumable": TUS_VERSION, "upload-length": str(part.sealed_size), "upload-metadata": metadata}
        return _offset_of(self._ask("POST", "/parts", headers=headers, body=b""))

    def _offset(self, path: str) -> int:
        return _offset_of(self._ask("HEAD", path, headers={"tus-resumable": TUS_VERSION}))

    def _push_piece(self, path: str, part: Part, source: BinaryIO, *, offset: int) -> int:
        size = min(self._pieces.bytes, MAX_PIECE_BYTES, part.sealed_size - offset)
        source.seek(offset)
        piece = source.read(size)
        if len(piece) != size:
            raise PartnerUnreachableError("The part here is shorter than its letter says.", code="part-source")
        headers = {
            "tus-resumable": TUS_VERSION,
            "upload-offset": str(offset),
            "content-type": "application/offset+octet-stream",
        }
        reached = _offset_of(self._ask("PATCH", path, headers=headers, body=piece))
        self._pieces.grow()
        return reached

    def _ask(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        at_most: int = _MAX_ANSWER,
    ) -> Answer:
        """One signed request, at the first address that takes the connection."""
        trouble: PartnerUnreachableError | None = None
        for address in self._addresses:
            try:
                return _require_success(self._ask_at(address + path, method, headers or {}, body, at_most))
            except PartnerUnreachableError as error:
                if error.exposed:
                    raise
                trouble = error
        raise trouble or PartnerUnreachableError("The partner's card names no address.", exposed=False)

    def _ask_at(self, url: str, method: str, headers: dict[str, str], body: bytes | None, at_most: int) -> Answer:
        unsigned = {**headers, "dedere-to": self._state, "accept-encoding": "identity"}
        if body is not None:
            unsigned["content-digest"] = content_digest(body)
        head = RequestHead(method, url, unsigned)
        signed = sign_request(head, self._identity, clock=self._clock, ids=self._ids)
        try:
            with self._http.stream(method, url, headers=signed, content=body) as response:
                return self._read(response, at_most)
        except _NOTHING_SENT as error:
            code = "partner-certificate" if _is_certificate_trouble(error) else None
            raise PartnerUnreachableError("The partner cannot be reached.", code=code, exposed=False) from error
        except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL) as error:
            raise PartnerUnreachableError("The connection to the partner broke.") from error

    def _read(self, response: httpx2.Response, at_most: int) -> Answer:
        """The answer, bounded in bytes and time (P-172)."""
        until = self._clock.now().timestamp() + self._answer_seconds
        body = bytearray()
        for piece in response.iter_raw():
            body += piece
            if len(body) > at_most or self._clock.now().timestamp() > until:
                raise PartnerUnreachableError("The partner's answer is too long or takes too long.")
        return Answer(
            response.status_code, {key.lower(): value for key, value in response.headers.items()}, bytes(body)
        )


def _require_success(answer: Answer) -> Answer:
    """`answer`, when it is one of success; its refusal otherwise (P-173, P-174)."""
    if answer.status in {200, 201, 204, 206}:
        return answer
    code = _refusal_code(answer)
    if answer.status in {408, 429} or answer.status >= httpx2.codes.INTERNAL_SERVER_ERROR:
        raise PartnerUnreachableError("The partner cannot take this at the moment.", code=code or "facility")
    sentence = registry()[code].sentence if code else f"The partner answered with status {answer.status}."
    raise PartnerRefusedError(sentence, code=code or "no-answer")


def _refusal_code(answer: Answer) -> str:
    """The registered code in a refusal; an empty 404 means that the partner does not know us or our signature."""
    stated = answer.headers.get("dedere-code", "")
    if not stated and answer.body and len(answer.body) <= _MAX_REFUSAL:
        try:
            refusal = json.loads(answer.body)
        except (ValueError, RecursionError):
            return ""
        stated = str(refusal.get("code")) if isinstance(refusal, dict) else ""
    if not stated and answer.status == httpx2.codes.NOT_FOUND:
        stated = "unknown-caller"
    return stated if stated in registry() else ""


def _offset_of(answer: Answer) -> int:
    text = answer.headers.get("upload-offset", "")
    if not text.isdecimal() or not text.isascii() or len(text) > 16:  # noqa: PLR2004 - digits of 2⁵³
        raise PartnerRefusedError("The partner's answer states no offset.", code="no-answer")
    return int(text)


def _is_certificate_trouble(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("ascii")).decode("ascii")
