"""Every numbered requirement of docs/protocol has a test or a vector, and every citation a requirement.

Prints what is missing; exit code 1 when anything is. A test cites a requirement by `P-012` in its text or by `p012` in
its name; a vector lists it. A name like `p168_to_p170` cites both ends and what lies between.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_DEFINED = re.compile(r"\*\*(P-\d{3})\*\*")
_CITED = re.compile(r"P-\d{3}(?!\d)")
_RANGE = re.compile(r"P-(\d{3}) (?:to|–) P-(\d{3})")
_CURVES = {"P-256", "P-384", "P-521"}
_NAMED = re.compile(r"\bdef test_p(\d{3})(?:_to_p(\d{3}))?_")


def main() -> int:
    """Compare the requirements with what cites them."""
    pages = sorted((ROOT / "docs/protocol").glob("*.md"))
    defined = [found for page in pages for found in _DEFINED.findall(page.read_text("utf-8"))]
    tested = _tested()
    faults = [f"{number} is defined twice" for number in sorted({each for each in defined if defined.count(each) > 1})]
    faults += [f"{number} has no test and no vector" for number in sorted(set(defined) - tested)]
    faults += [f"{number} is cited in {place} and nowhere defined" for number, place in _dangling(set(defined))]
    for fault in faults:
        print(fault)
    print(f"{len(set(defined))} requirements, {len(faults)} faults")
    return 1 if faults else 0


def _tested() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "tests").rglob("*.py"):
        text = path.read_text("utf-8")
        found.update(_CITED.findall(text))
        for first, last in _NAMED.findall(text):
            found.update(f"P-{number:03d}" for number in range(int(first), int(last or first) + 1))
    for path in (ROOT / "vectors").rglob("*.json"):
        vector = json.loads(path.read_text("utf-8"))
        found.update(vector.get("requirements", []) if isinstance(vector, dict) else [])
    return found


def _dangling(defined: set[str]) -> list[tuple[str, str]]:
    """Citations of single numbers without a requirement; ranges are only introductions to a page."""
    found = []
    for folder in ("src/dedere/protocol", "src/dedere/transport", "src/dedere/gateway", "conformance"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            cited = set(_CITED.findall(_RANGE.sub("", path.read_text("utf-8")))) - _CURVES
            found += [(number, str(path.relative_to(ROOT))) for number in sorted(cited - defined)]
    return found


if __name__ == "__main__":
    sys.exit(main())
