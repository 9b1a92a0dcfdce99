"""A node's home: one folder that holds everything of it and can be moved.

Every path is relative to the folder; `home.toml` says what the node is. Nothing here needs Django or a database.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dedere.base.errors import FacilityError, InputError
from dedere.casework.clocks import PracticeTimes
from dedere.vault.scanner import Scanner

FORMAT = "dedere-home/1"
_LONGEST_NAME = 200
_MOST_DAYS = 3650
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https://[A-Za-z0-9.\[\]:-]+")


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
class Home:
    """The folder and what its `home.toml` says.

    `polls` are the partners whose mailboxes this node empties, `*` for all: a node that nobody can reach has an empty
    gateway url and fetches what the others hold for it. `practice` is what the office itself expects of both sides.
    """

    folder: Path
    state: str
    name: str
    pages: Listening
    gateway: Listening
    languages: tuple[str, ...]
    place: str
    demonstration: bool = False
    places: KeyPlaces = KeyPlaces()
    polls: tuple[str, ...] = ()
    evidence: EvidencePolicy = EvidencePolicy()
    practice: PracticeTimes = field(default_factory=PracticeTimes)
    records: DatabasePlace = DatabasePlace()

    @property
    def settings_file(self) -> Path:
        """What the node is."""
        return self.folder / "home.toml"

    @property
    def keys(self) -> Path:
        """The private keys: mode 0700."""
        return self.folder / "keys"

    @property
    def cards(self) -> Path:
        """The authority's own cards, oldest first."""
        return self.folder / "cards"

    @property
    def database(self) -> Path:
        """The embedded database, where `records` names no server."""
        return self.folder / "database.sqlite3"

    @property
    def vault(self) -> Path:
        """Sealed evidence."""
        return self.folder / "vault"

    @property
    def inbox(self) -> Path:
        """Parts that are still arriving."""
        return self.folder / "inbox"

    @property
    def letters(self) -> Path:
        """Letters, sent and received, sealed."""
        return self.folder / "letters"

    @property
    def attachments(self) -> Path:
        """Files waiting in a draft."""
        return self.folder / "attachments"

    @property
    def dossiers(self) -> Path:
        """Exported cases."""
        return self.folder / "dossiers"

    @property
    def reviews(self) -> Path:
        """What this authority's lawyers verified in the law's data."""
        return self.folder / "reviews"

    @property
    def overlay(self) -> Path:
        """Rows added to the register of States; in a demonstration home, demonstration data."""
        return self.folder / "overlay"

    @property
    def run(self) -> Path:
        """Locks and process ids."""
        return self.folder / "run"

    @property
    def is_reachable(self) -> bool:
        """Whether other nodes can call at our gateway."""
        return self.gateway.url != ""

    def polls_at(self, partner: str) -> bool:
        """Whether we fetch what waits for us at this partner."""
        return "*" in self.polls or partner in self.polls

    def folders(self) -> tuple[Path, ...]:
        """Every folder a home has."""
        return (
            self.keys, self.cards, self.vault, self.inbox, self.letters, self.attachments, self.dossiers,
            self.reviews, self.overlay, self.run,
        )  # fmt: skip


def load_home(folder: Path) -> Home:
    """Read a home's settings, strictly.

    Raises:
        FacilityError: there is no home here.
        InputError: a setting is missing, unknown, or of the wrong kind; the sentence names it.
    """
    path = folder / "home.toml"
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FacilityError(f"{folder} is not a node's home: make one with `dedere node init`.") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FacilityError(f"{path} cannot be read: {error}.") from error
    reader = _Reader(settings, str(path))
    if (found := reader.text("format")) != FORMAT:
        raise InputError(f"{path}: format is {found!r}; this version reads {FORMAT!r}.")
    home = Home(
        folder=folder.resolve(),
        state=reader.text("state"),
        name=reader.text("name"),
        languages=reader.texts("languages"),
        place=reader.text("place"),
        demonstration=reader.truth("demonstration"),
        pages=reader.listening("pages"),
        gateway=reader.listening("gateway"),
        places=reader.key_places(),
        polls=reader.polls(),
        evidence=reader.evidence_policy(),
        practice=reader.practice_times(),
        records=reader.database_place(),
    )
    reader.finish()
    require_describable(home)
    return home


