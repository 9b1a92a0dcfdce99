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
    """A use of an item that one of its conditions forbids. `condition` is the id of that condition."""

    code = "use-forbidden"

    def __init__(self, sentence: str, *, condition: str) -> None:
        super().__init__(sentence)
        self.condition = condition


class ProcedureDataError(DefectError):
    """The shipped description of a proceeding contradicts itself."""

    code = "procedure-data"
