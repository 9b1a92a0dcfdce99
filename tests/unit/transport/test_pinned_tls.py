"""TLS to exactly the partner's certificate, over real sockets and the real server."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import io
import socket
import ssl
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from dedere.base.clock import FixedClock, SystemClock
from dedere.base.identifiers import RandomIdentifiers
from dedere.protocol.card import key_id
from dedere.transport.client import NodeClient
from dedere.transport.errors import PartnerUnreachableError
from dedere.transport.http_signature import ClientIdentity
from dedere.transport.pinned_tls import pinned_context
from support import exchange, pki
from support.doors import MemoryNode, sealed_part
from support.served import served, tls_holder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("door")
    node = MemoryNode("SN", FixedClock(exchange.NOW))
    with served(node, folder) as found:
        yield found


def client_to(address: str, *, pinned: str = "SN") -> NodeClient:
    keys = pki.state("NL").gateway
    tls = (tls_holder(pinned).certificate.decode(),)
    card = replace(exchange.card_of("SN").card, addresses=(address,), tls_certificates=tls)
    identity = ClientIdentity(keys.signer, key_id(keys.certificate.decode()))
    return NodeClient(card, identity, clock=FixedClock(exchange.NOW), ids=RandomIdentifiers())


def test_p160_letter_and_part_over_real_tls(address: str) -> None:
    part, sealed = sealed_part("film", b"a fictional film " * 1_000_000)
    letter = exchange.plain_letter(parts=(part,))
    sealed_letter = exchange.seal(exchange.pack(letter))

    with client_to(address) as client:
        receipt = client.deliver_letter(letter.id, sealed_letter)
        part_receipt = client.push_part(letter.id, part, io.BytesIO(sealed))

    assert receipt.startswith(b"PK")
    assert part_receipt.startswith(b"PK")


def test_p160_another_certificate_ends_the_connection_before_a_byte_is_sent(address: str) -> None:
    with client_to(address, pinned="NL") as client, pytest.raises(PartnerUnreachableError) as refused:
        client.fetch_card()

    assert refused.value.code == "partner-certificate"
    assert not refused.value.exposed


def test_p171_a_dead_partner_is_unreachable_and_nothing_was_exposed() -> None:
    with client_to("https://127.0.0.1:9") as client, pytest.raises(PartnerUnreachableError) as refused:
        client.fetch_card()

    assert refused.value.code == "partner-unreachable"
    assert not refused.value.exposed


def test_p200_strangers_learn_nothing(address: str) -> None:
    host, port = address.removeprefix("https://").split(":")
    context = ssl.create_default_context(cadata=tls_holder("SN").certificate.decode())
    for path in ("/letters", "/card", "/parts", "/admin", "/mailbox", "/"):
        connection = http.client.HTTPSConnection(host, int(port), context=context)
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (404, b"")
        connection.close()


def test_p161_tls_before_1_3_is_refused(address: str) -> None:
    host, port = address.removeprefix("https://").split(":")
    context = ssl.create_default_context(cadata=tls_holder("SN").certificate.decode())
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    with socket.create_connection((host, int(port))) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain, server_hostname=host)


def test_p160_a_certificate_that_a_pinned_one_has_issued_is_not_pinned(tmp_path: Path) -> None:
    """An authority that pins its own root would otherwise let anybody in whom the root ever signed for."""
    root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = issued(root_key, "root", root_key, "root", authority=True)
    leaf = issued(leaf_key, "leaf", root_key, "root", authority=False)
    (tmp_path / "leaf.pem").write_bytes(leaf)
    (tmp_path / "leaf.key").write_bytes(leaf_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "leaf.pem", tmp_path / "leaf.key")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        answering = threading.Thread(target=answer_once, args=(listening, server))
        answering.start()
        with socket.create_connection(listening.getsockname()) as plain, pytest.raises(ssl.SSLCertVerificationError):
            pinned_context([root.decode()]).wrap_socket(plain, server_hostname="leaf")
        answering.join(10)


def answer_once(listening: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = listening.accept()
    with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as wrapped:
        wrapped.recv(1)


def issued(
    key: ec.EllipticCurvePrivateKey, name: str, by: ec.EllipticCurvePrivateKey, issuer: str, *, authority: bool
) -> bytes:
    now = SystemClock().now()
    day = dt.timedelta(days=1)
    subject, signer = (x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, each)]) for each in (name, issuer))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .sign(by, SHA256())
    )
    return certificate.public_bytes(Encoding.PEM)
