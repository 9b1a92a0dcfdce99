"""What stands in the request but is too thin, impossible or of the wrong kind.

Text that says nothing, days that cannot be, a "no" where the treaty needs a "yes", files that are not what they say.
The numbers of words are this program's own rule of thumb for drafting, not law; they only ever make a field *weak*.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from dedere.treaty.contents_view import ContentFinding, View, Weight
from dedere.treaty.requestfile_schema import Field, Shape, fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dedere.treaty.requestfile import Located

_PLACEHOLDER = re.compile(
    r"\b(tbd|tbc|todo|xxx+|n\.?\s?n\.?|lorem ipsum|to be (completed|confirmed|added|determined)|see (above|below))\b"
    r"|\[\s*(\.\.\.|…|text|name|date)?\s*\]|^\s*(\.\.\.|…|\?+|-+)\s*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}", re.UNICODE)
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts written without spaces between words: two characters are counted as a word."""

FEWEST_WORDS: Mapping[str, int] = {
    "request.facts.summary": 25,
    "request.facts.statements.text": 6,
    "request.proceeding.subject_and_nature": 6,
    "request.assistance.description": 8,
    "request.assistance.purpose": 6,
    "request.assistance.items.description": 8,
    "request.assistance.items.purpose": 5,
    "request.crime.conduct": 5,
    "request.offence.legal_description": 4,
    "request.offence.provisions_text": 6,
    "request.legal_basis.other": 5,
    "request.deadline.reason": 4,
    "extradition.offence.statement": 20,
    "extradition.offence.conduct": 8,
    "extradition.offence.legal_description": 4,
    "extradition.person.description": 5,
    "simplified.offence.circumstances": 15,
    "provisional_arrest.offence": 8,
    "provisional_arrest.urgency_reason": 5,
    "transit.offence.circumstances": 12,
    "transfer.facts_of_sentence": 12,
    "measure.search.grounds": 8,
    "measure.freezing.facts_relied_on": 10,
    "measure.confiscation.facts_relied_on": 10,
    "measure.hearing_video.reason": 5,
    "jit.purpose": 6,
    "jit.composition": 5,
    "spontaneous.information": 10,
}
"""Words below which a text is too thin to be acted on. Texts not named here need one word that is no placeholder."""

_CONDUCT = frozenset(
    {
        "request.facts.summary",
        "request.facts.statements.text",
        "request.crime.conduct",
        "extradition.offence.statement",
        "extradition.offence.conduct",
        "simplified.offence.circumstances",
        "transit.offence.circumstances",
        "provisional_arrest.offence",
        "transfer.facts_of_sentence",
    }
)
_MUST_BE_TRUE = frozenset(
    {
        "request.written_record",
        "provisional_arrest.document_exists",
        "provisional_arrest.intention",
        "simplified.document_exists",
        "transit.document_exists",
        "transit.transfer_agreed",
        "transfer.written",
        "transfer.sentence.final",
        "measure.temporary_transfer.consent",
        "measure.hearing_video.accused_consent",
        "measure.hearing_telephone.willing",
        "measure.confiscation.order_is_final",
    }
)
_PAST = frozenset(
    {
        "request.dated",
        "request.facts.statements.from",
        "request.facts.statements.until",
        "request.persons.identity.date_of_birth",
        "transfer.consent.given_on",
    }
)
_FUTURE = frozenset(
    {
        "request.deadline.date",
        "measure.service.hearing_date",
        "measure.temporary_transfer.return_date",
        "provisional_arrest.file_ready_by",
    }
)
_OLDEST = 120
"""Years. Nobody alive was born longer ago."""


def weak_fields(view: View) -> Iterator[ContentFinding]:
    """One finding for each value that is present and too thin, impossible or of the wrong kind."""
    for field in fields().values():
        if field.path.split(".", 1)[0] not in view.request.data:
            continue
        check = _BY_SHAPE.get(field.shape)
        if check is None:
            continue
        for found in view.request.located(field.path):
            reason = check(found, field, view) if found.value is not None else ""
            if reason:
                yield weak(view, found.path, path=field.path, reason=reason)
    yield from _periods(view)
    yield from _attachment_kinds(view)


def weak(view: View, field: str, *, path: str, reason: str, check: str = "") -> ContentFinding:
    """A finding that a field is weak, resting on whoever asks for the field."""
    rows = view.asked.get(path, ())
    practice = view.checks.get(check)
    consequence = rows[0].if_missing if rows else practice.why if practice is not None else _QUESTION_BACK
    known = fields().get(path)
    return ContentFinding(
        weight=Weight.WEAK,
        field=field,
        path=path,
        ask=rows[0].ask if rows else known.description if known is not None else path,
        reason=reason,
        consequence=consequence,
        references=view.references_for(path, check=check),
    )


