"""A finished dossier as the files it consists of, for officers who have part in its case."""

from __future__ import annotations

from pathlib import Path

from dedere.node.accounts.models import Officer
from dedere.node.cases.access import require_case
from dedere.node.errors import UnknownObjectError
from dedere.node.jobs.queries import export_folder

INDEX = "data/index.pdf"


def dossier_index(officer: Officer, case_id: str, export_id: str) -> tuple[str, bytes]:
    """Name and bytes of a finished dossier's index as a formal document.

    Raises:
        UnknownObjectError: the case is not this officer's, or has no such dossier, or it could not be printed.
    """
    folder = export_folder(require_case(officer, case_id).pk, export_id)
    try:
        return f"index-{folder.name}.pdf", (folder / INDEX).read_bytes()
    except FileNotFoundError as error:
        raise UnknownObjectError from error


def dossier_files(officer: Officer, case_id: str, export_id: str) -> tuple[str, tuple[tuple[str, Path], ...]]:
    """The dossier's name, and each file by the name it has inside it.

    Raises:
        UnknownObjectError: the case is not this officer's, or has no such finished dossier.
    """
    folder = export_folder(require_case(officer, case_id).pk, export_id)
    files = tuple((f"{folder.name}/{path.relative_to(folder)}", path) for path in sorted(folder.rglob("*")))
    return folder.name, tuple((name, path) for name, path in files if path.is_file())
