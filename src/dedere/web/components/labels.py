"""The words shown for codes: roles, acts, proceedings, stages, receipts, provenance.

A code that has no word yet is shown as it is written, with its dashes as spaces: nothing is ever left blank.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.functional import lazystr
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dedere.treaty.wording import capital

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

ROLES: Mapping[str, _StrPromise] = {
    "case-officer": _("Case officer"),
    "approver": _("Approver"),
    "registrar": _("Registrar"),
    "executing-authority": _("Executing authority"),
    "custodian": _("Custodian"),
    "auditor": _("Auditor"),
    "administrator": _("Administrator"),
}

ACTS: Mapping[str, _StrPromise] = {
    "request": _("Request"),
    "acknowledgement": _("Acknowledgement"),
    "questions": _("Questions"),
    "answers": _("Answers"),
    "supplement": _("Supplement"),
    "acceptance": _("Acceptance"),
    "conditions": _("Conditions"),
    "conditions-reply": _("Reply to conditions"),
    "consultation": _("Consultation"),
    "consultation-reply": _("Reply to consultation"),
    "assurance-request": _("Request for an assurance"),
    "assurance": _("Assurance"),
    "consent-request": _("Request for consent"),
    "consent": _("Consent"),
    "status-question": _("Question about progress"),
    "progress": _("Report on progress"),
    "result": _("Result"),
    "custody-receipt": _("Custody receipt"),
    "return": _("Return of items"),
    "return-receipt": _("Receipt for returned items"),
    "refusal": _("Refusal"),
    "postponement": _("Postponement"),
    "resumption": _("Resumption"),
    "withdrawal": _("Withdrawal"),
    "closure": _("Closure"),
    "correction": _("Correction"),
    "notice": _("Notice"),
    "information": _("Information"),
    "notification": _("Notification"),
    "arrest": _("Arrest"),
    "release": _("Release"),
    "person-consent": _("Consent of the person"),
    "decision": _("Decision"),
    "surrender-arrangement": _("Arrangement of surrender"),
    "surrender": _("Surrender"),
    "property-handover": _("Handover of property"),
    "referral": _("Referral for prosecution"),
    "outcome": _("Outcome"),
    "transit-report": _("Report on transit"),
    "interest": _("Expression of interest"),
    "consent-verification": _("Verification of consent"),
    "transfer-arrangement": _("Arrangement of transfer"),
    "transfer": _("Transfer"),
    "enforcement": _("Enforcement"),
    "report": _("Report"),
    "proposal": _("Proposal"),
    "amendment": _("Amendment"),
    "clause-agreement": _("Agreement to a clause"),
    "signature": _("Signature"),
    "member-change": _("Change of members"),
    "extension": _("Extension"),
    "extension-agreement": _("Agreement to an extension"),
    "team-evidence": _("Evidence of the team"),
    "evaluation": _("Evaluation"),
    "team-end": _("End of the team"),
}

PROCEEDINGS: Mapping[str, _StrPromise] = {
    "mla": _("Mutual legal assistance"),
    "spontaneous-information": _("Spontaneous information"),
    "consultation": _("Consultation"),
    "notification": _("Notification"),
    "provisional-arrest": _("Provisional arrest"),
    "extradition": _("Extradition"),
    "prosecution": _("Prosecution"),
    "consent": _("Consent"),
    "transit": _("Transit"),
    "transfer": _("Transfer of a sentenced person"),
    "joint-team": _("Joint investigation team"),
}

DRAFT_STATES: Mapping[str, _StrPromise] = {
    "draft": _("Draft"),
    "open": _("Draft"),
    "submitted": _("Waits for approval"),
    "awaiting-approval": _("Waits for approval"),
    "sent-back": _("Sent back"),
    "approved": _("Approved"),
    "sent": _("Sent"),
    "discarded": _("Discarded"),
}

RECEIPTS: Mapping[str, _StrPromise] = {
    "none": _("No receipt"),
    "approved": _("Approved, being sealed"),
    "queued": _("Waits to be sent"),
    "sending": _("On its way"),
    "delivered": _("Received by their machine"),
    "acknowledged": _("Registered by their officer"),
    "refused": _("Refused at their door"),
    "withdrawn": _("Withdrawn"),
    "received": _("Received by our machine"),
    "arriving": _("Its files are still arriving"),
    "registered": _("Registered by our officer"),
}

SEVERITIES: Mapping[str, _StrPromise] = {
    "missing": _("Missing"),
    "weak": _("Weak"),
    "advice": _("Advice"),
}

OUTCOMES: Mapping[str, _StrPromise] = {
    "holds": _("Holds"),
    "does-not-hold": _("Does not hold"),
    "unsettled": _("Unsettled"),
}

VERDICTS: Mapping[str, _StrPromise] = {
    "passed": _("Passed"),
    "indeterminate": _("Indeterminate"),
    "failed": _("Failed"),
}

CUSTODY_EVENTS: Mapping[str, _StrPromise] = {
    "collected": _("Collected"),
    "ingested": _("Taken in"),
    "examined": _("Examined"),
    "copied": _("Copied"),
    "sent": pgettext_lazy("custody", "Sent"),
    "received": pgettext_lazy("custody", "Received"),
    "returned": _("Returned"),
    "destroyed": _("Destroyed"),
}

SECTION_STATES: Mapping[str, _StrPromise] = {
    "empty": _("Not started"),
    "optional": _("Nothing asked"),
    "missing": _("Something is missing"),
    "weak": _("Weak"),
    "complete": _("Complete"),
}

CONFIDENCES: Mapping[str, _StrPromise] = {
    "certain": _("certain"),
    "high": _("high confidence"),
    "medium": _("medium confidence"),
    "low": _("low confidence"),
}

STATUSES: Mapping[str, _StrPromise] = {
    "read": _("read in the text"),
    "reported": _("reported, not read"),
    "recalled": _("from memory, not read"),
    "modelled": _("inferred from a model"),
    "unsettled": _("not established"),
}

CONDITION_STATES: Mapping[str, _StrPromise] = {
    "proposed": _("Not answered yet"),
    "waiting": _("Not answered yet"),
    "accepted": pgettext_lazy("condition", "Accepted"),
    "declined": pgettext_lazy("condition", "Not accepted"),
    "lifted": pgettext_lazy("condition", "Lifted"),
    "ours": pgettext_lazy("condition", "Goes with the item"),
}

SCAN_VERDICTS: Mapping[str, _StrPromise] = {
    "clean": _("Nothing found"),
    "found": _("Malware found"),
    "not-scanned": _("Not scanned"),
}

DUTIES: Mapping[str, _StrPromise] = {
    "nothing": _("Kept"),
    "return": _("To be returned"),
    "destroy": _("To be destroyed"),
    "hold": _("Under legal hold"),
}

CLOCK_STANDINGS: Mapping[str, _StrPromise] = {
    "running": _("Running"),
    "suspended": _("Suspended"),
    "stopped-in-time": _("Met in time"),
    "stopped-late": _("Met late"),
    "stopped": _("Met"),
    "passed": _("Passed its day"),
    "may-have-passed": _("May have passed its day"),
    "notice-kept": _("Notice kept"),
    "notice-too-short": _("Notice too short"),
    "notice-may-be-too-short": _("Notice may be too short"),
    "no-number": _("No length is known"),
    "not-set": _("Its length is not set"),
}

KEYS: Mapping[str, _StrPromise] = {
    "authority": _("Signs letters"),
    "second-authority": _("Signs letters, as the second officer"),
    "gateway": _("Signs receipts and connections"),
    "timestamp": _("Signs time-stamps"),
    "tls": _("Secures the connection"),
    "sealing": _("Opens letters and evidence"),
    "custodian": _("Opens protected identities"),
}

RULES: Mapping[str, _StrPromise] = {
    "contents": _("Contents of a request"),
    "ground": _("Ground of refusal"),
    "limit": _("Time limit"),
    "duty": _("Duty"),
    "assurance": pgettext_lazy("rule", "Assurance"),
    "form": _("Form"),
    "channel": _("Channel"),
}

STAGES: Mapping[str, _StrPromise] = {
    "open": pgettext_lazy("stage", "Open"),
    "on-paper": _("On paper"),
    "requested": _("Requested"),
    "registered": _("Registered"),
    "acknowledged": _("Acknowledged"),
    "accepted": _("Accepted"),
    "executing": _("Being executed"),
    "executed": _("Executed"),
    "answered": _("Answered"),
    "received": pgettext_lazy("stage", "Received"),
    "sent": pgettext_lazy("stage", "Sent"),
    "not-executed": _("Could not be executed"),
    "partly-executed": _("Executed in part"),
    "refused": _("Refused"),
    "postponed": _("Postponed"),
    "withdrawn": _("Withdrawn"),
    "closed": pgettext_lazy("stage", "Closed"),
    "assigned": _("Assigned"),
    "reported": pgettext_lazy("stage", "Reported"),
}

# Which shape a state wears: good, bad, warn, open, quiet.
SHAPES: Mapping[str, str] = {
    "holds": "good",
    "passed": "good",
    "complete": "good",
    "acknowledged": "good",
    "registered": "good",
    "accepted": "good",
    "answered": "good",
    "executed": "good",
    "does-not-hold": "bad",
    "failed": "bad",
    "missing": "bad",
    "refused": "bad",
    "weak": "warn",
    "running": "warn",
    "may-have-passed": "bad",
    "stopped-late": "warn",
    "stopped-in-time": "good",
    "stopped": "good",
    "notice-kept": "good",
    "arriving": "warn",
    "received": "good",
    "delivered": "good",
    "proposed": "warn",
    "waiting": "warn",
    "declined": "bad",
    "queued": "warn",
    "sending": "warn",
    "submitted": "warn",
    "awaiting-approval": "warn",
    "sent-back": "warn",
    "postponed": "warn",
    "unsettled": "open",
    "indeterminate": "open",
    "empty": "bad",
    "optional": "quiet",
    "none": "quiet",
    "closed": "quiet",
    "withdrawn": "quiet",
    "discarded": "quiet",
}

_TABLES: Mapping[str, Mapping[str, _StrPromise]] = {
    "role": ROLES,
    "act": ACTS,
    "proceeding": PROCEEDINGS,
    "draft": DRAFT_STATES,
    "receipt": RECEIPTS,
    "severity": SEVERITIES,
    "outcome": OUTCOMES,
    "verdict": VERDICTS,
    "custody": CUSTODY_EVENTS,
    "section": SECTION_STATES,
    "stage": STAGES,
    "condition": CONDITION_STATES,
    "scan": SCAN_VERDICTS,
    "duty": DUTIES,
    "key": KEYS,
    "clock": CLOCK_STANDINGS,
    "rule": RULES,
}


def label(table: str, code: str) -> str:
    """The word for `code` in one of the tables, in the page's language."""
    word = _TABLES[table].get(code)
    return str(word) if word is not None else spelled(code)


def asked(description: str) -> tuple[str, str]:
    """Label and explanation of a field of the request format, from its translated description.

    The label is what stands before the first colon or semicolon; what only says how ids are written is left out.
    """
    whole = gettext(description).strip()
    for technical in ("Ids of the ", "Id of the "):
        if whole.startswith(technical):
            whole = capital(whole.removeprefix(technical))
    found = _CLAUSE.fullmatch(whole)
    return (found[1].strip(), capital(found[2].strip())) if found else (whole, "")


_CLAUSE = re.compile(r"([^:;]+)[:;](.+)", re.DOTALL)


def spelled(code: str) -> str:
    """A code as words: `arrest-warrant` becomes "Arrest warrant"."""
    words = str(lazystr(code)).replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
