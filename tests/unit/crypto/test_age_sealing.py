"""Sealing in memory: who can open, what a header may hold, and what changing a byte does."""

from __future__ import annotations

import io

import pytest

from dedere.base.errors import InputError
from dedere.base.identifiers import SeededIdentifiers
from dedere.crypto import age
from dedere.crypto.age.header import MAXIMUM_HEADER, Header, Stanza, encode_header, parse_header
from dedere.crypto.errors import (
    ArmorError,
    KeyTextError,
    NoMatchingIdentityError,
    SealError,
    SealHeaderError,
    SealMacError,
    SealPayloadError,
)

CHANCE = SeededIdentifiers("sealing")
CLASSICAL = [age.X25519Identity.generate(CHANCE) for _ in range(3)]
HYBRID = [age.HybridIdentity.generate(CHANCE) for _ in range(3)]
PASSPHRASE = age.PassphraseRecipient("fictional", work_factor=8)


def sealed_to(*recipients: age.Recipient, data: bytes = b"fictional letter") -> bytes:
    return age.seal(data, recipients, chance=CHANCE)


@pytest.mark.parametrize("identities", [CLASSICAL, HYBRID], ids=["classical", "hybrid"])
def test_each_recipient_opens_alone(identities: list[age.Identity]) -> None:
    recipients = [identity.recipient for identity in identities[:2]]  # type: ignore[attr-defined]  # both kinds have one
    sealed = sealed_to(*recipients)
    assert age.open_sealed(sealed, [identities[0]]) == b"fictional letter"
    assert age.open_sealed(sealed, [identities[2], identities[1]]) == b"fictional letter"
    with pytest.raises(NoMatchingIdentityError):
        age.open_sealed(sealed, [identities[2]])
    with pytest.raises(NoMatchingIdentityError):
        age.open_sealed(sealed, [])


def test_a_passphrase_opens_what_was_sealed_with_it() -> None:
    sealed = sealed_to(PASSPHRASE)
    assert age.open_sealed(sealed, [age.PassphraseIdentity("fictional")]) == b"fictional letter"
    with pytest.raises(NoMatchingIdentityError):
        age.open_sealed(sealed, [age.PassphraseIdentity("other")])
    with pytest.raises(NoMatchingIdentityError):
        age.open_sealed(sealed, [HYBRID[0], CLASSICAL[0]])


def test_an_identity_of_another_kind_passes_over_a_stanza() -> None:
    sealed = sealed_to(HYBRID[0].recipient)
    with pytest.raises(NoMatchingIdentityError):
        age.open_sealed(sealed, [CLASSICAL[0], age.PassphraseIdentity("fictional")])


def test_the_passphrase_cannot_be_empty_and_its_work_is_limited() -> None:
    with pytest.raises(InputError):
        age.PassphraseRecipient("")
    with pytest.raises(SealHeaderError, match="work factor"):
        age.open_sealed(sealed_to(PASSPHRASE), [age.PassphraseIdentity("fictional", maximum_work_factor=7)])


@pytest.mark.parametrize(
    "recipients",
    [
        [],
        [CLASSICAL[0].recipient, HYBRID[0].recipient],
        [PASSPHRASE, PASSPHRASE],
        [PASSPHRASE, HYBRID[0].recipient],
    ],
)
def test_recipients_that_may_not_stand_together_are_refused(recipients: list[age.Recipient]) -> None:
    with pytest.raises(InputError):
        age.seal(b"", recipients, chance=CHANCE)


def test_no_byte_can_be_changed_unnoticed() -> None:
    sealed = sealed_to(CLASSICAL[0].recipient)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealError):
            age.open_sealed(bytes(changed), [CLASSICAL[0]])


def test_sealed_data_cannot_be_cut_or_extended_anywhere() -> None:
    sealed = sealed_to(CLASSICAL[0].recipient)
    for length in range(len(sealed)):
        with pytest.raises(SealError):
            age.open_sealed(sealed[:length], [CLASSICAL[0]])
    with pytest.raises(SealPayloadError):
        age.open_sealed(sealed + b"x", [CLASSICAL[0]])


