"""What the door refuses to a known partner stands in the audit log: once a code and partner in ten minutes.

A partner that errs or lies can make thousands of bad requests a minute; the log says that it did, and is not filled by
it. Letters that are refused are logged one by one by whoever judged them, and are not told again here.
"""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass, field

from dedere.node.audit.actions import Happening, record
from dedere.protocol.errors import Layer, ProtocolRefusedError

GATEWAY = "system:gateway"
QUIET = dt.timedelta(minutes=10)
# What the door itself judges, and of what is judged behind it what nobody else logs. `part-offset` and `part-pending`
# are answers that an honest partner gets every day.
_BEHIND = frozenset({"part-digest", "part-length", "receipt-wrong"})


@dataclass
class RefusalLog:
    """Logs refusals of the door, and remembers for a while which it logged."""

    _logged: dict[tuple[str, str], dt.datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, partner: str, error: ProtocolRefusedError, at: dt.datetime) -> None:
        """A request of `partner` was refused at `at`."""
        if error.layer is not Layer.DOOR and error.code not in _BEHIND:
            return
        key = (partner, error.code)
        with self._lock:
            last = self._logged.get(key)
            if last is not None and at < last + QUIET:
                return
            details = {"code": error.code, "from": partner}
            record(Happening(actor=GATEWAY, action="request-refused", subject="", details=details))
            self._logged[key] = at
