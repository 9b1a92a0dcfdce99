"""Complete requests of every kind, as tables: what a careful officer would send. Every person and event is fictional.

Each is complete against the instruments it relies on; the tests plant one defect at a time.
"""

from __future__ import annotations

import copy
import datetime as dt
from typing import TYPE_CHECKING, Any, TypeAlias

from dedere.treaty.requestfile import RequestFile, request_from_tables
from support.request_parts import ARREST, DETAILS, SIMPLIFIED, TEAM, TRANSIT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Any: nested tables as tomllib gives them; the format under test is what types them.
Tables: TypeAlias = dict[str, Any]

ON = dt.date(2026, 11, 24)
"""The day on which all of them are checked."""

_CONSIDERED = [
    "practice.police-first",
    "practice.first-account",
    "practice.survivor-centred",
    "practice.transfer-considered",
]
_SUMMARY = (
    "Between 4 and 19 March 2025 armed units of the Northern Guard surrounded four villages of the Ysari people in the "
    "valley of Lern, Arvenia (fictional), shot at least 64 men and boys of the village of Dol and burned their houses, "
    "clinic and grain stores, on orders that no Ysari hearth shall burn there."
)


def request_of(tables: Tables) -> RequestFile:
    """The tables as a request."""
    return request_from_tables(copy.deepcopy(tables), name="test.toml")


def base(kind: str, *instruments: str) -> Tables:
    """What every complete request has."""
    return {
        "format": "dedere-request/1",
        "request": {
            "kind": kind,
            "requesting_state": "NL",
            "requested_state": "SN",
            "fictional": True,
            "reference": "NL-CA-2026-0001",
            "dated": dt.date(2026, 11, 20),
            "requesting_authority": "Central Authority, Ministry of Justice and Security, The Hague (fictional office)",
            "addressee": "Central authority of Senegal, Ministry of Justice, Dakar",
            "channel": _CHANNELS.get(instruments[0], "channel.central-authority"),
            "written_record": True,
            "authenticity": "Signed electronically; the fingerprint of the key can be compared by telephone.",
            "signature": "M. van Houten (fictional), senior legal officer, electronically",
            "language": "en",
            "considered": list(_CONSIDERED),
            "legal_basis": {"instruments": list(instruments), "statement": "The treaty named, as far as it applies"},
            "translation": {
                "language": "fr",
                "attachments": ["annex-2"],
                "settled": "The Netherlands translates and pays.",
            },
            "contact": {
                "name": "M. van Houten (fictional)",
                "telephone": "+31 70 000 00 00",
                "email": "central.authority@nl.example",
                "languages": ["en", "fr"],
            },
            "proceeding": {
                "subject_and_nature": "Criminal investigation of genocide and war crimes in Arvenia in March 2025",
                "conducting_authority": "National Public Prosecutor's Office, Rotterdam: leads the investigation",
                "stage": "investigation",
            },
            "facts": {
                "summary": _SUMMARY,
                "statements": [
                    {
                        "id": "fact-1",
                        "text": "Units of the Northern Guard shoot 64 men and boys of the village of Dol.",
                        "from": dt.date(2025, 3, 11),
                        "place": "Gravel pit north of Dol, Arvenia (fictional)",
                    },
                    {
                        "id": "fact-2",
                        "text": "Two containers with rifles and fuel pass through the port of Dakar.",
                        "from": dt.date(2025, 1, 14),
                        "until": dt.date(2025, 1, 22),
                        "place": "Port of Dakar",
                    },
                ],
            },
            "crime": [
                {
                    "code": "genocide",
                    "convention_paragraph": "5(2)",
                    "conduct": "Shooting at least 64 members of the Ysari with intent to destroy that group",
                    "facts": ["fact-1", "fact-2"],
                }
            ],
            "offence": {
                "legal_description": "Genocide under section 3 of the International Crimes Act",
                "provisions_text": "Section 3 International Crimes Act: life imprisonment or up to thirty years.",
                "attachments": ["annex-1"],
            },
            "persons": [
                {
                    "id": "person-1",
                    "role": "suspect",
                    "part": "Commanded the units by radio.",
                    "facts": ["fact-1", "fact-2"],
                    "location": "Rotterdam, in pre-trial detention",
                    "nationality": ["NL"],
                    "identity": {"name": "Ibar TESK (fictional)", "date_of_birth": dt.date(1979, 6, 2)},
                },
                {
                    "id": "person-2",
                    "role": "witness",
                    "part": "Survived the shooting and heard the orders.",
                    "facts": ["fact-1"],
                    "protected": True,
                    "alias": "Amber",
                    "rights": ["information", "interpreter", "protection"],
                    "earlier_interviews": "none known",
                },
            ],
            "deadline": {
                "date": dt.date(2027, 3, 15),
                "reason": "The court reviews the pre-trial detention on 1 April 2027.",
            },
            "confidentiality": {"wanted": True, "reason": "The company does not know of the investigation."},
            "protection_needs": "The witness Amber fears reprisals against relatives.",
            "use_limits": "Used in this investigation only; disclosure to the defence is foreseeable at trial.",
            "informal_contacts": "none",
            "related": {"same_state": "none", "other_states": "none"},
            "annexes": [
                {
                    "id": "annex-1",
                    "path": "law.pdf",
                    "title": "The law",
                    "media_type": "application/pdf",
                    "role": "law",
                },
                {
                    "id": "annex-2",
                    "path": "translation.pdf",
                    "title": "Translation",
                    "media_type": "application/pdf",
                    "role": "translation",
                },
            ],
        },
    }


