"""A power cut on demand: one node is killed once, and started again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dedere.cli.demonstration.office import DemonstrationOffice


@contextmanager
def kill_once(office: DemonstrationOffice, *, after: float) -> Iterator[None]:
    """SIGKILL every process of the office's node `after` seconds from now, then start it again, beside the block."""
    done = threading.Event()

    def cut() -> None:
        if not done.wait(after):
            office.kill()
            office.start()
            office.wait()

    thread = threading.Thread(target=cut, name="power cut")
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
