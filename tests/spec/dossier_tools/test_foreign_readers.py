"""What others' software says of a dossier: BagIt's own validator, and the SHACL shapes of CASE/UCO."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import bagit
import pytest

from dedere.dossier.export import write_dossier
from support.dossiers import export
from support.requirement import require_program


@pytest.fixture(scope="module")
def dossier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("foreign") / "dossier"
    write_dossier(folder, export())
    return folder


def test_the_bag_is_valid_for_its_own_validator(dossier: Path) -> None:
    bag = bagit.Bag(str(dossier))
    bag.validate()
    assert bag.info["Source-Organization"] == "Central authority of NL"


@pytest.mark.judge
def test_the_vocabulary_conforms_to_its_shapes_off_line(dossier: Path) -> None:
    validator = Path(sys.executable).with_name("case_validate")
    if not validator.exists():
        validator = require_program("case_validate")
    done = subprocess.run(
        [str(validator), "--built-version", "case-1.4.0", str(dossier / "data" / "case.jsonld")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "Conforms: True" in done.stdout
