"""Bad input at a whole node: refused at the layer that decides, with its code, logged, and nothing of it stored.

The node is the authority to which the published vectors are addressed, so that each of them is tried on a node with a
database and a disk, and not only on the rules. Everything here is fictional.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.apps import apps

from dedere.base.clock import FixedClock, parse_instant
from dedere.base.errors import InputError
from dedere.casework.acts import Role
from dedere.gateway import urls
from dedere.gateway.admission import Bounds
from dedere.gateway.endpoints import Gateway
from dedere.node.accounts.actions import NewOfficer, invite_officer
from dedere.node.accounts.models import Officer
from dedere.node.audit.models import Event
from dedere.node.cases.actions import start_draft_from_file
from dedere.node.cases.models import Case, Letter
from dedere.node.exchange.actions import pin_card, pin_cards, receive_letter
from dedere.node.exchange.actions.refusals import RefusalLog
from dedere.node.exchange.models import IncomingPart, PartnerCard
from dedere.node.office import Office, using
from dedere.protocol.card import CardChain, Revocation, pack_card
from dedere.protocol.codes import registry
from dedere.protocol.container import MIMETYPE, Signing, open_container
from dedere.protocol.errors import ProtocolRefusedError
from dedere.protocol.letter import MAX_SEALED_BYTES
from support import exchange, pki
from support.doors import sealed_part
from support.exchange import identifier, plain_letter
from support.knocking import LETTER_TYPE, PIECE_HEADERS, Caller
from support.knownkeys import office_of
from support.scenarios import scenarios_of
from support.scenarios.letters import flipped
from support.vectors import Given, Scenario, decode
from support.zips import Zip, entries_of

# The log is where a refusal may show, and so may the wish to see a partner's newest card.
SHOWS = {"audit.Event", "audit.Frontier", "exchange.CardLook"}
ACT = {**exchange.ACT, "kind": "notification"}


@dataclass
class Node:
    """SN as the vectors know it, NL before its door."""

    office: Office
    caller: Caller

    @property
    def clock(self) -> FixedClock:
        assert isinstance(self.office.clock, FixedClock)
        return self.office.clock

    def receives(self, sealed: bytes, *, caller: str | None = "NL", announced: str | None = None) -> bytes:
        return receive_letter(partner=caller, letter_id=announced, sealed=sealed, at=self.clock.now())

    def snapshot(self) -> dict[str, object]:
        """Everything that the node holds, in the database and on the disk, but for the log."""
        rows: dict[str, object] = {
            model._meta.label: sorted(map(repr, model._base_manager.values()))
            for model in apps.get_models()
            if model._meta.label not in SHOWS
        }
        files = (path for path in self.office.home.folder.rglob("*") if path.is_file() and path.suffix != ".lock")
        return rows | {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def node(db: None, tmp_path: Path) -> Iterator[Node]:
    office = office_of(tmp_path / "sn", "SN")
    with using(office):
        pin_card(by=None, container=exchange.card_of("NL").container, fingerprint=exchange.card_of("NL").fingerprint)
        yield Node(office, Caller(gateway_of(), office.clock, "NL", "SN"))


def gateway_of() -> Gateway:
    """The node's own gateway, with a memory of its own."""
    return replace(urls.gateway, bounds=Bounds(), refused=RefusalLog().note)


def events() -> list[tuple[str, str]]:
    return [(event.action, event.details.get("code", "")) for event in Event.objects.order_by("sequence")]


def last_event() -> tuple[str, str, str]:
    event = Event.objects.order_by("-sequence")[0]
    return event.action, event.details["code"], event.details["from"]


def sound_letter(word: str = "sound", **changes: object) -> tuple[str, bytes]:
    letter = replace(plain_letter(id=identifier(word), case=identifier(f"case of {word}"), act=ACT), **changes)  # type: ignore[arg-type]  # the caller names fields of a letter
    return letter.id, exchange.seal(exchange.pack(letter))


# ---- every published vector of a letter and of a container


def refused_letters() -> Iterator[Scenario]:
    for scenario in scenarios_of("letters"):
        # Limits are not the home's to choose, and a mere revocation comes with a card: both have tests of their own.
        revocations = scenario.given.get("revocations", [])
        tried = "limits" not in scenario.given and all(item["compromised"] for item in revocations)
        if scenario.expected["result"] == "refused" and tried:
            yield scenario


def place(node: Node, given: Given) -> None:
    """Have the node know what the vector says it knows."""
    PartnerCard.objects.all().delete()
    for chain in given["chains_b64"]:
        cards = [decode(card) for card in chain]
        newest = CardChain.of(cards).newest
        if newest.card.state != "SN":
            pin_cards(by=None, containers=cards, fingerprint=newest.fingerprint)
    for item in given.get("revocations", []):
        PartnerCard.objects.filter(pk=item["card"]).update(compromised_at=parse_instant(item["since"]))
    for known in given.get("known", []):
        recorded(known)
    node.clock.advance(parse_instant(given["now"]) - node.clock.now())


