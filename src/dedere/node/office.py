"""What an authority's software works with: its home, the time, chance, the law, the vault, its keys.

One `Office` a process, made from the settings on first use. Tests put their own in its place with `using`.
Keys are read when first asked for: a process that never signs never holds the key that signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.clock import Clock, SystemClock
from dedere.base.errors import FacilityError
from dedere.base.identifiers import Identifiers, RandomIdentifiers
from dedere.node.home import Home, load_home

if TYPE_CHECKING:
    from dedere.crypto.age import HybridIdentity
    from dedere.crypto.keys import SigningKey
    from dedere.crypto.timestamps import LocalTimestamper
    from dedere.treaty.law import Law
    from dedere.vault.store import FileStore


@dataclass(frozen=True)
class Office:
    """One authority at work."""

    home: Home
    clock: Clock = field(default_factory=SystemClock)
    identifiers: Identifiers = field(default_factory=RandomIdentifiers)

    @property
    def state(self) -> str:
        """Whose authority this is: ISO 3166-1 alpha-2."""
        return self.home.state

    @property
    def law(self) -> Law:
        """The packaged law with this home's overlay and signed reviews over it; read again when either changes.

        Raises:
            InputError: an overlay is broken, or a review was changed by hand; the sentence says which.
        """
        from dedere.node.lawbook import read_law  # noqa: PLC0415 - a process that asks no law loads none

        return read_law(self.home)

    @cached_property
    def store(self) -> FileStore:
        """Where sealed evidence lies."""
        from dedere.vault.store import FileStore  # noqa: PLC0415 - see `law`

        return FileStore(self.home.vault)

    @cached_property
    def sealing_identities(self) -> tuple[HybridIdentity, ...]:
        """What opens letters, parts and the vault: newest first."""
        from dedere.node.keys import read_sealing_identities  # noqa: PLC0415 - read when first asked for

        return read_sealing_identities(self.home)

    @cached_property
    def authority_signer(self) -> SigningKey:
        """Signs letters. Only the worker asks for it."""
        from dedere.node.keys import read_signer  # noqa: PLC0415 - read when first asked for

        return read_signer(self.home, "authority")

    @cached_property
    def gateway_signer(self) -> SigningKey:
        """Signs machine receipts and requests to other nodes."""
        from dedere.node.keys import read_signer  # noqa: PLC0415 - read when first asked for

        return read_signer(self.home, "gateway")

    @cached_property
    def timestamper(self) -> LocalTimestamper:
        """Says when a signature existed."""
        from dedere.node.keys import read_timestamper  # noqa: PLC0415 - read when first asked for

        return read_timestamper(self.home, self.clock)


_in_place: ContextVar[Office | None] = ContextVar("dedere_office", default=None)
_of_process: dict[Path, Office] = {}


def office() -> Office:
    """The office in whose name this code runs.

    Raises:
        FacilityError: the settings name no home.
    """
    placed = _in_place.get()
    if placed is not None:
        return placed
    from django.conf import settings  # noqa: PLC0415 - the only word this module has with the framework

    folder = getattr(settings, "DEDERE_HOME", None)
    if folder is None:
        raise FacilityError("No home is set: start the node with `dedere node serve HOME`.")
    path = Path(folder)
    if path not in _of_process:
        _of_process[path] = Office(home=load_home(path))
    return _of_process[path]


@contextmanager
def using(another: Office) -> Iterator[Office]:
    """Run the block in the name of another office: for tests and for the command line."""
    token = _in_place.set(another)
    try:
        yield another
    finally:
        _in_place.reset(token)
