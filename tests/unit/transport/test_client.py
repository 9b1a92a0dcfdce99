"""The client: against the real door in memory, and against partners that lie, stall and answer with garbage."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import httpx2
import pytest

from dedere.base.clock import FixedClock
from dedere.base.identifiers import SeededIdentifiers
from dedere.protocol.card import key_id
from dedere.protocol.errors import ContentRefusedError
from dedere.transport.client import NodeClient, Wire
from dedere.transport.errors import PartnerRefusedError, PartnerUnreachableError
from dedere.transport.http_signature import ClientIdentity
from dedere.transport.piece_size import PieceSize
from support import exchange, pki
from support.doors import MemoryNode, client_of, sealed_part, transport_to
from support.exchange import NOW, identifier, plain_letter

LETTER = identifier("letter")
PART, PART_BYTES = sealed_part("recording", b"a fictional recording " * 50_000)

Answers = Callable[[httpx2.Request], httpx2.Response]


class Answering(httpx2.BaseTransport):
    """A partner that answers as told, its body still on the line."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        answer = self._answers(request)
        if not answer.is_stream_consumed:
            return answer
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=httpx2.ByteStream(answer.content))


def client(
    answers: Answers, *, clock: FixedClock | None = None, addresses: tuple[str, ...] | None = None
) -> NodeClient:
    keys = pki.state("NL").gateway
    identity = ClientIdentity(keys.signer, key_id(keys.certificate.decode()))
    card = exchange.card_of("SN").card
    if addresses is not None:
        card = replace(card, addresses=addresses)
    wire = Wire(transport=Answering(answers), pause=lambda _: None)
    return NodeClient(card, identity, clock=clock or FixedClock(NOW), ids=SeededIdentifiers("client"), wire=wire)


def refusal(code: str, status: int = 422) -> Answers:
    return lambda _: httpx2.Response(status, json={"code": code})


def test_p163_a_letter_is_delivered_and_its_receipt_accepted() -> None:
    clock = FixedClock(NOW)
    ours, theirs = MemoryNode("NL", clock), MemoryNode("SN", clock)
    ours.send(plain_letter())

    ours.work({"SN": client_of(ours, "SN", transport=transport_to(theirs))})

    assert ours.finished()
    assert theirs.taken(LETTER).letter == plain_letter()


def test_p164_parts_follow_their_letter() -> None:
    clock = FixedClock(NOW)
    ours, theirs = MemoryNode("NL", clock), MemoryNode("SN", clock)
    ours.send(plain_letter(parts=(PART,)), parts=(PART_BYTES,))
    ours_client = client_of(ours, "SN", transport=transport_to(theirs))

    ours.work({"SN": ours_client})
    ours.work({"SN": ours_client})

    assert ours.finished()
    assert theirs.disk.rows["bytes", LETTER, PART.id] == PART_BYTES


def begun(theirs: MemoryNode) -> None:
    letter = plain_letter(parts=(PART,))
    sealed = exchange.seal(exchange.pack(letter))
    theirs.receive_letter(partner="NL", letter_id=letter.id, sealed=sealed, at=NOW)


class Breaking(httpx2.BaseTransport):
    """A network that breaks at the requests that `breaks` names by number, from 0."""

    def __init__(self, inner: httpx2.BaseTransport, breaks: set[int], error: type[httpx2.TransportError]) -> None:
        self._inner = inner
        self._breaks = breaks
        self._error = error
        self.asked: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        if len(self.asked) - 1 in self._breaks:
            raise self._error("broken", request=request)
        return self._inner.handle_request(request)


def pushing(breaks: set[int], *, held: int = 0) -> tuple[Breaking, MemoryNode, Callable[[], bytes], list[int]]:
    clock = FixedClock(NOW)
    ours, theirs = MemoryNode("NL", clock), MemoryNode("SN", clock)
    begun(theirs)
    if held:
        theirs.disk.put(("bytes", LETTER, PART.id), PART_BYTES[:held])
    line = Breaking(transport_to(theirs), breaks, httpx2.ReadError)
    ours_client = client_of(ours, "SN", transport=line)
    heard: list[int] = []

    def push() -> bytes:
        return ours_client.push_part(LETTER, PART, io.BytesIO(PART_BYTES), progress=heard.append)

    return line, theirs, push, heard


