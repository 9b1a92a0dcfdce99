"""Scenarios of letters: every mutation of a sound letter, and the layer that refuses it."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto.age import X25519Identity, open_sealed
from dedere.crypto.age import seal as seal_bytes
from dedere.crypto.canonical import canonical_json
from dedere.crypto.keys import FileSigner, Purpose, generate_second_signing_key
from dedere.protocol.archive import write_archive
from dedere.protocol.card import CardChain, pack_card
from dedere.protocol.container import Signing, open_container, pack_container
from dedere.protocol.letter import ACT_MEMBER, LETTER_MEMBER, LetterRef, Party, pack_letter, read_letter
from support import exchange, pki
from support.exchange import PDF, identifier, part_of, plain_letter
from support.scenarios import Row
from support.vectors import Scenario, decode, encode, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.protocol.letter import Letter
    from support.vectors import Given

NOW = exchange.NOW
_DAY = dt.timedelta(days=1)


def given(sealed: bytes, **changes: object) -> Given:
    """Everything that SN knows when `sealed` arrives from NL."""
    value: Given = {
        "state": "SN",
        "own_cards": [exchange.card_of("SN").digest],
        "identities": [pki.state("SN").sealing.encode()],
        "chains_b64": [[encode(exchange.card_of(state).container)] for state in ("NL", "SN")],
        "now": format_instant(NOW),
        "caller": "NL",
        "sealed_b64": encode(sealed),
    }
    return {**value, **changes}


def of(letter: Letter, **changes: object) -> Given:
    """The same for a letter, packed and sealed as it should be."""
    return given(exchange.seal(exchange.pack(letter)), **changes)


def raw(json: bytes, *, pdf: bytes = PDF, more: dict[str, bytes] | None = None) -> Given:
    """A letter with any bytes for its JSON, signed and padded as if all were well."""
    members = {LETTER_MEMBER: json, ACT_MEMBER: pdf, **(more or {})}
    return given(exchange.seal(_packed(members)))


def edited(**changes: object) -> Given:
    """A letter whose JSON has `changes`."""
    return raw(canonical_json({**plain_letter().as_json(), **changes}))


def flipped(data: bytes, place: int) -> bytes:
    """`data` with one bit changed."""
    place %= len(data)
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def _packed(members: dict[str, bytes]) -> bytes:
    keys = pki.state("NL")
    stamper = keys.timestamper(NOW)
    return pack_container(members, signer=keys.authority.signer, signed_at=NOW, timestamper=stamper, pad=True)


def _signed_by(signing: Signing) -> Given:
    return given(exchange.seal(pack_letter(plain_letter(), PDF, signing=signing)))


def _without_padding() -> Given:
    keys = pki.state("NL")
    members = {LETTER_MEMBER: canonical_json(plain_letter().as_json()), ACT_MEMBER: PDF}
    return given(exchange.seal(pack_container(members, signer=keys.authority.signer, signed_at=NOW)))


def _container_flipped() -> Given:
    container = exchange.good_container()
    return given(exchange.seal(flipped(container, container.index(PDF) + 3)))


def _signature_of_other_letter() -> Given:
    """The signature of one letter put under the manifest of another, whose digests hold."""
    ours = _members(exchange.good_container())
    other = _members(exchange.pack(plain_letter(id=identifier("other"))))
    swapped = {**ours, "META-INF/signature001.p7s": other["META-INF/signature001.p7s"]}
    return given(exchange.seal(_padded(swapped)))


def _members(container: bytes) -> dict[str, bytes]:
    opened = open_container(container)
    return {
        "mimetype": b"application/vnd.etsi.asic-e+zip",
        **opened.members,
        "META-INF/ASiCManifest001.xml": opened.signatures[0].manifest,
        "META-INF/signature001.p7s": opened.signatures[0].signature,
    }


def _padded(members: dict[str, bytes]) -> bytes:
    bare = len(write_archive({**members, "META-INF/padding": b""}))
    return write_archive({**members, "META-INF/padding": bytes(16 * 1024 - bare)})


def _classical_only() -> Given:
    """Sealed to a classical key, although the card offers a hybrid one; SN gives no classical identity."""
    weak = X25519Identity.generate(SeededIdentifiers("weak"))
    sealed = seal_bytes(exchange.good_container(), [weak.recipient], chance=SeededIdentifiers("x"))
    return given(sealed)


def _mldsa() -> pki.Holder:
    return pki.holder(Purpose.AUTHORITY, key=generate_second_signing_key())


@functools.cache
def with_second() -> tuple[CardChain, FileSigner]:
    """A card of NL that promises a second signature (ML-DSA-65), and the key that makes it."""
    second = _mldsa()
    card = exchange.plain_card("NL", second_signing_certificates=(second.certificate.decode(),))
    signing = Signing(pki.state("NL").authority.signer, NOW, second_signer=second.signer)
    return CardChain.begin(pack_card(card, signing=signing).container), second.signer


def _second(*, present: bool, wrong: bool = False) -> Given:
    chain, signer = with_second()
    letter = plain_letter(sender=chain.newest.party)
    keys = pki.state("NL")
    signer = _mldsa().signer if wrong else signer
    signing = Signing(
        keys.authority.signer, NOW, timestamper=keys.timestamper(NOW), second_signer=signer if present else None
    )
    chains = [[encode(chain.newest.container)], [encode(exchange.card_of("SN").container)]]
    return given(exchange.seal(pack_letter(letter, PDF, signing=signing)), chains_b64=chains)


def _revoked(*, compromised: bool, since: dt.datetime = NOW - _DAY) -> Given:
    item = {"card": exchange.card_of("NL").digest, "since": format_instant(since), "compromised": compromised}
    return of(plain_letter(), revocations=[item])


def _known(letter: Letter, digest: str, *, placed: bool = True) -> dict[str, object]:
    known: dict[str, object] = {"id": letter.id, "digest": digest}
    if placed:
        known |= {"sender": letter.sender.state, "case": letter.case, "sequence": letter.sequence}
    return known


def _stamped_late() -> Signing:
    keys = pki.state("NL")
    return Signing(keys.authority.signer, NOW, timestamper=keys.timestamper(NOW + 2 * _DAY))


def _stamped_by_stranger() -> Signing:
    return Signing(pki.state("NL").authority.signer, NOW, timestamper=pki.state("SN").timestamper(NOW))


def _signed_at_other_time() -> Given:
    """Signature and time-stamp of an hour before what the letter says."""
    keys, at = pki.state("NL"), NOW - dt.timedelta(hours=1)
    members = {LETTER_MEMBER: canonical_json(plain_letter().as_json()), ACT_MEMBER: PDF}
    packed = pack_container(
        members, signer=keys.authority.signer, signed_at=at, timestamper=keys.timestamper(NOW), pad=True
    )
    return given(exchange.seal(packed))


def _other() -> Letter:
    return plain_letter(id=identifier("other"))


_PART = part_of("film")
_DIGEST = hashlib.sha256(b"another letter").hexdigest()

ROWS: tuple[Row, ...] = (
    # The seal
    Row("seal-empty", "Nothing at all", "P-102", lambda: given(b""), "seal", "seal-broken"),
    Row("seal-not-age", "A container that is not sealed", "P-102", lambda: given(exchange.good_container()), "seal", "seal-broken"),
    Row("seal-other-recipient", "Sealed to another authority", "P-102", lambda: given(exchange.seal(exchange.good_container(), "NL")), "seal", "seal-not-for-us"),
    Row("seal-downgraded", "Sealed to a classical key only", "P-055", _classical_only, "seal", "seal-not-for-us"),
    Row("seal-version-flipped", "A flipped bit in the first line", "P-102", lambda: given(flipped(exchange.good_sealed(), 3)), "seal", "seal-broken"),
    Row("seal-header-flipped", "A flipped bit in the MAC", "P-102", lambda: given(flipped(exchange.good_sealed(), exchange.good_sealed().index(b"--- ") + 8)), "seal", "seal-broken"),
    Row("seal-payload-flipped", "A flipped bit in the payload", "P-102", lambda: given(flipped(exchange.good_sealed(), -100)), "seal", "seal-broken"),
    Row("seal-truncated", "The last byte is missing", "P-102", lambda: given(exchange.good_sealed()[:-1]), "seal", "seal-broken"),
    Row("seal-half", "Half of it is missing", "P-102", lambda: given(exchange.good_sealed()[: len(exchange.good_sealed()) // 2]), "seal", "seal-broken"),
    Row("seal-extended", "A byte too many", "P-102", lambda: given(exchange.good_sealed() + b"\0"), "seal", "seal-broken"),
    # The container
    Row("container-byte-flipped", "A flipped bit within a member", "P-103", _container_flipped, "container", "container-checksum"),
    Row("not-padded", "A letter without padding", "P-103", _without_padding, "container", "container-padding"),
    Row("empty-inside", "Nothing inside the seal", "P-103", lambda: given(exchange.seal(b"")), "container", "container-truncated"),
    # The content
    Row("no-letter-json", "A container without letter.json", "P-104", lambda: given(exchange.seal(_packed({"other.json": b"{}"}))), "content", "content-missing"),
    Row("no-act-pdf", "A letter without its readable act", "P-104", lambda: given(exchange.seal(_packed({LETTER_MEMBER: canonical_json(plain_letter().as_json())}))), "content", "content-missing"),
    Row("one-member-too-many", "A letter with another member", "P-104", lambda: raw(canonical_json(plain_letter().as_json()), more={"more.txt": b"x"}), "content", "content-missing"),
    Row("json-spaced", "JSON with a space", "P-032", lambda: raw(canonical_json(plain_letter().as_json()).replace(b",", b", ", 1)), "content", "content-canonical"),
    Row("json-name-twice", "JSON with one name twice", "P-032", lambda: raw(canonical_json(plain_letter().as_json()).replace(b'{"act"', b'{"act":{},"act"', 1)), "content", "content-canonical"),
    Row("json-nan", "JSON with a number that is none", "P-032", lambda: raw(canonical_json(plain_letter().as_json()).replace(b'"sequence":1', b'"sequence":NaN')), "content", "content-canonical"),
    Row("json-deep", "JSON nested a thousandfold", "P-032", lambda: raw(b'{"act":' + b"[" * 1000 + b"]" * 1000 + b"}"), "content", "content-canonical"),
    Row("json-not-utf8", "JSON in no encoding", "P-032", lambda: raw(b'{"act":"\xff"}'), "content", "content-canonical"),
    Row("json-list", "A list instead of an object", "P-033", lambda: raw(b"[]"), "content", "content-version"),
    Row("version-unknown", "A version of the future", "P-033", lambda: edited(version="dedere-letter/9"), "content", "content-version"),
    Row("version-of-receipt", "The version of a receipt", "P-033", lambda: edited(version="dedere-machine-receipt/1"), "content", "content-version"),
    Row("version-missing", "No version", "P-033", lambda: raw(b"{}"), "content", "content-version"),
    Row("unknown-member", "An unknown name in the JSON", "P-034", lambda: edited(more=1), "content", "content-schema"),
    Row("sequence-text", "A number as text", "P-034", lambda: edited(sequence="1"), "content", "content-schema"),
    Row("sequence-zero", "A sequence before the first", "P-041", lambda: edited(sequence=0), "content", "content-schema"),
    Row("identifier-shape", "An identifier with a path in it", "P-034", lambda: edited(id="../../../../etc/passwd"), "content", "content-schema"),
    Row("state-shape", "A State that is no code", "P-034", lambda: edited(sender={"state": "nl", "card": "0" * 64}), "content", "content-schema"),
    Row("instant-impossible", "The thirtieth of February", "P-034", lambda: edited(sealed_at="2026-02-30T00:00:00Z"), "content", "content-schema"),
    Row("instant-with-zone", "An instant in another zone", "P-034", lambda: edited(sealed_at="2026-11-24T10:30:00+01:00"), "content", "content-schema"),
    Row("part-name-path", "A part whose name is a path", "P-045", lambda: edited(parts=[{**_PART.as_json(), "name": "a/../b"}]), "content", "content-schema"),
    Row("part-size-negative", "A part of negative size", "P-045", lambda: edited(parts=[{**_PART.as_json(), "size": -1}]), "content", "content-schema"),
    Row("act-not-pdf", "A web page instead of a PDF", "P-104", lambda: raw(canonical_json(plain_letter().as_json()), pdf=b"<html>"), "content", "content-schema"),
    # Trust
    Row("card-unknown", "A card that nobody pinned", "P-105", lambda: of(plain_letter(sender=Party("NL", _DIGEST))), "trust", "card-unknown"),
    Row("card-of-other-state", "A State under the card of another", "P-105", lambda: of(plain_letter(sender=Party("FR", exchange.card_of("NL").digest)), caller="FR"), "trust", "card-unknown") ,
    Row("card-expired", "Sealed after the card's last day", "P-065", lambda: of(plain_letter(sealed_at=dt.datetime(2028, 1, 1, tzinfo=dt.UTC)), now="2028-01-01T00:00:00Z"), "trust", "card-expired"),
    Row("card-not-yet", "Sealed before the card's first day", "P-065", lambda: of(plain_letter(sealed_at=dt.datetime(2025, 12, 31, tzinfo=dt.UTC))), "trust", "card-expired"),
    Row("card-stale", "In time, but it arrives half a year after the card's end", "P-066", lambda: of(plain_letter(), now="2028-06-30T00:00:00Z"), "trust", "card-stale"),
    Row("card-revoked", "Sealed after the card was revoked", "P-067", lambda: _revoked(compromised=False), "trust", "card-revoked"),
    Row("card-compromised", "Under a compromised card, dated before", "P-067", lambda: _revoked(compromised=True, since=NOW + _DAY), "trust", "card-compromised"),
    # The signature
    Row("signed-by-other-state", "Signed by another authority's key", "P-106", lambda: _signed_by(exchange.signing_of("SN")), "signature", "signature-invalid"),
    Row("signed-by-gateway-key", "Signed by the gateway's key", "P-106", lambda: _signed_by(Signing(pki.state("NL").gateway.signer, NOW, timestamper=pki.state("NL").timestamper(NOW))), "signature", "signature-invalid"),
    Row("signature-of-other-letter", "The signature of another letter", "P-106", _signature_of_other_letter, "signature", "signature-invalid"),
    Row("stamp-stripped", "Without the time-stamp that the card promises", "P-106", lambda: _signed_by(exchange.signing_of("NL", stamped=False)), "signature", "signature-level"),
    Row("stamp-by-stranger", "Time-stamped by somebody the card does not name", "P-106", lambda: _signed_by(_stamped_by_stranger()), "signature", "signature-level"),
    Row("stamp-late", "Time-stamped two days later", "P-106", lambda: _signed_by(_stamped_late()), "signature", "signature-time"),
    Row("signed-at-other-time", "Signed an hour before the letter says", "P-106", _signed_at_other_time, "signature", "signature-time"),
    Row("second-signature-stripped", "Without the second signature that the card promises", "P-106", lambda: _second(present=False), "signature", "signature-missing"),
    Row("second-signature-wrong", "With a second signature by another key", "P-106", lambda: _second(present=True, wrong=True), "signature", "signature-invalid"),
    # The address
    Row("caller-differs", "Brought by another State than the one that wrote it", "P-107", lambda: of(plain_letter(), caller="FR"), "address", "sender-differs"),
    Row("recipient-other-state", "For another State", "P-107", lambda: of(plain_letter(recipient=exchange.card_of("NL").party)), "address", "recipient-wrong"),
    Row("recipient-other-card", "For a card that was never ours", "P-107", lambda: of(plain_letter(recipient=Party("SN", _DIGEST))), "address", "recipient-wrong"),
    Row("announced-other-id", "Announced under another identifier", "P-107", lambda: of(plain_letter(), announced_id=identifier("other")), "address", "letter-id-differs"),
    Row("future", "Sealed tomorrow", "P-107", lambda: of(plain_letter(sealed_at=NOW + _DAY)), "address", "sealed-in-future"),
    # The parts
    Row("parts-same-id", "Two parts with one identifier", "P-108", lambda: of(plain_letter(parts=(_PART, _PART))), "parts", "parts-contradict"),
    Row("part-sealed-too-small", "A sealed size below the plain one", "P-108", lambda: of(plain_letter(parts=(replace(_PART, sealed_size=10),))), "parts", "parts-contradict"),
    Row("part-sealed-too-large", "A sealed size that hides something", "P-108", lambda: of(plain_letter(parts=(replace(_PART, sealed_size=10_000_000),))), "parts", "parts-contradict"),
    Row("part-over-limit", "A part larger than is taken here", "P-108", lambda: of(plain_letter(parts=(_PART,)), limits={"part_bytes": 100}), "parts", "parts-too-many"),
    Row("parts-over-limit", "Parts that are too large together", "P-108", lambda: of(plain_letter(parts=(_PART,)), limits={"parts_bytes": 100}), "parts", "parts-too-many"),
    Row("too-many-parts", "More parts than are taken here", "P-108", lambda: of(plain_letter(parts=(_PART,)), limits={"parts": 0}), "parts", "parts-too-many"),
    # Order
    Row("id-reused", "Another letter with this identifier is here", "P-109", lambda: of(plain_letter(), known=[_known(plain_letter(), _DIGEST)]), "order", "letter-id-reused"),
    Row("sequence-taken", "Another letter has this place", "P-109", lambda: of(plain_letter(), known=[_known(_other(), _DIGEST)]), "order", "sequence-taken"),
    Row("answers-other-digest", "It answers other bytes than we hold", "P-109", lambda: of(plain_letter(answers=(LetterRef(identifier("other"), "0" * 64),)), known=[_known(_other(), _DIGEST, placed=False)]), "order", "answers-wrong"),
    Row("answers-itself", "It answers itself", "P-109", lambda: of(plain_letter(answers=(LetterRef(identifier("letter"), "0" * 64),))), "order", "answers-wrong"),
)  # fmt: skip


def _accepted(name: str, title: str, requirement: str, value: Given, *, duplicate: bool = False) -> Scenario:
    opened = open_container(open_sealed(decode(value["sealed_b64"]), [pki.state("SN").sealing]))
    expected = {
        "result": "accepted",
        "letter": read_letter(opened).id,
        "digest": opened.digest,
        "duplicate": duplicate,
    }
    return Scenario(f"letter-{name}", title, (requirement,), "take-in-letter", value, expected)


def scenarios() -> Iterator[Scenario]:
    """Every scenario of this topic."""
    good = exchange.good_container()
    digest = hashlib.sha256(good).hexdigest()
    yield _accepted("sound", "A sound letter", "P-100", given(exchange.good_sealed()))
    yield _accepted("by-hand", "The same letter, by hand", "P-107", given(exchange.good_sealed(), caller=None))
    yield _accepted(
        "again",
        "The same letter again: the same receipt, nothing changes",
        "P-110",
        given(exchange.good_sealed(), known=[_known(plain_letter(), digest)]),
        duplicate=True,
    )
    yield _accepted("with-parts", "A letter that announces a part", "P-108", of(plain_letter(parts=(_PART,))))
    yield _accepted(
        "early",
        "It answers a letter that is not here yet: it is taken and waits",
        "P-111",
        of(plain_letter(answers=(LetterRef(identifier("other"), _DIGEST),), sequence=7)),
    )
    yield _accepted(
        "old", "A letter of a card that ended a month ago", "P-066", of(plain_letter(), now="2028-01-20T00:00:00Z")
    )
    yield _accepted(
        "before-revocation",
        "Sealed before the card was revoked",
        "P-067",
        _revoked(compromised=False, since=NOW + _DAY),
    )
    yield _accepted("second-signature", "A letter with a second signature", "P-025", _second(present=True))
    for row in ROWS:
        yield Scenario(
            f"letter-{row.name}",
            row.title,
            (row.requirement,),
            "take-in-letter",
            row.given(),
            refused(row.layer, row.code),
        )
