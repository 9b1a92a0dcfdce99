"""What can be wrong with the law's data, with a question put to it, and with what is reckoned from it."""

from __future__ import annotations

from dedere.base.errors import InputError


class LawDataError(InputError):
    """A data file of the law is broken. The sentence names file, key, line and what was expected."""

    code = "law-data"


class LawQuestionError(InputError):
    """A question that the law cannot be asked: an unknown State, crime, function, instrument or datum."""

    code = "law-question"


class ReviewError(InputError):
    """A review of a datum that cannot be recorded or taken into account."""

    code = "law-review"


class AssuranceError(InputError):
    """A step that an assurance cannot take, or a stored assurance that cannot be read."""

    code = "assurance"


class ClockError(InputError):
    """A clock that cannot be computed: an unknown place, an event without its instant, a suspension the wrong way."""

    code = "clock"
