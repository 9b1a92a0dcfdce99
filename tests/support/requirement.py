"""What a test needs from the machine: absent, the test is skipped and says so; under `DEDERE_TEST_REQUIRE=all` it fails."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def require_program(*names: str) -> Path:
    """The first of the programs that is installed."""
    found = [path for path in map(shutil.which, names) if path]
    if not found:
        lacks(f"needs {' or '.join(names)}")
    return Path(found[0])


def lacks(what: str) -> NoReturn:
    """End the test: skipped, or failed where everything is required."""
    if os.environ.get("DEDERE_TEST_REQUIRE") == "all":
        pytest.fail(f"required here, and absent: {what}")
    pytest.skip(what)
