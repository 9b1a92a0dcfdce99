"""The transfer of a sentenced person between two real nodes, from the person's wish to the end of enforcement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.casework.request import RequestDraft
from dedere.cli.demonstration.office import DeedRefusedError
from support.nodes import all_at, running, today
from support.requests import request_of, transfer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.network


def test_a_sentenced_person_is_transferred_with_a_verified_consent(tmp_path: Path) -> None:
    with running(tmp_path, "NL", "SN") as (sentencing, administering):
        both = [sentencing, administering]
        request = RequestDraft(request_of(transfer("sentencing-state", "lhc"))).as_json()
        begun = sentencing.start("transfer", request, partner="SN", title="Tesk (fictional)", side="sentencing")
        case, here = begun["case"], begun["proceeding"]
        administering.act(case, here, "acknowledgement", own_reference="SN-1", received_on=today())
        agreed = {"outcome": "agreed", "decided_on": today(), "authority": "Ministry (fictional)", "text": "Agreed."}
        with pytest.raises(DeedRefusedError, match="has not consented"):
            administering.act(case, here, "decision", **agreed)
        all_at(both, case, here, "registered")
        said = {"statement": "consents", "stated_on": today(), "before": "Court (fictional)"}
        sentencing.act(case, here, "person-consent", informed=True, counsel=True, **said)
        all_at(both, case, here, "registered")
        verified = {"verified_on": today(), "by": "Consul (fictional)", "confirmed": True}
        administering.act(case, here, "consent-verification", **verified)
        administering.act(case, here, "decision", **agreed)
        all_at(both, case, here, "registered")
        sentencing.act(case, here, "decision", **agreed)
        all_at(both, case, here, "agreed")
        sentencing.act(case, here, "transfer-arrangement", date=today(), place="Schiphol (fictional)")
        sentencing.act(case, here, "transfer", transferred_on=today(), place="Schiphol (fictional)", served_days=400)
        all_at(both, case, here, "transferred")
        decided = {"decided_on": today(), "court": "Court of Dakar (fictional)", "sentence": "Thirty years."}
        with pytest.raises(DeedRefusedError, match="harsher"):
            administering.act(case, here, "enforcement", mode="converted", not_harsher=False, **decided)
        administering.act(case, here, "enforcement", mode="continued", not_harsher=True, **decided)
        all_at(both, case, here, "enforced")
        administering.act(case, here, "report", kind="escaped", on=today(), text="Gone (fictional).")
        administering.act(case, here, "report", kind="recaptured", on=today(), text="Found (fictional).")
        all_at(both, case, here, "enforced")
        pardon = {"consultation": "k1", "about": "pardon", "text": "We think of a pardon."}
        sentencing.act(case, here, "consultation", **pardon)
        all_at(both, case, here, "enforced")
        administering.act(case, here, "consultation-reply", consultation="k1", text="No objection.")
        all_at(both, case, here, "enforced")
        pardoned = {"outcome": "pardoned", "decided_on": today(), "authority": "Crown (fictional)", "text": "Pardoned."}
        sentencing.act(case, here, "decision", consultation="k1", **pardoned)
        all_at(both, case, here, "ended")
