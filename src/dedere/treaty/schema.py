"""The schema of the law's data: which tables a file may have, and which keys a row may have.

One declaration serves the loader, the review workbench (which value is of the right kind) and docs/law/schema.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from dedere.treaty import model, words
from dedere.treaty.readers import (
    CANDIDATES,
    CONFIDENCE,
    COUNTS,
    DAY,
    DURATION,
    FLAG,
    MAYBE_TEXT,
    QUANTITY,
    SCHEMA_VERSION,
    STATUS,
    TEXT,
    TEXTS,
    WHOLE,
    Reader,
    choice,
    word,
    word_list,
)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table. `fills` is the attribute it fills, its own name unless said otherwise."""

    name: str
    reader: Reader
    meaning: str
    required: bool = True
    fills: str = ""

    @property
    def attribute(self) -> str:
        """The attribute of the model that it fills."""
        return self.fills or self.name


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an instrument file.

    `holds` completes "one row is …". `decides` is the key that a review is about unless it names another;
    `second_person` says whether such a review needs a second person (numbers and grounds of refusal).
    """

    name: str
    holds: str
    builds: type[model.Row]
    keys: tuple[Key, ...]
    decides: str
    second_person: bool = False


def _optional(name: str, reader: Reader, meaning: str, fills: str = "") -> Key:
    return Key(name, reader, meaning, required=False, fills=fills)


_ID = Key("id", TEXT, "stable id, topical, never an article number")
_PROVISION = Key("provision", TEXT, "id of the provision in the same file that carries the rule")
_TREATY = _optional("source_treaty", TEXT, "treaty inside a file of several: the row applies between its parties")
_STATUS = Key("status", STATUS, "how the content is known")
_CONFIDENCE = Key("confidence", CONFIDENCE, "how sure its author was")
_NOTE = _optional("note", TEXT, "anything the reader must know")
_MODEL = _optional("model", TEXT, "article of a model treaty that the row was inferred from")
_KNOWN = (_STATUS, _CONFIDENCE, _NOTE)
_RULE = (_PROVISION, _TREATY, *_KNOWN, _MODEL)
_REQUEST = Key("request", word(words.RequestKind), "kind of request")
_MEASURE = _optional("measure", word(words.Measure), "form of assistance; absent means all")
_GIST = Key("gist", TEXT, "paraphrase in one to three sentences, never the text")
_ROUNDING = _optional("rounding", word(words.Rounding), "how the day is moved; absent means not")

INSTRUMENT = (
    _ID,
    Key("abbreviation", TEXT, "as cited, e.g. LHC"),
    Key("short", TEXT, "short title"),
    Key("title", TEXT, "full title"),
    Key("adopted", DAY, "day of adoption"),
    _optional("opened_for_signature", DAY, "day it was opened for signature"),
    Key("depositary", TEXT, "who keeps the list of parties"),
    Key("authentic_languages", TEXTS, "ISO 639-1 codes"),
    Key("authentic_languages_status", STATUS, "how the languages are known"),
    Key("text_source", TEXT, "where the authentic text can be read"),
    Key("crimes", choice("listed", "any"), "whether it covers listed crimes or any offence", fills="crimes_covered"),
    _optional("articles_total", WHOLE, "number of articles"),
    _optional("parts_total", WHOLE, "number of parts"),
    _optional("annexes_total", WHOLE, "number of annexes"),
    Key("source", TEXT, "what this table rests on"),
    *_KNOWN,
    Key("schema", SCHEMA_VERSION, "version of this schema"),
    Key("revision", WHOLE, "raised with every change of content"),
)

_FORCE = (
    _optional("instruments", WHOLE, "number of instruments that bring it into force; absent means not settled"),
    _optional("candidates", COUNTS, "possible numbers, each with its source"),
    _optional("since", DAY, "day of general entry into force, where settled"),
    _optional("since_status", STATUS, "how that day is known"),
    Key("rule", TEXT, "the rule in words"),
    _optional("after", QUANTITY, "time from the deposit that reaches the number"),
    _optional("later", QUANTITY, "time from a later State's own deposit"),
    _ROUNDING,
)

SINGLE_TABLES: tuple[Table, ...] = (
    Table(
        "entry_into_force",
        "when it enters into force",
        model.EntryIntoForce,
        (*_FORCE, *_RULE),
        decides="instruments",
        second_person=True,
    ),
    Table(
        "withdrawal",
        "how a State leaves it",
        model.Withdrawal,
        (Key("after", QUANTITY, "time from notice to effect"), _ROUNDING, *_RULE),
        decides="after",
        second_person=True,
    ),
    Table(
        "party_list",
        "how far the list of parties is known",
        model.PartyList,
        (
            Key("complete", FLAG, "whether the list was complete on `as_of`"),
            Key("statements", FLAG, "whether it includes reservations and declarations"),
            _optional("as_of", DAY, "day of the copy; later acts are not known"),
            Key("source", TEXT, "where the list comes from"),
            *_RULE,
        ),
        decides="complete",
    ),
    Table(
        "temporal",
        "whether earlier conduct is covered",
        model.Temporal,
        (Key("conduct_before", word(words.ConductBefore), "conduct before entry into force"), *_RULE),
        decides="conduct_before",
    ),
    Table(
        "annexes",
        "how annexed crimes come to bind",
        model.AnnexRule,
        (
            Key("rule", choice("both-notified"), "between whom an annex operates"),
            Key("notice", TEXT, "provision on the notice"),
            *_RULE,
        ),
        decides="rule",
    ),
)

TREATY = (
    _ID,
    Key("abbreviation", TEXT, "as cited, e.g. ETS 182"),
    Key("title", TEXT, "title"),
    Key("adopted", DAY, "day of adoption"),
    *_FORCE,
    *_RULE,
)

TREATY_TABLE = Table(
    "treaty",
    "a further treaty of a file of several: a protocol",
    model.EntryIntoForce,
    TREATY,
    decides="since",
    second_person=True,
)

ROW_TABLES: tuple[Table, ...] = (
    Table(
        "provision",
        "what the text says, article by article",
        model.Provision,
        (
            _ID,
            Key("article", TEXT, "as cited; a working number where article_status is not reported"),
            _optional("article_status", STATUS, "how the number is known"),
            _optional("article_confidence", CONFIDENCE, "how sure the number is"),
            Key("title", TEXT, "heading"),
            _GIST,
            Key("source", TEXT, "citation"),
            _optional("read_in", choice("en", "de"), "language of the text that was read"),
            _TREATY,
            *_KNOWN,
            _MODEL,
        ),
        decides="article",
    ),
    Table(
        "crime",
        "a crime within scope",
        model.Crime,
        (
            Key("code", TEXT, "its code", fills="id"),
            Key("word", TEXT, "its name in commands and request files"),
            Key("name", TEXT, "its name for people"),
            Key("definition_article", TEXT, "where it is defined"),
            _optional("annex", TEXT, "letter of the annex it stands in"),
            _optional("model_definition", TEXT, "definition it follows"),
            _optional("acts", TEXTS, "acts, in short form"),
            _optional("defined_by", TEXTS, "facts without which conduct does not fall under it"),
            *_RULE,
        ),
        decides="definition_article",
    ),
    Table(
        "conduct",
        "conduct that may fall under a crime of another name",
        model.Conduct,
        (
            _ID,
            Key("crime", TEXT, "code, label, or * for any"),
            Key("as", TEXT, "code of the crime it may fall under", fills="under"),
            _optional("facts", TEXTS, "facts that must all be true"),
            _optional("question", TEXT, "the question that asks for them"),
            *_RULE,
        ),
        decides="as",
    ),
    Table(
        "element",
        "a condition of scope that a fact decides",
        model.Element,
        (
            _ID,
            Key("requests", word_list(words.RequestKind), "kinds of request it concerns; empty means all"),
            Key("crimes", TEXTS, "codes; empty means all"),
            Key("fact", TEXT, "name of the fact"),
            Key("question", TEXT, "the question that asks for it"),
            Key("if_yes", TEXT, "the reason when it is true"),
            Key("if_no", TEXT, "the reason when it is not"),
            *_RULE,
        ),
        decides="fact",
    ),
    Table(
        "function",
        "a kind of request the instrument can carry, or expressly does not",
        model.Function,
        (
            _ID,
            _REQUEST,
            _optional("part", TEXT, "Part it stands in; absent means not established"),
            Key("carries", FLAG, "whether the instrument can carry it"),
            *_RULE,
        ),
        decides="carries",
    ),
    Table(
        "content",
        "what a request must contain",
        model.Content,
        (
            _ID,
            _REQUEST,
            _MEASURE,
            Key("need", word(words.Need), "how strongly it is asked for"),
            Key("field", TEXT, "path in the request file"),
            Key("ask", TEXT, "label"),
            Key("why", TEXT, "reason for the case officer"),
            Key("if_missing", TEXT, "what typically happens"),
            _optional("except_measures", word_list(words.Measure), "measures it is not needed for"),
            _optional("applies_to", word(words.Applies), "situation it is needed in"),
            *_RULE,
        ),
        decides="need",
    ),
    Table(
        "ground",
        "a ground for refusal or postponement, or one that may not be used",
        model.Ground,
        (
            _ID,
            _REQUEST,
            _MEASURE,
            Key("force", word(words.Force), "must, may, not available, or not settled"),
            _optional("force_candidates", word_list(words.Force), "possible values of force"),
            Key("effect", word(words.Effect), "what follows"),
            Key("title", TEXT, "heading"),
            _GIST,
            Key("curable_by", MAYBE_TEXT, "id of the assurance that cures it, or empty"),
            Key("alternatives", word_list(words.Alternative), "what to try before refusing"),
            *_RULE,
        ),
        decides="force",
        second_person=True,
    ),
    Table(
        "assurance",
        "what a State can promise",
        model.Assurance,
        (
            _ID,
            Key("given_by", word(words.Side), "who gives it"),
            Key("for", word_list(words.RequestKind), "kinds of request", fills="requests"),
            _GIST,
            *_RULE,
        ),
        decides="given_by",
    ),
    Table(
        "limit",
        "a time limit",
        model.Limit,
        (
            _ID,
            _REQUEST,
            _GIST,
            Key("starts_on", TEXT, "event that starts it"),
            Key("ends", TEXT, "event that stops it, or that it leads to"),
            _optional("length", QUANTITY, "its length; absent means not settled or without a number"),
            _optional("candidates", CANDIDATES, "possible lengths, each with its source"),
            Key("if_passed", TEXT, "consequence"),
            Key("set_by", word(words.SetBy), "who set it"),
            _ROUNDING,
            _optional("adjustable", TEXT, "who may set another length"),
            *_RULE,
        ),
        decides="length",
        second_person=True,
    ),
    Table(
        "threshold",
        "a quantity that is not a time limit",
        model.Threshold,
        (
            _ID,
            _REQUEST,
            Key("what", TEXT, "what is measured"),
            _optional("value", QUANTITY, "the quantity"),
            _optional("candidates", CANDIDATES, "possible quantities, each with its source"),
            Key("if_below", TEXT, "consequence"),
            *_RULE,
        ),
        decides="value",
        second_person=True,
    ),
    Table(
        "duty",
        "what a State must do when an event happens",
        model.Duty,
        (
            _ID,
            _REQUEST,
            _MEASURE,
            Key("on_event", TEXT, "event"),
            Key("owed_by", word(words.Side), "who owes it"),
            _GIST,
            *_RULE,
        ),
        decides="owed_by",
    ),
    Table(
        "form",
        "a form of cooperation",
        model.Form,
        (
            _ID,
            _REQUEST,
            _MEASURE,
            Key("name", TEXT, "its name"),
            _GIST,
            Key("coercive", FLAG, "whether force is typical"),
            Key("conditions", TEXTS, "conditions"),
            *_RULE,
        ),
        decides="coercive",
    ),
    Table(
        "channel",
        "a way by which requests travel",
        model.Channel,
        (
            _ID,
            Key("name", TEXT, "its name"),
            _GIST,
            Key("urgency", word(words.Urgency), "when it is open"),
            Key("requires", word(words.Requires), "what it depends on"),
            Key("functions", TEXTS, "kinds of request, also police-cooperation"),
            *_RULE,
        ),
        decides="requires",
    ),
    Table(
        "reservation_kind",
        "a reservation, declaration or notification that is allowed",
        model.ReservationKind,
        (
            _ID,
            Key("kind", word(words.StatementKind), "what it is"),
            Key("to", TEXT, "article it concerns"),
            _GIST,
            Key("when", TEXT, "when it may be made"),
            Key("duration", DURATION, "how long it lasts"),
            Key("renewable", FLAG, "whether it can be renewed"),
            _optional("reciprocal", FLAG, "whether others may rely on it; absent means not established"),
            *_RULE,
        ),
        decides="duration",
        second_person=True,
    ),
)

CHECK = (
    _ID,
    Key("applies_to", TEXTS, "kinds of request and situations"),
    Key("phase", word(words.Phase), "phase of work"),
    Key("check", TEXT, "what to look for"),
    Key("why", TEXT, "reason"),
    Key("severity", word(words.Severity), "how heavily it weighs"),
    _optional("fields", TEXTS, "paths in the request file"),
    Key("source", TEXT, "where it comes from"),
    _STATUS,
    _CONFIDENCE,
)

EVENTS = (
    _ID,
    Key("name", TEXT, "heading of the group"),
    Key("events", TEXTS, "events of the group"),
)

LABEL = (
    Key("word", TEXT, "ordinary name of conduct"),
    Key("name", TEXT, "its name for people"),
)
