"""The officers of one fictional home in a process of their own: they ask, take up, acknowledge, and look at what came of it.

One JSON object a line in each direction, as `Desk` speaks it. Unlike the node beside it nobody kills this process:
what an officer did is done, and what the node makes of it is the test.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
OFFICERS = (
    ("author", "Author Verzonnen (fictional)", "case-officer", "registrar"),
    ("approver", "Approver Verzonnen (fictional)", "approver"),
)


@dataclass
class Desk:
    """The officers' process, seen from the test."""

    home: Path
    process: subprocess.Popen[str] | None = field(default=None)

    def __enter__(self) -> Self:
        words = [sys.executable, "-m", "support.correspondence", str(self.home)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True, cwd=ROOT / "tests")
        return self

    def __exit__(self, *_error: object) -> None:
        assert self.process is not None
        with self.process as process:
            assert process.stdin is not None
            process.stdin.close()

    def do(self, deed: str, **words: object) -> Any:
        """Have something done; what came of it."""
        assert self.process is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([deed, words]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"The officers of {self.home.name} are gone.")
        return json.loads(line)


def main() -> int:
    """Do what the lines of standard input say."""
    from dedere.cli.commands.node import set_up_django

    set_up_django(Path(sys.argv[1]))
    deeds: dict[str, Callable[..., object]] = {
        "begin": _begin,
        "ask": _ask,
        "reply": _reply,
        "outstanding": _outstanding,
        "report": _report,
    }
    for line in sys.stdin:
        deed, words = json.loads(line)
        sys.stdout.write(json.dumps(deeds[deed](**words)) + "\n")
        sys.stdout.flush()
    return 0


def _begin() -> int:
    from dedere.casework.acts import Role
    from dedere.node.accounts.actions import NewOfficer, invite_officer

    for sign_in_name, name, *roles in OFFICERS:
        new = NewOfficer(sign_in_name=sign_in_name, name=name, title=roles[0], roles=tuple(map(Role, roles)))
        invite_officer(by=None, new=new)
    return len(OFFICERS)


def _ask(partner: str, count: int) -> list[str]:
    """`count` requests to the partner, each in a case of its own, approved and waiting to be sealed."""
    from dedere.casework.request import RequestDraft
    from dedere.node.cases import actions
    from dedere.node.office import office
    from support.requests import assistance

    request = assistance("hearing-video", "lhc")
    request["request"]["requesting_state"], request["request"]["requested_state"] = office().state, partner
    tables = RequestDraft.from_tables(request).as_json()
    author, _approver = _officers()
    made = []
    for number in range(count):
        title = f"Request {number} (fictional)"
        draft = actions.start_draft(by=author, partner=partner, title=title, request=tables)
        made.append(_approved(draft.pk))
    return made


def _reply() -> int:
    """Take up every request that came and acknowledge it; how many."""
    from dedere.node.cases import actions
    from dedere.node.cases.models import Letter
    from dedere.node.evidence import actions as evidence
    from dedere.node.office import office

    author, _approver = _officers()
    came = Letter.objects.filter(recipient=office().state, kind="request", case__drafts=None).select_related("case")
    for letter in came:
        case = actions.take_up(by=author, letter_id=letter.pk)
        body = {"own_reference": case.reference, "received_on": office().clock.now().date().isoformat()}
        draft = evidence.propose_act(
            by=author, case_id=case.pk, proceeding=letter.proceeding, kind="acknowledgement", body=body, items=()
        )
        _approved(draft.pk)
    return len(came)


def _outstanding() -> dict[str, int]:
    """How much is still to be sealed, sent, or acknowledged by the other side."""
    from dedere.node.cases.models import Draft
    from dedere.node.exchange.models import OutgoingLetter

    letters = OutgoingLetter.objects.all()
    return {
        "to seal": Draft.objects.exclude(state="sent").count(),
        "to send": letters.filter(complete=False).count(),
        "to be acknowledged": letters.filter(acknowledged_at=None, case__in=_asked()).count(),
        "sent": letters.filter(complete=True).count(),
    }


def _report() -> dict[str, Any]:
    """What this home holds in the end, its receipts verified."""
    from dedere.node.audit.models import Event
    from dedere.node.cases.models import Case
    from dedere.node.exchange.directory import trust_directory
    from dedere.node.exchange.models import IncomingLetter, OutgoingLetter
    from dedere.node.office import office
    from dedere.protocol.receipt import SentLetter, accept_machine_receipt

    now, directory = office().clock.now(), trust_directory()
    for row in OutgoingLetter.objects.all():
        sent = SentLetter(row.pk, row.digest, row.partner)
        accept_machine_receipt(bytes(row.receipt or b""), sent, directory=directory, now=now)
    actions = Counter(Event.objects.values_list("action", "subject"))
    applied = Counter(
        entry["letter"]
        for case in Case.objects.all()
        for entry in case.state["timeline"]
        if entry["status"] == "applied"
    )
    return {
        "records": {case.pk: case.record_digest for case in Case.objects.all()},
        "sent": dict(OutgoingLetter.objects.values_list("pk", "digest")),
        "received": dict(IncomingLetter.objects.values_list("pk", "digest")),
        "states": Counter(OutgoingLetter.objects.values_list("state", flat=True)),
        "applied": applied,
        "noted": {
            action: sorted(times for (each, _), times in actions.items() if each == action)
            for action in ("letter-sealed", "letter-delivered", "letter-received")
        },
    }


def _asked() -> list[str]:
    from dedere.node.cases.models import Letter
    from dedere.node.office import office

    asked = Letter.objects.filter(sender=office().state, kind="request")
    return list(asked.values_list("case", flat=True))


def _officers() -> tuple[Any, Any]:
    from dedere.node.accounts.models import Officer

    return Officer.objects.get(sign_in_name="author"), Officer.objects.get(sign_in_name="approver")


def _approved(draft_id: str) -> str:
    from dedere.node.cases import actions

    author, approver = _officers()
    submitted = actions.submit_draft(by=author, draft_id=draft_id, approver_id=approver.identifier)
    actions.approve_draft(by=approver, draft_id=draft_id, digest=submitted.digest)
    return draft_id


if __name__ == "__main__":
    sys.exit(main())