def require_describable(home: Home) -> None:
    """Let a home pass that says who and where it is in the forms that cards and clocks need.

    Raises:
        InputError: State, name, languages or time zone are not acceptable.
    """
    if not _is_state(home.state):
        raise InputError("A State is written with its two capital letters, like NL (ISO 3166-1 alpha-2).")
    if not home.name.strip() or len(home.name) > _LONGEST_NAME:
        raise InputError(f"An authority needs a name of at most {_LONGEST_NAME} characters.")
    if not home.languages or not all(_LANGUAGE.fullmatch(each) for each in home.languages):
        raise InputError("An authority accepts requests in at least one language, written like en or fr (ISO 639-1).")
    if home.is_reachable and not _ADDRESS.fullmatch(home.gateway.url):
        raise InputError("The gateway's url is written like https://node.example.org:8443, without a path.")
    for place, listening in (("pages'", home.pages), ("gateway's", home.gateway)):
        _require_listening(place, listening)
    try:
        ZoneInfo(home.place)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"{home.place!r} is not a time zone: write it like Europe/Amsterdam.") from error


def _require_listening(place: str, listening: Listening) -> None:
    if not 0 < listening.port < 65536:  # noqa: PLR2004 - the width of a port number
        raise InputError(f"The {place} port must be between 1 and 65535.")
    try:
        ipaddress.ip_address(listening.host)
    except ValueError as error:
        raise InputError(f"The {place} host must be an IP address of this machine.") from error


