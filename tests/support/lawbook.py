"""The law for tests: the packaged one, the packaged one with further acts, and a small fictional treaty made in memory.

The Toy Convention and everything States do towards it here is invented.
"""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedere.treaty.loading import load_law, packaged_data
from dedere.treaty.question import BasisQuestion, ConductDates
from dedere.treaty.words import RequestKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from dedere.treaty.law import Law
    from dedere.treaty.review import Review

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
COLUMNS = (
    "id",
    "treaty",
    "iso3166",
    "action",
    "date",
    "effective",
    "expires",
    "place",
    "about",
    "effect",
    "affects",
    "gist",
    "source",
    "status",
    "confidence",
)


@functools.cache
def packaged() -> Law:
    """The law as it comes with the software."""
    return load_law()


def with_acts(folder: Path, *acts: str, reviews: Sequence[Review] = ()) -> Law:
    """The packaged law with further acts; each is `treaty,id,iso3166,action,date,effective,effect,about,affects`."""
    heading = "treaty,id,iso3166,action,date,effective,effect,about,affects,source,demonstration"
    lines = [heading, *(f"{act},invented for a test,yes" for act in acts)]
    overlay = folder / "acts.csv"
    overlay.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_law([overlay], reviews)


def ask(
    requesting: str = "NL",
    requested: str = "SN",
    *,
    function: RequestKind = RequestKind.MLA,
    crimes: tuple[str, ...] = ("genocide",),
    on: dt.date = TODAY,
    conduct: tuple[dt.date, dt.date] | None = None,
    facts: Mapping[str, bool] | None = None,
) -> BasisQuestion:
    """A question with what most tests ask."""
    return BasisQuestion(
        requesting=requesting,
        requested=requested,
        function=function,
        crimes=crimes,
        on=on,
        conduct=ConductDates(*conduct) if conduct else None,
        facts=facts or {},
    )


@dataclass(frozen=True)
class Leaf:
    """A file in memory that reads like a file of a package."""

    name: str
    text: str | None

    def is_file(self) -> bool:
        return self.text is not None

    def read_text(self, encoding: str | None = None) -> str:  # noqa: ARG002 - the port has it
        if self.text is None:
            raise FileNotFoundError(self.name)
        return self.text


@dataclass(frozen=True)
class Folder:
    """A folder in memory: as much of a package's folder as the loader asks for."""

    files: Mapping[str, str]
    path: str = ""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    def __truediv__(self, name: str) -> Folder | Leaf:
        path = f"{self.path}/{name}".lstrip("/")
        if any(file.startswith(f"{path}/") for file in self.files):
            return Folder(self.files, path)
        return Leaf(name, self.files.get(path))

    def iterdir(self) -> Iterator[Leaf]:
        for file, text in self.files.items():
            if file.startswith(f"{self.path}/"):
                yield Leaf(file.rpartition("/")[2], text)


