"""Fills a home with cases in every stage, as a process of its own: `python -m support.populated HOME`.

Prints what it made as JSON: addresses' identifiers and one-time sign-in tokens by officer. Every person and case is
fictional.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import struct
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.clock import FixedClock, SystemClock
from dedere.base.identifiers import SeededIdentifiers
from dedere.cli.commands.node import set_up_django
from dedere.vault.ledger import CustodyEvent

if TYPE_CHECKING:
    from support.offices import Bureau

TOKENS = 40


def populate(folder: Path) -> dict[str, object]:
    """Everything, in the order in which it would have happened over the last day."""
    from dedere.node.accounts.actions import make_sign_in_link
    from dedere.node.home import load_home
    from dedere.node.office import Office, using
    from support.offices import make_home, open_bureau

    now = SystemClock().now()
    clock = FixedClock(now - dt.timedelta(hours=6))
    other = make_home(folder.parent / "senegal", "SN", "Autorité centrale du Sénégal (fictive)", founded=clock.now())
    ours = Office(load_home(folder), clock, SeededIdentifiers("populated"))
    theirs = Office(other.home, clock, SeededIdentifiers("populated other"))
    with using(ours):
        bureau = open_bureau(ours, theirs)
        made: dict[str, object] = {
            "asking": asking(bureau),
            "asked": asked(bureau),
            "new": str(bureau.asked().letters.get().pk),
        }
        made["draft"] = incomplete_draft(bureau)
        made["waiting"] = waiting_draft(bureau)
        made |= {"person": person_of(made["asking"]), "officer": str(bureau["stranger"].identifier)}
        made["victim"] = victim_of(bureau, made["asking"])
        made |= on_paper_and_certified(bureau, made["asking"])
        made |= heard(bureau, made)
        links = {
            name: [make_sign_in_link(officer=officer) for _ in range(TOKENS)]
            for name, officer in bureau.officers.items()
        }
    return {**made, "links": links}


def asking(bureau: Bureau) -> dict[str, str]:
    """We asked; Senegal registered with a question, was answered, accepted, and sent evidence under a condition."""
    from support.offices import measure_of

    case = bureau.requested()
    letter = str(case.letters.get().pk)
    bureau.delivered(letter)
    question = {"id": "q1", "text": "Which of the two clinics at Dol is meant?", "measure": measure_of(case)}
    body = {"own_reference": "SN-2026-0447", "received_on": _today(bureau), "questions": [question]}
    bureau.arrives("acknowledgement", body, case=case, role="registrar")
    answer = {"answers": [{"question": "q1", "text": "The one by the river, burned on 12 March 2025."}]}
    bureau.delivered(bureau.sent(bureau.proposed(case, "answers", answer, by="anna")))
    bureau.arrives("acceptance", {"measures": [{"measure": measure_of(case)}]}, case=case)
    outcome = {"measure": measure_of(case), "outcome": "executed", "text": "The witness was heard on 20 November 2026."}
    files = {"hearing-record.pdf": _pdf(), "photograph-of-the-clinic.png": picture()}
    bureau.arrives("result", {"measures": [outcome]}, case=case, files=files)
    item = case.items.order_by("-name")[0]
    return {
        "case": str(case.pk),
        "letter": letter,
        "item": str(item.pk),
        "proceeding": case.state["proceedings"][0]["id"],
    }


def asked(bureau: Bureau) -> dict[str, str]:
    """Senegal asks us; taken up, accepted, given to a court, which has taken one item in."""
    from dedere.node.evidence import actions as evidence
    from support.offices import proceeding_of, upload

    case, assignment = bureau.assigned()
    collected = evidence.Collected(
        on=bureau.clock.now().date(), by="Eva Evers (fictional)", place="Rotterdam", note="Recorded in court."
    )
    item = evidence.ingest(
        by=bureau["eva"],
        assignment_id=assignment,
        upload=upload("court-room.png", picture(), title="The court room", media_type="image/png"),
        collected=collected,
    )
    evidence.record_custody(
        by=bureau["eva"], item_id=item.pk, event=CustodyEvent.EXAMINED, place="Rotterdam", note="Compared."
    )
    return {"case": str(case.pk), "assignment": assignment, "item": str(item.pk), "proceeding": proceeding_of(case)}


def person_of(asking: object) -> str:
    """A person whom our request names."""
    from dedere.node.persons.models import Person

    assert isinstance(asking, dict)
    person = Person.objects.filter(case=asking["case"]).order_by("reference").first()
    assert person is not None
    return str(person.pk)


def victim_of(bureau: Bureau, asking: object) -> dict[str, str]:
    """A victim for whom everything is done: in danger, protected by a measure, here under safe conduct, claiming."""
    from support.persons import added, cared_for

    assert isinstance(asking, dict)
    person = str(added(bureau, asking["case"]).pk)
    return {"person": person, **cared_for(bureau, asking["case"], person)}


def heard(bureau: Bureau, made: dict[str, object]) -> dict[str, str]:
    """A hearing of that person, and a question to the custodians."""
    from support.hearings import planned_and_asked

    asking = made["asking"]
    assert isinstance(asking, dict)
    return planned_and_asked(bureau, asking["case"], str(made["person"]))


def on_paper_and_certified(bureau: Bureau, asking: object) -> dict[str, object]:
    """A request that came on paper, and a certificate that waits for its second officer."""
    from support.documents import certificate, on_paper

    assert isinstance(asking, dict)
    paper = on_paper(bureau)
    return {
        "paper": str(paper.pk),
        "paper_case": str(paper.case_id),
        "sheet": str(certificate(bureau, asking["case"]).pk),
    }


def incomplete_draft(bureau: Bureau) -> str:
    """A draft of which little is known yet, with a name as long as names get."""
    from dedere.node.cases import actions as cases
    from support.offices import request_tables

    tables = request_tables()
    inner = tables["request"]
    assert isinstance(inner, dict)
    for name in ("contact", "facts", "crime", "proceeding"):
        inner.pop(name, None)
    title = (
        "Hearings about the deportations from the Ysari villages of Dol, Karvenstein-an-der-Lern and Upper Rhymnodal"
    )
    draft = cases.start_draft(
        by=bureau["anna"], partner="SN", title=f"{title} (fictional)", opens="mla", request=tables
    )
    return str(draft.pk)


def waiting_draft(bureau: Bureau) -> str:
    """A complete request with an attachment that waits for its second officer."""
    from dedere.node.cases import actions as cases
    from dedere.node.evidence import actions as evidence
    from support.offices import upload

    draft = bureau.drafted()
    evidence.attach_upload(
        by=bureau["anna"], draft_id=draft.pk, upload=upload("law.pdf", _pdf(), title="Text of the law")
    )
    cases.submit_draft(by=bureau["anna"], draft_id=draft.pk, approver_id=bureau["bram"].identifier)
    return str(draft.pk)


def picture() -> bytes:
    """A small PNG: a sky over a field, drawn by numbers."""
    rows = bytearray()
    width, height = 320, 180
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows += (
                bytes((150 - y // 3, 190 - y // 2, 220 - y // 2))
                if y < 110 + (x // 40) % 2 * 4
                else bytes((90, 120 + x // 8, 70))
            )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def _pdf() -> bytes:
    import pikepdf

    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        buffer = io.BytesIO()
        document.save(buffer)
    return buffer.getvalue()


def _today(bureau: Bureau) -> str:
    return bureau.clock.now().date().isoformat()


if __name__ == "__main__":
    home = Path(sys.argv[1])
    set_up_django(home)
    sys.stdout.write(json.dumps(populate(home)))
