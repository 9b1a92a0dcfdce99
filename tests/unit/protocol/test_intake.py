"""Intake: every check refuses what it is for, at its own layer, and nothing else is disturbed."""

from __future__ import annotations

from dedere.protocol.intake import check_letter
from support import exchange


def test_a_sound_letter_passes() -> None:
    received = check_letter(
        exchange.good_sealed(), exchange.receiver_of(), arrival=exchange.ARRIVAL, record=exchange.Record()
    )

    assert received.letter == exchange.plain_letter()
    assert received.act_pdf == exchange.PDF
    assert received.signed_at == exchange.NOW
    assert received.stamped_at == exchange.NOW
    assert not received.duplicate
