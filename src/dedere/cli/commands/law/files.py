"""`dedere law check`, `grounds` and `new`: what concerns one request file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.base.finding import Outcome
from dedere.cli.commands.law.options import add_command, add_day, chosen_day, file_bytes, law_of, print_json
from dedere.cli.commands.law.paper import ANSWERS, numbered, references, sentence, tree, wrapped
from dedere.treaty.contents import ContentFinding, Weight, check_contents
from dedere.treaty.grounds import GroundAssessment, GroundInputs, assess_grounds
from dedere.treaty.parties import treaties_between
from dedere.treaty.requestfile import RequestFile, parse_request_file
from dedere.treaty.requestfile_template import new_request_file
from dedere.treaty.rule_scope import treaties_relied_on
from dedere.treaty.wording import say_day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from dedere.treaty.law import Law


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands."""
    check = add_command(commands, "check", "say what a request file lacks", run=_check)
    check.add_argument("file", type=Path, metavar="FILE", help="a request file, TOML or JSON")
    add_day(check)

    grounds = add_command(
        commands, "grounds", "say which grounds of refusal are open, and what comes first", run=_grounds
    )
    grounds.add_argument("file", type=Path, metavar="FILE", help="a request file, TOML or JSON")
    grounds.add_argument(
        "--answer", action="append", default=[], metavar="GROUND=yes|no", help="whether its circumstance is there"
    )
    grounds.add_argument("--all", action="store_true", help="also grounds whose circumstance is not there")
    add_day(grounds)

    new = add_command(commands, "new", "write a commented request file to fill in", run=_new)
    new.add_argument("kind", metavar="KIND", help="mla, extradition, transfer …")
    new.add_argument("--measure", default="", help="for mla: hearing-video, search, service …")
    new.add_argument("--instrument", action="append", default=[], help="relied on; repeat for several")
    new.add_argument("--into", type=Path, metavar="FILE", help="write here instead of printing; never over a file")


def request_in(path: Path) -> RequestFile:
    """The request in a file.

    Raises:
        InputError: the file cannot be read, or is not a request file.
    """
    return parse_request_file(file_bytes(path), name=path.name)


def treaties_of(law: Law, request: RequestFile, *, on: dt.date) -> dict[str, Outcome]:
    """Which treaties bind the two States of a request; of two States that are not known, none is known.

    A treaty that the request relies on is taken as binding: whether it does is the question of
    `dedere law basis`, and a check of contents must not pass because a list of parties is old.
    """
    relied_on = treaties_relied_on(law, request)
    codes = (request.requesting, request.requested)
    if any(code not in law.states for code in codes) or codes[0] == codes[1]:
        return relied_on
    found = {**treaties_between(law, *codes, on=on), **relied_on}
    return {treaty: outcome for treaty, outcome in found.items() if treaty not in law.instruments}


def _check(arguments: argparse.Namespace) -> int:
    law, request = law_of(arguments), request_in(arguments.file)
    on = chosen_day(arguments, law)
    found = check_contents(law, request, on=on, treaties=treaties_of(law, request, on=on))
    missing = any(each.weight is Weight.MISSING for each in found)
    if arguments.json:
        print_json(
            {
                "version": "dedere-check/1",
                "on": on.isoformat(),
                "complete": not missing,
                "findings": [each.as_json() for each in found],
            }
        )
        return int(missing)
    print("\n".join(_remarks(arguments.file.name, found, on=on)))
    return int(missing)


def _remarks(name: str, found: tuple[ContentFinding, ...], *, on: dt.date) -> Iterator[str]:
    counts = {weight: sum(each.weight is weight for each in found) for weight in Weight}
    said = ", ".join(f"{count} {weight.value}" for weight, count in counts.items() if count)
    yield wrapped(f"{name}, checked for {say_day(on)}: {said or 'nothing is missing'}.")
    for weight in Weight:
        for each in found:
            if each.weight is weight:
                yield ""
                yield wrapped(f"{each.ask} ({each.field})", first=f"{weight.value.upper()}: ")
                yield wrapped(each.reason, indent="   ")
                yield wrapped(f"If it stays so: {each.consequence}", indent="   ")
                yield from references(each.references, indent="   ")


def _grounds(arguments: argparse.Namespace) -> int:
    law, request = law_of(arguments), request_in(arguments.file)
    on = chosen_day(arguments, law)
    known = GroundInputs(
        on=on,
        answers=dict(_answer(text) for text in arguments.answer),
        treaties=treaties_of(law, request, on=on),
    )
    report = assess_grounds(law, request, known=known)
    if arguments.json:
        print_json({"version": "dedere-grounds/1", "on": on.isoformat(), **report.as_json()})
        return 0
    print(wrapped(f"Grounds on {arguments.file.name}, {say_day(on)}. Nothing here decides to refuse."))
    print("Before any refusal:")
    for number, step in enumerate(report.before_refusal, start=1):
        print(wrapped(f"{sentence(step.what)} {sentence(step.why)}", indent="   ", first=f"{number}. "))
        print("\n".join(references(step.references, indent="      ")))
    for each in report.assessments:
        if arguments.all or each.circumstance.outcome is not Outcome.DOES_NOT_HOLD:
            print("\n".join(["", *_ground(each)]))
    if report.questions:
        print("\nTo be answered:")
        print("\n".join(numbered(report.questions)))
    return 0


def _ground(each: GroundAssessment) -> Iterator[str]:
    yield wrapped(f"{each.title}: {each.availability.value.replace('-', ' ')} ({each.effect.value}); {each.datum}")
    yield wrapped(each.gist, indent="   ")
    yield wrapped(f"May the request be refused on it? {ANSWERS[each.finding.outcome]}.", indent="   ")
    yield wrapped(each.finding.reason, indent="   ")
    yield from references(each.finding.references, indent="   ")
    yield from tree(each.finding, indent="   ")
    for reading in each.readings:
        yield wrapped(sentence(reading.means), indent="   ", first=f"Read as {reading.force.value!r}: ")
    for warning in each.warnings:
        yield wrapped(warning, indent="   ", first="Warning: ")
    if each.cure is not None:
        yield wrapped(
            f"{each.cure.gist} ({each.cure.given_by} State; {each.cure.standing.value})", indent="   ", first="Cure: "
        )
    if each.alternatives:
        tried = ", ".join(alternative.value.replace("-", " ") for alternative in each.alternatives)
        yield wrapped(tried, indent="   ", first="Before refusing: ")


def _answer(text: str) -> tuple[str, Outcome]:
    ground, _, answer = text.partition("=")
    if answer not in {"yes", "no"}:
        raise InputError(f"An answer is given like {ground or 'ground'}=yes, not {text!r}.")
    return ground, Outcome.HOLDS if answer == "yes" else Outcome.DOES_NOT_HOLD


def _new(arguments: argparse.Namespace) -> int:
    law = law_of(arguments)
    text = new_request_file(law, arguments.kind, arguments.measure, instruments=tuple(arguments.instrument))
    if arguments.into is None:
        if arguments.json:
            print_json({"version": "dedere-new/1", "kind": arguments.kind, "file": text})
        else:
            print(text, end="")
        return 0
    path: Path = arguments.into
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise InputError(f"{path} exists; it is not written over.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be written.") from error
    print(f"Wrote {path}.")
    return 0
