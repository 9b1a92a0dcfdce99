"""What can be wrong with an assurance, an event or a clock that someone asks for."""

from __future__ import annotations

from dedere.base.errors import InputError


class AssuranceError(InputError):
    """A step that an assurance cannot take, or a stored assurance that cannot be read."""

    code = "assurance"


class ClockError(InputError):
    """A clock that cannot be computed: an unknown place, an event without its instant, a suspension the wrong way."""

    code = "clock"
