"""The officers of one demonstration home, in a process of their own: each line in is something an officer does.

They act through the same actions as the pages do, with the same permissions. One JSON object a line in each
direction: `{"do": name, "officer": sign-in name, …}` and `{"ok": true, …}` or `{"ok": false, "sentence": …}`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

from dedere.base.errors import DedereError, InputError
from dedere.cli.commands.node import set_up_django

if TYPE_CHECKING:
    from dedere.node.accounts.models import Officer

# What comes over the pipe is JSON of our own parent process; each deed knows its own words.
Words = Mapping[str, Any]


def main(arguments: list[str]) -> int:
    """Serve the home named by the one argument until the input ends."""
    (folder,) = arguments
    set_up_django(Path(folder))
    deeds = _deeds()
    for line in sys.stdin:
        words = json.loads(line)
        try:
            answer = {"ok": True, **deeds[words["do"]](words)}
        except DedereError as error:
            answer = {"ok": False, "code": error.code, "sentence": str(error)}
        print(json.dumps(answer), flush=True)
    return 0


def _officer(words: Words) -> Officer | None:
    from dedere.node.accounts.models import Officer

    officer = Officer.objects.filter(sign_in_name=words["officer"]).first()
    if officer is None and words["do"] != "begin_work":
        raise InputError(f"There is no officer {words['officer']!r} in this home.")
    return officer


def _deeds() -> dict[str, Callable[[Words], dict[str, object]]]:
    from dedere.cli.demonstration import deeds

    def as_officer(deed: FunctionType) -> Callable[[Words], dict[str, object]]:
        def do(words: Words) -> dict[str, object]:
            answer: dict[str, object] = deed(_officer(words), words)
            return answer

        return do

    return {
        name: as_officer(deed)
        for name, deed in vars(deeds).items()
        if isinstance(deed, FunctionType) and deed.__module__ == deeds.__name__
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
