"""What `home.toml` says of signatures: a time-stamping service, a second signature. Each counts from the next card on."""

from __future__ import annotations

import datetime as dt
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dedere.base.clock import FixedClock, SystemClock
from dedere.base.errors import FacilityError, InputError
from dedere.crypto.errors import TimestampServiceError
from dedere.crypto.keys import Purpose, encode_private_key
from dedere.crypto.timestamps import LocalTimestamper
from dedere.node import checking
from dedere.node.exchange.copies import read_copy
from dedere.node.exchange.directory import trust_directory
from dedere.node.exchange.models import OutgoingLetter
from dedere.node.exchange.sealing import seal_draft
from dedere.node.home import Home, SignaturePolicy, load_home, write_home
from dedere.node.issuing import KeyUse, Wish, issue_next
from dedere.node.office import Office, using
from dedere.node.timestamping import SILENT_FOR, ServiceTimestamper
from dedere.node.trust import own_chain
from dedere.protocol.container import Signing, open_container, verify_container
from dedere.protocol.errors import SignatureRefusedError
from dedere.protocol.intake import Arrival, Receiver, check_letter
from dedere.protocol.letter import ACT_MEMBER, LETTER_LIMITS, pack_letter, read_letter, seal_letter
from dedere.protocol.trust import TrustDirectory
from support import exchange, pki
from support.homes import NOW, fresh_office
from support.offices import Bureau, make_home, open_bureau
from support.requirement import require_program

Answer = Callable[[bytes], bytes]


