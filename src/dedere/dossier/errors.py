"""Errors of dossiers."""

from __future__ import annotations

from dedere.base.errors import InputError, MessageError


class DossierTargetError(InputError):
    """A dossier cannot be written where it was asked for."""

    code = "dossier-target"


class UnknownSubjectError(InputError):
    """What should be verified is nothing that this software knows how to verify."""

    code = "verify-unknown"


class DossierFormError(MessageError):
    """A member of a dossier cannot be read as what it should be. `member` names it."""

    code = "dossier-form"

    def __init__(self, sentence: str, *, member: str, code: str | None = None) -> None:
        super().__init__(sentence, code=code)
        self.member = member