def test_the_header_of_one_message_does_not_serve_another() -> None:
    first, _ = age.split_sealed(sealed_to(HYBRID[0].recipient))
    _, payload = age.split_sealed(sealed_to(HYBRID[0].recipient))
    with pytest.raises(SealPayloadError):
        age.open_sealed(first + payload, [HYBRID[0]])


def test_an_added_stanza_breaks_the_mac() -> None:
    header, payload = age.split_sealed(sealed_to(HYBRID[0].recipient))
    mark = header.index(b"---")
    with pytest.raises(SealMacError):
        age.open_sealed(header[:mark] + b"-> grease\nAA\n" + header[mark:] + payload, [HYBRID[0]])


def test_a_stanza_with_a_full_last_line_keeps_its_empty_end() -> None:
    stanza = Stanza("grease", ("a", "b"), bytes(48))
    header = encode_header([stanza], file_key=bytes(16))
    assert parse_header(header).stanzas == (stanza,)
    assert b"\n\n---" in header


def test_rewrapping_changes_the_reader_and_not_the_payload() -> None:
    header, payload = age.split_sealed(sealed_to(HYBRID[0].recipient))
    other = age.rewrap_header(header, [HYBRID[0]], [HYBRID[1].recipient], chance=CHANCE)
    assert age.open_sealed(other + payload, [HYBRID[1]]) == b"fictional letter"
    with pytest.raises(NoMatchingIdentityError):
        age.open_sealed(other + payload, [HYBRID[0]])
    with pytest.raises(NoMatchingIdentityError):
        age.rewrap_header(header, [HYBRID[2]], [HYBRID[1].recipient], chance=CHANCE)
    with pytest.raises(SealHeaderError):
        age.rewrap_header(header + b"x", [HYBRID[0]], [HYBRID[1].recipient], chance=CHANCE)


def test_the_same_chance_seals_classically_to_the_same_bytes_and_other_chance_to_others() -> None:
    first, again = (age.seal(b"x", [CLASSICAL[0].recipient], chance=SeededIdentifiers("one")) for _ in range(2))
    assert first == again != age.seal(b"x", [CLASSICAL[0].recipient], chance=SeededIdentifiers("two"))


def test_a_header_that_arrives_in_pieces_is_separated_from_its_payload() -> None:
    sealed = sealed_to(HYBRID[0].recipient, data=bytes(100_000))
    header, payload = age.split_sealed(sealed)
    for size in (1, 7, 4096, len(sealed)):
        splitter = age.HeaderSplitter()
        found = b"".join(splitter.feed(sealed[start : start + size]) for start in range(0, len(sealed), size))
        assert (splitter.header, found) == (header, payload)
    source = io.BytesIO(sealed)
    assert age.read_header(source) == (header, sealed[len(header) : 4096])
    assert age.read_header(io.BytesIO(header)) == (header, b"")


@pytest.mark.parametrize("data", [b"", b"age-encryption.org/v1\n-> X25519 a\n", b"age-encryption.org/v1\n--- AAAA"])
def test_a_header_that_does_not_end_is_refused(data: bytes) -> None:
    with pytest.raises(SealHeaderError):
        age.read_header(io.BytesIO(data))


def test_a_header_without_end_is_not_read_for_ever() -> None:
    class Endless:
        given = 0

        def read(self, size: int, /) -> bytes:
            self.given += size
            return b"age-encryption.org/v1\n" if self.given == size else b"A" * size

    source = Endless()
    with pytest.raises(SealHeaderError, match="longer"):
        age.read_header(source)
    assert source.given < MAXIMUM_HEADER + 2 * 4096


def test_what_begins_otherwise_is_refused_at_its_first_byte() -> None:
    with pytest.raises(SealHeaderError, match="age v1"):
        age.HeaderSplitter().feed(b"P")
    with pytest.raises(SealHeaderError, match="age v1"):
        parse_header(b"PK\x03\x04\n\n\n--- ")


@pytest.mark.parametrize(
    "header",
    [
        b"age-encryption.org/v1\n",
        b"age-encryption.org/v1\n--- \n",
        b"age-encryption.org/v1\n-> \xff\n\n--- AAAA\n",
        b"age-encryption.org/v1\n-> X25519 a\n" + b"A" * 64 + b"\n--- AAAA\n",
        b"age-encryption.org/v1\n-> X25519 a\n\xc3\xa4AA\n--- AAAA\n",
    ],
)
def test_a_malformed_header_is_refused(header: bytes) -> None:
    with pytest.raises(SealHeaderError):
        parse_header(header)


