"""One sound dossier for the whole folder, and a copy of it to spoil."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from dedere.dossier.export import write_dossier
from support.dossiers import export

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sound") / "dossier"
    write_dossier(folder, export())
    return folder


@pytest.fixture
def dossier(sound: Path, tmp_path: Path) -> Path:
    shutil.copytree(sound, tmp_path / "dossier")
    return tmp_path / "dossier"
