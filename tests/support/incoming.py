"""Single letters from Senegal to the office under test, packed and sealed by the engines themselves; all fictional."""

from __future__ import annotations

from dataclasses import replace

from dedere.node.trust import own_card
from dedere.protocol.container import Signing
from dedere.protocol.letter import Letter as ProtocolLetter
from dedere.protocol.letter import pack_letter, seal_letter
from support.offices import Bureau

PDF = b"%PDF-1.7 a fictional act\n"


def a_letter(bureau: Bureau, **changes: object) -> ProtocolLetter:
    ids = bureau.other.identifiers
    letter = ProtocolLetter(
        id=ids.new(),
        case=ids.new(),
        sender=own_card(bureau.other.home).party,
        recipient=own_card(bureau.office.home).party,
        sequence=1,
        sealed_at=bureau.clock.now(),
        act={
            "version": "dedere-act/1",
            "kind": "notification",
            "proceeding": ids.new(),
            "officer": {"name": "Awa (fictional)", "role": "case-officer"},
            "body": {},
        },
    )
    return replace(letter, **changes)  # type: ignore[arg-type]  # the caller names fields of a letter


def packed(bureau: Bureau, letter: ProtocolLetter) -> bytes:
    return pack_letter(
        letter, PDF, signing=Signing(bureau.other.authority_signer, letter.sealed_at, bureau.other.timestamper)
    )


def sealed(bureau: Bureau, container: bytes) -> bytes:
    recipients = own_card(bureau.office.home).card.letter_recipients
    return seal_letter(container, recipients, chance=bureau.other.identifiers)
