"""Write vectors/: every scenario of tests/support/scenarios as one language-neutral file.

Run it only when scenarios change: keys are made anew, so every file changes. Usage: make_vectors.py [FOLDER]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from support.exchange import card_of  # noqa: E402 - after the path is set
from support.scenarios import TOPICS, scenarios_of  # noqa: E402 - after the path is set
from support.vectors import encode, replace_texts  # noqa: E402 - after the path is set


def main(arguments: list[str]) -> int:
    """Write all files into the folder; those of scenarios that are gone are removed."""
    folder = Path(arguments[0]) if arguments else ROOT / "vectors"
    written = set()
    shared = {encode(card_of(state).container): f"@{state}" for state in ("NL", "SN")}
    folder.mkdir(parents=True, exist_ok=True)
    cards = {name.removeprefix("@"): card for card, name in shared.items()}
    (folder / "cards.json").write_text(json.dumps(cards, indent=1) + "\n", encoding="utf-8")
    for topic in TOPICS:
        (folder / topic).mkdir(parents=True, exist_ok=True)
        for scenario in scenarios_of(topic):
            path = folder / topic / f"{scenario.name}.json"
            vector = replace_texts(scenario.as_json(), shared)
            path.write_text(json.dumps(vector, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            written.add(path)
        for stale in set((folder / topic).glob("*.json")) - written:
            stale.unlink()
    print(f"{len(written)} vectors in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
