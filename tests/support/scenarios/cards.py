"""Scenarios of cards: chains that follow and chains that do not, and which card judges a letter."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dedere.base.clock import format_instant
from dedere.crypto.canonical import canonical_json
from dedere.protocol.card import CARD_MEMBER, fingerprint
from dedere.protocol.container import pack_container
from support import pki
from support.exchange import NOW, card_of, plain_card, sign_card
from support.scenarios import Row
from support.vectors import Scenario, encode, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.protocol.card import Card, SignedCard
    from support.vectors import Given


def next_card(**changes: object) -> Card:
    """The second card of NL, unsigned, which names the authority key of MN as NL's new one."""
    new_keys = pki.state("MN").authority.certificate.decode()
    values: dict[str, object] = {
        "serial": 2,
        "previous": card_of("NL").digest,
        "valid_from": dt.date(2026, 6, 1),
        "signing_certificates": (new_keys,),
    }
    return plain_card("NL", **{**values, **changes})


def _chain(*cards: SignedCard | bytes) -> Given:
    return {"cards_b64": [encode(card if isinstance(card, bytes) else card.container) for card in cards]}


def _raw(*, more: dict[str, bytes] | None = None, pad: bool = False, **changes: object) -> bytes:
    """A card with any JSON, signed by NL."""
    json = canonical_json({**plain_card("NL").as_json(), **changes})
    signer = pki.state("NL").authority.signer
    return pack_container({CARD_MEMBER: json, **(more or {})}, signer=signer, signed_at=NOW, pad=pad)


def _two(card: Card, *, by: str = "NL") -> Given:
    return _chain(card_of("NL"), sign_card(card, by=by))


def _promised_second_missing() -> Given:
    second = pki.state("MN").gateway.certificate.decode()
    return _chain(sign_card(plain_card("NL", second_signing_certificates=(second,))))


ROWS: tuple[Row, ...] = (
    Row("no-cards", "A chain without cards", "P-051", lambda: {"cards_b64": []}, "trust", "card-chain"),
    Row("first-signed-by-other", "A first card signed by another authority", "P-051", lambda: _chain(sign_card(plain_card("NL"), by="SN")), "signature", "signature-invalid"),
    Row("first-follows-another", "A first card that claims to follow one", "P-051", lambda: _chain(sign_card(next_card())), "trust", "card-chain"),
    Row("serial-skipped", "The third card after the first", "P-052", lambda: _two(next_card(serial=3)), "trust", "card-chain"),
    Row("previous-wrong", "A card that follows another than the newest", "P-052", lambda: _two(next_card(previous=card_of("SN").digest)), "trust", "card-chain"),
    Row("other-state", "A card of another State in the chain", "P-052", lambda: _two(next_card(state="SN")), "trust", "card-chain"),
    Row("rolled-back", "A card that begins before the one it follows", "P-052", lambda: _two(next_card(valid_from=dt.date(2025, 1, 1))), "trust", "card-chain"),
    Row("repeated", "The same card twice", "P-052", lambda: _chain(card_of("NL"), card_of("NL")), "trust", "card-chain"),
    Row("signed-by-new-key", "A card signed by the key that only it names", "P-052", lambda: _two(next_card(), by="MN"), "signature", "signature-invalid"),
    Row("ends-before-it-begins", "Valid until a day before it begins", "P-053", lambda: _chain(_raw(valid_from="2026-02-01", valid_until="2026-01-01")), "trust", "card-content"),
    Row("first-with-previous", "Serial one, but it names a previous card", "P-053", lambda: _chain(_raw(previous="0" * 64)), "trust", "card-content"),
    Row("day-impossible", "A day that does not exist", "P-053", lambda: _chain(_raw(valid_from="2026-02-30")), "content", "content-schema"),
    Row("no-signing-key", "No authority key", "P-050", lambda: _chain(_raw(signing_certificates=[])), "content", "content-schema"),
    Row("no-sealing-key", "No key to seal to", "P-050", lambda: _chain(_raw(sealing_recipients=[])), "content", "content-schema"),
    Row("address-plain", "An address without TLS", "P-050", lambda: _chain(_raw(addresses=["http://127.0.0.1"])), "content", "content-schema"),
    Row("address-with-path", "An address with a path and a user", "P-050", lambda: _chain(_raw(addresses=["https://user@127.0.0.1/path"])), "content", "content-schema"),
    Row("member-too-many", "Another member", "P-050", lambda: _chain(_raw(more={"more.txt": b"x"})), "content", "content-missing"),
    Row("padded", "Padding, which only letters have", "P-026", lambda: _chain(_raw(pad=True)), "content", "content-missing"),
    Row("second-signature-missing", "Without the second signature it promises", "P-056", _promised_second_missing, "signature", "signature-missing"),
)  # fmt: skip

_DAY = dt.timedelta(days=1)


def _judged(
    card: str,
    sealed_at: dt.datetime,
    *,
    now: dt.datetime | None = None,
    revocations: list[dict[str, object]] | None = None,
) -> Given:
    chain = [card_of("NL"), sign_card(next_card(), by="NL")]
    return {
        "chains_b64": [[encode(each.container) for each in chain]],
        "revocations": revocations or [],
        "card": card,
        "sealed_at": format_instant(sealed_at),
        "now": format_instant(now or sealed_at),
    }


def scenarios() -> Iterator[Scenario]:
    """Every scenario of this topic."""
    first, second = card_of("NL"), sign_card(next_card())
    yield Scenario(
        "card-chain-of-two",
        "A second card with a new key, signed by the key of the first",
        ("P-050", "P-051", "P-052"),
        "follow-cards",
        _chain(first, second),
        {"result": "accepted", "newest": second.digest, "fingerprint": second.fingerprint},
    )
    yield Scenario(
        "card-old-still-judges",
        "A letter under the first card, while the second is out already",
        ("P-065",),
        "card-for-letter",
        _judged(first.digest, NOW),
        {"result": "accepted", "card": first.digest},
    )
    digest = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
    yield Scenario(
        "fingerprint",
        "The digits that people compare",
        ("P-054",),
        "fingerprint",
        {"digest": digest},
        {"result": "accepted", "fingerprint": fingerprint(digest)},
    )
    for row in ROWS:
        yield Scenario(
            f"card-{row.name}", row.title, (row.requirement,), "follow-cards", row.given(), refused(row.layer, row.code)
        )
    worse = [
        {"card": first.digest, "since": format_instant(NOW + 30 * _DAY), "compromised": False},
        {"card": first.digest, "since": format_instant(NOW + 60 * _DAY), "compromised": True},
    ]
    yield Scenario(
        "card-revoked-then-compromised",
        "A revocation that turned out to be a compromise",
        ("P-068",),
        "card-for-letter",
        _judged(first.digest, NOW, revocations=worse),
        refused("trust", "card-compromised"),
    )
