"""The two homes of the demonstration: made from nothing, with fictional officers and each other's card pinned."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from dedere.base.errors import FacilityError
from dedere.node.home import Home, load_home
from dedere.node.trust import own_card


@dataclass(frozen=True, slots=True)
class Person:
    """A fictional officer."""

    sign_in_name: str
    name: str
    title: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """A fictional authority of a real State, and who works there."""

    state: str
    authority: str
    languages: str
    place: str
    officers: tuple[Person, ...]


NETHERLANDS = Cast(
    state="NL",
    authority="Central Authority of the Netherlands (demonstration)",
    languages="en,fr",
    place="Europe/Amsterdam",
    officers=(
        Person("anna", "Anna Fictief", "Case officer", ("case-officer",)),
        Person("bram", "Bram Verzonnen", "Senior legal adviser", ("approver",)),
        Person("carla", "Carla Bedacht", "Registrar", ("registrar", "case-officer")),
        Person("dirk", "Dirk Fantasie", "National police, international crimes team", ("executing-authority",)),
        Person("ella", "Ella Voorbeeld", "Administrator", ("administrator",)),
    ),
)
SENEGAL = Cast(
    state="SN",
    authority="Central Authority of Senegal (demonstration)",
    languages="fr,en",
    place="Africa/Dakar",
    officers=(
        Person("awa", "Awa Fictive", "Case officer", ("case-officer",)),
        Person("babacar", "Babacar Imaginaire", "Director of criminal affairs", ("approver",)),
        Person("coumba", "Coumba Inventée", "Registrar", ("registrar",)),
        Person("demba", "Demba Exemple", "Investigating judge, Dakar", ("executing-authority",)),
        Person("eumeu", "Eumeu Modèle", "Administrator", ("administrator",)),
    ),
)


@dataclass(frozen=True, slots=True)
class Ports:
    """Where a home listens."""

    pages: int
    gateway: int


def make_home(folder: Path, cast: Cast, ports: Ports) -> Home:
    """Make one home; the register overlay in it is demonstration data."""
    where = ["--pages-port", str(ports.pages), "--gateway-port", str(ports.gateway), "--place", cast.place]
    who = ["--state", cast.state, "--name", cast.authority, "--languages", cast.languages]
    run_dedere("node", "init", str(folder), *who, *where, "--demonstration")
    (folder / "overlay" / "demonstration.csv").write_text(overlay(), encoding="utf-8")
    return load_home(folder)


def overlay() -> str:
    """Rows in which both States have ratified the Convention: findings that rest on them say *demonstration data*."""
    header = "id,treaty,iso3166,action,date,effective,expires,gist,source,status,confidence,demonstration"
    force = (
        "demonstration.force,lhc,,entry-into-force,2026-04-01,2026-04-01,,"
        "Invented for the demonstration.,demonstration data,unsettled,low,yes"
    )
    rows = [
        f"demonstration.{code.lower()}.ratification,lhc,{code},ratification,2026-01-01,2026-04-01,,"
        "Invented for the demonstration.,demonstration data,unsettled,low,yes"
        for code in ("NL", "SN")
    ]
    return "\n".join([header, force, *rows]) + "\n"


def pin_each_other(first: Home, second: Home) -> None:
    """Pin each home's card in the other, comparing fingerprints as two officers would."""
    for here, there in ((first, second), (second, first)):
        card = own_card(there)
        path = here.run / f"{there.state}.card.asice"
        path.write_bytes(card.container)
        run_dedere("card", "pin", str(here.folder), str(path), "--fingerprint", card.fingerprint)


def run_dedere(*words: str) -> str:
    """Run a command of ours in a process of its own; its output.

    Raises:
        FacilityError: it failed; with what it said.
    """
    # Our own interpreter and module; no shell.
    done = subprocess.run([sys.executable, "-m", "dedere", *words], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise FacilityError(f"dedere {words[0]} {words[1]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
