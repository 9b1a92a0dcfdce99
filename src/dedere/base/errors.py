"""Errors by whose fault it is: one root, four families, each error one sentence that says what to do.

Every error leaving a package of Dedere is one of these. The text never holds personal data or secrets.
"""

from __future__ import annotations


class DedereError(Exception):
    """The root. `code` is a registered word (see docs/protocol), `str(error)` is one sentence for a person."""

    code: str = "error"

    def __init__(self, sentence: str, *, code: str | None = None) -> None:
        super().__init__(sentence)
        if code is not None:
            self.code = code

    @property
    def sentence(self) -> str:
        """The sentence shown to a person."""
        return str(self)


class DefectError(DedereError):
    """Ours: the software did what it must never do. The officer can only report it."""

    code = "defect"


class InputError(DedereError):
    """The officer's input: something typed, chosen or uploaded cannot be accepted as it is."""

    code = "input"


class PermissionRefusedError(InputError):
    """The officer may not do this, or the thing does not exist for this officer."""

    code = "not-permitted"


class MessageError(DedereError):
    """The other State's message: refused as it came. `code` is what the other State may be told."""

    code = "message"


class FacilityError(DedereError):
    """The environment: disk, network, database, clock, a missing program."""

    code = "facility"
