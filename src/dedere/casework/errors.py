"""What casework refuses, by whose fault it is."""

from __future__ import annotations

from dedere.base.errors import DefectError, InputError


class ActRefusedError(InputError):
    """An act that the procedure forbids. The case is unchanged.

    `rule` is the registered word of the rule that forbids it, `provision` the id of the provision it rests on
    (empty for rules of form).
    """

    code = "act-refused"

    def __init__(self, sentence: str, *, rule: str, provision: str = "") -> None:
        super().__init__(sentence)
        self.rule = rule
        self.provision = provision


class BodyError(ActRefusedError):
    """An act whose body has not the shape its kind prescribes."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, rule="body-shape")


class UseForbiddenError(InputError):
    """A use of an item that one of its conditions forbids: its id, the State that set it and the letter that did."""

    code = "use-forbidden"

    def __init__(self, sentence: str, *, condition: str, set_by: str = "", letter: str = "") -> None:
        super().__init__(sentence)
        self.condition = condition
        self.set_by = set_by
        self.letter = letter


class ProcedureDataError(DefectError):
    """The shipped description of a proceeding contradicts itself."""

    code = "procedure-data"