_QUESTION_BACK = "The other State asks back, or reads the field as if it were empty."


def _thin_text(found: Located, field: Field, view: View) -> str:
    text = str(found.value)
    if _PLACEHOLDER.search(text):
        return "A placeholder stands here instead of the text."
    needed = FEWEST_WORDS.get(field.path, 0)
    words, without_spaces = _WORD.findall(text), _WITHOUT_SPACES.findall(text)
    count = len(words) + len(without_spaces) // 2
    if count < needed:
        return f"Too short to be acted on: {count} words where at least {needed} are useful."
    if field.path in _CONDUCT and not without_spaces and _only_labels(words, view):
        return "Names the crime but not what was done; a label is not conduct."
    return ""


def _only_labels(words: list[str], view: View) -> bool:
    """Whether a text repeats the names of crimes and little else."""
    labels = {word.lower() for crime in _crime_names(view) for word in _WORD.findall(crime)} | _STOP_WORDS
    distinct = {word.lower() for word in words}
    return bool(words) and len(distinct - labels) < _FEWEST_OTHER_WORDS


def _crime_names(view: View) -> Iterator[str]:
    for name in view.instruments:
        for crime in view.law.instrument(name).crimes.values():
            yield crime.name
            yield crime.word.replace("-", " ")


_STOP_WORDS = frozenset(
    {"the", "of", "and", "or", "in", "on", "at", "to", "by", "for", "with", "an", "is", "was", "were"}
)
_FEWEST_OTHER_WORDS = 4


def _day_reason(found: Located, field: Field, view: View) -> str:
    day = dt.date.fromisoformat(str(found.value))
    if field.path in _PAST and day > view.on:
        return f"{day.isoformat()} lies in the future on the day of this check, {view.on.isoformat()}."
    if field.path in _FUTURE and day <= view.on:
        return f"{day.isoformat()} has passed on the day of this check, {view.on.isoformat()}."
    if field.path.endswith("date_of_birth") and view.on.year - day.year > _OLDEST:
        return f"{day.isoformat()} would be more than {_OLDEST} years ago."
    return ""


def _flag_reason(found: Located, field: Field, view: View) -> str:  # noqa: ARG001 - one signature for all shapes
    if found.value is False and field.path in _MUST_BE_TRUE:
        return "The answer is no where the request needs a yes."
    return ""


def _periods(view: View) -> Iterator[ContentFinding]:
    for group in ("request.facts.statements", "request.assistance.items.period"):
        for begins, ends in zip(
            view.request.located(f"{group}.from"), view.request.located(f"{group}.until"), strict=True
        ):
            if begins.value is not None and ends.value is not None and str(ends.value) < str(begins.value):
                yield weak(view, ends.path, path=f"{group}.until", reason="The last day lies before the first.")


_ENDINGS: Mapping[str, frozenset[str]] = {
    ".pdf": frozenset({"application/pdf"}),
    ".png": frozenset({"image/png"}),
    ".jpg": frozenset({"image/jpeg"}),
    ".jpeg": frozenset({"image/jpeg"}),
    ".tif": frozenset({"image/tiff"}),
    ".tiff": frozenset({"image/tiff"}),
    ".mp4": frozenset({"video/mp4", "audio/mp4"}),
    ".avi": frozenset({"video/x-msvideo"}),
    ".wav": frozenset({"audio/wav", "audio/x-wav", "audio/vnd.wave"}),
    ".txt": frozenset({"text/plain"}),
    ".xml": frozenset({"application/xml", "text/xml"}),
    ".json": frozenset({"application/json"}),
    ".zip": frozenset({"application/zip"}),
}


def _attachment_kinds(view: View) -> Iterator[ContentFinding]:
    for index, attachment in enumerate(view.request.attachments, start=1):
        ending = "." + attachment.path.rsplit(".", 1)[-1].lower()
        known = _ENDINGS.get(ending)
        if known is not None and attachment.media_type not in known:
            yield weak(
                view,
                f"request.annexes[{index}].media_type",
                path="request.annexes.media_type",
                reason=f"A file ending in {ending} is not {attachment.media_type}.",
                check="practice.annexes-present",
            )


_BY_SHAPE = {Shape.TEXT: _thin_text, Shape.DAY: _day_reason, Shape.FLAG: _flag_reason}
