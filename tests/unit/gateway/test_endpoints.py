"""The endpoints: a stranger learns nothing, a partner learns registered codes, and every bad request is refused."""

from __future__ import annotations

import base64
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2
import pytest

from dedere.base.clock import FixedClock
from dedere.base.errors import FacilityError
from dedere.base.identifiers import SeededIdentifiers
from dedere.gateway.admission import Bounds
from dedere.gateway.door import Door
from dedere.gateway.endpoints import Gateway, IdentifierConverter
from dedere.gateway.limits import AtOnce, RateLimit
from dedere.protocol.card import key_id
from dedere.protocol.mailbox import read_mailbox
from dedere.protocol.parts import MAX_PIECE_BYTES
from dedere.transport.http_signature import ClientIdentity, RequestHead, content_digest, sign_request
from support import exchange, pki
from support.doors import MemoryNode, sealed_part, wsgi_of
from support.exchange import NOW, identifier, plain_letter

LETTER = identifier("letter")
TUS = {"tus-resumable": "1.0.0"}
PIECE = {**TUS, "content-type": "application/offset+octet-stream"}
SEALED = {"content-type": "application/vnd.dedere.letter+age", "dedere-letter": LETTER}
PART, PART_BYTES = sealed_part("film", b"a fictional film")


@dataclass
class Caller:
    """Sends signed requests to a door in memory."""

    node: MemoryNode
    state: str = "NL"
    ids: SeededIdentifiers = field(default_factory=lambda: SeededIdentifiers("caller"))

    def signed(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> httpx2.Request:
        url = f"https://door{path}"
        plain = {"dedere-to": "SN", **(headers or {})}
        if body is not None:
            plain.setdefault("content-digest", content_digest(body))
        keys = pki.state(self.state).gateway
        identity = ClientIdentity(keys.signer, key_id(keys.certificate.decode()))
        head = RequestHead(method, url, plain)
        full = sign_request(head, identity, clock=self.node.clock, ids=self.ids)
        return httpx2.Request(method, url, headers=full, content=body)

    def send(self, request: httpx2.Request) -> httpx2.Response:
        answer = httpx2.WSGITransport(app=wsgi_of(self.node.gateway)).handle_request(request)
        answer.read()
        return answer

    def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> httpx2.Response:
        return self.send(self.signed(method, path, headers=headers, body=body))

    def code(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> tuple[int, str]:
        answer = self.ask(method, path, headers=headers, body=body)
        if method != "HEAD":
            assert answer.json()["code"] == answer.headers["dedere-code"]
        return answer.status_code, answer.headers["dedere-code"]


def test_the_port_is_what_the_gateway_calls() -> None:
    door: Door = MemoryNode("SN", FixedClock(NOW))

    assert door.own_cards()


@pytest.fixture
def door() -> Caller:
    return Caller(MemoryNode("SN", FixedClock(NOW)))


@pytest.fixture
def with_letter(door: Caller) -> Caller:
    sealed = exchange.seal(exchange.pack(plain_letter(parts=(PART,))))
    assert door.ask("POST", "/letters", headers=SEALED, body=sealed).status_code == 200
    return door


@pytest.mark.parametrize(
    "path", ["/letters", "/parts", f"/parts/{LETTER}/{LETTER}", "/card", "/mailbox", "/admin", "/"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE", "OPTIONS", "PUT"])
def test_p200_a_stranger_gets_nothing_anywhere(door: Caller, method: str, path: str) -> None:
    answer = door.send(httpx2.Request(method, f"https://door{path}"))

    assert (answer.status_code, answer.content) == (404, b"")
    assert answer.headers["connection"] == "close"
    assert "dedere-code" not in answer.headers


def test_p200_a_stranger_with_a_signature_gets_nothing(door: Caller) -> None:
    door.state = "MN"

    answer = door.ask("GET", "/card")

    assert (answer.status_code, answer.content) == (404, b"")


def test_p193_a_request_made_again_gets_nothing(door: Caller) -> None:
    request = door.signed("GET", "/card")

    assert door.send(request).status_code == 200
    assert door.send(request).status_code == 404


def test_p153_a_partner_whose_clock_is_wrong_is_told(door: Caller) -> None:
    request = door.signed("GET", "/card")
    assert isinstance(door.node.clock, FixedClock)
    door.node.clock.advance(dt.timedelta(days=1))

    answer = door.send(request)

    assert answer.json()["code"] == "request-time"
    assert answer.json()["then"] == "retry"


def test_p214_something_listens(door: Caller) -> None:
    assert door.send(httpx2.Request("GET", "https://door/health")).status_code == 204
    assert door.send(httpx2.Request("POST", "https://door/health")).status_code == 404


def test_identifiers_in_paths_stay_as_they_are() -> None:
    assert IdentifierConverter().to_url(LETTER) == LETTER


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/elsewhere"), ("DELETE", "/card"), ("GET", "/letters"), ("GET", "/parts/x/y")]
)
def test_a_partner_is_told_that_nothing_is_there(door: Caller, method: str, path: str) -> None:
    assert door.code(method, path) == (404, "unknown-object")


def test_p156_a_target_that_is_no_path_is_a_strangers(door: Caller) -> None:
    request = door.signed("GET", "/card")
    request.url = httpx2.URL("https://door/card?" + "x" * 600)

    assert door.send(request).status_code == 404


def test_p201_a_letter_gives_its_receipt_and_again_the_same(door: Caller) -> None:
    first = door.ask("POST", "/letters", headers=SEALED, body=exchange.good_sealed())
    second = door.ask("POST", "/letters", headers=SEALED, body=exchange.good_sealed())

    assert first.status_code == 200
    assert first.headers["content-type"] == "application/vnd.etsi.asic-e+zip"
    assert first.content == second.content


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"content-type": SEALED["content-type"]}, "request-form"),
        ({**SEALED, "dedere-letter": "../x"}, "request-form"),
        ({**SEALED, "content-type": "text/html"}, "request-form"),
        ({**SEALED, "content-encoding": "gzip"}, "request-form"),
        ({**SEALED, "content-digest": content_digest(b"other")}, "body-digest"),
        ({**SEALED, "dedere-letter": identifier("other")}, "letter-id-differs"),
    ],
)
def test_p201_a_letter_in_a_bad_request_is_refused(door: Caller, headers: dict[str, str], code: str) -> None:
    assert door.code("POST", "/letters", headers=headers, body=exchange.good_sealed())[1] == code
    assert door.node.disk.rows == {}


