"""What the operating system says about the machine a node stands on."""

from __future__ import annotations

import ctypes
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

# adjtimex(2): a zeroed `struct timex` asks and changes nothing; 208 bytes on every 64-bit Linux.
_TIMEX_BYTES = 1024
_TIME_ERROR = 5


@dataclass(frozen=True, slots=True)
class Room:
    """Free room of a file system. `files` is how many more files it takes; None where it sets no limit."""

    free: int
    total: int
    files: int | None


class Machine(Protocol):
    """What the doctor asks of the machine; None: it does not say."""

    def clock_is_synchronised(self) -> bool | None:
        """Whether the kernel's clock is kept by a time service."""
        ...

    def chance_is_ready(self) -> bool:
        """Whether the kernel's random numbers have been seeded."""
        ...

    def file_system_of(self, path: Path) -> str:
        """The kind of file system that a path lies on, like `ext4`; empty where it is not said."""
        ...

    def room_at(self, path: Path) -> Room:
        """How much more the file system of a path takes."""
        ...

    def user(self) -> int:
        """Who runs this."""
        ...


class ThisMachine:
    """The machine this runs on."""

    def clock_is_synchronised(self) -> bool | None:
        """Asks the kernel, which every time service tells."""
        try:
            state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
        except (OSError, AttributeError):
            return None
        return None if state < 0 else state != _TIME_ERROR

    def chance_is_ready(self) -> bool:
        """Asks for one byte without waiting."""
        try:
            return len(os.getrandom(1, os.GRND_NONBLOCK)) == 1
        except BlockingIOError:
            return False

    def file_system_of(self, path: Path) -> str:
        """Reads the list of mounts; the longest one that holds the path counts."""
        try:
            lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        mounts = [line.split()[1:3] for line in lines]
        holding = [(where, kind) for where, kind in mounts if path.resolve().is_relative_to(where)]
        return max(holding, key=lambda each: len(each[0]), default=("", ""))[1]

    def room_at(self, path: Path) -> Room:
        """Asks the file system."""
        usage, facts = shutil.disk_usage(path), os.statvfs(path)
        return Room(usage.free, usage.total, facts.f_favail if facts.f_files else None)

    def user(self) -> int:
        """The effective user."""
        return os.geteuid()
