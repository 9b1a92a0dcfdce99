"""A node's home: one folder that holds everything of it and can be moved.

Every path is relative to the folder; `home.toml` says what the node is. Nothing here needs Django or a database.
"""

from __future__ import annotations

import ipaddress
import tomllib
from dataclasses import dataclass
from pathlib import Path

from dedere.base.errors import FacilityError, InputError

FORMAT = "dedere-home/1"


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a process listens; `url` is what others are told (empty: not reachable from outside)."""

    host: str
    port: int
    url: str


@dataclass(frozen=True, slots=True)
class Home:
    """The folder and what its `home.toml` says."""

    folder: Path
    state: str
    name: str
    pages: Listening
    gateway: Listening
    languages: tuple[str, ...]
    place: str
    demonstration: bool = False

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
        """The embedded database."""
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
    )
    reader.finish()
    return home


def write_home(home: Home) -> None:
    """Write `home.toml`; the folder must exist."""
    languages = ", ".join(f'"{language}"' for language in home.languages)
    home.settings_file.write_text(
        "\n".join(
            [
                "# A Dedere node. Paths are relative to this folder, which can be moved while the node is stopped.",
                f'format = "{FORMAT}"',
                f"state = {_toml_text(home.state)}",
                f"name = {_toml_text(home.name)}",
                f"languages = [{languages}]",
                f"place = {_toml_text(home.place)}  # time zone in which legal days are counted",
                f"demonstration = {'true' if home.demonstration else 'false'}",
                "",
                *_listening_lines("pages", home.pages),
                "",
                *_listening_lines("gateway", home.gateway),
                "",
            ]
        ),
        encoding="utf-8",
    )


def _listening_lines(name: str, listening: Listening) -> list[str]:
    return [
        f"[{name}]",
        f"host = {_toml_text(listening.host)}",
        f"port = {listening.port}",
        f"url = {_toml_text(listening.url)}",
    ]


def _toml_text(text: str) -> str:
    if any(ord(character) < ord(" ") for character in text):
        raise InputError("A setting may not contain control characters.")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Reader:
    """Takes settings out one by one; what is left at the end was unknown."""

    def __init__(self, settings: dict[str, object], place: str) -> None:
        self._left = dict(settings)
        self._place = place

    def _take(self, key: str, kind: type, expected: str) -> object:
        value = self._left.pop(key, None)
        if value is None or not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise InputError(f"{self._place}: {key} must be {expected}.")
        return value

    def text(self, key: str) -> str:
        return str(self._take(key, str, "a text"))

    def truth(self, key: str) -> bool:
        return bool(self._take(key, bool, "true or false"))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._take(key, list, "a list of texts")
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise InputError(f"{self._place}: {key} must be a list of texts.")
        return tuple(values)

    def listening(self, key: str) -> Listening:
        table = self._take(key, dict, "a table with host, port and url")
        reader = _Reader(dict(table) if isinstance(table, dict) else {}, f"{self._place} [{key}]")
        port = reader._take("port", int, "a port number")
        listening = Listening(host=reader.text("host"), port=int(str(port)), url=reader.text("url"))
        if not 0 < listening.port < 65536:  # noqa: PLR2004 - the width of a port number
            raise InputError(f"{self._place} [{key}]: port must be between 1 and 65535.")
        try:
            ipaddress.ip_address(listening.host)
        except ValueError as error:
            raise InputError(f"{self._place} [{key}]: host must be an IP address of this machine.") from error
        reader.finish()
        return listening

    def finish(self) -> None:
        if self._left:
            raise InputError(f"{self._place}: unknown setting {min(self._left)!r}.")
