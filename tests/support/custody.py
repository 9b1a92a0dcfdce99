"""Custodians with keys, and a protected witness; all fictional.

The names are made up; each is written in every script in which the leak guard must know it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.persons.identity import Document, Identity, Place, UncertainDate, WrittenName
from dedere.node.cases.access import standing
from dedere.node.persons import actions as persons
from dedere.node.persons.actions.custodians import fingerprint_of
from dedere.node.persons.memory import forget_guard_secret
from dedere.node.persons.models import CustodianKey, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedere.node.office import Office
    from support.offices import Bureau

PASSPHRASE = "a fictional passphrase of some length"

WITNESS = Identity(
    names=(
        WrittenName("Vukašinović", "Dragoljub"),
        WrittenName("Вукашиновић", "Драгољуб"),
        WrittenName("فوكاشينوفيتش", "دراغوليوب"),
    ),
    born=UncertainDate("1971-05-27"),
    born_at="Dol",
    sex="male",
    nationality=("RS",),
    documents=(Document("passport", "QX 771 8842", "RS", "2031"),),
    places=(Place("home until 2024", "14 Ulica lipa, Dol"),),
    contacts=("+381 64 771 8842", "d.vukasinovic@example.org"),
    tell_tales=("the miller of Dol",),
    languages=("sr",),
    relocation_pointer="WP-2025/0117",
)

# Spellings that must never be found in a file of the office; bytes of each are searched in several encodings.
SPELLINGS = (
    "Vukašinović", "Vukasinovic", "Вукашиновић", "فوكاشينوفيتش", "Dragoljub", "Драгољуб", "دراغوليوب", "1971-05-27",
    "QX 771 8842", "QX7718842", "381647718842", "+381 64 771 8842", "d.vukasinovic", "miller of Dol", "Ulica lipa",
    "WP-2025/0117",
)  # fmt: skip


@dataclass
class Custody:
    """Two custodians with confirmed keys, and their key files."""

    bureau: Bureau
    files: dict[str, bytes]
    digests: dict[str, str]

    def unlocking(self, name: str, *, passphrase: str = PASSPHRASE) -> persons.Unlocking:
        """What the custodian brings."""
        return persons.Unlocking(self.files[name], passphrase)

    def protected(
        self, case_id: str, *, alias: str = "Amber", identity: Identity = WITNESS, reference: str = "", by: str = "anna"
    ) -> Person:
        """A protected witness of the case, sealed to both custodians."""
        return persons.protect_person(
            by=standing(self.bureau[by], case_id),
            new=persons.NewProtected(alias=alias, roles=("witness",), identity=identity, reference=reference),
            custodians=list(self.digests.values()),
        )


def custody(bureau: Bureau) -> Custody:
    """Koos and Kim make keys and confirm each other's."""
    files = {name: persons.make_key(by=bureau[name], passphrase=PASSPHRASE) for name in ("koos", "kim")}
    digests = {name: CustodianKey.objects.get(officer=bureau[name]).pk for name in files}
    for holder, other in (("koos", "kim"), ("kim", "koos")):
        persons.confirm_key(by=bureau[other], digest=digests[holder], fingerprint=fingerprint_of(digests[holder]))
    return Custody(bureau, files, digests)


def unlocked_guard(office: Office) -> Iterator[None]:
    """Leave no secret of a test's guard in memory, before and after."""
    forget_guard_secret(office.home)
    yield
    forget_guard_secret(office.home)