@contextmanager
def service(answer: Answer) -> Iterator[str]:
    """A time-stamping service on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr"
    finally:
        server.shutdown()
        server.server_close()


def authority(now: dt.datetime) -> pki.Holder:
    """A fictional time-stamping authority, valid these days."""
    day = dt.timedelta(days=1)
    return pki.holder(Purpose.TIMESTAMP, "NL", valid_from=now - 60 * day, valid_until=now + 800 * day)


def by_openssl(folder: Path, keys: pki.Holder) -> Answer:
    """The answers of `openssl ts`."""
    openssl = str(require_program("openssl"))
    (folder / "tsa.pem").write_bytes(keys.certificate)
    (folder / "tsa.key").write_bytes(encode_private_key(keys.key))
    (folder / "serial").write_text("01\n", encoding="ascii")
    (folder / "tsa.cnf").write_text(
        "[tsa]\ndefault_tsa = here\n[here]\nserial = serial\nsigner_cert = tsa.pem\nsigner_key = tsa.key\n"
        "signer_digest = sha256\ndefault_policy = 1.3.6.1.4.1.32473.1\ndigests = sha256\ness_cert_id_alg = sha256\n",
        encoding="ascii",
    )

    def answer(query: bytes) -> bytes:
        (folder / "query").write_bytes(query)
        words = [openssl, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply"]
        subprocess.run(words, check=True, capture_output=True, cwd=folder)
        return (folder / "reply").read_bytes()

    return answer


def settled(office: Office, policy: SignaturePolicy) -> Office:
    """The office after its `home.toml` was changed and the next card issued."""
    write_home(replace(office.home, signatures=policy))
    home = load_home(office.home.folder)
    issue_next(home, Wish(), clock=office.clock, identifiers=office.identifiers)
    return Office(home, office.clock, office.identifiers)


def judged(bureau: Bureau, sealed: bytes, home: Home) -> dt.datetime | None:
    """The letter as Senegal judges it: when it was stamped."""
    receiver = Receiver(
        state="SN",
        own_cards=frozenset(card.digest for card in own_chain(bureau.other.home).cards),
        identities=bureau.other.sealing_identities,
        directory=TrustDirectory([own_chain(home), own_chain(bureau.other.home)]),
    )
    arrival = Arrival(bureau.office.clock.now(), "NL")
    return check_letter(sealed, receiver, arrival=arrival, record=exchange.Record()).stamped_at


@pytest.mark.network
@pytest.mark.judge
def test_letters_are_stamped_by_the_service_and_signed_twice_once_the_card_says_so(db: None, tmp_path: Path) -> None:
    now = SystemClock().now()
    keys = authority(now)
    nl, sn = (
        replace(make_home(tmp_path / state, state, f"Fictional {state}", founded=now), clock=FixedClock(now))
        for state in ("NL", "SN")
    )
    (nl.home.keys / "tsa.pem").write_bytes(keys.certificate)
    with service(by_openssl(tmp_path, keys)) as url:
        office = settled(nl, SignaturePolicy(url, "keys/tsa.pem", second=True))
        card = own_chain(office.home).newest.card
        assert card.timestamp_certificates == (keys.certificate.decode(),)
        assert len(card.second_signing_certificates) == 1
        with using(office):
            bureau = open_bureau(office, sn)
            seal_draft(bureau.approved(bureau.drafted()).pk)
            row = OutgoingLetter.objects.get()
            container = read_copy(row.pk)
        stamped = judged(bureau, bytes(row.sealed), office.home)
    assert stamped is not None
    assert abs(stamped - now) < dt.timedelta(minutes=10)
    # Whoever knows the second certificate alone can tell as well; without that signature the letter is refused.
    verify_container(
        open_container(container, limits=LETTER_LIMITS), trusted=card.second_signing_certificates, at=now, number=2
    )
    once = pack_letter_once(office, container, now)
    with pytest.raises(SignatureRefusedError) as refusal:
        judged(bureau, once, office.home)
    assert refusal.value.code == "signature-missing"


def pack_letter_once(office: Office, container: bytes, now: dt.datetime) -> bytes:
    """The same letter with the first signature alone, sealed to Senegal."""
    opened = open_container(container, limits=LETTER_LIMITS)
    letter = read_letter(opened)
    signing = Signing(
        office.authority_signer, now, LocalTimestamper(pki.state("NL").timestamp.signer, clock=office.clock)
    )
    recipients = trust_directory_of(office).card(letter.recipient.card).card.letter_recipients
    once = pack_letter(letter, opened.members[ACT_MEMBER], signing=signing)
    return seal_letter(once, recipients, chance=office.identifiers)


def trust_directory_of(office: Office) -> TrustDirectory:
    with using(office):
        return trust_directory()


@pytest.fixture
def home(tmp_path: Path) -> Office:
    """An office with the certificate of a service in its home."""
    office = fresh_office(tmp_path / "nl")
    (office.home.keys / "tsa.pem").write_bytes(authority(NOW).certificate)
    return office


POLICY = SignaturePolicy("http://127.0.0.1:9/tsr", "keys/tsa.pem")


def test_until_the_next_card_the_key_that_the_card_names_stamps(home: Office) -> None:
    write_home(replace(home.home, signatures=POLICY))
    office = Office(load_home(home.home.folder), home.clock, home.identifiers)
    assert isinstance(office.timestamper, LocalTimestamper)
    assert office.second_signer is None
    (warning,) = (each for each in checking.card(office.home, office.clock) if "the card decides" in each)
    assert "dedere card rotate" in warning
    after = settled(office, replace(POLICY, second=True))
    assert isinstance(after.timestamper, ServiceTimestamper)
    assert list(checking.card(after.home, after.clock)) == list(checking.keys_open(after.home, after.clock)) == []
    (after.home.keys / "second.2.key").unlink()
    assert any("second key" in each for each in checking.keys_open(after.home, after.clock))


def test_going_back_names_a_key_of_the_house_again_and_one_signature(home: Office) -> None:
    with_both = settled(home, replace(POLICY, second=True))
    assert with_both.second_signer is not None
    back = settled(with_both, SignaturePolicy())
    assert isinstance(back.timestamper, LocalTimestamper)
    assert back.second_signer is None
    chain = own_chain(back.home)
    assert [len(card.card.second_signing_certificates) for card in chain.cards] == [0, 1, 0]
    # The card after one that names a second key is signed with that as well, or partners would not follow it.
    again = settled(back, replace(POLICY, second=True))
    made = own_chain(again.home).newest.card.second_signing_certificates
    next_one = issue_next(
        again.home, Wish(frozenset({KeyUse.SECOND})), clock=again.clock, identifiers=again.identifiers
    )
    assert next_one.card.second_signing_certificates != made


def test_the_next_card_ends_no_later_than_the_certificate_of_the_service(home: Office) -> None:
    day = dt.timedelta(days=1)
    short = pki.holder(Purpose.TIMESTAMP, "NL", valid_from=NOW - 60 * day, valid_until=NOW + 100 * day)
    (home.home.keys / "tsa.pem").write_bytes(short.certificate)
    settled(home, POLICY)
    assert own_chain(home.home).newest.card.valid_until == (NOW + 100 * day).date()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"stamped_by": ""}, "needs both"),
        ({"stamp_certificates": ""}, "needs both"),
        ({"stamped_by": "tsa.example.org"}, "an address like"),
    ],
)
def test_half_a_service_is_refused_by_name(home: Office, change: dict[str, str], sentence: str) -> None:
    write_home(replace(home.home, signatures=replace(POLICY, **change)))  # type: ignore[arg-type]  # texts alone
    with pytest.raises(InputError, match=sentence):
        load_home(home.home.folder)


def test_a_certificate_that_is_not_there_or_is_none_is_said(home: Office) -> None:
    path = home.home.keys / "tsa.pem"
    path.write_text("no certificate", encoding="ascii")
    with pytest.raises(InputError, match="holds no certificate of the time-stamping service"):
        settled(home, POLICY)
    path.unlink()
    with pytest.raises(FacilityError, match=r"tsa\.pem cannot be read"):
        settled(home, POLICY)


class Service:
    """A service that fails, or stamps with some key. Counts how often it was asked."""

    def __init__(self, signer: LocalTimestamper | None) -> None:
        self.signer = signer
        self.asked = 0

    def stamp(self, data: bytes) -> bytes:
        self.asked += 1
        if self.signer is None:
            raise TimestampServiceError("The time-stamping service does not answer.")
        return self.signer.stamp(data)


def test_a_service_that_fails_is_left_alone_for_half_a_minute_and_then_asked_again() -> None:
    clock, keys = FixedClock(NOW), authority(NOW)
    service = Service(None)
    stamper = ServiceTimestamper(service, trusted=(keys.certificate.decode(),), clock=clock)
    for _ in range(3):
        with pytest.raises(TimestampServiceError):
            stamper.stamp(b"letter")
    assert service.asked == 1
    clock.advance(SILENT_FOR)
    service.signer = LocalTimestamper(keys.signer, clock=clock)
    assert stamper.stamp(b"letter")
    assert stamper.stamp(b"another")
    assert service.asked == 3


def test_a_stamp_that_partners_would_not_take_never_leaves_the_house() -> None:
    clock = FixedClock(NOW)
    stranger = Service(LocalTimestamper(authority(NOW).signer, clock=clock))
    stamper = ServiceTimestamper(stranger, trusted=(authority(NOW).certificate.decode(),), clock=clock)
    with pytest.raises(TimestampServiceError, match="would not take"):
        stamper.stamp(b"letter")
