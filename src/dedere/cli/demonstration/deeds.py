"""What the officers of a demonstration do, each a call of the action the pages call, and what they look at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dedere.casework.acts import Role
from dedere.node.accounts.actions import NewOfficer, invite_officer, make_sign_in_link
from dedere.node.accounts.models import Officer
from dedere.node.cases import actions as cases
from dedere.node.cases.access import cases_of, require_case
from dedere.node.cases.models import Assignment, Draft, Letter
from dedere.node.desk.clocks import case_clocks
from dedere.node.desk.grounds import grounds_of
from dedere.node.evidence import actions as evidence
from dedere.node.evidence.models import Item
from dedere.node.exchange.models import IncomingPart, OutgoingLetter
from dedere.node.jobs.actions import ask_for_dossier
from dedere.node.jobs.models import Export

# JSON of the story's own process; each deed knows its own words.
_Words = Mapping[str, Any]
_Answer = dict[str, object]


def begin_work(by: Officer | None, words: _Words) -> _Answer:
    """The officers of the cast begin to work here."""
    for person in words["officers"]:
        roles = tuple(Role(role) for role in person["roles"])
        invite_officer(by=by, new=NewOfficer(person["sign_in_name"], person["name"], person["title"], roles))
    return {}


def draft_from_file(by: Officer, words: _Words) -> _Answer:
    """Begin a request from a request file and attach its annexes."""
    path = Path(words["path"])
    draft = cases.start_draft_from_file(by=by, name=path.name, data=path.read_bytes())
    attached = 0
    for annex in draft.body["request"]["request"].get("annexes", []):
        with (path.parent / annex["path"]).open("rb") as source:
            upload = evidence.Upload(
                name=Path(annex["path"]).name,
                title=annex.get("title", ""),
                media_type=annex.get("media_type", ""),
                source=source,
            )
            evidence.attach_upload(by=by, draft_id=draft.pk, upload=upload)
            attached += 1
    return {"draft": draft.pk, "case": draft.case_id, "reference": draft.case.reference, "attached": attached}


def start(by: Officer, words: _Words) -> _Answer:
    """Begin a request: in a case of its own, or further in one."""
    more = {"opens": words["opens"], "request": words["request"], "side": words.get("side", "")}
    if "case" in words:
        draft = cases.start_further_draft(by=by, case_id=words["case"], links=words.get("links", ()), **more)
    else:
        draft = cases.start_draft(by=by, partner=words["partner"], title=words["title"], **more)
    if "body" in words:
        draft = cases.save_body(by=by, draft_id=draft.pk, body={**draft.body, **words["body"]}, version=draft.version)
    return {"draft": draft.pk, "case": draft.case_id, "proceeding": draft.proceeding}


def begin_act_with_file(by: Officer, words: _Words) -> _Answer:
    """Draft an act that sends a file of this house as an item."""
    path = Path(words["path"])
    with path.open("rb") as source:
        upload = evidence.Upload(path.name, path.name, "text/plain", source)
        documents = evidence.take_documents(by=by, case_id=words["case"], uploads=[upload])
    draft = evidence.propose_act(
        by=by,
        case_id=words["case"],
        proceeding=words["proceeding"],
        kind=words["kind"],
        body=words["body"],
        items=documents,
    )
    return {"draft": draft.pk}


def propose(by: Officer, words: _Words) -> _Answer:
    """Draft any other act."""
    draft = evidence.propose_act(
        by=by,
        case_id=words["case"],
        proceeding=words["proceeding"],
        kind=words["kind"],
        body=words["body"],
        items=words.get("items", ()),
    )
    return {"draft": draft.pk}


def submit(by: Officer, words: _Words) -> _Answer:
    """Put a draft before a second officer."""
    approver = Officer.objects.get(sign_in_name=words["approver"])
    draft = cases.submit_draft(by=by, draft_id=words["draft"], approver_id=approver.identifier)
    return {"digest": draft.digest}


def approve(by: Officer, words: _Words) -> _Answer:
    """Approve exactly what has this digest."""
    cases.approve_draft(by=by, draft_id=words["draft"], digest=words["digest"])
    return {}


def take_up(by: Officer, words: _Words) -> _Answer:
    """Take up the case that came with a letter, and let another officer in."""
    case = cases.take_up(by=by, letter_id=words["letter"])
    for name in words.get("members", ()):
        cases.add_member(by=by, case_id=case.pk, officer_id=Officer.objects.get(sign_in_name=name).identifier)
    return {"case": case.pk, "reference": case.reference}


def assign(by: Officer, words: _Words) -> _Answer:
    """Give a measure to an executing authority."""
    officer = Officer.objects.get(sign_in_name=words["to"])
    assignment = cases.assign_measure(
        by=by,
        case_id=words["case"],
        proceeding=words["proceeding"],
        measure=words["measure"],
        officer_id=officer.identifier,
        details=cases.AssignmentDetails(instructions=words["instructions"]),
    )
    return {"assignment": assignment.pk, "authority": assignment.authority}


def ingest(by: Officer, words: _Words) -> _Answer:
    """Take a file into evidence for a measure."""
    path = Path(words["path"])
    with path.open("rb") as source:
        item = evidence.ingest(
            by=by,
            assignment_id=words["assignment"],
            upload=evidence.Upload(path.name, words["title"], "", source),
            collected=evidence.Collected(
                on=dt.date.fromisoformat(words["on"]), by=words["by"], place=words["place"], note=words["note"]
            ),
        )
    return {"item": item.pk, "sha256": item.sha256, "size": item.size}


def report(by: Officer, words: _Words) -> _Answer:
    """Say that a measure was carried out."""
    cases.report_result(by=by, assignment_id=words["assignment"], report=words["report"])
    return {}


def ask_dossier(by: Officer, words: _Words) -> _Answer:
    """Ask for the case's dossier."""
    return {"export": ask_for_dossier(by=by, case_id=words["case"]).pk}


