"""What the demonstration proves at its end: one record on both sides, two dossiers that verify by themselves."""

from __future__ import annotations

import json
import time
from pathlib import Path

from dedere.base.errors import FacilityError
from dedere.cli.demonstration.homes import run_dedere
from dedere.cli.demonstration.office import DemonstrationOffice
from dedere.cli.demonstration.story import Story


def prove(story: Story) -> dict[str, object]:
    """Compare the records, export and verify both dossiers; the facts for the summary.

    Raises:
        FacilityError: the records differ, or a dossier does not verify.
    """
    digests = {
        "NL": story.dutch.do("look_at_case", officer="anna", case=story.case)["record_digest"],
        "SN": story.senegalese.do("look_at_case", officer="awa", case=story.case)["record_digest"],
    }
    if len(set(digests.values())) != 1:
        raise FacilityError(f"The two sides hold different records: {digests}.")
    story.step("  ", f"Both sides computed the same record: {digests['NL'][:16]}…")
    dossiers = {}
    for office, officer in ((story.dutch, "anna"), (story.senegalese, "awa")):
        folder = _export(story, office, officer)
        report = json.loads(run_dedere("verify", str(folder), "--json"))
        dossiers[office.home.state] = {"folder": str(folder), "verdict": report["verdict"]}
        story.step(office.home.state, f"The dossier {folder.name} verifies off line: {report['verdict']}")
    return {"case": story.case, "record_digest": digests, "dossiers": dossiers, "items": story.items}


def _export(story: Story, office: DemonstrationOffice, officer: str) -> Path:
    asked = office.do("ask_dossier", officer=officer, case=story.case)
    deadline = time.monotonic() + story.patience
    while time.monotonic() < deadline:
        seen = office.do("look_at_export", officer=officer, export=asked["export"])
        if seen["failure"]:
            raise FacilityError(f"The dossier could not be written: {seen['failure']}")
        if seen["finished"]:
            folder: str = seen["folder"]
            return office.home.dossiers / folder
        time.sleep(0.1)
    raise FacilityError("The dossier was not written in time.")