TOY = """
[instrument]
id = "toy"
abbreviation = "TOY"
short = "Toy Convention"
title = "Convention that does not exist"
adopted = 2000-01-01
depositary = "Government of Utopia"
authentic_languages = ["en"]
authentic_languages_status = "read"
text_source = "nowhere"
crimes = "listed"
source = "invented"
status = "read"
confidence = "certain"
schema = 1
revision = 1

[entry_into_force]
rule = "the month after three months"
candidates = [{ instruments = 2, source = "one" }, { instruments = 3, source = "another" }]
after = { months = 3 }
rounding = "first-of-next-month"
later = { months = 3 }
provision = "fin.force"
status = "unsettled"
confidence = "low"

[withdrawal]
after = { years = 1 }
provision = "fin.force"
status = "read"
confidence = "certain"

[party_list]
complete = true
statements = true
as_of = 2010-12-31
source = "invented list"
provision = "fin.force"
status = "reported"
confidence = "high"

[temporal]
conduct_before = "covered"
provision = "gen.scope"
status = "read"
confidence = "certain"

[annexes]
rule = "both-notified"
notice = "gen.scope"
provision = "gen.scope"
status = "read"
confidence = "certain"

[[provision]]
id = "gen.scope"
article = "1"
title = "Scope"
gist = "Scope."
status = "read"
confidence = "certain"
source = "invented text"

[[provision]]
id = "fin.force"
article = "9"
article_status = "recalled"
title = "Final clauses"
gist = "Final."
status = "read"
confidence = "certain"
source = "invented text"

[[function]]
id = "function.mla"
request = "mla"
part = "III"
carries = true
provision = "gen.scope"
status = "read"
confidence = "certain"

[[function]]
id = "function.extradition"
request = "extradition"
part = "IV"
carries = true
provision = "gen.scope"
status = "read"
confidence = "certain"

[[function]]
id = "function.transit"
request = "transit"
carries = true
provision = "gen.scope"
status = "modelled"
model = "Other Convention Art. 7"
confidence = "low"

[[crime]]
code = "GEN"
word = "genocide"
name = "Genocide"
definition_article = "1"
provision = "gen.scope"
status = "read"
confidence = "certain"

[[crime]]
code = "TORT"
word = "torture"
name = "Torture"
definition_article = "Annex F"
annex = "F"
provision = "gen.scope"
status = "read"
confidence = "certain"

[[conduct]]
id = "conduct.murder"
crime = "murder"
as = "GEN"
facts = ["intent-to-destroy-group"]
question = "Was it meant to destroy a group?"
provision = "gen.scope"
status = "read"
confidence = "certain"

[[conduct]]
id = "conduct.torture"
crime = "torment"
as = "TORT"
facts = ["severe-pain"]
question = "Was severe pain inflicted?"
provision = "gen.scope"
status = "read"
confidence = "certain"

[[reservation_kind]]
id = "reservation.presence"
kind = "reservation"
to = "8"
gist = "Limits something for three years."
when = "any time"
duration = { years = 3 }
renewable = true
reciprocal = true
provision = "gen.scope"
status = "read"
confidence = "certain"

[[reservation_kind]]
id = "reservation.own"
kind = "reservation"
to = "8"
gist = "Limits something for itself only."
when = "any time"
duration = "until-withdrawn"
renewable = false
reciprocal = false
provision = "gen.scope"
status = "read"
confidence = "certain"

[[reservation_kind]]
id = "declaration.provisional"
kind = "declaration"
to = "9"
gist = "Provisional application."
when = "any time"
duration = "until-withdrawn"
renewable = false
provision = "gen.scope"
status = "read"
confidence = "certain"
"""

VOCABULARY = """
schema = 1
revision = 1

[[events]]
id = "request"
name = "Request"
events = ["request.received", "request.executed"]

[[label]]
word = "murder"
name = "Murder"

[[label]]
word = "torment"
name = "Torment"
"""

PRACTICE = """
schema = 1
revision = 1

[[check]]
id = "practice.one"
applies_to = ["mla"]
phase = "draft"
check = "Look."
why = "Because."
severity = "advises"
source = "invented"
status = "recalled"
confidence = "low"
"""

STATES = """iso3166,name,article,un_member
AA,Arcadia,,yes
BB,Brobdingnag,,yes
CC,Cloud Cities,the,yes
UU,Utopia,,no
"""


def act(action: str, state: str = "", date: str = "", **more: str) -> dict[str, str]:
    """One row of the toy register; its id is its kind, State and day unless given."""
    row = {
        "id": f"party.{state.lower() or 'all'}.{action}.{date or 'undated'}",
        "treaty": "toy",
        "iso3166": state,
        "action": action,
        "date": date,
        "source": "invented",
        "status": "reported",
        "confidence": "high",
    }
    return {**row, **more}


def toy_files(*acts: Mapping[str, str], toy: str = TOY, **files: str) -> dict[str, str]:
    """The files of the toy law; `files` replaces whole files, named like `practice`."""
    lines = [",".join(COLUMNS), *(",".join(row.get(column, "") for column in COLUMNS) for row in acts)]
    return {
        "instruments/toy.toml": toy,
        "parties/toy.csv": files.get("parties", "\n".join(lines) + "\n"),
        "vocabulary.toml": files.get("vocabulary", VOCABULARY),
        "practice.toml": files.get("practice", PRACTICE),
        "states.csv": files.get("states", STATES),
    }


def toy_law(*acts: Mapping[str, str], toy: str = TOY, overlays: Sequence[Path] = (), **files: str) -> Law:
    """The law of the Toy Convention with these acts."""
    folder = Folder(toy_files(*acts, toy=toy, **files))
    return load_law(overlays, data=folder)  # type: ignore[arg-type]  # as much of a Traversable as the loader asks for


def settled(toy: str = TOY) -> str:
    """The Toy Convention in force in general since 2001, and its rule on entry into force read."""
    return toy.replace(
        'candidates = [{ instruments = 2, source = "one" }, { instruments = 3, source = "another" }]',
        "instruments = 2\nsince = 2001-01-01",
    ).replace('status = "unsettled"\nconfidence = "low"', 'status = "read"\nconfidence = "certain"', 1)


def data_text(name: str) -> str:
    """The text of a packaged data file, e.g. `instruments/lhc.toml`."""
    found = packaged_data()
    for part in name.split("/"):
        found = found / part
    return found.read_text(encoding="utf-8")
