"""What `home.toml` can say, one value a section; a section that is not there has the value made of nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a process listens; `url` is what others are told (empty: not reachable from outside)."""

    host: str
    port: int
    url: str


@dataclass(frozen=True, slots=True)
class KeyPlaces:
    """Where keys are, when they are not in files of the home that whoever has the folder can read.

    `authority` are addresses of signing keys (`pkcs11:…` or `file:…`), newest first; empty: the files in `keys/`.
    `passphrase` (under which key files are wrapped), `pin` (of the device) and `guard` (of the leak guard; empty:
    custodians open it, and it lives in memory) say where a secret lies:
    `file:PATH`, or `credential:NAME` for what systemd hands over.
    """

    authority: tuple[str, ...] = ()
    passphrase: str = ""
    pin: str = ""
    guard: str = ""


@dataclass(frozen=True, slots=True)
class EvidencePolicy:
    """What this authority asks for with evidence.

    `reason_for_looks`: nobody opens an item without saying why. `stamp`: what comes in is time-stamped. `scanner`: the
    address of a clamd that scans what comes in (`unix:PATH` or `tcp:HOST:PORT`; empty: none).
    """

    reason_for_looks: bool = False
    stamp: bool = False
    scanner: str = ""


@dataclass(frozen=True, slots=True)
class DatabasePlace:
    """Where the records lie. An empty `address`: a file of the home.

    `address` is `postgresql://USER@HOST:PORT/NAME?sslmode=verify-full` or, over a socket of this machine,
    `postgresql:///NAME?host=/run/postgresql`. `password` says where the password lies, like the secrets of `KeyPlaces`.
    """

    address: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class SignaturePolicy:
    """How letters, cards and documents are signed, beyond the authority's own signature.

    `stamped_by` is the address of a time-stamping service (RFC 3161) and `stamp_certificates` the file, in the home, of
    its certificates or those above them; empty: a key of the home stamps. `second`: with ML-DSA-65 too. Each counts
    from the next card on.
    """

    stamped_by: str = ""
    stamp_certificates: str = ""
    second: bool = False


@dataclass(frozen=True, slots=True)
class Watching:
    """How the node is watched. `port` 0: nothing listens for watchers; `json_logs`: a log line is a JSON object."""

    host: str = "127.0.0.1"
    port: int = 0
    json_logs: bool = False


@dataclass(frozen=True, slots=True)
class MailPlace:
    """The server that takes e-mail, and who sends it. An empty `address`: officers are told on their pages only.

    `password` says where the password lies, like the secrets of `KeyPlaces`.
    """

    address: str = ""
    sender: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class StorePlace:
    """Where sealed evidence lies. An empty `address`: in the home's folder `vault`.

    `credentials` says where the secret lies, like the secrets of `KeyPlaces`.
    """

    address: str = ""
    endpoint: str = ""
    region: str = ""
    credentials: str = ""