def test_p164_what_the_partner_holds_is_not_sent_again() -> None:
    line, _, push, heard = pushing(set(), held=400_000)

    push()

    sent = [len(request.read()) for request in line.asked if request.method == "PATCH"]
    assert sent == [len(PART_BYTES) - 400_000]
    assert heard == [400_000, len(PART_BYTES)]


def test_p165_a_broken_line_is_asked_where_it_stopped() -> None:
    line, theirs, push, _ = pushing({1})

    push()

    assert [request.method for request in line.asked] == ["HEAD", "PATCH", "HEAD", "PATCH", "GET"]
    assert theirs.disk.rows["bytes", LETTER, PART.id] == PART_BYTES


def test_p165_a_line_that_stays_broken_is_given_up_for_now() -> None:
    _, _, push, _ = pushing(set(range(1, 99, 2)))

    with pytest.raises(PartnerUnreachableError):
        push()


def test_p165_pieces_grow_and_shrink_within_bounds() -> None:
    size = PieceSize()
    for _ in range(10):
        size.grow()
    assert size.bytes == 16 * 1024 * 1024
    for _ in range(20):
        size.shrink()
    assert size.bytes == 256 * 1024


def test_p145_and_p166_a_receipt_that_takes_time_is_waited_for() -> None:
    pending = iter([409, 409, 200])

    def answers(request: httpx2.Request) -> httpx2.Response:
        if request.method == "HEAD":
            return httpx2.Response(200, headers={"upload-offset": str(PART.sealed_size)})
        status = next(pending)
        return (
            httpx2.Response(status, json={"code": "part-pending"})
            if status == 409
            else httpx2.Response(200, content=b"PK")
        )

    assert client(answers).push_part(LETTER, PART, io.BytesIO(PART_BYTES)) == b"PK"


def test_p166_a_receipt_that_never_comes_is_tried_again_another_time() -> None:
    def answers(request: httpx2.Request) -> httpx2.Response:
        if request.method == "HEAD":
            return httpx2.Response(200, headers={"upload-offset": str(PART.sealed_size)})
        return httpx2.Response(409, json={"code": "part-pending"})

    with pytest.raises(PartnerRefusedError) as error:
        client(answers).push_part(LETTER, PART, io.BytesIO(PART_BYTES))
    assert error.value.code == "part-pending"


def test_a_refused_receipt_is_not_waited_for() -> None:
    with pytest.raises(PartnerRefusedError) as error:
        client(refusal("unknown-object", 404)).part_receipt(LETTER, PART.id)
    assert error.value.code == "unknown-object"

    def answers(request: httpx2.Request) -> httpx2.Response:
        if request.method == "HEAD":
            return httpx2.Response(200, headers={"upload-offset": str(PART.sealed_size)})
        return httpx2.Response(422, json={"code": "part-digest"})

    with pytest.raises(PartnerRefusedError):
        client(answers).push_part(LETTER, PART, io.BytesIO(PART_BYTES))


def test_p164_another_offset_is_asked_for_once() -> None:
    offsets = iter(["0", "10"])

    def answers(request: httpx2.Request) -> httpx2.Response:
        if request.method == "HEAD":
            return httpx2.Response(200, headers={"upload-offset": next(offsets)})
        return httpx2.Response(409, json={"code": "part-offset"})

    with pytest.raises(PartnerRefusedError) as error:
        client(answers).push_part(LETTER, PART, io.BytesIO(PART_BYTES))
    assert error.value.code == "part-offset"


@pytest.mark.parametrize("code", ["unknown-object", "part-length"])
def test_p164_a_refused_piece_ends_the_push(code: str) -> None:
    def answers(request: httpx2.Request) -> httpx2.Response:
        if request.method == "HEAD":
            return httpx2.Response(200, headers={"upload-offset": "0"})
        return httpx2.Response(422, json={"code": code})

    with pytest.raises(PartnerRefusedError) as error:
        client(answers).push_part(LETTER, PART, io.BytesIO(PART_BYTES))
    assert error.value.code == code