def recorded(known: Given) -> None:
    now = exchange.NOW
    case, _ = Case.objects.get_or_create(
        pk=known.get("case", identifier("another case")),
        defaults={"partner": "NL", "reference": str(known["id"]), "title": "x", "opened_at": now, "changed_at": now},
    )
    Letter.objects.create(
        pk=known["id"],
        case=case,
        sender=known.get("sender", "NL"),
        recipient="SN",
        sequence=known.get("sequence", 99),
        kind="notification",
        proceeding="first",
        act={},
        sealed_at=now,
        recorded_at=now,
        digest=known["digest"],
        sender_card="",
    )


@pytest.mark.parametrize("scenario", list(refused_letters()), ids=lambda each: each.name)
def test_a_published_bad_letter_leaves_a_line_in_the_log_and_nothing_else(node: Node, scenario: Scenario) -> None:
    given = scenario.given
    place(node, given)
    before, logged = node.snapshot(), Event.objects.count()
    with pytest.raises(ProtocolRefusedError) as refusal:
        node.receives(decode(given["sealed_b64"]), caller=given["caller"], announced=given.get("announced_id"))
    assert (refusal.value.layer.value, refusal.value.code) == (scenario.expected["layer"], scenario.expected["code"])
    assert registry()[refusal.value.code].sentence.endswith(".")
    assert node.snapshot() == before
    assert Event.objects.count() == logged + 1
    assert last_event() == ("letter-refused", scenario.expected["code"], given["caller"] or "by hand")


@pytest.mark.parametrize(
    "scenario",
    [
        each
        for each in scenarios_of("containers")
        if each.expected["result"] == "refused" and each.given["kind"] == "letter"
    ],
    ids=lambda each: each.name,
)
def test_a_published_bad_container_inside_a_good_seal_leaves_only_a_line(node: Node, scenario: Scenario) -> None:
    """Paths that climb out, a bomb, entities, hidden members: what a partner with our key could put into a seal."""
    before = node.snapshot()
    answer = node.caller.brings(identifier("letter"), exchange.seal(decode(scenario.given["container_b64"])))
    assert (answer.status_code, answer.json()["code"]) == (422, scenario.expected["code"])
    assert answer.json()["sentence"] == registry()[scenario.expected["code"]].sentence
    assert node.snapshot() == before
    assert last_event() == ("letter-refused", scenario.expected["code"], "NL")


# ---- one byte


def test_a_flipped_byte_anywhere_in_a_sealed_letter_is_refused_and_the_letter_is_taken_afterwards(node: Node) -> None:
    letter_id, sealed = sound_letter()
    payload = sealed.index(b"\n--- ") + 60
    places = [*range(0, payload, 7), *range(payload, len(sealed), 211), len(sealed) - 1]
    before = node.snapshot()
    for number in places:
        with pytest.raises(ProtocolRefusedError) as refusal:
            node.receives(flipped(sealed, number), announced=letter_id)
        assert refusal.value.code in {"seal-broken", "seal-not-for-us"}, number
    assert node.snapshot() == before
    assert Event.objects.filter(action="letter-refused").count() == len(places)
    assert node.receives(sealed, announced=letter_id)
    assert Letter.objects.get().pk == letter_id


def test_a_flipped_byte_anywhere_in_a_letter_that_was_sealed_again_is_refused(node: Node) -> None:
    letter_id, _ = sound_letter()
    container = exchange.pack(plain_letter(id=letter_id, case=identifier("case of sound"), act=ACT))
    before = node.snapshot()
    codes = set()
    for number in range(0, len(container), 173):
        with pytest.raises(ProtocolRefusedError) as refusal:
            node.receives(exchange.seal(flipped(container, number)), announced=letter_id)
        codes.add(refusal.value.code.partition("-")[0])
    assert codes == {"container"}
    assert node.snapshot() == before


@pytest.mark.parametrize(
    "member", ["letter.json", "act.pdf", "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"]
)
def test_a_changed_member_whose_checksum_was_made_true_is_found_by_manifest_or_signature(
    node: Node, member: str
) -> None:
    opened = open_container(exchange.good_container())
    members = {
        "mimetype": MIMETYPE,
        **opened.members,
        "META-INF/ASiCManifest001.xml": opened.signatures[0].manifest,
        "META-INF/signature001.p7s": opened.signatures[0].signature,
    }
    changed = {**members, member: flipped(members[member], -20)}
    bare = len(Zip([*entries_of(changed), *entries_of({"META-INF/padding": b""})]).data())
    whole = Zip([*entries_of(changed), *entries_of({"META-INF/padding": bytes(16 * 1024 - bare)})]).data()
    before = node.snapshot()
    with pytest.raises(ProtocolRefusedError) as refusal:
        node.receives(exchange.seal(whole))
    assert refusal.value.layer.value in {"container", "signature"}
    assert refusal.value.code in {"manifest-digest", "manifest-form", "signature-invalid"}
    assert node.snapshot() == before
    assert last_event() == ("letter-refused", refusal.value.code, "NL")


