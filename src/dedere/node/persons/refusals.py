"""Refusals that stay in the log although what was refused is undone: who probes names or keys is seen."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from dedere.base.errors import InputError
from dedere.node.audit.actions import Happening, record

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class LoggedRefusalError(InputError):
    """A refusal with the entry that the log keeps of it."""

    def __init__(self, sentence: str, happening: Happening) -> None:
        super().__init__(sentence)
        self.happening = happening


def logs_refusals(action: Callable[_Given, _Result]) -> Callable[_Given, _Result]:
    """`action`, whose logged refusals are recorded after its own transaction was undone. Stands outside `atomic`."""

    @functools.wraps(action)
    def logged(*args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
        try:
            return action(*args, **kwargs)
        except LoggedRefusalError as error:
            record(error.happening)
            raise

    return logged
