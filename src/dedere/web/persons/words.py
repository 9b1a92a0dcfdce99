"""The words of persons' pages for what protects them, how they come and go, and what victims want."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.utils.functional import _StrPromise

MEASURES: Mapping[str, _StrPromise] = {
    "non-disclosure": _("Non-disclosure of the identity"),
    "distortion": _("Face and voice distorted"),
    "video-testimony": _("Testimony by video link"),
    "in-camera": _("Hearing in camera"),
    "relocation": _("Relocation asked for"),
    "other": _("Another measure"),
}
MEASURE_STAGES: Mapping[str, _StrPromise] = {
    "asked": _("Asked for"),
    "granted": _("Granted"),
    "refused": _("Refused"),
    "in-force": _("In force"),
    "ended": _("Ended"),
}
RISKS: Mapping[str, _StrPromise] = {
    "low": _("Low danger"),
    "medium": _("Medium danger"),
    "high": _("High danger"),
    "extreme": _("Extreme danger"),
}
PUT: Mapping[str, _StrPromise] = {
    "draft": _("In a letter being prepared"),
    "proposed": _("Put to the other State; it has not answered"),
    "accepted": _("Accepted by the other State"),
    "declined": _("Declined by the other State"),
    "lifted": _("Lifted"),
}
ATTENDANCES: Mapping[str, _StrPromise] = {
    "safe-conduct": _("Safe conduct"),
    "temporary-transfer": _("Temporary transfer"),
}
LACKS: Mapping[str, _StrPromise] = {
    "agreement": _("Nothing says yet where the terms are agreed."),
    "consent": _("The person's consent is not noted."),
    "custody": _("The terms of custody are not noted."),
    "return-date": _("No day of return is agreed."),
}
CHANNELS: Mapping[str, _StrPromise] = {
    "counsel": _("Through counsel"),
    "support-service": _("Through a victim support service"),
    "letter": _("By letter"),
    "telephone": _("By telephone"),
    "e-mail": _("By e-mail"),
    "not-at-all": _("Not at all"),
}
TOPICS: Mapping[str, _StrPromise] = {
    "requests": _("What became of requests"),
    "arrest": _("Arrest"),
    "release": _("Release or escape"),
    "surrender": _("Extradition, surrender, transfer"),
    "prosecution": _("Prosecution and its outcome"),
    "sentence": _("End of the sentence"),
    "property": _("Property handed over"),
}
PARTS: Mapping[str, _StrPromise] = {
    "none": _("Takes no part"),
    "heard": _("Wants to be heard"),
    "party": _("Party to the proceedings"),
}
REPARATIONS: Mapping[str, _StrPromise] = {
    "restitution": _("Restitution"),
    "compensation": _("Compensation"),
    "rehabilitation": _("Rehabilitation"),
    "satisfaction": _("Satisfaction"),
    "other": _("Another form of reparation"),
}
CLAIMS: Mapping[str, _StrPromise] = {
    "made": _("Claimed"),
    "ordered": _("Ordered"),
    "paid": _("Paid"),
    "refused": _("Refused"),
    "withdrawn": _("Withdrawn"),
}
SHAPES: Mapping[str, str] = {
    "granted": "good",
    "in-force": "good",
    "accepted": "good",
    "paid": "good",
    "ordered": "good",
    "asked": "warn",
    "made": "warn",
    "draft": "warn",
    "proposed": "warn",
    "medium": "warn",
    "high": "bad",
    "extreme": "bad",
    "refused": "bad",
    "declined": "bad",
}


@dataclass(frozen=True, slots=True)
class Marked:
    """A word in a shape."""

    word: str
    shape: str


def marked(table: Mapping[str, _StrPromise], code: str) -> Marked:
    """The word for a code, in its shape."""
    return Marked(word(table, code), SHAPES.get(code, "quiet"))


def word(table: Mapping[str, _StrPromise], code: str) -> str:
    """The word for a code; one that has none as it is written."""
    return str(table.get(code, code.replace("-", " ")))


def choices(table: Mapping[str, _StrPromise], codes: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """The codes of a table, all or these, each with its word."""
    return [(code, str(table[code])) for code in (table if codes is None else codes)]
