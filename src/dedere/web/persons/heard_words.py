"""The words of pages about hearings and interviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

MODES: Mapping[str, _StrPromise] = {
    "place": _("In a room"),
    "video": _("By video link"),
    "telephone": _("By telephone"),
}
STATES: Mapping[str, _StrPromise] = {
    "planned": _("Planned"),
    "held": _("Held"),
    "called-off": _("Called off"),
}
OATHS: Mapping[str, _StrPromise] = {
    "oath": _("Oath"),
    "affirmation": _("Affirmation"),
    "none": _("Neither"),
}
RECORDINGS: Mapping[str, _StrPromise] = {
    "minutes": _("Minutes only"),
    "audio": _("Sound recorded"),
    "video": _("Picture and sound recorded"),
}
CONSENTS: Mapping[str, _StrPromise] = {
    "given": _("Consents"),
    "refused": _("Refuses"),
}
TEST_RESULTS: Mapping[str, _StrPromise] = {
    "passed": _("It worked at both ends"),
    "failed": _("It did not work"),
}
LACKS: Mapping[str, _StrPromise] = {
    "summons": _("Who summons the person"),
    "law": _("Under whose law the person is heard"),
    "oath": _("Oath or affirmation, or neither"),
    "privileges-here": _("What the person may refuse to say under our law"),
    "privileges-there": _("What the person may refuse to say under the other State's law"),
    "counsel": _("Counsel of the suspect or accused"),
    "language": _("Language of the hearing"),
    "certificate": _("Certificate of the interpreter"),
    "present": _("Who is present, and where each sits"),
    "recording": _("How it is recorded"),
    "test": _("A technical test with both ends"),
    "room": _("The room"),
    "costs": _("Who bears which costs"),
    "consent": _("The person's consent"),
}
CLASHES: Mapping[str, _StrPromise] = {
    "person": _("This person is heard elsewhere at that time."),
    "interpreter": _("The interpreter is booked for another hearing at that time."),
    "room": _("The room is booked for another hearing at that time."),
    "rest-day": _("People do not work on that day there."),
    "night": _("It is early morning or night there."),
    "clocks-change": _("Clocks are changed during the hearing."),
    "difference-changes": _("The difference between the two clocks is another one on that day than today."),
    "test-late": _("The technical test comes after the hearing has begun."),
    "test-failed": _("The technical test failed."),
    "consent-refused": _("The person does not consent."),
    "not-arrived": _("The person is not there yet on that day."),
    "returned-by": _("The person is to be back before that day."),
    "left": _("The person has left."),
    "immunity-runs-out": _("The person's presence was no longer needed: the safe conduct is running out."),
}
GRAVE = frozenset(
    {"person", "interpreter", "room", "consent-refused", "returned-by", "left", "not-arrived", "test-failed"}
)
LIKENESSES: Mapping[str, _StrPromise] = {
    "number": _("Same number of a document or telephone"),
    "name-and-birth": _("Name and day of birth"),
    "name": _("Name in this or another script"),
    "perhaps": _("Perhaps"),
}
ANSWERS: Mapping[str, _StrPromise] = {
    "yes": _("Yes, the person was interviewed before"),
    "no": _("No interview is known here"),
    "withheld": _("Neither confirmed nor denied"),
}


def choices_of(words: Mapping[str, _StrPromise]) -> list[tuple[str, _StrPromise]]:
    """What a form offers."""
    return list(words.items())
