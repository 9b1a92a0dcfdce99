"""The closed vocabularies of the law's data: what a row may say where a word, not a sentence, is wanted."""

from __future__ import annotations

import enum


class RequestKind(enum.StrEnum):
    """What is asked of another State: the *function* for which a legal basis is sought."""

    MLA = "mla"
    EXTRADITION = "extradition"
    PROVISIONAL_ARREST = "provisional-arrest"
    SIMPLIFIED_EXTRADITION = "simplified-extradition"
    TRANSIT = "transit"
    PROPERTY = "property"
    SPECIALITY_CONSENT = "speciality-consent"
    RE_EXTRADITION_CONSENT = "re-extradition-consent"
    PROSECUTION_OF_NATIONAL = "prosecution-of-national"
    TRANSFER = "transfer"
    TRANSFER_INTEREST = "transfer-interest"
    TRANSFER_PROVISIONAL = "transfer-provisional"
    JOINT_TEAM = "jit"
    SPONTANEOUS_INFORMATION = "spontaneous-information"
    ANY = "any"

    @property
    def phrase(self) -> str:
        """The kind as it stands in a sentence."""
        return _PHRASES[self]


_PHRASES = {
    RequestKind.MLA: "mutual legal assistance",
    RequestKind.EXTRADITION: "extradition",
    RequestKind.PROVISIONAL_ARREST: "provisional arrest",
    RequestKind.SIMPLIFIED_EXTRADITION: "simplified extradition",
    RequestKind.TRANSIT: "transit",
    RequestKind.PROPERTY: "the handing over of property",
    RequestKind.SPECIALITY_CONSENT: "consent to proceed for another offence",
    RequestKind.RE_EXTRADITION_CONSENT: "consent to re-extradition",
    RequestKind.PROSECUTION_OF_NATIONAL: "prosecution in place of extradition",
    RequestKind.TRANSFER: "the transfer of a sentenced person",
    RequestKind.TRANSFER_INTEREST: "information on an interest in transfer",
    RequestKind.TRANSFER_PROVISIONAL: "provisional measures before a transfer",
    RequestKind.JOINT_TEAM: "a joint investigation team",
    RequestKind.SPONTANEOUS_INFORMATION: "spontaneous information",
    RequestKind.ANY: "cooperation of any kind",
}


class Measure(enum.StrEnum):
    """A form of assistance. A longer name refines a shorter one (`refines`)."""

    STATEMENT = "statement"
    HEARING_VIDEO = "hearing-video"
    HEARING_VIDEO_ACCUSED = "hearing-video-accused"
    HEARING_TELEPHONE = "hearing-telephone"
    SERVICE = "service"
    SERVICE_POST = "service-post"
    SEARCH = "search"
    FREEZING = "freezing"
    EXAMINATION = "examination"
    INFORMATION = "information"
    RECORDS = "records"
    CRIMINAL_RECORDS = "criminal-records"
    TRACING = "tracing"
    ATTENDANCE = "attendance"
    TEMPORARY_TRANSFER = "temporary-transfer"
    TEMPORARY_TRANSFER_TO_REQUESTED = "temporary-transfer-to-requested"
    JOINT_TEAM = "jit"
    OBSERVATION = "observation"
    OBSERVATION_URGENT = "observation-urgent"
    CONTROLLED_DELIVERY = "controlled-delivery"
    COVERT = "covert"
    SURVEILLANCE = "surveillance"
    CONFISCATION = "confiscation"
    CONFISCATION_DOMESTIC_ORDER = "confiscation-domestic-order"
    CONFISCATION_ENFORCEMENT = "confiscation-enforcement"
    ASSET_RETURN = "asset-return"
    RESTITUTION = "restitution"
    PRESERVATION = "preservation"
    PROTECTION = "protection"
    INFORMATION_LAYING = "information-laying"
    SPONTANEOUS_INFORMATION = "spontaneous-information"
    OTHER = "other"

    def refines(self, wider: Measure) -> bool:
        """Whether a rule for `wider` also holds for this measure: itself, or a longer name of it."""
        return self is wider or self.value.startswith(f"{wider.value}-")


class Need(enum.StrEnum):
    """How strongly a content is asked for."""

    MUST = "must"
    WHERE_POSSIBLE = "where-possible"
    SHOULD = "should"


class Force(enum.StrEnum):
    """What a ground allows."""

    MUST = "must"
    MAY = "may"
    NOT_AVAILABLE = "not-available"
    UNSETTLED = "unsettled"


class Effect(enum.StrEnum):
    """What follows when a ground is used."""

    REFUSE = "refuse"
    POSTPONE = "postpone"
    PARTIAL = "partial"
    NONE = "none"


