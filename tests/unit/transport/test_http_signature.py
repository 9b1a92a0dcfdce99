"""Signatures that other software could make: sound, and without what the protocol needs in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver
from http_message_signatures.algorithms import ECDSA_P256_SHA256

from dedere.protocol.card import key_id
from dedere.protocol.errors import DoorRefusedError
from dedere.transport.http_signature import RequestHead, content_digest, read_content_digest, require_signed
from support import exchange, pki
from support.exchange import NOW

URL = "https://door/card"
COVERED = ("@method", "@path", "@query", "dedere-to")
MINUTES = dt.timedelta(minutes=4)


@dataclass
class Message:
    """The shape that the library signs."""

    method: str
    url: str
    headers: dict[str, str]


class OwnKey(HTTPSignatureKeyResolver):
    """The gateway key of NL."""

    def resolve_private_key(self, key_id: str) -> EllipticCurvePrivateKey:  # noqa: ARG002 - the library's port
        key = pki.state("NL").gateway.key
        assert isinstance(key, EllipticCurvePrivateKey)
        return key


def signed(*, covered: tuple[str, ...] = COVERED, **parameters: object) -> RequestHead:
    message = Message("GET", URL, {"dedere-to": "SN"})
    signer = HTTPMessageSigner(signature_algorithm=ECDSA_P256_SHA256, key_resolver=OwnKey())
    name = key_id(pki.state("NL").gateway.certificate.decode())
    # JSON-like arguments of the library's own function
    values: dict[str, Any] = {"created": NOW, "expires": NOW + MINUTES, "nonce": "one", "tag": "dedere/1", **parameters}
    signer.sign(message, key_id=name, covered_component_ids=covered, **values)
    return RequestHead("GET", URL, message.headers)


def code_of(head: RequestHead) -> str:
    with pytest.raises(DoorRefusedError) as error:
        require_signed(head, exchange.directory(), recipient="SN", now=NOW)
    return error.value.code


def test_p150_another_softwares_signature_is_let_in() -> None:
    caller = require_signed(signed(), exchange.directory(), recipient="SN", now=NOW)

    assert (caller.caller.state, caller.nonce) == ("NL", "one")
    assert caller.expires > NOW


@pytest.mark.parametrize(
    "parameters",
    [
        {"nonce": None},
        {"nonce": ""},
        {"expires": None},
        {"covered": COVERED[:-1]},
        {"covered": COVERED[1:]},
    ],
)
def test_p153_and_p152_a_signature_without_what_it_needs_is_refused(parameters: dict[str, object]) -> None:
    assert code_of(signed(**parameters)) == "request-signature"  # type: ignore[arg-type] # names of arguments


def test_p151_another_tag_is_nobodys() -> None:
    assert code_of(signed(tag="other/1")) == "unknown-caller"


def test_p153_a_signature_that_counts_for_hours_is_refused() -> None:
    assert code_of(signed(expires=NOW + dt.timedelta(hours=5))) == "request-time"


def test_p155_a_digest_is_read_as_it_was_written() -> None:
    assert read_content_digest(content_digest(b"x")).hex().startswith("2d711642")