_CHANNELS = {"ets024": "channel.ministry", "ets030": "channel.ministry", "ets112": "channel.ministry"}


def attach(tables: Tables, identifier: str, *, role: str) -> list[str]:
    """Adds an attachment and gives the list that points to it."""
    tables["request"]["annexes"].append(
        {
            "id": identifier,
            "path": f"{identifier}.pdf",
            "title": f"Document {identifier}",
            "media_type": "application/pdf",
            "role": role,
        }
    )
    return [identifier]


def assistance(measure: str, *instruments: str, person: str = "person-2") -> Tables:
    """A complete request for assistance with one item."""
    tables = base("mla", *instruments)
    tables["request"]["assistance"] = {
        "description": "A hearing of the witness called Amber, manifests of two containers and images of the village",
        "purpose": "To prove who gave the orders and how the weapons reached the units",
        "procedure_wanted": "On oath, after being told of the right to refuse",
        "oath": True,
        "originals_wanted": False,
        "presence_wanted": "Please tell date and place; one prosecutor wishes to attend.",
        "items": [
            {
                "id": "item-1",
                "measure": measure,
                "description": "What the item asks for, from 1 January to 31 March 2025, at the place named below",
                "purpose": "To prove who commanded the units at Dol",
                "facts": ["fact-1"],
                "persons": [person],
                "place": "Dakar",
                "coercion_reason": "A voluntary request was not answered; nothing milder is left.",
            }
        ],
    }
    group, details = DETAILS.get(measure, ("", {}))
    if group:
        tables["measure"] = {group: [{"for": ["item-1"], **copy.deepcopy(details)}]}
    return tables


def confiscation_enforcement() -> Tables:
    """A complete request to enforce a confiscation order."""
    tables = assistance("confiscation-enforcement", "lhc", person="person-1")
    tables["measure"] = {
        "confiscation": [
            {
                "for": ["item-1"],
                "order_copy": attach(tables, "annex-3", role="order"),
                "extent_of_execution": "The whole sum of 40 000 euros",
                "third_party_notice": "The bank and the co-owner were summoned and heard on 3 June 2026.",
                "order_is_final": True,
            }
        ]
    }
    return tables


def extradition(sought_as: str, *instruments: str) -> Tables:
    """A complete extradition request."""
    tables = base("extradition", *instruments)
    person = tables["request"]["persons"][0]
    person["role"] = sought_as
    person["location"] = "Dakar, address not known"
    tables["request"]["persons"] = [person]
    tables["extradition"] = {
        "sought_as": sought_as,
        "person": {
            "person": "person-1",
            "description": "Man, born 2 June 1979 in Lern (fictional), 1.80 m, scar on the left hand; fingerprints attached",
            "location": "Last seen in Dakar in October 2026",
        },
        "offence": {
            "statement": _SUMMARY,
            "description": "Genocide, as the treaty article on the core crimes has it",
            "conduct": "Commanded by radio the units that shot 64 men and boys at Dol",
            "legal_description": "Genocide under section 3 of the International Crimes Act; paragraph 2 of the article",
            "provisions_text": "Section 3 International Crimes Act: life imprisonment or up to thirty years; no limitation.",
            "limitation": "Genocide is not subject to lapse of time under Dutch law.",
            "penalty": "Life imprisonment or up to thirty years",
            "death_penalty_possible": False,
            "life_sentence_possible": True,
        },
        "documents": {"required_by_law": attach(tables, "annex-8", role="other")},
        "assurances": {
            "offered": [
                {
                    "kind": "assurance.life-review",
                    "text": "A life sentence is reviewed after twenty-five years, and release is then possible.",
                    "given_by": "Minister of Justice and Security",
                    "authority": "Head of the department that decides on release",
                    "monitoring": "The embassy is told of each review.",
                    "persons": ["person-1"],
                }
            ]
        },
    }
    documents = tables["extradition"]["documents"]
    if sought_as == "accused":
        documents["warrant"] = attach(tables, "annex-3", role="order")
    else:
        tables["request"]["proceeding"]["stage"] = "enforcement"
        documents["judgment"] = attach(tables, "annex-3", role="judgment")
        tables["extradition"]["judgment"] = {"in_absentia": False, "time_left": "Nineteen years and four months"}
    return tables


