"""Paper in an office: a request that came as a picture, and a certificate that waits for approval. All fictional."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from dedere.node.cases.actions.papers import PaperChoice
from dedere.node.papers.filing import GivenFile, NewPaperRequest, register_request
from dedere.node.papers.sheets import make_sheet
from dedere.papers.composing.sheets import SheetKind
from support.populated import picture

if TYPE_CHECKING:
    from dedere.node.papers.models import PaperRequest, Sheet
    from support.offices import Bureau


def on_paper(bureau: Bureau) -> PaperRequest:
    """A request of Senegal's on paper, registered by Rosa."""
    today = bureau.clock.now().date()
    new = NewPaperRequest("SN", "Hearing of a witness at Dol (fictional)", today, their_reference="SN/AC/447")
    return register_request(by=bureau["rosa"], new=new, file=GivenFile("page 1.png", io.BytesIO(picture())))


def certificate(bureau: Bureau, case_id: str) -> Sheet:
    """A safe conduct, made by Anna."""
    data = {
        "person": {"name": "Awa Imaginaire (fictional)", "date_of_birth": "1980-01-02"},
        "purpose": "To be heard at The Hague.",
        "immunity": "For acts before departure.",
        "leave_by": "2027-02-01",
    }
    return make_sheet(
        by=bureau["anna"], case_id=case_id, kind=SheetKind.SAFE_CONDUCT, data=data, choice=PaperChoice("en")
    )
