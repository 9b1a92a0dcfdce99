"""Every write of cases: the record of letters, drafts and their approval, and work inside the house."""

from dedere.node.cases.actions.drafts import (
    NewAttachment,
    approve_draft,
    attach,
    detach,
    discard_draft,
    propose_act,
    save_body,
    send_back,
    start_draft,
    start_draft_from_file,
    start_further_draft,
    submit_draft,
)
from dedere.node.cases.actions.record import NewLetter, mark_sent, record_letter
from dedere.node.cases.actions.work import AssignmentDetails, add_member, assign_measure, report_result, take_up

__all__ = [
    "AssignmentDetails",
    "NewAttachment",
    "NewLetter",
    "add_member",
    "approve_draft",
    "assign_measure",
    "attach",
    "detach",
    "discard_draft",
    "mark_sent",
    "propose_act",
    "record_letter",
    "report_result",
    "save_body",
    "send_back",
    "start_draft",
    "start_draft_from_file",
    "start_further_draft",
    "submit_draft",
    "take_up",
]
