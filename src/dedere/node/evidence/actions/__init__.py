"""Everything that is done with evidence: taken in, looked at, handed out, sent, kept, returned and destroyed."""

from dedere.node.evidence.actions.derivation import Made, carry_over, derive_item
from dedere.node.evidence.actions.documents import take_documents
from dedere.node.evidence.actions.intake import (
    ArrivedPart,
    Collected,
    FolderResult,
    Upload,
    attach_upload,
    ingest,
    ingest_file,
    ingest_folder,
    media_type_of,
    seal_into_vault,
    take_in,
)
from dedere.node.evidence.actions.letters import (
    approve_draft,
    note_custody_receipt,
    note_return,
    note_sent,
    propose_act,
    submit_draft,
)
from dedere.node.evidence.actions.metadata import restore_original, strip_metadata
from dedere.node.evidence.actions.retention import (
    DestructionGrounds,
    approve_destruction,
    lift_hold,
    order_destruction,
    place_hold,
    withdraw_destruction,
)
from dedere.node.evidence.actions.uses import (
    HandOut,
    NewCondition,
    hand_out,
    note_look,
    record_custody,
    set_condition,
    unset_condition,
)
from dedere.node.evidence.ledgers import ledger_of

__all__ = [
    "ArrivedPart",
    "Collected",
    "DestructionGrounds",
    "FolderResult",
    "HandOut",
    "Made",
    "NewCondition",
    "Upload",
    "approve_destruction",
    "approve_draft",
    "attach_upload",
    "carry_over",
    "derive_item",
    "hand_out",
    "ingest",
    "ingest_file",
    "ingest_folder",
    "ledger_of",
    "lift_hold",
    "media_type_of",
    "note_custody_receipt",
    "note_look",
    "note_return",
    "note_sent",
    "order_destruction",
    "place_hold",
    "propose_act",
    "record_custody",
    "restore_original",
    "seal_into_vault",
    "set_condition",
    "strip_metadata",
    "submit_draft",
    "take_documents",
    "take_in",
    "unset_condition",
    "withdraw_destruction",
]
