"""Settings taken out of `home.toml` one by one, strictly: what is missing, of the wrong kind or unknown is named."""

from __future__ import annotations

import dataclasses
import ipaddress
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from dedere.base.errors import InputError
from dedere.casework.clocks import PracticeTimes
from dedere.node.mailing import require_mail
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
from dedere.node.storing import require_store
from dedere.vault.scanner import Scanner

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_MOST_DAYS = 3650
Section = TypeVar("Section", bound="DataclassInstance")


class SettingsReader:
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
        """A text that must be there."""
        return str(self._take(key, str, "a text"))

    def truth(self, key: str) -> bool:
        """True or false, which must be there."""
        return bool(self._take(key, bool, "true or false"))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, which must be there."""
        values = self._take(key, list, "a list of texts")
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise InputError(f"{self.place}: {key} must be a list of texts.")
        return tuple(values)

    def listening(self, key: str) -> Listening:
        """Where a process listens."""
        table = self._take(key, dict, "a table with host, port and url")
        reader = SettingsReader(dict(table) if isinstance(table, dict) else {}, f"{self.place} [{key}]")
        listening = Listening(host=reader.text("host"), port=reader.port(), url=reader.text("url"))
        reader.finish()
        return listening

    def key_places(self) -> KeyPlaces:
        """The section `[keys]`."""
        places, where = self._section("keys", KeyPlaces())
        for address in places.authority:
            if not address.startswith(("pkcs11:", "file:")):
                raise InputError(f"{where}: an authority key's address begins with pkcs11: or file:.")
        _require_secrets(where, places.passphrase, places.pin, places.guard)
        return places

    def evidence_policy(self) -> EvidencePolicy:
        """The section `[evidence]`."""
        policy, _ = self._section("evidence", EvidencePolicy())
        if policy.scanner:
            Scanner.at(policy.scanner)
        return policy

    def signature_policy(self) -> SignaturePolicy:
        """The section `[signatures]`."""
        policy, where = self._section("signatures", SignaturePolicy())
        if bool(policy.stamped_by) != bool(policy.stamp_certificates):
            raise InputError(f"{where}: a time-stamping service needs both stamped_by and stamp_certificates.")
        if policy.stamped_by and not policy.stamped_by.startswith(("https://", "http://")):
            raise InputError(f"{where}: stamped_by is an address like https://tsa.example.org/tsr.")
        return policy

    def practice_times(self) -> PracticeTimes:
        """The section `[practice]`."""
        reader = self._optional_table("practice")
        names = [each.name for each in dataclasses.fields(PracticeTimes) if reader.has(each.name)]
        times = PracticeTimes(**{name: reader.days(name) for name in names})
        reader.finish()
        return times

    def database_place(self) -> DatabasePlace:
        """The section `[database]`."""
        place, where = self._section("database", DatabasePlace())
        if place != DatabasePlace():
            require_database(place.address)
        _require_secrets(where, place.password)
        return place

    def store_place(self) -> StorePlace:
        """The section `[store]`."""
        place, where = self._section("store", StorePlace())
        require_store(place)
        _require_secrets(where, place.credentials)
        return place

    def mail_place(self) -> MailPlace:
        """The section `[mail]`."""
        place, where = self._section("mail", MailPlace())
        require_mail(place)
        _require_secrets(where, place.password)
        return place

    def watching(self) -> Watching:
        """The section `[watch]`."""
        watching, _ = self._section("watch", Watching())
        if watching.port:
            require_listening("watch", Listening(watching.host, watching.port, ""))
        return watching

    def port(self, key: str = "port") -> int:
        """The number of a port, which must be there."""
        return int(str(self._take(key, int, "a port number")))

    def days(self, key: str) -> int:
        """A number of days."""
        days = self._take(key, int, "a number of days")
        if not isinstance(days, int) or not 0 < days <= _MOST_DAYS:
            raise InputError(f"{self.place}: {key} must be between 1 and {_MOST_DAYS} days.")
        return days

    def polls(self) -> tuple[str, ...]:
        """What `[exchange]` says about polling."""
        reader = self._optional_table("exchange")
        polls = reader.texts("polls") if reader.has("polls") else ()
        reader.finish()
        for state in polls:
            if state != "*" and not is_state(state):
                raise InputError(f"{reader.place}: polls holds States like SN, or * for all.")
        return polls

    def has(self, key: str) -> bool:
        """Whether a setting is still to be read."""
        return key in self._left

    def _section(self, key: str, usual: Section) -> tuple[Section, str]:
        """A section and its place. It may be left out, as may each setting; each is of the type it usually has."""
        reader = self._optional_table(key)
        names = [each.name for each in dataclasses.fields(usual) if reader.has(each.name)]
        said = {name: reader.like(name, getattr(usual, name)) for name in names}
        reader.finish()
        return dataclasses.replace(usual, **said), reader.place

    def like(self, key: str, usual: object) -> object:
        """A setting of the type of `usual`, which must be there; a whole number is a port."""
        if isinstance(usual, bool):
            return self.truth(key)
        if isinstance(usual, int):
            return self.port(key)
        return self.texts(key) if isinstance(usual, tuple) else self.text(key)

    def _optional_table(self, key: str) -> SettingsReader:
        table = self._take(key, dict, "a table") if self.has(key) else {}
        return SettingsReader(dict(table) if isinstance(table, dict) else {}, f"{self.place} [{key}]")

    def finish(self) -> None:
        """Refuse what was not asked for."""
        if self._left:
            raise InputError(f"{self.place}: unknown setting {min(self._left)!r}.")


def _require_secrets(where: str, *places: str) -> None:
    if any(place and not place.startswith(("file:", "credential:")) for place in places):
        raise InputError(f"{where}: a secret's place begins with file: or credential:.")


def require_listening(place: str, listening: Listening) -> None:
    """Let a place pass at which something can listen. Raises InputError."""
    if not 0 < listening.port < 65536:  # noqa: PLR2004 - the width of a port number
        raise InputError(f"The {place} port must be between 1 and 65535.")
    try:
        ipaddress.ip_address(listening.host)
    except ValueError as error:
        raise InputError(f"The {place} host must be an IP address of this machine.") from error


def is_state(text: str) -> bool:
    """Whether this is written as States are: two capital letters."""
    return len(text) == 2 and text.isascii() and text.isalpha() and text.isupper()  # noqa: PLR2004 - alpha-2


def require_database(address: str) -> None:
    """Let the address of a database server pass. Raises InputError."""
    if not _is_database(address):
        raise InputError(
            "A database's address is written postgresql://USER@HOST:PORT/NAME, without the password: "
            "password says where that lies."
        )


def _is_database(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme == "postgresql" and len(parts.path) > 1 and not parts.password and parts.port != 0
    except ValueError:  # a port that is no number
        return False