def sign_in_link(by: Officer, words: _Words) -> _Answer:
    """A one-time link for whoever wants to look around as this officer."""
    del words
    return {"token": make_sign_in_link(officer=by)}


def look_for_case(by: Officer, words: _Words) -> _Answer:
    """A case that arrived and that nobody has taken up yet, or none."""
    del by, words
    letter = Letter.objects.filter(case__members=None).order_by("recorded_at").first()
    return {"letter": "" if letter is None else letter.pk, "case": "" if letter is None else letter.case_id}


def look_at_case(by: Officer, words: _Words) -> _Answer:
    """The state of a case as this side holds it."""
    case = require_case(by, words["case"])
    return {
        "proceedings": case.state["proceedings"],
        "items": case.state["items"],
        "timeline": case.state["timeline"],
        "record_digest": case.record_digest,
    }


def look_at_clocks(by: Officer, words: _Words) -> _Answer:
    """The clocks of a case as this side reckons them."""
    return {
        "clocks": [
            {"event": clock.event, "standing": clock.standing, "over": clock.over, "warn": str(clock.warn or "")}
            for clock in case_clocks(by, words["case"])
        ]
    }


def look_at_grounds(by: Officer, words: _Words) -> _Answer:
    """The grounds of refusal that may be chosen in a proceeding, as a refusal quotes them."""
    view = grounds_of(by, words["case"], words["proceeding"])
    return {"quotes": {row.datum: dict(row.quote) for row in view.grounds if row.may_be_chosen}}


def look_at_draft(by: Officer, words: _Words) -> _Answer:
    """How far a draft has come: its state, the delivery of its letter and of each part."""
    draft = Draft.objects.get(pk=words["draft"], case__in=cases_of(by))
    sent = OutgoingLetter.objects.filter(pk=draft.pk).first()
    parts = (
        []
        if sent is None
        else [(part.facts["sealed_size"], part.offset, part.receipt is not None) for part in sent.parts.all()]
    )
    return {
        "state": draft.state,
        "delivery": "" if sent is None else sent.state,
        "complete": sent is not None and sent.complete,
        "moved": sum(offset for _size, offset, _held in parts),
        "total": sum(size for size, _offset, _held in parts),
    }


def look_at_items(by: Officer, words: _Words) -> _Answer:
    """The items of a case that are here whole."""
    case = require_case(by, words["case"])
    waiting = IncomingPart.objects.filter(letter__case=case.pk).exclude(state=IncomingPart.State.STORED).count()
    items = [
        {
            "item": item.pk,
            "title": item.title,
            "sha256": item.sha256,
            "size": item.size,
            "letter": item.letter,
            "measure": item.measure,
            "object": item.object,
            "ledger": [entry.entry["event"] for entry in item.entries.all()],
        }
        for item in Item.objects.filter(case=case)
    ]
    return {"items": items, "waiting": waiting}


def look_at_export(by: Officer, words: _Words) -> _Answer:
    """Whether the dossier is written, and where."""
    del by
    export = Export.objects.get(pk=words["export"])
    return {"finished": export.finished_at is not None, "folder": export.folder, "failure": export.failure}


def look_at_assignments(by: Officer, words: _Words) -> _Answer:
    """What was given to this officer."""
    del words
    mine = Assignment.objects.filter(officer=by, reported_at=None)
    return {"assignments": [{"assignment": row.pk, "case": row.case_id, "measure": row.measure} for row in mine]}
