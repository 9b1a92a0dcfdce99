"""A node's home: one folder that holds everything of it and can be moved.

Every path is relative to the folder; `home.toml` says what the node is. Nothing here needs Django or a database.
"""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dedere.base.errors import FacilityError, InputError
from dedere.casework.clocks import PracticeTimes
from dedere.node.policies import (
    DatabasePlace,
    EvidencePolicy,
    KeyPlaces,
    Listening,
    MailPlace,
    SignaturePolicy,
    StorePlace,
    Watching,
)
from dedere.node.settings_reader import SettingsReader, is_state, require_database, require_listening

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = [
    "DatabasePlace",
    "EvidencePolicy",
    "Home",
    "KeyPlaces",
    "Listening",
    "SignaturePolicy",
    "Watching",
    "load_home",
    "require_describable",
    "write_home",
]

FORMAT = "dedere-home/1"
_LONGEST_NAME = 200
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https://[A-Za-z0-9.\[\]:-]+")


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
    places: KeyPlaces = field(default_factory=KeyPlaces)
    polls: tuple[str, ...] = ()
    evidence: EvidencePolicy = field(default_factory=EvidencePolicy)
    signatures: SignaturePolicy = field(default_factory=SignaturePolicy)
    practice: PracticeTimes = field(default_factory=PracticeTimes)
    records: DatabasePlace = field(default_factory=DatabasePlace)
    store: StorePlace = field(default_factory=StorePlace)
    watching: Watching = field(default_factory=Watching)
    mail: MailPlace = field(default_factory=MailPlace)

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
    reader = SettingsReader(settings, str(path))
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
        signatures=reader.signature_policy(),
        practice=reader.practice_times(),
        records=reader.database_place(),
        store=reader.store_place(),
        watching=reader.watching(),
        mail=reader.mail_place(),
    )
    reader.finish()
    require_describable(home)
    return home


def require_describable(home: Home) -> None:
    """Let a home pass that says who and where it is in the forms that cards and clocks need.

    Raises:
        InputError: State, name, languages or time zone are not acceptable.
    """
    if not is_state(home.state):
        raise InputError("A State is written with its two capital letters, like NL (ISO 3166-1 alpha-2).")
    if not home.name.strip() or len(home.name) > _LONGEST_NAME:
        raise InputError(f"An authority needs a name of at most {_LONGEST_NAME} characters.")
    if not home.languages or not all(_LANGUAGE.fullmatch(each) for each in home.languages):
        raise InputError("An authority accepts requests in at least one language, written like en or fr (ISO 639-1).")
    if home.is_reachable and not _ADDRESS.fullmatch(home.gateway.url):
        raise InputError("The gateway's url is written like https://node.example.org:8443, without a path.")
    if home.records.address:
        require_database(home.records.address)
    for place, listening in (("pages'", home.pages), ("gateway's", home.gateway)):
        require_listening(place, listening)
    try:
        ZoneInfo(home.place)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"{home.place!r} is not a time zone: write it like Europe/Amsterdam.") from error


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
    """The sections that say more than nothing: of each, what is not as it is without it."""
    lines = ["[exchange]", f"polls = {_toml_texts(home.polls)}", ""] if home.polls else []
    sections: dict[str, DataclassInstance] = {
        "evidence": home.evidence,
        "signatures": home.signatures,
        "practice": home.practice,
        "database": home.records,
        "store": home.store,
        "watch": home.watching,
        "mail": home.mail,
        "keys": home.places,
    }
    for name, section in sections.items():
        usual, said = dataclasses.asdict(type(section)()), dataclasses.asdict(section)
        if said != usual:
            changed = {setting: value for setting, value in said.items() if value != usual[setting]}
            lines += [f"[{name}]", *(f"{setting} = {_toml_value(value)}" for setting, value in changed.items()), ""]
    return lines


def _toml_value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case tuple():
            return _toml_texts(value)
        case _:
            return _toml_text(str(value))


def _toml_texts(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(_toml_text(text) for text in texts)}]"


def _toml_text(text: str) -> str:
    if any(ord(character) < ord(" ") for character in text):
        raise InputError("A setting may not contain control characters.")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
