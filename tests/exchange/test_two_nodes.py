"""Two real nodes in processes of their own, over real sockets: the whole story, with and without power cuts."""

from __future__ import annotations

import json
import random  # noqa: TID251 - seeded, for a test
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.commands import page

pytestmark = pytest.mark.network
ROOT = Path(__file__).parents[2]


def demonstrate(folder: Path, *words: str) -> dict[str, Any]:
    """Run the demonstration to its end; its summary."""
    command = [sys.executable, "-m", "dedere", "demo", "--once", "--folder", str(folder), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return summary


def test_one_request_end_to_end(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    stay_open_and_look_around(folder, "--evidence", "24M")
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert len(set(summary["record_digest"].values())) == 1
    assert {each["verdict"] for each in summary["dossiers"].values()} == {"passed"}
    _one_changed_byte_is_found(Path(summary["dossiers"]["NL"]["folder"]))


def stay_open_and_look_around(folder: Path, *words: str) -> None:
    """Run the demonstration as a person does, follow one link into each office, and end it."""
    command = [sys.executable, "-m", "dedere", "demo", "--folder", str(folder), *words]
    told: list[str] = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as demonstration:
        assert demonstration.stdout is not None
        for line in demonstration.stdout:
            told.append(line)
            if "Ctrl-C ends the demonstration." in line:
                break
        links = re.findall(r"^  (anna|awa) +(http://\S+)$", "".join(told), re.MULTILINE)
        assert [name for name, _link in links] == ["anna", "awa"], "".join(told)
        assert [page(link) for _name, link in links] == [200, 200]
        demonstration.terminate()
        assert "Closing both offices." in demonstration.stdout.read()
        assert demonstration.wait(120) == 0
    assert [page(link) for _name, link in links] == [0, 0], "nobody answers any more"


def _one_changed_byte_is_found(dossier: Path) -> None:
    """In members of every kind: `verify` exits 1 and names the member and the check."""
    members = [path for path in sorted(dossier.rglob("*")) if path.is_file()]
    kinds: dict[tuple[str, str], Path] = {}
    for path in members:
        kinds.setdefault((path.parent.name if "evidence" not in path.parts else "evidence", path.suffix), path)
    for path in kinds.values():
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        command = [sys.executable, "-m", "dedere", "verify", str(dossier), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        assert done.returncode == 1, (path, done.stdout, done.stderr)
        named = [
            finding["member"]
            for check in json.loads(done.stdout)["checks"]
            for finding in check["findings"]
            if finding["verdict"] == "failed"
        ]
        assert any(path.name in member or member in str(path) for member in named), (path, named)


def test_power_cuts_on_either_side_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(20261124)
    cuts = [f"{state}@{chance.random() * 0.9:.2f}" for state in ("SN", "NL", "SN")]
    words = [word for cut in cuts for word in ("--kill", cut)]
    summary = demonstrate(tmp_path / "demo", "--evidence", "160M", *words)
    told = [step["what"] for step in summary["steps"]]
    assert any("Power cut" in sentence for sentence in told)
    assert len(set(summary["record_digest"].values())) == 1
    assert {each["verdict"] for each in summary["dossiers"].values()} == {"passed"}