def test_p201_a_refusal_is_a_registered_code_with_its_sentence(door: Caller) -> None:
    answer = door.ask("POST", "/letters", headers=SEALED, body=b"garbage")

    assert answer.status_code == 422
    assert answer.json() == {
        "version": "dedere-refusal/1",
        "code": "seal-broken",
        "sentence": "The seal is broken: the bytes changed or were cut.",
        "then": "stop",
    }


def test_p204_what_of_tus_is_spoken_is_told(door: Caller) -> None:
    answer = door.ask("OPTIONS", "/parts")

    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation"


def metadata(letter: str = LETTER, part: str = PART.id, **more: str) -> str:
    values = {"letter": letter, "part": part, **more}
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def creation(**changes: str) -> dict[str, str]:
    headers = {**TUS, "upload-length": str(PART.sealed_size), "upload-metadata": metadata()}
    return {**headers, **{name.replace("_", "-"): value for name, value in changes.items()}}


def test_p205_an_announced_part_is_begun_and_found_begun(with_letter: Caller) -> None:
    for _ in range(2):
        answer = with_letter.ask("POST", "/parts", headers=creation(), body=b"")
        assert answer.status_code == 201
        assert answer.headers["location"] == f"/parts/{LETTER}/{PART.id}"
        assert answer.headers["upload-offset"] == "0"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (creation(upload_length="5"), "part-length"),
        (creation(upload_length="-5"), "request-form"),
        (creation(upload_length="05"), "request-form"),
        (creation(upload_metadata=""), "request-form"),
        (creation(upload_metadata="letter !!!"), "request-form"),
        (creation(upload_metadata=metadata(part="../x")), "request-form"),
        (creation(upload_metadata=metadata(more="x")), "request-form"),
        (creation(upload_metadata=metadata(part=identifier("x"))), "unknown-object"),
        (creation(upload_metadata=metadata(letter=identifier("x"))), "unknown-object"),
        (creation(tus_resumable="0.2.0"), "request-form"),
    ],
)
def test_p205_what_was_not_announced_is_not_begun(with_letter: Caller, headers: dict[str, str], code: str) -> None:
    assert with_letter.code("POST", "/parts", headers=headers, body=b"")[1] == code


def test_p143_a_piece_over_the_limit_is_refused_by_its_length_alone(with_letter: Caller) -> None:
    request = with_letter.signed(
        "PATCH", f"/parts/{LETTER}/{PART.id}", headers={**PIECE, "upload-offset": "0"}, body=b"x"
    )
    request.headers["content-length"] = str(MAX_PIECE_BYTES + 1)

    assert with_letter.send(request).json()["code"] == "body-too-large"


