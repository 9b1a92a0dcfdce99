"""Beside the worker's own loop: telling officers what waits, which a slow mail server must not let hold up a letter.

Once a day, and when it begins, it also has the database count its rows.
"""

from __future__ import annotations

import itertools
import logging
import threading

from django.db import close_old_connections

from dedere.node.desk.notices import tell_officers
from dedere.node.upkeep import refresh_statistics
from dedere.web.components.notice_mail import write_notice

LOG = logging.getLogger(__name__)
EVERY = 30.0
ROUNDS_A_DAY = int(24 * 60 * 60 / EVERY)


def keep_telling(stop: threading.Event | None = None, *, every: float = EVERY) -> None:
    """Tell officers what waits, again and again until `stop` is set; trouble passes, and is told in the log."""
    stop = stop or threading.Event()
    for number in itertools.count():
        if stop.wait(every):
            return
        try:
            if number % ROUNDS_A_DAY == 0:
                refresh_statistics()
            tell_officers(write_notice)
        except Exception:  # the outer border of the thread: trouble with the database, say, passes
            LOG.exception("officers could not be told")
        finally:
            close_old_connections()