def _is_state(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()  # noqa: PLR2004 - alpha-2


def _is_database(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "postgresql" and len(parts.path) > 1 and not parts.password and parts.port != 0
    except ValueError:  # a port that is no number
        return False


def write_home(home: Home) -> None:
    """Write `home.toml`, whole or not at all; the folder must exist."""
    text = "\n".join(
        [
            "# A Dedere node. Paths are relative to this folder, which can be moved while the node is stopped.",
            f'format = "{FORMAT}"',
            f"state = {_toml_text(home.state)}",
            f"name = {_toml_text(home.name)}",
            f"languages = {_toml_texts(home.languages)}",
            f"place = {_toml_text(home.place)}  # time zone in which legal days are counted",
            f"demonstration = {'true' if home.demonstration else 'false'}",
            "",
            *_listening_lines("pages", home.pages),
            "",
            *_listening_lines("gateway", home.gateway),
            "",
            *_optional_lines(home),
        ]
    )
    temporary = home.settings_file.with_name("home.toml.new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(home.settings_file)


def _listening_lines(name: str, listening: Listening) -> list[str]:
    return [
        f"[{name}]",
        f"host = {_toml_text(listening.host)}",
        f"port = {listening.port}",
        f"url = {_toml_text(listening.url)}",
    ]


def _optional_lines(home: Home) -> list[str]:
    lines: list[str] = []
    if home.polls:
        lines += ["[exchange]", f"polls = {_toml_texts(home.polls)}", ""]
    if home.evidence != EvidencePolicy():
        policy = home.evidence
        lines += ["[evidence]"]
        lines += [f"{name} = true" for name in ("reason_for_looks", "stamp") if getattr(policy, name)]
        lines += [f"scanner = {_toml_text(policy.scanner)}"] if policy.scanner else []
        lines += [""]
    if home.practice != PracticeTimes():
        times = dataclasses.asdict(home.practice)
        lines += ["[practice]", *(f"{name} = {days}" for name, days in times.items()), ""]
    if home.records != DatabasePlace():
        lines += ["[database]", f"address = {_toml_text(home.records.address)}"]
        lines += [f"password = {_toml_text(home.records.password)}"] if home.records.password else []
        lines += [""]
    if home.places != KeyPlaces():
        lines += ["[keys]"]
        if home.places.authority:
            lines += [f"authority = {_toml_texts(home.places.authority)}"]
        for name in ("passphrase", "pin", "guard"):
            if place := getattr(home.places, name):
                lines += [f"{name} = {_toml_text(place)}"]
        lines += [""]
    return lines


def _toml_texts(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(_toml_text(text) for text in texts)}]"


def _toml_text(text: str) -> str:
    if any(ord(character) < ord(" ") for character in text):
        raise InputError("A setting may not contain control characters.")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Reader:
    """Takes settings out one by one; what is left at the end was unknown."""

    def __init__(self, settings: dict[str, object], place: str) -> None:
        self._left = dict(settings)
        self.place = place

    def _take(self, key: str, kind: type, expected: str) -> object:
        value = self._left.pop(key, None)
        if value is None or not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise InputError(f"{self.place}: {key} must be {expected}.")
        return value

    def text(self, key: str) -> str:
        return str(self._take(key, str, "a text"))

    def truth(self, key: str) -> bool:
        return bool(self._take(key, bool, "true or false"))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._take(key, list, "a list of texts")
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise InputError(f"{self.place}: {key} must be a list of texts.")
        return tuple(values)

    def listening(self, key: str) -> Listening:
        table = self._take(key, dict, "a table with host, port and url")
        reader = _Reader(dict(table) if isinstance(table, dict) else {}, f"{self.place} [{key}]")
        port = reader._take("port", int, "a port number")
        listening = Listening(host=reader.text("host"), port=int(str(port)), url=reader.text("url"))
        reader.finish()
        return listening

    def key_places(self) -> KeyPlaces:
        reader = self._optional_table("keys")
        places = KeyPlaces(
            authority=reader.texts("authority") if reader.has("authority") else (),
            passphrase=reader.text("passphrase") if reader.has("passphrase") else "",
            pin=reader.text("pin") if reader.has("pin") else "",
            guard=reader.text("guard") if reader.has("guard") else "",
        )
        reader.finish()
        for address in places.authority:
            if not address.startswith(("pkcs11:", "file:")):
                raise InputError(f"{reader.place}: an authority key's address begins with pkcs11: or file:.")
        for place in (places.passphrase, places.pin, places.guard):
            if place and not place.startswith(("file:", "credential:")):
                raise InputError(f"{reader.place}: a secret's place begins with file: or credential:.")
        return places

    def evidence_policy(self) -> EvidencePolicy:
        reader = self._optional_table("evidence")
        policy = EvidencePolicy(
            reason_for_looks=reader.truth("reason_for_looks") if reader.has("reason_for_looks") else False,
            stamp=reader.truth("stamp") if reader.has("stamp") else False,
            scanner=reader.text("scanner") if reader.has("scanner") else "",
        )
        reader.finish()
        if policy.scanner:
            Scanner.at(policy.scanner)
        return policy

    def practice_times(self) -> PracticeTimes:
        reader = self._optional_table("practice")
        names = [each.name for each in dataclasses.fields(PracticeTimes) if reader.has(each.name)]
        times = PracticeTimes(**{name: reader.days(name) for name in names})
        reader.finish()
        return times

    def database_place(self) -> DatabasePlace:
        reader = self._optional_table("database")
        place = DatabasePlace(
            address=reader.text("address") if reader.has("address") else "",
            password=reader.text("password") if reader.has("password") else "",
        )
        reader.finish()
        if place != DatabasePlace() and not _is_database(place.address):
            raise InputError(
                f"{reader.place}: the address is written postgresql://USER@HOST:PORT/NAME, without the password: "
                "password says where that lies."
            )
        if place.password and not place.password.startswith(("file:", "credential:")):
            raise InputError(f"{reader.place}: a secret's place begins with file: or credential:.")
        return place

    def days(self, key: str) -> int:
        days = self._take(key, int, "a number of days")
        if not isinstance(days, int) or not 0 < days <= _MOST_DAYS:
            raise InputError(f"{self.place}: {key} must be between 1 and {_MOST_DAYS} days.")
        return days

    def polls(self) -> tuple[str, ...]:
        reader = self._optional_table("exchange")
        polls = reader.texts("polls") if reader.has("polls") else ()
        reader.finish()
        for state in polls:
            if state != "*" and not _is_state(state):
                raise InputError(f"{reader.place}: polls holds States like SN, or * for all.")
        return polls

    def has(self, key: str) -> bool:
        return key in self._left

    def _optional_table(self, key: str) -> _Reader:
        table = self._take(key, dict, "a table") if self.has(key) else {}
        return _Reader(dict(table) if isinstance(table, dict) else {}, f"{self.place} [{key}]")

    def finish(self) -> None:
        if self._left:
            raise InputError(f"{self.place}: unknown setting {min(self._left)!r}.")
