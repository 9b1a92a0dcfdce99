"""The leak guard: no text with a protected detail is kept or leaves, in whatever spelling.

It holds no name. For each protected identity it keeps blind marks (`dedere.crypto.blinding`); a text is cut into marks,
each is digested with the guard's secret, and what is in the index is a hit. The secret is sealed to the custodians and
lives in memory once one of them opened the guard (`dedere.node.persons.memory`). While it is locked nothing leaves, and
nothing is kept in a case that has a protected person. What all this lets others learn: docs/security/persons.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from dedere.base.errors import FacilityError, InputError
from dedere.casework.acts import Role
from dedere.casework.persons.identity import Identity
from dedere.casework.persons.marks import Mark, Meaning, Weight, find_marks, marks_of
from dedere.crypto.blinding import BlindIndex
from dedere.node.accounts.models import Officer
from dedere.node.audit.actions import Happening
from dedere.node.office import office
from dedere.node.persons.memory import read_guard_secret
from dedere.node.persons.models import BlindMark, GuardSecret, Look, Person
from dedere.node.persons.refusals import LoggedRefusalError

_AT_ONCE = 800
_MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class Stop:
    """A place where a protected person is given away. `shown` is empty for an officer who may not know the person."""

    place: str
    person: str
    shown: str


class LeakError(LoggedRefusalError):
    """A text gives a protected person away: it was neither kept nor sent."""

    code = "protected-detail"

    def __init__(self, stops: tuple[Stop, ...], *, by: Officer, case: str) -> None:
        named = [_sentence(stop) for stop in stops[:_MOST_PLACES]]
        more = len(stops) - _MOST_PLACES
        ending = f" And {more} more." if more > 0 else ""
        details = {"places": len(stops), "unknown": sum(not stop.shown for stop in stops)}
        super().__init__(
            f"{' '.join(named)}{ending} Nothing was kept: write the alias instead.",
            Happening(actor=by.identifier, action="leak-stopped", subject="text", case=case, details=details),
        )
        self.stops = stops


class GuardLockedError(InputError):
    """Without its secret the guard cannot read, so nothing passes."""

    code = "guard-locked"

    def __init__(self) -> None:
        super().__init__("The leak guard is locked since the last restart: a custodian opens it under Protection.")


def index() -> BlindIndex | None:
    """The guard's index, None while it is locked.

    Raises:
        FacilityError: the settings name a secret store that does not hand the secret over.
    """
    secret = read_guard_secret(office().home)
    if secret is None:
        return None
    opened = BlindIndex(secret)
    probe = GuardSecret.objects.values_list("probe", flat=True).first()
    # A secret of another database, left in memory or in the store, reads nothing here.
    return opened if probe in (None, probe_of(opened)) else None


def probe_of(opened: BlindIndex) -> str:
    """What tells whether a secret belongs to an index."""
    return opened.digest("probe", "").hex()


def is_needed() -> bool:
    """Whether the guard knows anybody. An identity that came sealed is known once a custodian opened it here."""
    return GuardSecret.objects.exists()


def is_locked() -> bool:
    """Whether the guard is needed and cannot read; an unreachable secret store is a lock too."""
    try:
        return is_needed() and index() is None
    except FacilityError:
        return True


def note_marks(opened: BlindIndex, person: Person, identity: Identity) -> None:
    """Let the guard know a person's marks in place of those it knew before."""
    forget_marks(opened, person.pk)
    for mark, meaning in marks_of(identity).items():
        digest = opened.digest(mark.kind, mark.key)
        found = BlindMark.objects.filter(pk=digest.hex()).first()
        owners = _owners(opened, found) if found else {}
        _keep(opened, digest, {**owners, person.pk: meaning})


def forget_marks(opened: BlindIndex, person: str) -> None:
    """Take a person's marks out of the index."""
    for row in BlindMark.objects.all():
        owners = _owners(opened, row)
        if person in owners:
            rest = {who: meaning for who, meaning in owners.items() if who != person}
            row.delete()
            if rest:
                _keep(opened, bytes.fromhex(row.digest), rest)


