"""Scenarios of signed requests: who is let in, and what every stranger looks like from inside."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.base.clock import FixedClock, format_instant
from dedere.base.identifiers import SeededIdentifiers
from dedere.protocol.card import key_id
from dedere.transport.http_signature import ClientIdentity, RequestHead, content_digest, sign_request
from support import pki
from support.exchange import NOW, card_of, identifier
from support.scenarios import Row
from support.vectors import Scenario, encode, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.vectors import Given

URL = "https://door/letters"
BODY = b"sealed bytes"


def signed(
    *,
    method: str = "POST",
    url: str = URL,
    to: str = "SN",
    by: str = "NL",
    as_: str | None = None,
    at: dt.datetime = NOW,
    **headers: str,
) -> dict[str, str]:
    """The headers of a request signed by the gateway key of `by`, under the key id of `as_`."""
    plain = {"dedere-to": to, **{name.replace("_", "-"): value for name, value in headers.items()}}
    if method == "POST":
        plain.setdefault("content-digest", content_digest(BODY))
    keys = pki.state(by).gateway.signer
    identity = ClientIdentity(keys, key_id(pki.state(as_ or by).gateway.certificate.decode()))
    head = RequestHead(method, url, plain)
    return sign_request(head, identity, clock=FixedClock(at), ids=SeededIdentifiers("nonce"))


def given(headers: dict[str, str], *, method: str = "POST", url: str = URL, now: dt.datetime = NOW) -> Given:
    """What SN knows when the request comes."""
    return {
        "method": method,
        "url": url,
        "headers": headers,
        "recipient": "SN",
        "now": format_instant(now),
        "chains_b64": [[encode(card_of(state).container)] for state in ("NL", "SN")],
    }


def changed(name: str, value: str | None) -> Given:
    """A signed request whose header `name` was changed, or taken out, on the way."""
    headers = signed(dedere_letter=identifier("letter"))
    headers.pop(name)
    return given(headers if value is None else {**headers, name: value})


def _edited_input(old: str, new: str) -> Given:
    headers = signed()
    return given({**headers, "Signature-Input": headers["Signature-Input"].replace(old, new)})


def _uncovered(name: str, value: str) -> Given:
    return given({**signed(), name: value})


def _bare_get() -> Given:
    """A GET as if its signature covered less than it must."""
    headers = signed(method="GET")
    return given({**headers, "Signature-Input": headers["Signature-Input"].replace(' "@query"', "")}, method="GET")


_HOUR = dt.timedelta(hours=1)
DOOR = "door"
ROWS: tuple[Row, ...] = (
    Row("unsigned", "No signature", "P-150", lambda: given({"dedere-to": "SN"}), DOOR, "unknown-caller"),
    Row("stranger", "Signed by somebody whose card is not pinned", "P-150", lambda: given(signed(by="MN")), DOOR, "unknown-caller"),
    Row("borrowed-name", "Signed by a stranger under a partner's key id", "P-150", lambda: given(signed(by="MN", as_="NL")), DOOR, "request-signature"),
    Row("other-method", "Another method than was signed", "P-152", lambda: given(signed(), method="PUT"), DOOR, "request-signature"),
    Row("other-path", "Another path than was signed", "P-152", lambda: given(signed(), url="https://door/parts"), DOOR, "request-signature"),
    Row("other-query", "A query that was not signed", "P-152", lambda: given(signed(), url=URL + "?x=1"), DOOR, "request-signature"),
    Row("for-another", "Signed for another authority and passed on", "P-154", lambda: given(signed(to="MN")), DOOR, "request-signature"),
    Row("readdressed", "Readdressed on the way", "P-154", lambda: changed("dedere-to", "MN"), DOOR, "request-signature"),
    Row("other-digest", "The digest of another body", "P-155", lambda: changed("content-digest", content_digest(b"x")), DOOR, "request-signature"),
    Row("no-digest", "A body without a digest", "P-155", lambda: changed("content-digest", None), DOOR, "request-signature"),
    Row("other-letter", "Another letter announced", "P-152", lambda: changed("dedere-letter", identifier("x")), DOOR, "request-signature"),
    Row("offset-uncovered", "An offset that was not signed", "P-152", lambda: _uncovered("upload-offset", "5"), DOOR, "request-signature"),
    Row("query-uncovered", "A signature that leaves the query out", "P-152", _bare_get, DOOR, "request-signature"),
    Row("expires-changed", "A later end than was signed", "P-153", lambda: _edited_input("expires=1", "expires=2"), DOOR, "request-signature"),
    Row("nonce-missing", "A signature without a nonce", "P-153", lambda: _edited_input(";nonce=", ";nonsense="), DOOR, "unknown-caller"),
    Row("garbage-input", "Garbage as signature input", "P-150", lambda: changed("Signature-Input", "((("), DOOR, "unknown-caller"),
    Row("huge-signature", "A signature of three thousand characters", "P-156", lambda: changed("Signature", "x" * 3000), DOOR, "request-signature"),
    Row("old", "An hour old", "P-153", lambda: given(signed(), now=NOW + _HOUR), DOOR, "request-time"),
    Row("early", "An hour early", "P-153", lambda: given(signed(), now=NOW - _HOUR), DOOR, "request-time"),
    Row("card-ended", "After the partner's card ended", "P-150", lambda: given(signed(at=NOW + 900 * 24 * _HOUR), now=NOW + 900 * 24 * _HOUR), DOOR, "unknown-caller"),
)  # fmt: skip


def scenarios() -> Iterator[Scenario]:
    """Every scenario of this topic."""
    sound = given(signed(dedere_letter=identifier("letter")))
    yield Scenario(
        "request-sound",
        "A signed request",
        ("P-150", "P-151"),
        "admit-request",
        sound,
        {"result": "accepted", "caller": "NL"},
    )
    get = given(signed(method="GET", url="https://door/card"), method="GET", url="https://door/card")
    yield Scenario(
        "request-get",
        "A signed request without a body",
        ("P-150",),
        "admit-request",
        get,
        {"result": "accepted", "caller": "NL"},
    )
    for row in ROWS:
        yield Scenario(
            f"request-{row.name}",
            row.title,
            (row.requirement,),
            "admit-request",
            row.given(),
            refused(row.layer, row.code),
        )