def side_procedure(kind: str, section: str, content: Mapping[str, Any], *instruments: str) -> Tables:
    """A complete request of a kind beside extradition: about the suspect only."""
    tables = base(kind, *instruments)
    tables["request"]["persons"] = tables["request"]["persons"][:1]
    documents = attach(tables, "annex-3", role="other")
    tables[section] = {
        name: documents if value == "@documents" else copy.deepcopy(value) for name, value in content.items()
    }
    return tables


def transfer(made_by: str, *instruments: str) -> Tables:
    """A complete request for the transfer of a sentenced person."""
    tables = base("transfer", *instruments)
    person = tables["request"]["persons"][0]
    person["role"] = "convicted"
    person["nationality"] = ["SN"]
    tables["request"]["persons"] = [person]
    tables["request"]["proceeding"]["stage"] = "enforcement"
    tables["transfer"] = {
        "made_by": made_by,
        "expulsion": False,
        "person": {
            "person": "person-1",
            "name_birth": "Ibar Tesk (fictional), 2 June 1979, Lern",
            "address_in_administering_state": "none",
        },
        "facts_of_sentence": "Commanded by radio the units that shot 64 men and boys of Dol on 11 March 2025",
        "sentence": {
            "nature_length_start": "Imprisonment of thirty years from 1 February 2026",
            "final": True,
            "days_left": 9000,
        },
        "documents": {"enforcement_procedure": "Continued enforcement, explained to the person"},
        "consent": {
            "given_on": dt.date(2026, 10, 1),
            "language": "fr",
            "counsel": "Counsel K. Adè (fictional)",
            "verification": "A consul may see the person on 15 December 2026.",
        },
        "translation": "The file is sent in French.",
        "written": True,
    }
    documents = tables["transfer"]["documents"]
    if made_by == "sentencing-state":
        documents["judgment_certified"] = attach(tables, "annex-3", role="judgment")
        documents["time_served"] = attach(tables, "annex-4", role="other")
        documents["consent_declaration"] = attach(tables, "annex-5", role="consent")
        documents["medical_social_reports"] = attach(tables, "annex-6", role="other")
    else:
        documents["nationality_proof"] = attach(tables, "annex-3", role="other")
        documents["dual_criminality_law"] = attach(tables, "annex-4", role="law")
        documents["consent_declaration"] = attach(tables, "annex-5", role="consent")
    return tables


def expulsion() -> Tables:
    """A complete transfer request for a person who is to be expelled, without consent."""
    tables = transfer("sentencing-state", "ets112", "ets167")
    tables["transfer"]["expulsion"] = True
    del tables["transfer"]["documents"]["consent_declaration"]
    del tables["transfer"]["consent"]
    tables["transfer"]["documents"]["expulsion_order"] = attach(tables, "annex-7", role="order")
    tables["transfer"]["documents"]["person_opinion"] = attach(tables, "annex-8", role="other")
    return tables


def about_transfer(kind: str, *instruments: str) -> Tables:
    """A complete notice of interest, or request to secure a person who fled."""
    tables = transfer("sentencing-state", *instruments)
    tables["request"]["kind"] = kind
    tables["transfer"]["provisional"] = {"information": "Ibar Tesk, 2 June 1979; no address; thirty years; shot at Dol"}
    return tables


def joint_team(*instruments: str) -> Tables:
    """A complete proposal for a joint investigation team."""
    tables = base("jit", *instruments)
    tables["jit"] = copy.deepcopy(TEAM)
    return tables


def spontaneous() -> Tables:
    """Information sent without a request."""
    tables = base("spontaneous-information", "lhc")
    tables["spontaneous"] = {
        "information": "Two containers with rifles and fuel passed through the port of Dakar in January 2025.",
        "why_sent": "The port lies in the State that receives this.",
        "conditions": "none",
    }
    return tables


