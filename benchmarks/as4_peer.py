"""The peer of `letters.py`: the PyPI package `as4` builds, signs, encrypts, parses and receipts in one process.

Runs in an environment of its own (`pip install as4`), without anything of ours. Prints messages a second and CPU
seconds a message as JSON. No network, no disk, no log: less than what a letter goes through.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import time

from as4 import (  # type: ignore[import-not-found]  # installed in an environment of its own
    AS4LocalPrivateKey,
    SecurityPolicy,
    pinned_certificates,
)
from as4.peppol import (  # type: ignore[import-not-found]  # likewise
    build_peppol_message,
    create_peppol_external_party,
    create_peppol_internal_party,
    parse_peppol_message,
    parse_peppol_receipt,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


def holder(name: str) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    """A fictional access point's key and certificate."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)  # noqa: TID251 - stands outside our software
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=30))
    return made.sign(key, hashes.SHA256()), key


def main() -> None:
    """Exchange messages for some seconds."""
    size, seconds = int(sys.argv[1]), float(sys.argv[2])
    (certificate, key), (their_certificate, their_key) = holder("PNL000001"), holder("PSN000001")
    ours = create_peppol_internal_party(
        party_id="PNL000001", certificate=certificate, private_key=AS4LocalPrivateKey(key)
    )
    theirs = create_peppol_internal_party(
        party_id="PSN000001", certificate=their_certificate, private_key=AS4LocalPrivateKey(their_key)
    )
    them = create_peppol_external_party(party_id="PSN000001", certificate=their_certificate)
    policy = SecurityPolicy(signer_resolver=pinned_certificates(certificate, their_certificate))
    payload = b"<Invoice xmlns='urn:fictional'>" + os.urandom(size // 2).hex().encode() + b"</Invoice>"
    done, began, used = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds:
        message = build_peppol_message(
            payload=payload,
            local_party=ours,
            remote_party=them,
            sender="9932:9999999999",
            recipient="9932:1111111111",
            sender_country_id="NL",
            document_type_identifier_scheme="busdox-docid-qns",
            document_type_identifier_value="urn:fictional::Invoice##fictional::2.1",
            process_identifier="urn:fictional:process",
        )
        body, boundary = message.get_request_data()
        received = parse_peppol_message(
            request_headers=message.get_http_headers(boundary),
            request_body=body,
            local_party=theirs,
            security_policy=policy,
        )
        _headers, signal = received.build_signal()
        if not received.successful:
            raise SystemExit(f"the peer refuses its own message: {signal[:600]!r}")
        parse_peppol_receipt(signal, them.credentials.certificate).verify_non_repudiation(message.signed_references)
        done += 1
    elapsed = time.perf_counter() - began
    print(json.dumps({"rate": done / elapsed, "cpu": (time.process_time() - used) / done}))


if __name__ == "__main__":
    main()