# ---- cards


def test_a_letter_sealed_after_its_card_was_revoked_is_refused(node: Node) -> None:
    first = exchange.card_of("NL")
    word = Revocation(first.digest, exchange.NOW - dt.timedelta(days=1), compromised=False, reason="Fictional.")
    content = replace(first.card, serial=2, previous=first.digest, revocations=(word,))
    second = pack_card(content, signing=Signing(pki.state("NL").authority.signer, exchange.NOW))
    pin_card(by=None, container=second.container)
    letter_id, sealed = sound_letter()
    before = node.snapshot()
    with pytest.raises(ProtocolRefusedError) as refusal:
        node.receives(sealed, announced=letter_id)
    assert (refusal.value.layer.value, refusal.value.code) == ("trust", "card-revoked")
    assert node.snapshot() == before


# ---- repetition and order


def test_a_letter_made_again_gets_its_receipt_again_and_changes_nothing(node: Node) -> None:
    letter_id, sealed = sound_letter()
    first = node.caller.brings(letter_id, sealed)
    before, logged = node.snapshot(), Event.objects.count()
    again = node.caller.brings(letter_id, sealed)
    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    assert node.snapshot() == before
    assert Event.objects.count() == logged


def test_a_request_made_again_is_answered_as_a_strangers_and_logged(node: Node) -> None:
    letter_id, sealed = sound_letter()
    headers = {"content-type": LETTER_TYPE, "dedere-letter": letter_id}
    request = node.caller.signed("POST", "/letters", headers=headers, body=sealed)
    assert node.caller.send(request).status_code == 200
    before = node.snapshot()
    answer = node.caller.send(request)
    assert (answer.status_code, answer.content) == (404, b"")
    assert node.snapshot() == before
    assert last_event() == ("request-refused", "request-replayed", "NL")


def test_two_letters_that_came_in_the_wrong_order_are_both_taken_and_the_early_one_waits(node: Node) -> None:
    request = plain_letter(id=identifier("first"), act={**ACT, "kind": "request"})
    container = exchange.pack(request)
    second = plain_letter(id=identifier("second"), sequence=2, answers=(exchange.ref_to(container, request),), act=ACT)
    assert node.receives(exchange.seal(exchange.pack(second)))
    (waiting,) = Case.objects.get().state["waiting"]
    assert waiting["letter"] == second.id
    assert node.receives(exchange.seal(container))
    case = Case.objects.get()
    assert (case.state["waiting"], [entry["letter"] for entry in case.state["timeline"]]) == (
        [],
        [request.id, second.id],
    )
    # Another letter in a place that is taken is no matter of order: it is refused.
    third = replace(second, id=identifier("third"), answers=())
    before = node.snapshot()
    with pytest.raises(ProtocolRefusedError) as refusal:
        node.receives(exchange.seal(exchange.pack(third)))
    assert refusal.value.code == "sequence-taken"
    assert node.snapshot() == before


# ---- at the door


def test_a_body_over_the_limit_is_refused_by_its_length_alone(node: Node) -> None:
    letter_id, sealed = sound_letter()
    headers = {"content-type": LETTER_TYPE, "dedere-letter": letter_id}
    request = node.caller.signed("POST", "/letters", headers=headers, body=sealed)
    request.headers["content-length"] = str(MAX_SEALED_BYTES + 1)
    before = node.snapshot()
    answer = node.caller.send(request)
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
    assert node.snapshot() == before
    assert last_event() == ("request-refused", "body-too-large", "NL")


def test_a_body_that_changed_after_its_digest_was_signed_is_refused(node: Node) -> None:
    letter_id, sealed = sound_letter()
    headers = {"content-type": LETTER_TYPE, "dedere-letter": letter_id}
    request = node.caller.signed("POST", "/letters", headers=headers, body=sealed)
    false = node.caller.send(type(request)("POST", request.url, headers=request.headers, content=flipped(sealed, 500)))
    assert (false.status_code, false.json()["code"]) == (400, "body-digest")
    assert not Letter.objects.exists()
    assert last_event() == ("request-refused", "body-digest", "NL")