def known_marks(opened: BlindIndex) -> Callable[[Collection[Mark]], Mapping[Mark, Mapping[str, Meaning]]]:
    """Whose each of some marks is, asked of the index in a few questions."""

    def known(marks: Collection[Mark]) -> Mapping[Mark, Mapping[str, Meaning]]:
        digests = {opened.digest(mark.kind, mark.key).hex(): mark for mark in marks}
        names = list(digests)
        found: dict[Mark, Mapping[str, Meaning]] = {}
        for start in range(0, len(names), _AT_ONCE):
            for row in BlindMark.objects.filter(pk__in=names[start : start + _AT_ONCE]):
                found[digests[row.digest]] = _owners(opened, row)
        return found

    return known


def stops_in(opened: BlindIndex, *, by: Officer, texts: Mapping[str, str], names: Mapping[str, str]) -> list[Stop]:
    """Every place in `texts` and in `names` of files (both by the place they stand in) that gives somebody away."""
    known = known_marks(opened)
    stops = []
    for place, text, glued in [*((*each, False) for each in texts.items()), *((*each, True) for each in names.items())]:
        for hit in find_marks(text, known, glued=glued):
            shown = (
                f"{hit.passage[: hit.start]}»{hit.words}«{hit.passage[hit.end :]}" if may_know(by, hit.person) else ""
            )
            stops.append(Stop(place, hit.person, shown))
    return stops


def require_clean(
    *, by: Officer, case: str, texts: Mapping[str, str], names: Mapping[str, str] | None = None, leaving: bool = False
) -> None:
    """Nothing, if none of the texts gives a protected person away. `leaving`: they go out of the house.

    Raises:
        LeakError: one does.
        GuardLockedError: the guard cannot read, and the texts leave or belong to a case with a protected person.
    """
    if not is_needed():
        return
    opened = index()
    if opened is None:
        if leaving or Person.objects.filter(case=case, protected=True).exists():
            raise GuardLockedError
        return
    stops = stops_in(opened, by=by, texts=texts, names=names or {})
    if stops:
        raise LeakError(tuple(stops), by=by, case=case)


def may_know(officer: Officer, person: str) -> bool:
    """Whether the officer has been granted a look at the identity, or is a custodian."""
    if officer.holds(Role.CUSTODIAN):
        return True
    granted = (Look.State.GRANTED, Look.State.ENDED)
    return Look.objects.filter(person=person, asker=officer, state__in=granted).exclude(custodian=None).exists()


def texts_in(value: object, *, place: str = "") -> dict[str, str]:
    """Every text in plain data, by its path."""
    if isinstance(value, str):
        return {place: value}
    if isinstance(value, Mapping):
        rows: Iterable[tuple[str, object]] = (
            (f"{place}.{key}" if place else str(key), below) for key, below in value.items()
        )
    elif isinstance(value, (list, tuple)):
        rows = ((f"{place}[{number}]", below) for number, below in enumerate(value, start=1))
    else:
        return {}
    return {where: text for path, below in rows for where, text in texts_in(below, place=path).items()}


def _sentence(stop: Stop) -> str:
    if stop.shown:
        return f"{stop.place} gives a protected person away: {stop.shown}."
    return f"There is a protected detail in this passage: {stop.place}."


def _owners(opened: BlindIndex, row: BlindMark) -> dict[str, Meaning]:
    record_ = json.loads(opened.open(bytes(row.owners), beside=bytes.fromhex(row.digest)))
    return {person: Meaning(Weight(weight), part) for person, weight, part in record_}


def _keep(opened: BlindIndex, digest: bytes, owners: Mapping[str, Meaning]) -> None:
    plain = json.dumps([[person, meaning.weight.value, meaning.part] for person, meaning in owners.items()])
    closed = opened.close(plain.encode("ascii"), beside=digest, chance=office().identifiers)
    BlindMark.objects.update_or_create(pk=digest.hex(), defaults={"owners": closed})