def test_p164_a_part_that_may_not_be_begun_is_refused() -> None:
    def answers(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(422, headers={"dedere-code": "refused"})

    with pytest.raises(PartnerRefusedError):
        client(answers).push_part(LETTER, PART, io.BytesIO(PART_BYTES))


def test_p164_a_part_that_is_not_begun_is_created() -> None:
    asked: list[str] = []

    def answers(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.method)
        if request.method == "HEAD":
            return httpx2.Response(404, headers={"dedere-code": "unknown-object"})
        headers = {"upload-offset": "0" if request.method == "POST" else str(PART.sealed_size)}
        return httpx2.Response(200, headers=headers, content=b"PK")

    client(answers).push_part(LETTER, PART, io.BytesIO(PART_BYTES))

    assert asked == ["HEAD", "POST", "PATCH", "GET"]


def test_a_source_that_is_too_short_is_our_own_trouble() -> None:
    answers: Answers = lambda _: httpx2.Response(200, headers={"upload-offset": "0"})  # noqa: E731 - one answer

    with pytest.raises(PartnerUnreachableError) as error:
        client(answers).push_part(LETTER, PART, io.BytesIO(b"short"))
    assert error.value.code == "part-source"


@pytest.mark.parametrize("offset", ["", "x", "-1", "9" * 30, "٣"])
def test_p172_an_offset_that_is_none_is_no_answer(offset: str) -> None:
    answers: Answers = lambda _: httpx2.Response(200, headers=[(b"upload-offset", offset.encode())])  # noqa: E731

    with pytest.raises(PartnerRefusedError) as error:
        client(answers).push_part(LETTER, PART, io.BytesIO(PART_BYTES))
    assert error.value.code == "no-answer"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (refusal("recipient-wrong"), "recipient-wrong"),
        (refusal("a-code-of-the-future"), "no-answer"),
        (lambda _: httpx2.Response(422, content=b"<html>"), "no-answer"),
        (lambda _: httpx2.Response(422, content=b"[" * 4000), "no-answer"),
        (lambda _: httpx2.Response(422, json=["code"]), "no-answer"),
        (lambda _: httpx2.Response(422, content=b" " * 5000), "no-answer"),
        (lambda _: httpx2.Response(404), "unknown-caller"),
        (lambda _: httpx2.Response(302, headers={"location": "https://elsewhere"}), "no-answer"),
        (lambda _: httpx2.Response(409, headers={"dedere-code": "sequence-taken"}), "sequence-taken"),
    ],
)
def test_p173_a_refusal_is_a_registered_code_or_no_answer(answers: Answers, code: str) -> None:
    with pytest.raises(PartnerRefusedError) as error:
        client(answers).deliver_letter(LETTER, b"sealed")
    assert error.value.code == code


@pytest.mark.parametrize(
    ("status", "code"), [(503, "facility"), (500, "facility"), (429, "too-many-requests"), (408, "body-too-slow")]
)
def test_p174_trouble_over_there_closes_the_line(status: int, code: str) -> None:
    answers = refusal(code, status) if code != "facility" else lambda _: httpx2.Response(status)

    with pytest.raises(PartnerUnreachableError) as error:
        client(answers).deliver_letter(LETTER, b"sealed")
    assert (error.value.code, error.value.exposed) == (code, True)


@pytest.mark.parametrize(
    ("raised", "exposed"),
    [
        (httpx2.ConnectError("no"), False),
        (httpx2.ConnectTimeout("no"), False),
        (httpx2.ReadTimeout("no"), True),
        (httpx2.WriteError("no"), True),
        (httpx2.RemoteProtocolError("no"), True),
    ],
)
def test_p171_it_is_known_whether_anything_was_sent(raised: httpx2.TransportError, *, exposed: bool) -> None:
    def answers(_: httpx2.Request) -> httpx2.Response:
        raise raised

    with pytest.raises(PartnerUnreachableError) as error:
        client(answers).deliver_letter(LETTER, b"sealed")
    assert error.value.exposed is exposed


def test_p162_the_next_address_is_tried_when_one_does_not_connect() -> None:
    asked: list[str] = []

    def answers(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.host)
        if request.url.host == "one":
            raise httpx2.ConnectError("no")
        return httpx2.Response(200, content=b"PK")

    assert client(answers, addresses=("https://one", "https://two")).fetch_card() == b"PK"
    assert asked == ["one", "two"]


