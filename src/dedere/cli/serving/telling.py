"""Telling officers what waits, beside the worker's own loop: a mail server that is slow must not hold up a letter."""

from __future__ import annotations

import logging
import threading

from django.db import close_old_connections

from dedere.node.desk.notices import tell_officers
from dedere.web.components.notice_mail import write_notice

LOG = logging.getLogger(__name__)
EVERY = 30.0


def keep_telling(stop: threading.Event | None = None, *, every: float = EVERY) -> None:
    """Tell officers what waits, again and again until `stop` is set; trouble passes, and is told in the log."""
    stop = stop or threading.Event()
    while not stop.wait(every):
        try:
            tell_officers(write_notice)
        except Exception:  # the outer border of the thread: trouble with the database, say, passes
            LOG.exception("officers could not be told")
        finally:
            close_old_connections()