def test_p205_a_creation_with_a_body_is_refused(with_letter: Caller) -> None:
    assert with_letter.code("POST", "/parts", headers=creation(), body=b"x")[1] == "body-too-large"


def test_p207_a_part_is_pushed_in_pieces_and_receipted(with_letter: Caller) -> None:
    # P-145 while it is not whole, P-208 at the end
    place = f"/parts/{LETTER}/{PART.id}"
    first, rest = PART_BYTES[:100], PART_BYTES[100:]

    one = with_letter.ask("PATCH", place, headers={**PIECE, "upload-offset": "0"}, body=first)
    head = with_letter.ask("HEAD", place, headers=TUS)
    pending = with_letter.code("GET", f"{place}/receipt")
    two = with_letter.ask("PATCH", place, headers={**PIECE, "upload-offset": "100"}, body=rest)
    receipt = with_letter.ask("GET", f"{place}/receipt")

    assert (one.status_code, one.headers["upload-offset"]) == (204, "100")
    assert (head.headers["upload-offset"], head.headers["upload-length"]) == ("100", str(PART.sealed_size))
    assert pending == (409, "part-pending")
    assert two.headers["upload-offset"] == str(PART.sealed_size)
    assert receipt.content.startswith(b"PK")


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ({**PIECE, "upload-offset": "5"}, b"x", "part-offset"),
        ({**PIECE, "upload-offset": "x"}, b"x", "request-form"),
        (PIECE, b"x", "request-form"),
        ({**PIECE, "upload-offset": "0"}, b"", "part-length"),
        ({**PIECE, "upload-offset": "0"}, bytes(PART.sealed_size + 1), "part-length"),
        ({**PIECE, "upload-offset": "0"}, bytes(PART.sealed_size), "part-digest"),
        ({**TUS, "upload-offset": "0"}, b"x", "request-form"),
        ({**PIECE, "upload-offset": "0", "content-digest": content_digest(b"y")}, b"x", "body-digest"),
    ],
)
def test_p207_a_piece_that_does_not_fit_is_refused(
    with_letter: Caller, headers: dict[str, str], body: bytes, code: str
) -> None:
    place = f"/parts/{LETTER}/{PART.id}"

    assert with_letter.code("PATCH", place, headers=headers, body=body)[1] == code
    assert with_letter.ask("HEAD", place, headers=TUS).headers["upload-offset"] == "0"


def test_p206_another_partner_sees_no_part(with_letter: Caller) -> None:
    with_letter.node.trust = exchange.directory("NL", "SN", "MN")
    with_letter.state = "MN"

    assert with_letter.code("HEAD", f"/parts/{LETTER}/{PART.id}", headers=TUS) == (404, "unknown-object")


def test_p209_the_newest_card_or_the_one_asked_for(door: Caller) -> None:
    card = exchange.card_of("SN").container

    assert door.ask("GET", "/card").content == card
    assert door.ask("GET", "/card/1").content == card
    assert door.code("GET", "/card/2") == (404, "unknown-object")
    assert door.code("GET", "/card/0") == (404, "unknown-object")


@pytest.fixture
def mailbox() -> Caller:
    """The door of SN, at which a letter to NL waits."""
    door = Caller(MemoryNode("SN", FixedClock(NOW)))
    part, sealed = sealed_part("film", b"a fictional film", "NL")
    door.node.send(plain_letter("SN", "NL", parts=(part,)), parts=(sealed,))
    return door


def test_p210_what_waits_is_listed_for_the_one_it_waits_for(mailbox: Caller) -> None:
    (entry,) = read_mailbox(mailbox.ask("GET", "/mailbox").content)

    assert entry.letter == LETTER
    assert [part.part for part in entry.parts] == [PART.id]


def test_p211_a_waiting_letter_is_fetched_as_it_would_have_been_pushed(mailbox: Caller) -> None:
    # P-180: the same sealed bytes
    assert mailbox.ask("GET", f"/mailbox/{LETTER}").content == mailbox.node.sent(LETTER).sealed
    assert mailbox.code("GET", f"/mailbox/{identifier('x')}") == (404, "unknown-object")


def test_p212_a_waiting_part_is_fetched_by_ranges(mailbox: Caller) -> None:
    whole = mailbox.node.sent(LETTER).parts[0]

    answer = mailbox.ask("GET", f"/mailbox/{LETTER}/{PART.id}", headers={"range": "bytes=10-19"})

    assert (answer.status_code, answer.content) == (206, whole[10:20])
    assert answer.headers["content-range"] == f"bytes 10-19/{len(whole)}"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("", "request-form"),
        ("bytes=0-", "request-form"),
        ("bytes=-5", "request-form"),
        ("bytes=0-1,3-4", "request-form"),
        ("bytes=5-4", "part-offset"),
        ("bytes=0-99999999", "part-offset"),
        (f"bytes=0-{MAX_PIECE_BYTES}", "part-offset"),
    ],
)
def test_p212_other_ranges_are_refused(mailbox: Caller, wanted: str, code: str) -> None:
    headers = {"range": wanted} if wanted else {}

    assert mailbox.code("GET", f"/mailbox/{LETTER}/{PART.id}", headers=headers)[1] == code


