"""`dedere law review` and `confirm`: what is unverified, and a lawyer's word on it, signed with the authority's key.

Whose word it is, is what the command line says: decision 0023.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from dedere.base.clock import SystemClock
from dedere.base.identifiers import RandomIdentifiers
from dedere.cli.commands.law.options import (
    add_command,
    add_day,
    chosen_day,
    law_of,
    overlays_of,
    print_json,
    required_home,
    reviews_in,
)
from dedere.cli.commands.law.paper import cited, wrapped
from dedere.cli.commands.law.signing import signing
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.loading import load_law, packaged_data, packaged_documents, read_registers
from dedere.treaty.patching import review_patch
from dedere.treaty.rawrows import RawRow, raw_rows
from dedere.treaty.review import Review, ReviewKind, ReviewResult, store_review
from dedere.treaty.reviewing import Statement, Weighed, Weight, make_review, make_second, make_withdrawal, weigh
from dedere.treaty.worklist import worklist

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from dedere.treaty.document import Document

_SHOWN = 20
_ASSERTED = "Names are as given with --by: each record is signed with the authority's key, not with its reviewer's."


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommands."""
    review = add_command(commands, "review", "list unverified data, what carries most first", run=_review)
    review.add_argument("--instrument", default="", help="only this instrument")
    review.add_argument(
        "--between", nargs=2, default=["NL", "SN"], metavar="STATE", help="findings are counted for these"
    )
    review.add_argument("--top", type=int, default=_SHOWN, metavar="N", help="how many; 0 for all")
    review.add_argument("--records", action="store_true", help="the reviews in the home and what they count for")
    review.add_argument("--export", action="store_true", help="the reviews that count, as a patch others can take")
    add_day(review)

    confirm = add_command(commands, "confirm", "record what the authentic text says", run=_confirm)
    confirm.add_argument("id", nargs="?", default="", metavar="ID", help="e.g. lhc/entry-into-force")
    confirm.add_argument("--field", default="", help="the key meant; the one that matters when left out")
    confirm.add_argument("--value", help="what the text says, e.g. '45 days', must, 2026-03-01")
    confirm.add_argument("--result", choices=[result.value for result in ReviewResult], help="found out when left out")
    confirm.add_argument("--cite", default="", help="place in the text, e.g. 'Trb. 2024, 39, Article 90'")
    confirm.add_argument("--note", default="")
    confirm.add_argument("--by", required=True, help="who compared the texts, as you say; nothing proves it")
    confirm.add_argument("--second", metavar="REVIEW", help="agree, as second person, with this review")
    confirm.add_argument("--withdraw", metavar="REVIEW", help="withdraw this review")


def _review(arguments: argparse.Namespace) -> int:
    if arguments.records or arguments.export:
        return _records(arguments)
    law = law_of(arguments)
    first, second = arguments.between
    pair = (law.state(first).code, law.state(second).code)
    work = worklist(law, pair=pair, on=chosen_day(arguments, law), instrument=arguments.instrument)
    shown = work[: arguments.top] if arguments.top > 0 else work
    if arguments.json:
        print_json({"version": "dedere-worklist/1", "open": len(work), "work": [each.as_json() for each in shown]})
        return 0
    print(wrapped(f"{len(work)} data are not verified; these carry most ({len(shown)} shown)."))
    for each in shown:
        known = f"{each.status.value}, confidence {each.confidence}"
        print(wrapped(f"{each.datum}: {each.findings} findings, {each.rules} rules", first="- "))
        print(wrapped(f"{each.place}; {known}. {each.gist}", indent="  "))
    return 0


def _records(arguments: argparse.Namespace) -> int:
    reviews = reviews_in(required_home(arguments))
    documents, registers = _data()
    if arguments.export:
        print(review_patch(reviews, documents, registers), end="")
        return 0
    found = weigh(reviews, raw_rows(documents, registers))
    if arguments.json:
        print_json({"version": "dedere-reviews/1", "names": "asserted", "reviews": [each.as_json() for each in found]})
        return 0
    print("\n".join(line for each in found for line in _record(each)) or "No reviews are recorded.")
    if found:
        print(wrapped(_ASSERTED))
    return 0


def _record(each: Weighed) -> list[str]:
    review = each.review
    value = f" = {review.value}" if review.value is not None else ""
    lines = [wrapped(f"{review.datum}, {review.field}{value}: {review.result.value}", first="- ")]
    lines.append(wrapped(f"{each.said}; {each.weight.value}; record {review.id}", indent="  "))
    if review.note:
        lines.append(wrapped(review.note, indent="  "))
    return lines


def _data() -> tuple[Mapping[str, Document], dict[str, str]]:
    documents = packaged_documents()
    return documents, read_registers(packaged_data(), documents)


def _confirm(arguments: argparse.Namespace) -> int:
    home = required_home(arguments)
    reviews = reviews_in(home)
    documents, registers = _data()
    rows = raw_rows(documents, registers)
    review = _made(arguments, reviews, rows)
    # The law is loaded with the new record before anything is written: what cannot be applied is not recorded.
    law = load_law(overlays_of(arguments), [*reviews, review])
    store_review(home / "reviews", review, sign=signing(home, at=review.at))
    weight = next(
        each.weight for each in weigh([*reviews, review], rows) if each.review.id in {review.id, review.concerns}
    )
    if arguments.json:
        facts = {"names": "asserted", "review": review.as_json(), "weight": weight.value}
        print_json({"version": "dedere-reviewed/1", **facts})
        return 0
    print(wrapped(f"Recorded {review.id}: {review.datum}, {_said(review)}."))
    print(wrapped(_ASSERTED))
    if weight is Weight.WAITS_FOR_SECOND:
        print(wrapped(f"It counts once a second person agrees: dedere law confirm --second {review.id} --by NAME"))
    row = law.rows.get(review.datum)
    if row is not None:
        print(wrapped(f"Now cited as: {cited(law.reference_of(row))}"))
    return 0


def _said(review: Review) -> str:
    done = {ReviewKind.SECOND: "seconded", ReviewKind.WITHDRAWAL: "withdrawn", ReviewKind.REVIEW: review.result.value}
    return f"{done[review.kind]} by {review.by}"


def _made(arguments: argparse.Namespace, reviews: tuple[Review, ...], rows: dict[str, RawRow]) -> Review:
    review_id, at = RandomIdentifiers().new(), _now()
    if arguments.second:
        return make_second(reviews, arguments.second, by=arguments.by, review_id=review_id, at=at)
    if arguments.withdraw:
        return make_withdrawal(
            reviews, arguments.withdraw, by=arguments.by, note=arguments.note, review_id=review_id, at=at
        )
    row = rows.get(arguments.id)
    if row is None:
        raise LawQuestionError(f"There is no datum {arguments.id!r} to review; `dedere law review` lists them.")
    statement = Statement(
        by=arguments.by,
        cite=arguments.cite,
        field=arguments.field,
        result=ReviewResult(arguments.result) if arguments.result else None,
        value=arguments.value,
        note=arguments.note,
    )
    return make_review(row, statement, review_id=review_id, at=at)


def _now() -> dt.datetime:
    return SystemClock().now().replace(microsecond=0)
