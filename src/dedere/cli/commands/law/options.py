"""Options that the law's subcommands share, and the law that they mean: packaged data, overlays and signed reviews."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.clock import SystemClock
from dedere.base.errors import InputError
from dedere.treaty.loading import load_law
from dedere.treaty.question import BasisQuestion, ConductDates
from dedere.treaty.requestfile_reading import LARGEST_FILE
from dedere.treaty.review import opened, stored_reviews

if TYPE_CHECKING:
    from collections.abc import Callable

    from dedere.treaty.law import Law
    from dedere.treaty.review import Review

_KEYS = "keys"


def add_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    purpose: str,
    *,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    """A subcommand with the options that all share."""
    parser = commands.add_parser(name, help=purpose, description=f"{purpose[:1].upper()}{purpose[1:]}.")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.add_argument(
        "--home",
        type=Path,
        default=os.environ.get("DEDERE_HOME") or None,
        help="a node's home: its reviews and overlay count",
    )
    parser.add_argument(
        "--overlay", type=Path, action="append", default=[], metavar="CSV", help="further rows of the register"
    )
    parser.set_defaults(run_law=run)
    return parser


def add_day(parser: argparse.ArgumentParser) -> None:
    """The day that the question is about."""
    parser.add_argument("--on", type=day, metavar="DAY", help="the day, e.g. 2026-11-24; today when left out")


def add_question(parser: argparse.ArgumentParser, *, crime_required: bool = True) -> None:
    """Function, crimes, day, conduct and facts."""
    parser.add_argument(
        "--for", dest="function", required=True, metavar="FUNCTION", help="mla, extradition, transfer …"
    )
    every = "" if crime_required else "; every crime that an instrument lists when left out"
    parser.add_argument(
        "--crime", action="append", default=[], required=crime_required, help=f"code or name; repeat for several{every}"
    )
    add_day(parser)
    parser.add_argument("--conduct", metavar="FROM[..TO]", help="days of the conduct, e.g. 1994-04-07..1994-07-15")
    parser.add_argument(
        "--fact", action="append", default=[], metavar="NAME=yes|no", help="a known fact; repeat for several"
    )


def day(text: str) -> dt.date:
    """A day as typed.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected a day such as 2026-11-24, not {text!r}") from error


def chosen_day(arguments: argparse.Namespace, law: Law) -> dt.date:
    """The day asked about: as given, or today in UTC.

    Raises:
        LawQuestionError: no instrument had been adopted by then.
    """
    given: dt.date | None = arguments.on
    return law.day(given if given is not None else SystemClock().now().date())


def question_of(arguments: argparse.Namespace, *, requesting: str, requested: str, law: Law) -> BasisQuestion:
    """The question that the options put."""
    return BasisQuestion(
        requesting=requesting,
        requested=requested,
        function=law.function(arguments.function),
        crimes=tuple(arguments.crime),
        on=chosen_day(arguments, law),
        conduct=_conduct(arguments.conduct),
        facts=dict(_fact(text) for text in arguments.fact),
    )


def _conduct(text: str | None) -> ConductDates | None:
    if text is None:
        return None
    first, dots, last = text.partition("..")
    try:
        return ConductDates(dt.date.fromisoformat(first), dt.date.fromisoformat(last if dots else first))
    except ValueError as error:
        raise InputError(f"Conduct is given like 1994-04-07..1994-07-15, not {text!r}.") from error


def _fact(text: str) -> tuple[str, bool]:
    name, _, answer = text.partition("=")
    if answer not in {"yes", "no"}:
        raise InputError(f"A fact is given like {name or 'name'}=yes or {name or 'name'}=no, not {text!r}.")
    return name, answer == "yes"


def law_of(arguments: argparse.Namespace) -> Law:
    """The law as the options mean it.

    Raises:
        InputError: no home where one is named, a broken overlay, or a review that was changed after it was signed.
    """
    home = required_home(arguments) if arguments.home is not None else None
    return load_law(overlays_of(arguments), reviews_in(home) if home else ())


def overlays_of(arguments: argparse.Namespace) -> list[Path]:
    """The overlay of the home, where it has one, then those named.

    Raises:
        InputError: one that is named does not exist.
    """
    home: Path | None = arguments.home
    for path in arguments.overlay:
        if not path.exists():
            raise InputError(f"There is no overlay at {path}.")
    return [*([home / "overlay"] if home is not None else []), *arguments.overlay]


def reviews_in(home: Path) -> tuple[Review, ...]:
    """The reviews in a node's home, every signature checked against the authority's certificates.

    Raises:
        ReviewError: a record that is unsigned or was changed.
        InputError: the home has no certificate of the authority to check with.
    """
    stored = stored_reviews(home / "reviews")
    if not stored:
        return ()
    from dedere.crypto.cades import verify_cades

    trusted = [path.read_text(encoding="ascii") for path in sorted((home / _KEYS).glob("authority*.pem"))]
    if not trusted:
        raise InputError(f"{home} has reviews but no certificate of the authority to check them with.")

    def check(data: bytes, signature: bytes) -> None:
        verify_cades(signature, data, trusted=trusted)

    return opened(stored, check=check)


def file_bytes(path: Path) -> bytes:
    """What a file holds, read no further than shows that it is too long for its format.

    Raises:
        InputError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InputError(f"The file {path} cannot be read.") from error


def required_home(arguments: argparse.Namespace) -> Path:
    """The node's home, which some commands cannot do without.

    Raises:
        InputError: none was named, or there is none.
    """
    home: Path | None = arguments.home
    if home is None:
        raise InputError("Name the node's home with --home, or in DEDERE_HOME.")
    if not home.is_dir():
        raise InputError(f"There is no node's home at {home}.")
    return home


def print_json(value: object) -> None:
    """One JSON document, the same bytes for the same value."""
    print(json.dumps(value, ensure_ascii=False, indent=2))
