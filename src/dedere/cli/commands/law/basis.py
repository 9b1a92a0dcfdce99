"""`dedere law basis`, `matrix` and `parties`: what carries a request, for one pair or all, and who is bound."""

from __future__ import annotations

import argparse
import csv
import sys
from typing import TYPE_CHECKING

from dedere.base.errors import InputError
from dedere.base.finding import Outcome
from dedere.cli.commands.law.options import (
    add_command,
    add_day,
    add_question,
    chosen_day,
    law_of,
    print_json,
    question_of,
)
from dedere.cli.commands.law.paper import ANSWERS, numbered, references, tree, wrapped
from dedere.treaty.basis import BasisReport, InstrumentFinding, legal_basis, settling_questions, unverified
from dedere.treaty.matrix import Matrix, matrices, matrix
from dedere.treaty.parties import bound, in_force, known_list, rows_of
from dedere.treaty.question import OtherBasis, OtherBasisKind
from dedere.treaty.statements import in_effect_rows
from dedere.treaty.wording import capital, say_day, say_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dedere.treaty.law import Law


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands."""
    basis = add_command(commands, "basis", "say which instrument carries a request between two States", run=_basis)
    basis.add_argument("requesting", metavar="REQUESTING", help="the State that asks, e.g. NL")
    basis.add_argument("requested", metavar="REQUESTED", help="the State that is asked, e.g. SN")
    add_question(basis)
    basis.add_argument("--full", action="store_true", help="also the whole tree of instruments that do not hold")
    basis.add_argument(
        "--other-basis", choices=[kind.value for kind in OtherBasisKind], help="another basis, as stated"
    )
    basis.add_argument("--reason", default="", help="the reason for the other basis")

    cells = add_command(commands, "matrix", "say it for every pair of States", run=_matrix)
    add_question(cells, crime_required=False)
    cells.add_argument("--csv", action="store_true", help="one line for each ordered pair")
    cells.add_argument("--state", action="append", default=[], help="only these States; repeat for several")

    parties = add_command(commands, "parties", "say who is bound by a treaty", run=_parties)
    parties.add_argument("treaty", metavar="TREATY", help="e.g. lhc, uncac, ets182")
    parties.add_argument("--state", action="append", default=[], help="only these States; repeat for several")
    add_day(parties)


def _basis(arguments: argparse.Namespace) -> int:
    if arguments.reason and not arguments.other_basis:
        raise InputError("--reason belongs to --other-basis.")
    law = law_of(arguments)
    stated = OtherBasis(OtherBasisKind(arguments.other_basis), arguments.reason) if arguments.other_basis else None
    question = question_of(arguments, requesting=arguments.requesting, requested=arguments.requested, law=law)
    report = legal_basis(law, question, stated=stated)
    if arguments.json:
        print_json(report.as_json())
    else:
        print("\n".join(_page(law, report, full=arguments.full)))
    return 0


def _page(law: Law, report: BasisReport, *, full: bool) -> Iterator[str]:
    question = report.question
    names = f"from {law.states[question.requesting].said} to {law.states[question.requested].said}"
    crimes = say_list(law.crime_name(crime) for crime in question.crimes)
    yield wrapped(f"{capital(question.function.phrase)} {names} for {crimes}, on {say_day(question.on)}")
    best = law.instruments[report.best.instrument].abbreviation
    yield wrapped(
        {
            Outcome.HOLDS: f"HOLDS: {best} carries it.",
            Outcome.UNSETTLED: f"UNSETTLED: no instrument is established as a basis; {best} comes nearest.",
            Outcome.DOES_NOT_HOLD: "DOES NOT HOLD: none of the instruments known here carries it.",
        }[report.outcome]
    )
    if report.best.finding.demonstration:
        yield wrapped("This rests on demonstration data: it is not the law.")
    for number, each in enumerate(report.findings, start=1):
        yield ""
        yield from _instrument(law, each, number=number, full=full)
    if report.stated is not None:
        yield ""
        yield wrapped(f"Other basis, as stated: {report.stated.reason}")
        yield from references(report.stated.references, indent="   ")
        yield from numbered(settling_questions(report.stated))


def _instrument(law: Law, each: InstrumentFinding, *, number: int, full: bool) -> Iterator[str]:
    finding, instrument = each.finding, law.instruments[each.instrument]
    yield wrapped(f"{instrument.abbreviation}: {ANSWERS[finding.outcome]}", first=f"{number}. ")
    yield wrapped(finding.reason, indent="   ")
    doubtful = len(unverified(finding))
    if doubtful:
        yield wrapped(f"It rests on {doubtful} data that nobody has compared with the authentic text.", indent="   ")
    whole = full or finding.outcome is not Outcome.DOES_NOT_HOLD
    yield from tree(finding, indent="   ", full=whole)
    questions = settling_questions(finding)
    if questions:
        yield wrapped("What would settle it:", indent="   ")
        yield from numbered(questions, indent="      ")


def _matrix(arguments: argparse.Namespace) -> int:
    law = law_of(arguments)
    question = question_of(arguments, requesting="", requested="", law=law)
    states = tuple(arguments.state)
    if arguments.crime:
        found = {"+".join(arguments.crime): matrix(law, question, states=states)}
    else:
        found = matrices(law, question, states=states)
    if arguments.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["crime", "requesting", "requested", "outcome", "instrument", "demonstration"])
        for crime, each in found.items():
            for requesting, requested, cell in each.pairs():
                made_up = "yes" if cell.demonstration else "no"
                writer.writerow([crime, requesting, requested, cell.outcome.value, cell.instrument, made_up])
    elif arguments.json:
        print_json({"version": "dedere-matrix/1", "matrices": {crime: _cells(each) for crime, each in found.items()}})
    else:
        print("\n".join(_counts(found)))
    return 0


def _cells(found: Matrix) -> dict[str, object]:
    counts = found.counts()
    return {
        "question": {key: value for key, value in found.question.as_json().items() if "request" not in key},
        "states": list(found.states),
        "counts": {outcome.value: counts.get(outcome, 0) for outcome in Outcome},
        "pairs": [
            [requesting, requested, cell.outcome.value, cell.instrument, cell.demonstration]
            for requesting, requested, cell in found.pairs()
        ],
    }


def _counts(found: Mapping[str, Matrix]) -> Iterator[str]:
    one = next(iter(found.values()))
    yield f"{capital(one.question.function.phrase)}, on {say_day(one.question.on)}"
    yield f"{len(one.states)} States, {len(one.states) * (len(one.states) - 1)} ordered pairs"
    yield f"{'':<36}" + "".join(f"{ANSWERS[outcome].lower():>16}" for outcome in Outcome)
    for crime, each in found.items():
        counts = each.counts()
        yield f"{crime:<36}" + "".join(f"{counts.get(outcome, 0):>16}" for outcome in Outcome)
    yield "With --csv: one line for each pair."


def _parties(arguments: argparse.Namespace) -> int:
    law = law_of(arguments)
    treaty, on = law.treaty(arguments.treaty), chosen_day(arguments, law)
    chosen = [law.state(code).code for code in arguments.state]
    codes = chosen or sorted({row.state for row in law.parties[treaty.id] if row.state})
    general, known = in_force(law, treaty.id, on=on), known_list(law, treaty.id)
    found = {code: bound(law, code, treaty=treaty.id, on=on) for code in codes}
    if arguments.json:
        print_json(
            {
                "version": "dedere-parties/1",
                "treaty": treaty.id,
                "on": on.isoformat(),
                "list_complete_until": known.until.isoformat() if known.until else None,
                "in_force": general.as_json(),
                "states": {code: finding.as_json() for code, finding in found.items()},
                "statements": {
                    code: [row.datum for row in in_effect_rows(law, code, treaty=treaty.id, on=on)] for code in codes
                },
            }
        )
        return 0
    print(wrapped(f"{treaty.title} ({treaty.abbreviation}), on {say_day(on)}"))
    print(wrapped(f"In force: {ANSWERS[general.outcome]}. {general.reason}"))
    until = f"complete until {say_day(known.until)}; later acts are not known" if known.until else "not loaded"
    print(wrapped(f"List of parties: {until}."))
    for code, finding in found.items():
        print(wrapped(f"{law.states[code].name}: {ANSWERS[finding.outcome]}. {finding.reason}", first=f"{code}  "))
        for row in rows_of(law, code, treaty.id):
            day = say_day(row.date) if row.date else "day not established"
            made_up = " DEMONSTRATION DATA." if row.demonstration else ""
            print(wrapped(f"{row.action.value}, {day}.{made_up} {row.gist}".rstrip(), indent="      ", first="- "))
    return 0
