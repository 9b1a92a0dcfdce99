"""Every write of the exchange: cards pinned, letters sealed, received and delivered, parts, alarms."""

from dedere.node.exchange.actions.cards import (
    follow_cards,
    note_issued_card,
    own_cards,
    pin_card,
    pin_cards,
    report_compromise,
)
from dedere.node.exchange.actions.heads import held_head, own_checkpoint, take_checkpoint, take_countersignature
from dedere.node.exchange.actions.mailbox import mailbox_letter, mailbox_list, mailbox_part, mailbox_receipt
from dedere.node.exchange.actions.outgoing import retry_delivery, withdraw_letter
from dedere.node.exchange.actions.receiving import receive_letter
from dedere.node.exchange.actions.receiving_parts import append_part, begin_part, part_offset, part_receipt
from dedere.node.exchange.directory import trust_directory as directory

__all__ = [
    "append_part",
    "begin_part",
    "directory",
    "follow_cards",
    "held_head",
    "mailbox_letter",
    "mailbox_list",
    "mailbox_part",
    "mailbox_receipt",
    "note_issued_card",
    "own_cards",
    "own_checkpoint",
    "part_offset",
    "part_receipt",
    "pin_card",
    "pin_cards",
    "receive_letter",
    "report_compromise",
    "retry_delivery",
    "take_checkpoint",
    "take_countersignature",
    "withdraw_letter",
]
