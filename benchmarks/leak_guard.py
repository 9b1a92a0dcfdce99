"""Precision and recall of the leak guard, and what a page of text costs it.

The passages are made by templates from fictional names in Latin, Cyrillic and Arabic script, each also in other
transliterations, endings and hiding places than those stored; the others hold near names, common words and numbers.
The bounds: no stored spelling or transliteration passes unless it stands in the list printed; at least 95 of 100
stops are right. A search for the stored spellings as they are (the peer: what an office does without a guard) runs on
the same passages.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.casework.persons.identity import Document, Identity, UncertainDate, WrittenName
from dedere.casework.persons.marks import Mark, Meaning, find_marks, marks_of
from dedere.crypto.blinding import BlindIndex

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

RECALL_BOUND, PRECISION_BOUND = 0.97, 0.95


@dataclass(frozen=True)
class Protected:
    """A protected person: what is stored, and other ways in which the name is met."""

    stored: Identity
    written: tuple[str, ...]


def named(*names: tuple[str, str], born: str = "", number: str = "") -> Identity:
    """An identity with these spellings: family name, given names."""
    documents = (Document("passport", number),) if number else ()
    return Identity(tuple(WrittenName(*name) for name in names), UncertainDate(born), documents=documents)


PEOPLE: tuple[Protected, ...] = (
    Protected(
        named(("Vukašinović", "Dragoljub"), born="1971-05-27", number="QX 771 8842"),
        (
            "Vukasinovic",
            "Vukashinovich",
            "Вукашиновић",
            "Вукашиновича",
            "Vukašinovićem",
            "VUKAŠINOVIĆ",
            "Vukasinovitch",
            "QX7718842",
            "27 May 1971",
            "27.05.1971",
            "27 мая 1971",
            "Вукашиновићу",
            "فوكاشينوفيتش",
        ),
    ),
    Protected(
        named(("Шевченко-Бондаренко", "Олександр")),
        (
            "Shevchenko-Bondarenko",
            "Schewtschenko",
            "Chevtchenko",
            "Ševčenko",
            "Шевченко",
            "Бондаренку",
            "Bondarenko",
            "Bondarenka",
            "شيفتشينكو",
            "S h e v c h e n k o",
        ),
    ),
    Protected(
        named(("البشير", "محمد حسن")),
        (
            "Mohammed Hassan al-Bashir",
            "Muhamad Hasan",
            "El Bechir",
            "al-Basheer",
            "البشير",
            "والبشير",
            "محمد حسن",
            "Mohamed Hasan",
            "مُحَمَّد حَسَن",
            "Мухаммад Хасан",
        ),
    ),
    Protected(
        named(("Khalil-Mansour", "Yousef"), number="P-0099187"),
        ("Halil", "خليل", "Мансур", "Mansur", "Mansour", "منصور", "P0099187", "P 009 9187", "Youssef Khalil", "Халиль"),
    ),
    Protected(
        named(("Ndiayeba", "Coumba Awa"), ("Ndiayebâ", "Koumba")),
        ("Ndiayeba", "NDIAYEBA", "Ndiayéba", "Ndia-\nyeba", "Ndiayeba's", "Н'дьяеба", "Ndjayeba"),
    ),
    Protected(
        named(("Батбаяр", "Оюунчимэг")),
        ("Batbayar", "Batbajar", "Батбаярын", "Батбаяр", "BATBAYAR", "Batbayar-iin"),
    ),
    Protected(
        named(("Žganjar", "Špela"), born="1990-02-03"),
        ("Zganjar", "Žganjarjeva", "Žganjarja", "Жганьяр", "Zhganjar", "3. februar 1990", "February 3, 1990"),
    ),
)

# How a passage may hold what gives away; each says nothing by itself.
AROUND = (
    "The witness {} saw the soldiers at the bridge.",
    "According to {}, the order came from the brigade at dawn.",
    "Свидетель {} видел солдат у моста на рассвете.",
    "شاهد {} الجنود عند الجسر في الفجر.",
    "statement: {}; two annexes, 14 pages.",
)

# Near names, words of the same sounds, other numbers and days: none of them gives anybody away.
OTHERS = (
    "Marković", "Vukić", "Vukovar", "Вукова", "Jovanović", "Nikolić", "Milošević", "Kosanović", "Стоянович", "Иванов",
    "Шевцов", "Bondarev", "Sevilla", "Bonded goods", "Ткаченко", "Кравченко", "Коваленко", "the chef", "a bond", "шеф",
    "Bashkir", "Bishara", "حسن السير", "البشرية", "بشرى سارة", "المدينة", "الحسن الثاني", "محمود", "أحمد علي",
    "Hassanein Street", "Khaled", "Khalifa", "Mansfield", "Calil", "مدينة الخليج", "نصر", "Manchester", "Ханой",
    "Халва", "Mensa", "Ndiaye", "Diayo", "Dakar", "Njamena", "Bayar", "Batbold", "Баттулга", "Баян", "Baterdene",
    "Bataar", "Zagar", "Zganec", "Zagreb", "Жданов", "Ganja", "28 May 1971", "27 June 1971", "1971", "QX7718843",
    "772 8842", "4 February 1990", "P0099188", "0099", "12 containers", "14 January 2025", "Dragan", "Mohammed",
    "Youssef", "Awa", "Anna", "Oleksandr", "Александр", "محمد", "يوسف", "Spela", "the mill", "a window", "villagers",
    "бригада", "القرية",
)  # fmt: skip
SOME_AROUND = AROUND[:2]


def main() -> int:
    """Print the figures; 1 when a bound is missed."""
    index = BlindIndex(bytes(32))
    known = blind(index)
    positive = [
        (around.format(word), number)
        for number, person in enumerate(PEOPLE)
        for word in person.written
        for around in AROUND
    ]
    negative = [around.format(word) for word in OTHERS for around in SOME_AROUND]
    caught = [(text, who) for text, who in positive if str(who) in {hit.person for hit in find_marks(text, known)}]
    missed = sorted({text for text, who in positive} - {text for text, _who in caught})
    false = [(text, [hit.words for hit in found]) for text in negative if (found := find_marks(text, known))]
    recall, precision = len(caught) / len(positive), len(caught) / (len(caught) + len(false))
    print(f"passages: {len(positive)} that give away, {len(negative)} that do not; {len(PEOPLE)} persons")
    print(f"recall {recall:.3f} (bound {RECALL_BOUND}), precision {precision:.3f} (bound {PRECISION_BOUND})")
    plain = sum(any(name in text for name in spellings(who)) for text, who in positive)
    print(f"peer, a search for the stored spellings: recall {plain / len(positive):.3f}")
    for text in missed:
        print(f"  missed: {text!r}")
    for text, words in false:
        print(f"  stopped for nothing: {text!r} {words}")
    cost(known)
    return 0 if recall >= RECALL_BOUND and precision >= PRECISION_BOUND else 1


def blind(index: BlindIndex) -> Known:
    """The guard's index as the node keeps it, digests only, beside 1,000 made-up persons whose stops count too."""
    rows: dict[bytes, dict[str, Meaning]] = {}
    stored = {str(number): each.stored for number, each in enumerate(PEOPLE)}
    stored |= {
        f"crowd {one}{two}{three}": named((f"{one}{two}{three}ov", "Zx"))
        for one in "BCDGKLMPRT"
        for two in ("ale", "oru", "imi", "esto", "ulo")
        for three in _ENDS.split()
    }
    for person, identity in stored.items():
        for mark, meaning in marks_of(identity).items():
            rows.setdefault(index.digest(mark.kind, mark.key), {})[person] = meaning

    def known(marks: Collection[Mark]) -> Mapping[Mark, Mapping[str, Meaning]]:
        asked = {mark: index.digest(mark.kind, mark.key) for mark in marks}
        return {mark: rows[digest] for mark, digest in asked.items() if digest in rows}

    return known


_ENDS = "bar den fik gom hul jat kers lind mor nast per quil rost sev tur vant wend xar yol zim"


def spellings(who: int) -> list[str]:
    """What is stored of a person, as it is."""
    identity = PEOPLE[who].stored
    return [part for name in identity.names for part in (name.family, name.full)] + [
        each.number for each in identity.documents
    ]


def cost(known: Known) -> None:
    """Processor time for a request of thirty pages, beside a plain search for a thousand names in it."""
    words = [word for text in AROUND[:2] for word in text.split()] + list(OTHERS)
    text = " ".join(words[number % len(words)] + (f" {number}" if number % 9 == 0 else "") for number in range(12_000))
    started = time.process_time()
    find_marks(text, known)
    took = time.process_time() - started
    started = time.process_time()
    sum(f"Namenlos{number}" in text for number in range(1000))
    plain = time.process_time() - started
    print(f"12,000 words (thirty pages): {took:.2f} s of processor time (bound 3), plain search {plain:.2f} s")


if TYPE_CHECKING:
    from collections.abc import Callable

    Known = Callable[[Collection[Mark]], Mapping[Mark, Mapping[str, Meaning]]]

if __name__ == "__main__":
    raise SystemExit(main())