def _hearing_of_accused() -> Tables:
    tables = assistance("hearing-video-accused", "lhc", person="person-1")
    person = tables["request"]["persons"][0]
    person["rights"] = ["counsel", "silence", "interpreter"]
    person["earlier_interviews"] = "none known"
    return tables


def _with_order(tables: Tables, group: str) -> Tables:
    tables["measure"][group][0]["order_copy"] = attach(tables, "annex-3", role="order")
    return tables


def _transnational(tables: Tables) -> Tables:
    tables["request"]["scope"] = {"transnational_grounds": "Prepared in two States by a group of five over a year"}
    return tables


COMPLETE: Mapping[str, Callable[[], Tables]] = {
    "mla-statement": lambda: assistance("statement", "lhc"),
    "mla-records": lambda: assistance("records", "lhc", person="person-1"),
    "mla-video": lambda: assistance("hearing-video", "lhc"),
    "mla-video-accused": _hearing_of_accused,
    "mla-telephone": lambda: assistance("hearing-telephone", "lhc"),
    "mla-service": lambda: assistance("service", "lhc"),
    "mla-search": lambda: assistance("search", "lhc", person="person-1"),
    "mla-freezing": lambda: _with_order(assistance("freezing", "lhc", person="person-1"), "freezing"),
    "mla-attendance": lambda: assistance("attendance", "lhc"),
    "mla-covert": lambda: assistance("covert", "lhc", person="person-1"),
    "mla-observation": lambda: assistance("observation", "lhc", person="person-1"),
    "mla-confiscation-order": lambda: assistance("confiscation-domestic-order", "lhc", person="person-1"),
    "mla-confiscation-enforcement": confiscation_enforcement,
    "mla-temporary-transfer": lambda: assistance("temporary-transfer", "lhc"),
    "mla-examination": lambda: assistance("examination", "lhc", person="person-1"),
    "mla-corruption": lambda: assistance("records", "uncac", person="person-1"),
    "mla-organised-crime": lambda: _transnational(assistance("search", "untoc", person="person-1")),
    "mla-european": lambda: assistance("service", "ets030", "ets182"),
    "mla-european-video": lambda: assistance("hearing-video", "ets030"),
    "mla-two-treaties": lambda: assistance("statement", "lhc", "uncac"),
    "extradition-accused": lambda: extradition("accused", "lhc"),
    "extradition-convicted": lambda: extradition("convicted", "lhc"),
    "extradition-european": lambda: extradition("accused", "ets024"),
    "extradition-corruption": lambda: extradition("accused", "uncac"),
    "provisional-arrest": lambda: side_procedure("provisional-arrest", "provisional_arrest", ARREST, "lhc"),
    "provisional-arrest-european": lambda: side_procedure("provisional-arrest", "provisional_arrest", ARREST, "ets024"),
    "simplified": lambda: side_procedure("simplified-extradition", "simplified", SIMPLIFIED, "ets024"),
    "transit": lambda: side_procedure("transit", "transit", TRANSIT, "lhc"),
    "transit-european": lambda: side_procedure("transit", "transit", TRANSIT, "ets024"),
    "property": lambda: side_procedure(
        "property",
        "property",
        {"list": "Two telephones and a ledger seized at arrest", "purpose": "evidence"},
        "ets024",
    ),
    "speciality": lambda: side_procedure(
        "speciality-consent",
        "speciality",
        {"person": "person-1", "documents": "@documents", "person_statement": "@documents"},
        "ets024",
    ),
    "re-extradition": lambda: side_procedure(
        "re-extradition-consent",
        "re_extradition",
        {"person": "person-1", "third_state": "BE", "documents": "@documents"},
        "ets024",
    ),
    "prosecution": lambda: side_procedure(
        "prosecution-of-national", "prosecution", {"person": "person-1", "files": "@documents"}, "ets024"
    ),
    "transfer-sentencing": lambda: transfer("sentencing-state", "lhc"),
    "transfer-administering": lambda: transfer("administering-state", "ets112"),
    "transfer-expulsion": expulsion,
    "transfer-interest": lambda: about_transfer("transfer-interest", "ets112"),
    "transfer-provisional": lambda: about_transfer("transfer-provisional", "lhc"),
    "joint-team": lambda: joint_team("lhc"),
    "joint-team-european": lambda: joint_team("ets030", "ets182"),
    "spontaneous": spontaneous,
}
"""Every complete request by name."""
