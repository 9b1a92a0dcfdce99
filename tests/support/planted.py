"""Defects planted one at a time into complete requests, each with the one finding it must bring about.

A defect is a change of one place: a value removed (`without`) or replaced (`put`). Everything is fictional.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from support.requests import COMPLETE, Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Planted:
    """One defect in one complete request, and the weight and field of the finding it must bring about."""

    name: str
    complete: str
    change: Callable[[Tables], None]
    weight: str
    field: str

    def tables(self) -> Tables:
        """The complete request with this defect."""
        tables = COMPLETE[self.complete]()
        self.change(tables)
        return tables


def without(path: str) -> Callable[[Tables], None]:
    """Removes what stands at a path such as `request.persons.0.role`."""

    def change(tables: Tables) -> None:
        place, last = _place(tables, path)
        del place[last]

    return change


def put(path: str, value: object) -> Callable[[Tables], None]:
    """Puts a value at a path."""

    def change(tables: Tables) -> None:
        place, last = _place(tables, path)
        place[last] = value

    return change


def both(*changes: Callable[[Tables], None]) -> Callable[[Tables], None]:
    """One defect that takes two strokes of the pen."""

    def change(tables: Tables) -> None:
        for each in changes:
            each(tables)

    return change


def _place(tables: Tables, path: str) -> tuple[Any, Any]:  # Any: a table or a list, by the path
    steps: list[str | int] = [int(step) if step.isdigit() else step for step in path.split(".")]
    place: Any = tables
    for step in steps[:-1]:
        place = place[step]
    return place, steps[-1]


Row: TypeAlias = tuple[str, str, "Callable[[Tables], None]", str]
"""Name, complete request, change, field of the finding."""

_PERSON = "request.persons.0"
_ITEM = "request.assistance.items.0"


_MISSING_WHEN_REMOVED: tuple[tuple[str, str, str], ...] = (
    ("no requesting authority", "mla-statement", "request.requesting_authority"),
    ("no reference", "mla-statement", "request.reference"),
    ("no channel", "mla-statement", "request.channel"),
    ("no language", "mla-statement", "request.language"),
    ("a translation that is not attached", "mla-statement", "request.translation.attachments"),
    ("not genuine for the receiver", "mla-records", "request.authenticity"),
    ("no conducting authority", "mla-corruption", "request.proceeding.conducting_authority"),
    ("no facts", "mla-two-treaties", "request.facts.summary"),
    ("no purpose", "mla-organised-crime", "request.assistance.purpose"),
    ("no procedure, not even none", "mla-statement", "request.assistance.procedure_wanted"),
    ("no domestic law", "mla-statement", "request.offence.provisions_text"),
    ("no paragraph of the Convention", "mla-statement", "request.crime.0.convention_paragraph"),
    ("a person without a role", "mla-statement", "request.persons.0.role"),
    ("a witness whose earlier interviews nobody looked up", "mla-statement", "request.persons.1.earlier_interviews"),
    ("a search without a place", "mla-search", "measure.search.0.location"),
    ("a search without its grounds", "mla-search", "measure.search.0.grounds"),
    ("a summons without addressee", "mla-service", "measure.service.0.addressee"),
    ("a video hearing without reason", "mla-video", "measure.hearing_video.0.reason"),
    ("an accused by video without consent stated", "mla-video-accused", "measure.hearing_video.0.accused_consent"),
    ("a confiscation order that is not attached", "mla-confiscation-enforcement", "measure.confiscation.0.order_copy"),
    ("third parties nobody told", "mla-confiscation-enforcement", "measure.confiscation.0.third_party_notice"),
    ("freezing on no facts", "mla-freezing", "measure.freezing.0.facts_relied_on"),
    ("a detainee whose return nobody agreed", "mla-temporary-transfer", "measure.temporary_transfer.0.agreed_terms"),
    ("observation of nobody", "mla-observation", "measure.observation.0.person"),
    ("a service summary in no language", "mla-european", "measure.service.0.summary"),
    ("no warrant", "extradition-accused", "extradition.documents.warrant"),
    ("no judgment", "extradition-convicted", "extradition.documents.judgment"),
    ("silence on absence", "extradition-convicted", "extradition.judgment.in_absentia"),
    ("no time left stated", "extradition-convicted", "extradition.judgment.time_left"),
    ("accused or convicted", "extradition-european", "extradition.sought_as"),
    ("no law on lapse of time", "extradition-european", "extradition.offence.limitation"),
    ("no description of the person", "extradition-corruption", "extradition.person.description"),
    ("arrest without intention", "provisional-arrest", "provisional_arrest.intention"),
    ("arrest before the file can be ready", "provisional-arrest-european", "provisional_arrest.file_ready_by"),
    ("transit of nobody", "transit", "transit.person.identity"),
    ("transit without papers", "transit-european", "transit.documents"),
    ("no record of the person's words", "speciality", "speciality.person_statement"),
    ("no files for the prosecutor", "prosecution", "prosecution.files"),
    ("re-extradition to nowhere", "re-extradition", "re_extradition.third_state"),
    ("no certified judgment", "transfer-sentencing", "transfer.documents.judgment_certified"),
    ("no consent", "transfer-sentencing", "transfer.documents.consent_declaration"),
    ("consent without counsel", "transfer-sentencing", "transfer.consent.counsel"),
    ("no proof of nationality", "transfer-administering", "transfer.documents.nationality_proof"),
    ("an expelled person nobody asked", "transfer-expulsion", "transfer.documents.person_opinion"),
    ("an interest without a sentence", "transfer-interest", "transfer.sentence.nature_length_start"),
    ("nothing about who fled", "transfer-provisional", "transfer.provisional.information"),
    ("a team of nobody", "joint-team", "jit.composition"),
    ("a team without an end", "joint-team-european", "jit.period"),
    ("information without content", "spontaneous", "spontaneous.information"),
)
_MISSING: tuple[Row, ...] = (
    ("a channel of another treaty", "mla-statement", put("request.channel", "channel.ministry"), "request.channel"),
    ("no legal basis", "transit", put("request.legal_basis", {"statement": "a treaty"}), "request.legal_basis"),
    (
        "not the language the requested State declared",
        "mla-statement",
        put("request.requested_state", "LV"),
        "request.translation",
    ),
    (
        "no subject of the proceeding",
        "mla-search",
        put("request.proceeding.subject_and_nature", "  "),
        "request.proceeding.subject_and_nature",
    ),
    ("an item on no fact", "mla-statement", put(f"{_ITEM}.facts", []), "request.assistance.items[1].facts"),
    ("an item on nobody", "mla-statement", put(f"{_ITEM}.persons", []), "request.assistance.items[1].persons"),
    (
        "an annex that is named and not attached",
        "mla-statement",
        put("request.protection_needs", "As set out in annex 7 for the witness."),
        "request.annexes",
    ),
)


_WEAK_WHEN_REMOVED: tuple[tuple[str, str, str], ...] = (
    ("a deadline without reason", "mla-search", "request.deadline.reason"),
    ("a fact without a day", "transit", "request.facts.statements.0.from"),
    ("an item that proves nothing", "mla-records", "request.assistance.items.0.purpose"),
    ("force without a reason", "mla-records", "request.assistance.items.0.coercion_reason"),
    ("a hearing without rights", "mla-statement", "request.persons.1.rights"),
    ("a witness without protection needs", "mla-statement", "request.protection_needs"),
    ("a person without a place", "mla-statement", "request.persons.0.location"),
    ("an identity without a name", "mla-statement", "request.persons.0.identity.name"),
    ("confidential neither way", "mla-statement", "request.confidentiality.wanted"),
    ("unsigned", "transfer-sentencing", "request.signature"),
    ("translation at whose cost", "mla-statement", "request.translation.settled"),
    ("nobody in particular is sought", "extradition-accused", "extradition.person.person"),
    ("a person sought of no nationality", "extradition-accused", "request.persons.0.nationality"),
)
_WEAK: tuple[Row, ...] = (
    (
        "a judgment in a case under investigation",
        "extradition-convicted",
        put("request.proceeding.stage", "investigation"),
        "request.proceeding.stage",
    ),
    (
        "a summons too close to its hearing",
        "mla-service",
        put("measure.service.0.hearing_date", dt.date(2026, 12, 20)),
        "measure.service[1].hearing_date",
    ),
    (
        "consent in a language the person does not understand",
        "transfer-sentencing",
        put("request.persons.0.language", "en"),
        "transfer.consent.language",
    ),
    (
        "the same item twice",
        "mla-records",
        lambda tables: tables["request"]["assistance"]["items"].append(
            {**tables["request"]["assistance"]["items"][0], "id": "item-2"}
        ),
        "request.assistance.items[2]",
    ),
    (
        "the same person twice",
        "mla-records",
        lambda tables: tables["request"]["persons"].append({**tables["request"]["persons"][0], "id": "person-3"}),
        "request.persons[3]",
    ),
    ("a State that asks itself", "transit", put("request.requested_state", "NL"), "request.requested_state"),
    ("a State that does not exist", "mla-records", put("request.requesting_state", "QQ"), "request.requesting_state"),
    ("a request dated tomorrow", "mla-statement", put("request.dated", dt.date(2026, 11, 25)), "request.dated"),
    (
        "a deadline that has passed",
        "mla-search",
        put("request.deadline.date", dt.date(2026, 11, 1)),
        "request.deadline.date",
    ),
    (
        "a deadline in ten days",
        "mla-search",
        put("request.deadline.date", dt.date(2026, 12, 4)),
        "request.deadline.date",
    ),
    (
        "urgency without a date or a reason",
        "extradition-accused",
        both(put("request.urgent", {"claimed": True}), without("request.deadline.reason")),
        "request.deadline.reason",
    ),
    ("facts in two words", "mla-statement", put("request.facts.summary", "Mass murder."), "request.facts.summary"),
    (
        "conduct that only repeats the label",
        "mla-statement",
        put("request.crime.0.conduct", "The crime of genocide and war crimes and crimes against humanity"),
        "request.crime[1].conduct",
    ),
    ("a crime nobody knows", "transit", put("request.crime.0.code", "sorcery"), "request.crime[1].code"),
    ("a crime on no fact", "joint-team", put("request.crime.0.facts", []), "request.crime[1].facts"),
    (
        "a placeholder left standing",
        "mla-statement",
        put("request.assistance.presence_wanted", "[...]"),
        "request.assistance.presence_wanted",
    ),
    (
        "a fact tomorrow",
        "mla-statement",
        put("request.facts.statements.0.from", dt.date(2027, 1, 1)),
        "request.facts.statements[1].from",
    ),
    (
        "a fact that ends before it begins",
        "mla-statement",
        put("request.facts.statements.1.until", dt.date(2025, 1, 1)),
        "request.facts.statements[2].until",
    ),
    (
        "everything there is",
        "mla-records",
        both(
            put(f"{_ITEM}.description", "All records and any other papers the company may still have"),
            without(f"{_ITEM}.place"),
        ),
        "request.assistance.items[1].description",
    ),
    (
        "an item about a person with no part in its facts",
        "mla-statement",
        put(f"{_ITEM}.facts", ["fact-2"]),
        "request.assistance.items[1].persons",
    ),
    (
        "an accused heard as if a witness",
        "mla-video",
        put("request.persons.1.role", "accused"),
        "request.assistance.items[1].persons",
    ),
    (
        "details of a search for an item that is none",
        "mla-search",
        both(
            put("measure.search.0.for", ["item-1", "item-2"]),
            lambda tables: tables["request"]["assistance"]["items"].append(
                {**tables["request"]["assistance"]["items"][0], "id": "item-2", "measure": "records"}
            ),
        ),
        "measure.search[1].for",
    ),
    (
        "a name without a part",
        "mla-statement",
        both(without(f"{_PERSON}.part"), without(f"{_PERSON}.facts")),
        "request.persons[1].facts",
    ),
    (
        "born 1779",
        "mla-statement",
        put(f"{_PERSON}.identity.date_of_birth", dt.date(1779, 6, 2)),
        "request.persons[1].identity.date_of_birth",
    ),
    ("nobody to call", "mla-statement", without("request.contact.name"), "request.contact"),
    (
        "an address that is none",
        "mla-statement",
        put("request.contact.email", "at the ministry"),
        "request.contact.email",
    ),
    (
        "a picture that says it is a document",
        "mla-statement",
        put("request.annexes.0.path", "law.png"),
        "request.annexes[1].media_type",
    ),
    (
        "a law attached as an order",
        "mla-statement",
        put("request.annexes.0.role", "order"),
        "request.offence.attachments",
    ),
    (
        "a treaty nobody knows",
        "mla-statement",
        put("request.legal_basis.instruments", ["lhc", "xyz"]),
        "request.legal_basis.instruments",
    ),
    (
        "sought as one thing, named as another",
        "extradition-accused",
        put(f"{_PERSON}.role", "convicted"),
        "extradition.sought_as",
    ),
    (
        "in absentia, and no word of a retrial",
        "extradition-convicted",
        put(
            "extradition.judgment",
            {
                "in_absentia": True,
                "time_left": "Nineteen years",
                "summons_and_defence": "Summoned by post, defended by counsel",
            },
        ),
        "extradition.judgment.retrial",
    ),
    (
        "an assurance that nobody can check",
        "extradition-accused",
        without("extradition.assurances.offered.0.monitoring"),
        "extradition.assurances.offered[1]",
    ),
    (
        "an arrest file that comes too late",
        "provisional-arrest",
        put("provisional_arrest.file_ready_by", dt.date(2027, 1, 10)),
        "provisional_arrest.file_ready_by",
    ),
    (
        "no intention to ask",
        "provisional-arrest",
        put("provisional_arrest.intention", value=False),
        "provisional_arrest.intention",
    ),
    ("three months left", "transfer-sentencing", put("transfer.sentence.days_left", 90), "transfer.sentence.days_left"),
    (
        "consent given tomorrow",
        "transfer-sentencing",
        put("transfer.consent.given_on", dt.date(2026, 12, 1)),
        "transfer.consent.given_on",
    ),
    ("a team agreement without costs", "joint-team", without("jit.agreement.costs"), "jit.agreement"),
    (
        "a team in a State that does not exist",
        "joint-team",
        put("jit.states_of_operation", ["NL", "QQ"]),
        "jit.states_of_operation",
    ),
    (
        "an annexed crime that not both accepted",
        "mla-statement",
        put("request.crime.0.annex", "G"),
        "request.crime[1].annex",
    ),
    (
        "a hearing in the past",
        "mla-service",
        put("measure.service.0.hearing_date", dt.date(2026, 6, 1)),
        "measure.service[1].hearing_date",
    ),
)


_ADVICE_WHEN_REMOVED: tuple[tuple[str, str, str], ...] = (
    ("no deadline wished", "mla-statement", "request.deadline.date"),
    ("no limits of use", "mla-statement", "request.use_limits"),
    ("other States not named", "mla-statement", "request.related.other_states"),
)
_ADVICE: tuple[Row, ...] = (
    (
        "no assurance offered",
        "extradition-accused",
        without("extradition.assurances"),
        "extradition.assurances.offered",
    ),
    (
        "a fact nobody uses",
        "mla-statement",
        lambda tables: tables["request"]["facts"]["statements"].append(
            {
                "id": "fact-3",
                "text": "A bridge was closed for repairs that week.",
                "from": dt.date(2025, 3, 4),
                "place": "Dol",
            }
        ),
        "request.facts.statements[3]",
    ),
)


def _planted() -> Iterator[Planted]:
    for weight, changed, removed in (
        ("missing", _MISSING, _MISSING_WHEN_REMOVED),
        ("weak", _WEAK, _WEAK_WHEN_REMOVED),
        ("advice", _ADVICE, _ADVICE_WHEN_REMOVED),
    ):
        for name, complete, change, field in changed:
            yield Planted(name, complete, change, weight=weight, field=field)
        for name, complete, path in removed:
            yield Planted(name, complete, without(path), weight=weight, field=_field(path))


def _field(path: str) -> str:
    """The field of a finding for a path: `request.persons.0.role` is `request.persons[1].role`."""
    steps = [f"[{int(step) + 1}]" if step.isdigit() else f".{step}" for step in path.split(".")]
    return "".join(steps).removeprefix(".")


PLANTED: tuple[Planted, ...] = tuple(_planted())
"""Every planted defect."""
