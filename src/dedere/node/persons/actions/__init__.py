"""Every write about persons."""

from dedere.node.persons.actions.custodians import (
    LARGEST_KEY_FILE,
    Unlocking,
    confirm_key,
    make_key,
    recipients_in_use,
    register_key,
    retire_key,
)
from dedere.node.persons.actions.identities import (
    NewProtected,
    protect_person,
    rehearse,
    replace_identity,
    reseal_all,
    take_in_identity,
    unlock_guard,
)
from dedere.node.persons.actions.looks import (
    AskedLook,
    ask_look,
    break_glass,
    end_expired_looks,
    end_look,
    grant_look,
    read_look,
    refuse_look,
)
from dedere.node.persons.actions.noting import note_persons

__all__ = [
    "LARGEST_KEY_FILE",
    "AskedLook",
    "NewProtected",
    "Unlocking",
    "ask_look",
    "break_glass",
    "confirm_key",
    "end_expired_looks",
    "end_look",
    "grant_look",
    "make_key",
    "note_persons",
    "protect_person",
    "read_look",
    "recipients_in_use",
    "refuse_look",
    "register_key",
    "rehearse",
    "replace_identity",
    "reseal_all",
    "retire_key",
    "take_in_identity",
    "unlock_guard",
]
