"""How this office's documents look: the templates in `HOME/papers`, read again when somebody changed them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dedere.node.office import office

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.node.home import Home
    from dedere.papers.house import House
    from dedere.papers.long_term import ValidationMaterial

_loaded: dict[Path, tuple[object, House]] = {}


def papers_folder(home: Home) -> Path:
    """Where an office keeps its own letterhead, wording and settings; it need not exist."""
    return home.folder / "papers"


def house() -> House:
    """How documents are printed here and now.

    Raises:
        TemplateError: the folder holds something that cannot be used; each complaint names file and line.
    """
    from dedere.papers.house import load_house  # noqa: PLC0415 - a process that prints nothing loads no typesetter

    folder = papers_folder(office().home)
    stand = tuple(_stand(folder))
    known = _loaded.get(folder)
    if known is None or known[0] != stand:
        known = (stand, load_house(folder))
        _loaded[folder] = known
    return known[1]


def house_complaints(home: Home) -> list[str]:
    """What is wrong with the office's own templates, a sentence each with file and line."""
    from dedere.papers.house import check_house  # noqa: PLC0415 - see `house`

    folder = papers_folder(home)
    return [f"{folder.name}/{complaint}" for complaint in check_house(folder)] if folder.is_dir() else []


def validation_material(home: Home) -> ValidationMaterial:
    """What goes with signatures on documents, from `keys/validation`: `*.cer` and `*.crl` and `*.ocsp`, all DER.

    Certificates above the authority's own, lists of revoked ones, answers about single ones; whoever runs the node
    keeps them fresh. A home without the folder has none.
    """
    from dedere.papers.long_term import ValidationMaterial  # noqa: PLC0415 - see `house`

    def found(ending: str) -> tuple[bytes, ...]:
        return tuple(path.read_bytes() for path in sorted((home.keys / "validation").glob(f"*.{ending}")))

    return ValidationMaterial(found("cer"), found("crl"), found("ocsp"))


def _stand(folder: Path) -> Iterator[tuple[str, int, int]]:
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        facts = path.lstat()
        yield str(path), facts.st_mtime_ns, facts.st_size
