"""Parts of complete requests: details of measures, and the sections of single kinds. Everything is fictional."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Any: nested tables as tomllib gives them; the format under test is what types them.

AGREEMENT = (
    "parties",
    "leaders",
    "members",
    "participants",
    "earlier_evidence",
    "access",
    "amendments",
    "evaluation",
    "disclosure",
    "confidentiality",
    "data_protection",
    "media",
    "costs",
    "languages",
    "equipment",
)
"""What the draft agreement of a team covers."""

_VIDEO = {
    "reason": "The witness cannot travel because of an illness of the heart.",
    "judicial_authority": "District Court of The Hague, judge M. Dekker (fictional)",
    "persons_conducting": "Judge M. Dekker and prosecutor A. Bos (fictional)",
    "conducting_authority": "The District Court conducts; a judge in Dakar attends.",
    "plan": "Dakar summons; Dutch oath; both rights to refuse; interpreter in The Hague; test two days before.",
}
_FREEZING = {
    "action_requested": "Freeze the balance of the account",
    "facts_relied_on": "The account received the price of the fuel on 12 January 2025, from the company of the suspect.",
}
DETAILS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "hearing-video": ("hearing_video", _VIDEO),
    "hearing-video-accused": ("hearing_video", {**_VIDEO, "accused_consent": True}),
    "hearing-telephone": (
        "hearing_telephone",
        {
            "judicial_authority": "District Court of The Hague",
            "persons_conducting": "Judge M. Dekker (fictional)",
            "willing": True,
        },
    ),
    "service": (
        "service",
        {
            "addressee": "A. Ndour (fictional), 3 Rue des Exemples, Dakar",
            "document_description": "Summons to appear as a witness",
            "hearing_date": dt.date(2027, 6, 1),
            "form": "In person",
            "summary": "Citation à comparaître comme témoin",
            "translation": "None needed: the addressee reads French, and so is the summons.",
        },
    ),
    "search": (
        "search",
        {
            "location": "Office of Morvane Littoral SA, 12 Quai des Exemples, Dakar (fictional)",
            "items": "Ledgers and telephones of January 2025",
            "grounds": "A clerk said on 2 October 2026 that the ledgers of the two containers are kept there.",
        },
    ),
    "freezing": ("freezing", _FREEZING),
    "attendance": (
        "attendance",
        {
            "allowances": "Travel, lodging and 80 euros a day",
            "especially_necessary": True,
            "advance": "300 euros, paid back by the Netherlands",
        },
    ),
    "covert": ("covert", {"terms": "Four weeks; two officers; status as agreed; ends when either State says so"}),
    "observation": (
        "observation",
        {
            "person": "Ibar Tesk's driver (fictional), who brought the fuel",
            "officers": "Two officers of the police of Rotterdam, with identity cards",
            "territory": "Region of Dakar; the judicial police takes over",
            "designated_authority": "Judicial police, Dakar",
        },
    ),
    "confiscation-domestic-order": (
        "confiscation",
        {
            "property_description": "A lorry bought with the price of the fuel",
            "property_location": "Depot in Dakar",
            "estimated_value": "40 000 euros",
            "facts_relied_on": "The lorry was paid on 15 January 2025 from the account that received the price of fuel.",
        },
    ),
    "temporary-transfer": (
        "temporary_transfer",
        {"consent": True, "agreed_terms": "Custody in The Hague; return by 1 March 2027; time is credited"},
    ),
    "preservation": ("provisional", {"time": "Ninety days, until the order arrives"}),
    "restitution": ("restitution", {"owner": "The village of Dol; list of the owners and deeds attached"}),
}


_CIRCUMSTANCES = (
    "On 11 March 2025 at the gravel pit north of Dol the person commanded by radio the units that shot 64 men and boys."
)
ARREST = {
    "person": "person-1",
    "document_exists": True,
    "intention": True,
    "offence": "Genocide at Dol on 11 March 2025; life imprisonment or up to thirty years",
    "description": "Man, born 2 June 1979, 1.80 m, scar on the left hand",
    "urgency_reason": "The person has a ticket to a third State for 2 December.",
    "file_ready_by": dt.date(2026, 12, 8),
}
SIMPLIFIED = {
    "requesting_authority": "Public Prosecutor's Office, Rotterdam",
    "person": {"person": "person-1", "identity": "Ibar Tesk (fictional), born 2 June 1979, Dutch"},
    "document_exists": True,
    "offence": {
        "circumstances": _CIRCUMSTANCES,
        "consequences": "At least 64 deaths",
        "legal_description": "Genocide, life imprisonment or up to thirty years",
        "limitation": "Not subject to lapse of time",
    },
    "judgment": {"in_absentia": False},
}
TRANSIT = {
    "purpose": "extradition",
    "person": {"person": "person-1", "identity": "Ibar Tesk (fictional), born 2 June 1979, Dutch"},
    "requesting_authority": "Ministry of Justice and Security, The Hague",
    "document_exists": True,
    "documents": "@documents",
    "offence": {
        "circumstances": _CIRCUMSTANCES,
        "legal_description": "Genocide, life imprisonment or up to thirty years",
    },
    "route": "Dakar to Amsterdam by way of Casablanca, escorted by two officers",
    "by_air_without_landing": False,
}
TEAM = {
    "composition": "One prosecutor and two investigators of each State; leaders by place of operation",
    "purpose": "To find out how weapons reached the units at Dol",
    "period": "Twelve months from signature, extended in writing before the end",
    "states_of_operation": ["NL", "SN"],
    "agreement": {name: f"As in the annexed draft, clause on {name.replace('_', ' ')}" for name in AGREEMENT},
}