def test_p162_once_something_was_sent_no_other_address_is_tried() -> None:
    asked: list[str] = []

    def answers(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.host)
        raise httpx2.ReadTimeout("no")

    with pytest.raises(PartnerUnreachableError):
        client(answers, addresses=("https://one", "https://two")).fetch_card()
    assert asked == ["one"]


def test_p162_a_card_without_addresses_reaches_nobody() -> None:
    with pytest.raises(PartnerUnreachableError) as error:
        client(refusal("facility"), addresses=()).fetch_card()
    assert not error.value.exposed


class Endless(httpx2.SyncByteStream):
    """An answer that never ends."""

    def __init__(self, clock: FixedClock, *, piece: bytes, seconds: float) -> None:
        self._clock = clock
        self._piece = piece
        self._seconds = seconds
        self.given = 0

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self._clock.advance(dt.timedelta(seconds=self._seconds))
            self.given += len(self._piece)
            yield self._piece


@pytest.mark.parametrize(("piece", "seconds"), [(bytes(100_000), 0.0), (b"x", 30.0)])
def test_p172_an_answer_without_end_costs_bounded_memory_and_time(piece: bytes, seconds: float) -> None:
    clock = FixedClock(NOW)
    stream = Endless(clock, piece=piece, seconds=seconds)

    with pytest.raises(PartnerUnreachableError):
        client(lambda _: httpx2.Response(200, stream=stream), clock=clock).deliver_letter(LETTER, b"sealed")
    assert stream.given < 2_000_000
    assert clock.now() - NOW < dt.timedelta(minutes=6)


def test_p172_nothing_is_decompressed() -> None:
    answers: Answers = lambda _: httpx2.Response(  # noqa: E731 - one answer
        200, headers={"content-encoding": "gzip"}, stream=httpx2.ByteStream(b"not decompressed")
    )

    assert client(answers).fetch_card() == b"not decompressed"


def test_p167_a_card_is_fetched_by_its_serial() -> None:
    asked: list[str] = []

    def answers(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        return httpx2.Response(200, content=b"PK")

    with client(answers) as ours:
        ours.fetch_card()
        ours.fetch_card(3)

    assert asked == ["/card", "/card/3"]


def test_p168_to_p170_a_node_that_nobody_can_reach_fetches_and_receipts() -> None:
    clock = FixedClock(NOW)
    ours, theirs = MemoryNode("NL", clock), MemoryNode("SN", clock)
    part, sealed = sealed_part("film", b"a fictional film " * 9000, "NL")
    theirs.send(plain_letter("SN", "NL", parts=(part,)), parts=(sealed,))
    fetching = client_of(ours, "SN", transport=transport_to(theirs))

    (entry,) = fetching.mailbox()
    letter = fetching.fetch_letter(entry.letter, at_most=entry.sealed_size)
    receipt = ours.receive_letter(partner="SN", letter_id=entry.letter, sealed=letter, at=NOW)
    fetching.send_receipt(entry.letter, receipt)
    sink = io.BytesIO()
    reached = fetching.fetch_part(entry.letter, part, sink)
    ours.append_part(
        partner="SN", letter_id=LETTER, part_id=part.id, offset=0, length=reached, pieces=[sink.getvalue()]
    )
    part_receipt = ours.part_receipt(partner="SN", letter_id=LETTER, part_id=part.id)
    fetching.send_receipt(entry.letter, part_receipt, part_id=part.id)

    assert sink.getvalue() == sealed
    assert theirs.finished()
    assert fetching.mailbox() == ()


def test_p169_a_range_that_is_cut_is_noticed() -> None:
    with pytest.raises(PartnerUnreachableError):
        client(lambda _: httpx2.Response(206, content=b"x")).fetch_part(LETTER, PART, io.BytesIO())


def test_p181_a_mailbox_that_is_none_is_refused() -> None:
    with pytest.raises(ContentRefusedError):
        client(lambda _: httpx2.Response(200, content=json.dumps({"letters": []}).encode())).mailbox()