def test_a_refused_request_is_logged_once_in_ten_minutes_for_each_code(node: Node) -> None:
    def asks(letter: str) -> None:
        assert node.caller.ask("GET", f"/mailbox/{letter}").json()["code"] == "unknown-object"

    for word in "abc":
        asks(identifier(word))
    assert events().count(("request-refused", "unknown-object")) == 1
    node.caller.ask("POST", "/letters", headers={"content-type": "text/plain", "dedere-letter": "x"}, body=b"")
    assert events().count(("request-refused", "request-form")) == 1
    node.clock.advance(dt.timedelta(minutes=10))
    asks(identifier("d"))
    assert events().count(("request-refused", "unknown-object")) == 2


def test_a_strangers_requests_fill_no_log(node: Node) -> None:
    stranger = Caller(node.caller.gateway, node.clock, "MN", "SN")
    before = events()
    for path in ("/letters", "/card", f"/mailbox/{identifier('letter')}"):
        assert stranger.ask("GET", path).status_code == 404
    answer = stranger.brings(*sound_letter())
    assert (answer.status_code, answer.content) == (404, b"")
    assert events() == before
    assert not Letter.objects.exists()


def test_the_nodes_own_gateway_logs_what_it_refuses() -> None:
    assert isinstance(getattr(urls.gateway.refused, "__self__", None), RefusalLog)


# ---- parts


def test_a_part_that_is_larger_than_anybody_takes_is_not_announced(node: Node) -> None:
    huge = exchange.part_of("film", 2 * 1024**4)
    letter_id, sealed = sound_letter(parts=(huge,))
    before = node.snapshot()
    answer = node.caller.brings(letter_id, sealed)
    assert (answer.status_code, answer.json()["code"]) == (422, "parts-too-many")
    assert node.snapshot() == before
    assert last_event() == ("letter-refused", "parts-too-many", "NL")


def test_a_part_of_another_letter_cannot_be_announced_again(node: Node) -> None:
    part, data = sealed_part("film", b"a fictional film")
    letter_id, sealed = sound_letter(parts=(part,))
    assert node.caller.brings(letter_id, sealed).status_code == 200
    before = node.snapshot()
    other, again = sound_letter("other", parts=(replace(part, name="another.pdf"),))
    answer = node.caller.brings(other, again)
    assert (answer.status_code, answer.json()["code"]) == (422, "parts-contradict")
    assert node.snapshot() == before
    assert last_event() == ("letter-refused", "parts-contradict", "NL")
    headers = {**PIECE_HEADERS, "upload-offset": "0"}
    assert node.caller.ask("PATCH", f"/parts/{letter_id}/{part.id}", headers=headers, body=data).status_code == 204


def test_bad_pieces_of_a_part_are_refused_logged_and_nothing_of_them_kept(node: Node) -> None:
    part, data = sealed_part("film", b"a fictional film")
    letter_id, sealed = sound_letter(parts=(part,))
    node.caller.brings(letter_id, sealed)
    before = node.snapshot()
    path = f"/parts/{letter_id}/{part.id}"
    for offset, body, code in (
        (0, data + b"x", "part-length"),
        (9, data[:9], "part-offset"),
        (0, b"<html>" + bytes(len(data) - 6), "part-digest"),
    ):
        answer = node.caller.ask("PATCH", path, headers={**PIECE_HEADERS, "upload-offset": str(offset)}, body=body)
        assert answer.json()["code"] == code
        assert node.snapshot() == before
    logged = [code for action, code in events() if action == "request-refused"]
    assert logged == ["part-length", "part-digest"]  # another offset is an answer that honest partners get every day
    assert not IncomingPart.objects.exclude(state="expected").exists()


# ---- a request file


@pytest.fixture
def officer(node: Node) -> Officer:
    new = NewOfficer(sign_in_name="awa", name="Awa Diop (fictional)", title="", roles=(Role.CASE_OFFICER,))
    return invite_officer(by=None, new=new)


@pytest.mark.parametrize(
    "data",
    [
        b"format = 7",
        b'format = "dedere-request/1"\n[request]\nkind = 3\nrequesting_state = ["SN"]\nrequested_state = "NL"\n',
        b'format = "dedere-request/1"\nrequest = "mla"\n',
        b'format = "dedere-request/1"\n[request]\nkind = "mla"\nrequesting_state = "SN"\nrequested_state = "NL"\nmore = 1\n',
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
def test_a_request_file_with_wrong_types_is_refused_and_logged(node: Node, officer: Officer, data: bytes) -> None:
    before = node.snapshot()
    with pytest.raises(InputError) as refusal:
        start_draft_from_file(by=officer, name="request.toml", data=data)
    assert refusal.value.code == "request-file"
    assert "\n" not in str(refusal.value)
    assert node.snapshot() == before
    event = Event.objects.order_by("-sequence")[0]
    assert (event.action, event.actor, event.details) == (
        "request-file-refused",
        officer.identifier,
        {"code": "request-file"},
    )
