"""The story: the Netherlands asks Senegal, and each step is an act that both sides fold into the same case.

Every person, place and event in it is fictional. The steps go through the officers' own actions on two running nodes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dedere.base.errors import FacilityError
from dedere.cli.demonstration.fault import PowerCut
from dedere.cli.demonstration.office import DemonstrationOffice

WAIT_AT_MOST = 900.0
LOOK_EVERY = 0.1
RESULT = "the result with its evidence"


@dataclass
class Story:
    """What happened so far. `tell` prints one line; `steps` are the lines with their seconds, for the summary.

    `patience` is how many seconds it waits for anything before it gives up.
    """

    dutch: DemonstrationOffice
    senegalese: DemonstrationOffice
    tell: Callable[[str], None]
    steps: list[dict[str, object]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    patience: float = WAIT_AT_MOST
    cuts: Sequence[PowerCut] = ()
    case: str = ""
    proceeding: str = ""
    items: list[dict[str, Any]] = field(default_factory=list)

    def step(self, who: str, sentence: str) -> None:
        """Note and tell one step."""
        seconds = time.monotonic() - self.started
        self.steps.append({"seconds": round(seconds, 2), "who": who, "what": sentence})
        self.tell(f"{seconds:7.1f} s  {who:2}  {sentence}")


def tell_story(story: Story, *, request: Path, evidence: Path) -> None:
    """Everything from the draft to the closed case. `evidence` is the large file that Senegal takes in."""
    _ask(story, request)
    _take_up(story)
    _execute(story, evidence)
    _answer(story)
    _close(story)


def _ask(story: Story, request: Path) -> None:
    begun = story.dutch.do("draft_from_file", officer="anna", path=str(request))
    story.case = begun["case"]
    story.step("NL", f"Anna drafts the request {begun['reference']} with {begun['attached']} attachments")
    _leave(story, "NL", "anna", draft=begun["draft"], what="the request")
    seen = _wait(story, lambda: _arrived(story.senegalese), "the request to arrive")
    story.step("SN", f"The gateway holds the request (letter {seen['letter'][:6]}…) and gave a signed machine receipt")


def _take_up(story: Story) -> None:
    letter = _arrived(story.senegalese)
    taken = story.senegalese.do(
        "take_up", officer="coumba", letter=(letter or {})["letter"], members=["awa", "babacar"]
    )
    state = story.senegalese.do("look_at_case", officer="coumba", case=story.case)
    story.proceeding = state["proceedings"][0]["id"]
    today = time.strftime("%Y-%m-%d", time.gmtime())
    body = {"own_reference": taken["reference"], "received_on": today, "registrar": "Coumba Inventée"}
    _act(story, "coumba", kind="acknowledgement", body=body, what=f"the acknowledgement ({taken['reference']})")
    measures = state["proceedings"][0]["measures"]
    body = {"measures": [{"measure": measure["id"]} for measure in measures]}
    _act(story, "awa", kind="acceptance", body=body, what=f"the acceptance of {len(measures)} measures")


def _execute(story: Story, evidence: Path) -> None:
    """Every measure goes to the judge; the large file is the evidence of the last, a written record of each other."""
    measures = story.senegalese.do("look_at_case", officer="awa", case=story.case)["proceedings"][0]["measures"]
    for number, measure in enumerate(measures):
        given = story.senegalese.do(
            "assign",
            officer="awa",
            case=story.case,
            proceeding=story.proceeding,
            measure=measure["id"],
            to="demba",
            instructions="As described in the request (fictional).",
        )
        story.step("SN", f"Awa gives measure {measure['id']} ({measure['kind']}) to {given['authority']}")
        path = evidence if number == len(measures) - 1 else _report(evidence.parent, measure["id"])
        began = time.monotonic()
        item = story.senegalese.do(
            "ingest",
            officer="demba",
            assignment=given["assignment"],
            path=str(path),
            title=f"Result of {measure['id']} (fictional)",
            on=time.strftime("%Y-%m-%d", time.gmtime()),
            by="Demba Exemple",
            place="Dakar",
            note="Made by a program for the demonstration.",
        )
        rate = item["size"] / max(time.monotonic() - began, 1e-6) / 1024**2
        story.step("SN", f"Demba takes {path.name} into evidence: {_size(item['size'])}, sealed at {rate:.0f} MiB/s")
        story.senegalese.do(
            "report", officer="demba", assignment=given["assignment"], report="Carried out as asked (fictional)."
        )
        story.items.append({**item, "measure": measure["id"]})


def _answer(story: Story) -> None:
    body = {
        "measures": [
            {
                "measure": item["measure"],
                "outcome": "executed",
                "text": "Carried out; see the enclosed item (fictional).",
            }
            for item in story.items
        ]
    }
    items = [item["item"] for item in story.items]
    _act(story, "awa", kind="result", body=body, what=RESULT, items=items)
    wanted = {item["item"] for item in story.items}

    def here() -> Mapping[str, Any] | None:
        seen = story.dutch.do("look_at_items", officer="anna", case=story.case)
        return seen if wanted <= {item["item"] for item in seen["items"]} else None

    seen = _wait(story, here, "the evidence to arrive")
    held = {item["item"]: item for item in seen["items"]}
    results = [item["item"] for item in seen["items"] if item["measure"]]
    if sorted(results) != sorted(wanted):
        raise FacilityError(f"The Netherlands holds {len(results)} items of the result, not {len(wanted)}.")
    if any(held[item["item"]]["sha256"] != item["sha256"] for item in story.items):
        raise FacilityError("An item has another digest than it had in Senegal.")
    story.step("NL", f"{len(wanted)} items are here, verified against the letter, each stored once")


def _close(story: Story) -> None:
    body = {
        "received_on": time.strftime("%Y-%m-%d", time.gmtime()),
        "items": [{"item": item["item"], "sha256": item["sha256"], "intact": True} for item in story.items],
    }
    _act(story, "anna", kind="custody-receipt", body=body, what="the custody receipt")
    _act(story, "anna", kind="closure", body={"text": "With thanks (fictional)."}, what="the closure")

    def closed() -> Mapping[str, Any] | None:
        state = story.senegalese.do("look_at_case", officer="awa", case=story.case)
        return state if state["proceedings"][0]["status"] == "closed" else None

    _wait(story, closed, "Senegal to see the case closed")
    story.step("SN", "The case is closed on both sides")


def _act(
    story: Story, officer: str, *, kind: str, body: Mapping[str, object], what: str, items: Sequence[str] = ()
) -> None:
    """An officer drafts an act, and it leaves."""
    side = "NL" if officer == "anna" else "SN"
    office = story.dutch if side == "NL" else story.senegalese
    drafted = office.do(
        "propose",
        officer=officer,
        case=story.case,
        proceeding=story.proceeding,
        kind=kind,
        body=dict(body),
        items=list(items),
    )
    _leave(story, side, officer, draft=drafted["draft"], what=what)


def _leave(story: Story, side: str, officer: str, *, draft: str, what: str) -> None:
    """Submit, approve by a second officer, and wait until the other side's gateway has the letter and every part."""
    office, approver = (story.dutch, "bram") if side == "NL" else (story.senegalese, "babacar")
    digest = office.do("submit", officer=officer, draft=draft, approver=approver)["digest"]
    office.do("approve", officer=approver, draft=draft, digest=digest)
    story.step(side, f"{officer.capitalize()} submits {what}; {approver.capitalize()} approves {digest[:12]}…")

    def delivered() -> Mapping[str, Any] | None:
        seen = office.do("look_at_draft", officer=officer, draft=draft)
        if what == RESULT:
            _cut_power(story, moved=seen["moved"], total=seen["total"])
        return seen if seen["complete"] else None

    seen = _wait(story, delivered, f"{what} to be delivered")
    parts = f" and {_size(seen['total'])} of sealed parts" if seen["total"] else ""
    story.step(side, f"Delivered: {what}{parts}, receipts held")