class Alternative(enum.StrEnum):
    """What can be tried before refusing."""

    SUPPLEMENT = "supplement"
    CONSULT = "consult"
    CONDITION = "condition"
    PARTIAL = "partial"
    POSTPONE = "postpone"
    OTHER_MEASURE = "other-measure"
    NON_COERCIVE_ONLY = "non-coercive-only"
    PROSECUTE = "prosecute"
    ENFORCE_SENTENCE = "enforce-sentence"
    TEMPORARY_SURRENDER = "temporary-surrender"
    TRANSFER_PROCEEDINGS = "transfer-proceedings"
    ORDINARY_PROCEDURE = "ordinary-procedure"
    OTHER_ROUTE = "other-route"


class Side(enum.StrEnum):
    """Which State gives an assurance or owes a duty."""

    REQUESTING = "requesting"
    REQUESTED = "requested"
    BOTH = "both"
    SENDING = "sending"
    RECEIVING = "receiving"
    SENTENCING = "sentencing"
    ADMINISTERING = "administering"
    TRANSIT = "transit"


class Applies(enum.StrEnum):
    """The situation in which a content is asked for."""

    ACCUSED = "accused"
    CONVICTED = "convicted"
    SENTENCING_STATE = "sentencing-state"
    ADMINISTERING_STATE = "administering-state"
    EXPULSION = "expulsion"
    LETTERS_ROGATORY = "letters-rogatory"


class SetBy(enum.StrEnum):
    """Who set the length of a limit."""

    INSTRUMENT = "instrument"
    AGREEMENT = "agreement"
    DECLARATION = "declaration"
    REQUESTED_STATE = "requested-state"
    DOMESTIC_LAW = "domestic-law"


class Rounding(enum.StrEnum):
    """How the end of a period is moved."""

    NONE = "none"
    FIRST_OF_NEXT_MONTH = "first-of-next-month"


class Unit(enum.StrEnum):
    """Units of a quantity; days are calendar days."""

    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    PERSONS = "persons"


class Urgency(enum.StrEnum):
    """When a channel is open."""

    ANY = "any"
    URGENT = "urgent"


class Requires(enum.StrEnum):
    """What a channel depends on."""

    NONE = "none"
    DECLARATION = "declaration"
    AGREEMENT = "agreement"


class StatementKind(enum.StrEnum):
    """What a State may state towards the depositary."""

    RESERVATION = "reservation"
    DECLARATION = "declaration"
    NOTIFICATION = "notification"


class Lasting(enum.StrEnum):
    """How long a statement lasts that has no length."""

    UNTIL_WITHDRAWN = "until-withdrawn"
    UNTIL_CHANGED = "until-changed"
    UNTIL_ENTRY_INTO_FORCE = "until-entry-into-force"
    AS_AGREED = "as-agreed"
    NOT_ESTABLISHED = "not-established"


class ConductBefore(enum.StrEnum):
    """Whether conduct before entry into force is covered."""

    COVERED = "covered"
    NOT_COVERED = "not-covered"
    UNSETTLED = "unsettled"


class Phase(enum.StrEnum):
    """The phase of work in which a practice check is made."""

    DRAFT = "draft"
    SEND = "send"
    RECEIVE = "receive"
    REFUSE = "refuse"
    CONDITIONS = "conditions"
    EXECUTE = "execute"
    CLOSE = "close"


class Severity(enum.StrEnum):
    """How heavily a practice check weighs."""

    BLOCKS = "blocks"
    WARNS = "warns"
    ADVISES = "advises"


class Action(enum.StrEnum):
    """What a State, or the depositary, did."""

    SIGNATURE = "signature"
    RATIFICATION = "ratification"
    ACCEPTANCE = "acceptance"
    APPROVAL = "approval"
    ACCESSION = "accession"
    SUCCESSION = "succession"
    PROVISIONAL_APPLICATION = "provisional-application"
    ANNEX_NOTIFICATION = "notification-annex"
    DECLARATION = "declaration"
    RESERVATION = "reservation"
    RENEWAL = "renewal"
    WITHDRAWAL_OF_STATEMENT = "withdrawal-of-statement"
    WITHDRAWAL = "withdrawal"
    ENTRY_INTO_FORCE = "entry-into-force"
    LIST_CHECKED = "list-checked"

    @property
    def binds(self) -> bool:
        """Whether it is a consent to be bound."""
        return self in _CONSENTS

    @property
    def of_depositary(self) -> bool:
        """Whether it concerns the treaty as a whole, not one State."""
        return self in {Action.ENTRY_INTO_FORCE, Action.LIST_CHECKED}


_CONSENTS = {Action.RATIFICATION, Action.ACCEPTANCE, Action.APPROVAL, Action.ACCESSION, Action.SUCCESSION}
