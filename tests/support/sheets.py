"""Fictional data for every document that is no act's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dedere.papers.composing.sheets import SheetKind

if TYPE_CHECKING:
    from dedere.papers.particulars import Json

PERSON: dict[str, Json] = {"name": "Awa Imaginaire (fictional)", "date_of_birth": "1980-01-02"}
ENTRIES: list[Json] = [
    {
        "path": f"letters/{n}.asice",
        "title": f"Letter {n}",
        "size": 1000 + n,
        "sha256": f"{n:064x}",
        "extra": f"more {n}",
    }
    for n in range(1, 4)
]
STEPS: list[Json] = [
    {
        "sequence": 1,
        "event": "collected",
        "at": "2026-10-01T09:00:00Z",
        "by": "M. Ndiaye",
        "place": "Dakar",
        "previous": "",
    },
    {
        "sequence": 2,
        "event": "sent",
        "at": "2026-10-02T09:00:00Z",
        "by": "M. Ndiaye",
        "place": "",
        "previous": "cd" * 32,
    },
]
SAMPLES: Mapping[SheetKind, dict[str, Json]] = {
    SheetKind.ACKNOWLEDGEMENT: {
        "title": "Hearing of a witness at Dol (fictional)",
        "reference": "SN/AC/447",
        "own_reference": "NL-SN-2026-P0001",
        "received_on": "2026-11-24",
        "questions": ["Which of the two clinics is meant?"],
    },
    SheetKind.ANNEX_LIST: {"entries": ENTRIES, "note": "For the extradition."},
    SheetKind.CARD_SHEET: {"state": "NL", "name": "Authority", "fingerprint": "12345 67890 11111", "serial": 2},
    SheetKind.CONSENT_DECLARATION: {"person": PERSON, "declaration": "I consent.", "before": "Judge X (fictional)"},
    SheetKind.CUSTODY_RECORD: {"item": "film.avi", "entries": STEPS},
    SheetKind.DESTRUCTION_CERTIFICATE: {"items": [{"name": "film.avi", "sha256": "ab" * 32}], "method": "shredded"},
    SheetKind.DOSSIER_INDEX: {"entries": ENTRIES},
    SheetKind.HEARING_PROTOCOL: {
        "person": "person-1",
        "place": "Dakar",
        "text": "The witness said this.",
        "oath": True,
    },
    SheetKind.INTERVIEW_PLAN: {"topics": ["One", "Two"], "technical_test": "2026-12-01", "languages": ["fr", "wo"]},
    SheetKind.SAFE_CONDUCT: {"person": PERSON, "immunity": "For acts before departure.", "leave_by": "2027-02-01"},
    SheetKind.SURRENDER_RECORD: {"person": PERSON, "surrendered_on": "2027-01-05", "detention_days": 41},
    SheetKind.TEAM_AGREEMENT: {
        "parties": ["NL", "SN"],
        "clauses": [{"id": "c1", "title": "Purpose", "text": "To investigate."}],
        "signatories": [{"state": "NL", "authority": "Prosecution", "name": "A"}, {"state": "SN", "name": "B"}],
    },
}
