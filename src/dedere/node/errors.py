"""What the node's actions and queries raise besides the families of `dedere.base.errors`."""

from __future__ import annotations

from collections.abc import Mapping

from dedere.base.errors import InputError, PermissionRefusedError


class UnknownObjectError(PermissionRefusedError):
    """There is no such thing, or not for this officer: the two must not be told apart."""

    code = "unknown"

    def __init__(self, sentence: str = "There is no such thing here, or you have no part in it.") -> None:
        super().__init__(sentence)


class FieldsError(InputError):
    """Several fields of a form are not acceptable; `fields` has a sentence for each."""

    code = "fields"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class ComparisonNeededError(InputError):
    """A card follows one that was stolen: only a person who compares the fingerprint can know whose it is."""

    code = "comparison-needed"

    def __init__(self) -> None:
        super().__init__(
            "A card before this one was stolen, and whoever has its key could have made this one: compare the "
            "fingerprint with the authority, and give it."
        )
