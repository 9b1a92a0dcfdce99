"""What an authority's software works with: its home, the time, chance, the law, the vault, its keys.

One `Office` a process, made from the settings on first use. Tests put their own in its place with `using`.
Keys are read when first asked for: a process that never signs never holds the key that signs. They are read anew when
the home changes: a card issued by the command line counts at once in processes that run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dedere.base.clock import Clock, SystemClock
from dedere.base.errors import FacilityError
from dedere.base.identifiers import Identifiers, RandomIdentifiers
from dedere.node.home import Home, load_home

if TYPE_CHECKING:
    from dedere.crypto.age import HybridIdentity
    from dedere.crypto.keys import SigningKey
    from dedere.crypto.timestamps import Timestamper
    from dedere.transport.client import Wire
    from dedere.treaty.law import Law
    from dedere.vault.store import ObjectStore


_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Office:
    """One authority at work. `wire` is how partners are reached; None: over the network."""

    home: Home
    clock: Clock = field(default_factory=SystemClock)
    identifiers: Identifiers = field(default_factory=RandomIdentifiers)
    wire: Wire | None = None
    # What each name was read as, and from what; its types differ.
    _secrets: dict[str, tuple[object, Any]] = field(default_factory=dict, init=False, repr=False, compare=False)

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
    def store(self) -> ObjectStore:
        """Where sealed evidence lies."""
        from dedere.node.storing import open_node_store  # noqa: PLC0415 - see `law`

        return open_node_store(self.home, chance=self.identifiers, clock=self.clock)

    @property
    def sealing_identities(self) -> tuple[HybridIdentity, ...]:
        """What opens letters, parts and the vault: newest first. Read again when the file changes."""
        from dedere.node.keys import SEALING_FILE, read_sealing_identities  # noqa: PLC0415 - read when first asked for

        facts = (self.home.keys / SEALING_FILE).stat()
        stand = (facts.st_ino, facts.st_mtime_ns, facts.st_size)
        return self._kept("sealing", stand, lambda: read_sealing_identities(self.home))

    @property
    def authority_signer(self) -> SigningKey:
        """Signs letters under our newest card. Only the worker asks for it."""
        return self._signer("authority")

    @property
    def gateway_signer(self) -> SigningKey:
        """Signs machine receipts and requests to other nodes."""
        return self._signer("gateway")

    @property
    def gateway_certificate(self) -> str:
        """The certificate (PEM) of `gateway_signer`."""
        from dedere.node.trust import certificate_in_use, own_card  # noqa: PLC0415 - see `law`

        return certificate_in_use(own_card(self.home).card, "gateway", self.clock.now().date())

    @property
    def second_signer(self) -> SigningKey | None:
        """Signs letters with ML-DSA-65 beside `authority_signer`, where our newest card says so."""
        from dedere.node.trust import own_card  # noqa: PLC0415 - see `law`

        return self._signer("second") if own_card(self.home).card.second_signing_certificates else None

    @property
    def timestamper(self) -> Timestamper:
        """Says when a signature existed: the service or the key of ours that our newest card names."""
        from dedere.crypto.timestamps import LocalTimestamper  # noqa: PLC0415 - see `law`
        from dedere.node.timestamping import is_stamped_by_service, service_timestamper  # noqa: PLC0415 - see `law`
        from dedere.node.trust import own_card  # noqa: PLC0415 - see `law`

        card = own_card(self.home)

        def made() -> Timestamper:
            if is_stamped_by_service(self.home, card.card):
                return service_timestamper(self.home, card.card, clock=self.clock, identifiers=self.identifiers)
            return LocalTimestamper(self._signer("timestamp"), clock=self.clock)

        return self._kept("timestamper", card.digest, made)

    def _signer(self, name: str) -> SigningKey:
        """The key that our newest card has us use for a purpose today."""
        from dedere.node.keys import signer_for  # noqa: PLC0415 - read when first asked for
        from dedere.node.trust import certificate_in_use, own_card  # noqa: PLC0415 - see `law`

        certificate = certificate_in_use(own_card(self.home).card, name, self.clock.now().date())
        return self._kept(name, certificate, lambda: signer_for(self.home, name, [certificate]))

    def _kept(self, name: str, stand: object, read: Callable[[], _Read]) -> _Read:
        """What was read before while `stand` is the same; else read anew."""
        known = self._secrets.get(name)
        if known is None or known[0] != stand:
            known = (stand, read())
            self._secrets[name] = known
        found: _Read = known[1]
        return found


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