def test_p213_true_receipts_end_the_wait(mailbox: Caller) -> None:
    headers = {"content-type": "application/vnd.etsi.asic-e+zip"}
    theirs = MemoryNode("NL", FixedClock(NOW))
    sent = mailbox.node.sent(LETTER)
    receipt = theirs.receive_letter(partner="SN", letter_id=LETTER, sealed=sent.sealed, at=NOW)
    theirs.append_part(
        partner="SN", letter_id=LETTER, part_id=PART.id, offset=0, length=len(sent.parts[0]), pieces=[sent.parts[0]]
    )
    part_receipt = theirs.part_receipt(partner="SN", letter_id=LETTER, part_id=PART.id)

    one = mailbox.ask("POST", f"/mailbox/{LETTER}/receipt", headers=headers, body=receipt)
    two = mailbox.ask("POST", f"/mailbox/{LETTER}/{PART.id}/receipt", headers=headers, body=part_receipt)

    assert (one.status_code, two.status_code) == (204, 204)
    assert mailbox.node.finished()


def test_p213_a_receipt_that_is_none_is_refused(mailbox: Caller) -> None:
    headers = {"content-type": "application/vnd.etsi.asic-e+zip"}

    assert mailbox.code("POST", f"/mailbox/{LETTER}/receipt", headers=headers, body=b"x")[1] == "receipt-wrong"
    assert mailbox.code("POST", f"/mailbox/{LETTER}/receipt", body=b"x")[1] == "request-form"


def test_p191_a_partner_that_asks_too_often_is_told_and_others_are_served(door: Caller) -> None:
    node = door.node
    bounds = Bounds(partners=RateLimit(per_second=1, burst=2))
    node.gateway = Gateway(door=lambda: node, state=lambda: "SN", clock=node.clock, bounds=bounds)
    node.trust = exchange.directory("NL", "SN", "MN")

    answers = [door.ask("GET", "/card").status_code for _ in range(3)]

    assert answers == [200, 200, 429]
    assert Caller(node, "MN").ask("GET", "/card").status_code == 200


def test_p191_an_address_that_calls_too_often_gets_nothing(door: Caller) -> None:
    node = door.node
    bounds = Bounds(addresses=RateLimit(per_second=1, burst=1))
    node.gateway = Gateway(door=lambda: node, state=lambda: "SN", clock=node.clock, bounds=bounds)

    assert [door.ask("GET", "/card").status_code for _ in range(2)] == [200, 404]


def test_p192_a_partner_has_a_number_of_places(door: Caller) -> None:
    node = door.node
    node.gateway = Gateway(door=lambda: node, state=lambda: "SN", clock=node.clock, bounds=Bounds(at_once=AtOnce(0)))

    assert door.code("GET", "/card") == (429, "too-many-requests")


class Failing(MemoryNode):
    """A node in trouble."""

    trouble: Callable[[], Exception] = staticmethod(lambda: FacilityError("disk full at /secret"))

    def own_cards(self) -> tuple[bytes, ...]:
        raise self.trouble()


@pytest.mark.parametrize(
    "trouble", [lambda: FacilityError("disk full at /secret"), lambda: ZeroDivisionError("secret")]
)
def test_p091_trouble_of_ours_is_told_without_a_word_of_it(
    trouble: Callable[[], Exception], caplog: pytest.LogCaptureFixture
) -> None:
    node = Failing("SN", FixedClock(NOW))
    node.trouble = trouble

    answer = Caller(node).ask("GET", "/card")

    assert (answer.status_code, answer.json()["code"]) == (503, "facility")
    assert b"secret" not in answer.content
    assert b"Traceback" not in answer.content


def test_p212_the_reader_of_a_part_is_closed(mailbox: Caller) -> None:
    class Watched(io.BytesIO):
        pass

    opened = Watched(bytes(100))
    node = mailbox.node
    node.mailbox_part = lambda **_: opened  # type: ignore[method-assign] # watches what the endpoint does with it

    mailbox.ask("GET", f"/mailbox/{LETTER}/{PART.id}", headers={"range": "bytes=0-9"})

    assert opened.closed
