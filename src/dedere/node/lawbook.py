"""The law as this authority holds it: the packaged data, the home's overlay, and the reviews its lawyers signed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dedere.crypto.cades import verify_cades
from dedere.node.home import Home
from dedere.treaty.loading import load_law
from dedere.treaty.review import opened, stored_reviews

if TYPE_CHECKING:
    from dedere.treaty.law import Law

_read: dict[Path, tuple[object, Law]] = {}


def read_law(home: Home) -> Law:
    """The law with overlay and reviews; read again only when a file of either was added, changed or removed.

    Raises:
        InputError: an overlay is broken, or a review's signature does not hold.
    """
    stand = tuple(
        (str(path), path.stat().st_mtime_ns)
        for folder in (home.overlay, home.reviews)
        for path in sorted(folder.rglob("*"))
    )
    known = _read.get(home.folder)
    if known is None or known[0] != stand:
        known = (stand, _load(home))
        _read[home.folder] = known
    return known[1]


def _load(home: Home) -> Law:
    trusted = [path.read_text(encoding="ascii") for path in sorted(home.keys.glob("authority*.pem"))]

    def check(data: bytes, signature: bytes) -> None:
        verify_cades(signature, data, trusted=trusted)

    reviews = opened(stored_reviews(home.reviews), check=check)
    return load_law([home.overlay], reviews)