def _cut_power(story: Story, *, moved: int, total: int) -> None:
    for cut in story.cuts:
        if cut.look({"NL": story.dutch, "SN": story.senegalese}, moved=moved, total=total):
            share = 100 * moved / total
            story.step(cut.state, f"Power cut at {share:.0f} % of the evidence: every process killed, started again")


def _wait(story: Story, look: Callable[[], Mapping[str, Any] | None], what: str) -> Mapping[str, Any]:
    deadline = time.monotonic() + story.patience
    while time.monotonic() < deadline:
        seen = look()
        if seen:
            return seen
        time.sleep(LOOK_EVERY)
    raise FacilityError(
        f"Waited {story.patience:.0f} s for {what}: look into {story.dutch.log} and {story.senegalese.log}."
    )


def _arrived(office: DemonstrationOffice) -> Mapping[str, Any] | None:
    seen = office.do("look_for_case", officer="coumba")
    return seen if seen["letter"] else None


def _report(folder: Path, measure: str) -> Path:
    path = folder / f"report-{measure}.txt"
    path.write_text(f"Record of measure {measure}. Everything in it is fictional.\n", encoding="utf-8")
    return path


def _size(count: int) -> str:
    for unit in ("bytes", "KiB", "MiB"):
        if count < 1024:  # noqa: PLR2004 - a kibi step
            return f"{count:.0f} {unit}"
        count //= 1024
    return f"{count:.1f} GiB"