def test_the_mac_is_checked() -> None:
    header, _ = age.split_sealed(sealed_to(CLASSICAL[0].recipient))
    parsed = parse_header(header)
    parsed.check_mac(age.open_header(header, [CLASSICAL[0]]))
    with pytest.raises(SealMacError):
        Header(parsed.stanzas, parsed.covered, bytes(32)).check_mac(bytes(16))


def test_keys_have_a_text_form_both_ways() -> None:
    for identity in (CLASSICAL[0], HYBRID[0]):
        assert age.parse_identity(identity.encode()) == identity
        assert age.parse_recipient(identity.recipient.encode()) == identity.recipient
        assert identity.encode() not in repr(identity)
    assert CLASSICAL[0].recipient.family != HYBRID[0].recipient.family


@pytest.mark.parametrize("size", range(6))
def test_the_text_form_carries_any_number_of_bytes(size: int) -> None:
    from dedere.crypto.age.bech32 import decode_bech32, encode_bech32

    assert decode_bech32(encode_bech32("age", bytes(range(size)))) == ("age", bytes(range(size)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "age1",
        "age1qqqqqq",
        CLASSICAL[0].encode().lower(),
        CLASSICAL[0].encode().replace("AGE", "age"),
        CLASSICAL[0].encode()[:-1] + "B",
        CLASSICAL[0].recipient.encode().upper(),
        "AGE-PLUGIN-YUBIKEY-1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SG5RZ55",
    ],
)
def test_what_is_no_identity_is_refused(text: str) -> None:
    with pytest.raises(KeyTextError):
        age.parse_identity(text)


def test_an_identity_of_an_unknown_kind_is_refused() -> None:
    from dedere.crypto.age.bech32 import encode_bech32

    with pytest.raises(KeyTextError, match="AGE-SECRET-KEY"):
        age.parse_identity(encode_bech32("age-secret-key-next-", bytes(32)).upper())


def test_what_is_no_recipient_is_refused() -> None:
    from dedere.crypto.age.bech32 import encode_bech32

    for text in (
        "ssh-ed25519 AAAA",
        CLASSICAL[0].encode(),
        CLASSICAL[0].recipient.encode().upper(),
        encode_bech32("age", bytes(31)),
        encode_bech32("age1pq", b"\xff" * 1216),
        "å1qqqqqqqq",
    ):
        with pytest.raises(KeyTextError):
            age.parse_recipient(text)


def test_bits_left_over_in_a_key_are_refused() -> None:
    from dedere.crypto.age import bech32

    for words in ([31], [0, 1], [0, 0, 0]):
        checked = bech32._polymod([*bech32._expand("age"), *words, *([0] * 6)]) ^ 1
        full = [*words, *((checked >> 5 * (5 - place)) & 31 for place in range(6))]
        with pytest.raises(KeyTextError, match="left over"):
            bech32.decode_bech32("age1" + "".join(bech32._ALPHABET[word] for word in full))


def test_a_recipient_that_would_hide_nothing_is_refused() -> None:
    with pytest.raises(SealHeaderError, match="hides nothing"):
        age.seal(b"", [age.X25519Recipient(bytes(32))], chance=CHANCE)


@pytest.mark.parametrize("size", [0, 1, 47, 48, 49, 1000])
def test_armor_round_trip(size: int) -> None:
    text = age.armor(bytes(size))
    assert age.is_armored(text)
    assert age.dearmor(text) == age.dearmor(b"\n " + text.replace(b"\n", b"\r\n") + b"\t\r\n") == bytes(size)
    assert not age.is_armored(sealed_to(CLASSICAL[0].recipient))


@pytest.mark.parametrize("text", [b"", b"-----BEGIN AGE ENCRYPTED FILE-----", b"x" + age.armor(b"x")])
def test_broken_armor_is_refused(text: bytes) -> None:
    with pytest.raises(ArmorError):
        age.dearmor(text)
