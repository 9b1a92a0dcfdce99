"""Lets time pass for one look in a running office, as a process of its own: `python -m support.hastening HOME LOOK N`."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

from dedere.cli.commands.node import set_up_django


def hasten_look(home: Path, look: str, *, seconds: int) -> None:
    """The look is over in so many seconds."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    words = [sys.executable, "-m", "support.hastening", str(home), look, str(seconds)]
    subprocess.run(words, check=True, env=environment)


def _hasten(home: Path, look: str, seconds: int) -> None:
    set_up_django(home)
    from dedere.node.office import office
    from dedere.node.persons.models import Look

    over = office().clock.now() + dt.timedelta(seconds=seconds)
    assert Look.objects.filter(pk=look).update(expires_at=over) == 1


if __name__ == "__main__":
    _hasten(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
