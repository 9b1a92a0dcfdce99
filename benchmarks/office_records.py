"""Fills a home with as many records as a large authority has after years: `python benchmarks/office_records.py HOME`.

A few cases are made by the engines themselves, letter by letter (`support.populated`); all others are copies of their
rows under identifiers and digests of their own, so that each case folds, lists and is found like a real one. What the
vault and the log prove of a copy is not there: its files and its places in the log's tree are empty. All fictional.

Prints the officers' session keys and some cases as JSON.
"""

# ruff: noqa: PLC0415 - what needs Django is loaded when the home is known

from __future__ import annotations

import argparse
import datetime as dt
import json
import random  # noqa: TID251 - a fixed seed makes the same records every time
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from dedere.cli.commands.node import set_up_django  # noqa: E402

OFFICERS = 20
MEMBERS_OF_A_CASE = 3
BATCH = 250
LARGEST_CASE = 10_000
# Digits that stand in identifiers (base32) and in digests (base16) alike.
DIGITS = "234567abcdef"
TAIL, MARK = 6, "\x00"
NAMES = re.compile(r"\b(?:[a-z2-7]{26}|[0-9a-f]{64})\b")
# Tables in the order in which rows refer to each other, and how a row finds its case. Members are dealt out anew.
TABLES = {
    "cases_case": "identifier",
    "cases_debt": "case_id",
    "cases_telling": "case_id",
    "cases_letter": "case_id",
    "cases_draft": "case_id",
    "cases_assignment": "case_id",
    "persons_person": "case",
    "search_passage": "case",
    "exchange_outgoingletter": "case",
    "exchange_incomingletter": "case",
    "evidence_item": "case_id",
}
ACTIONS = ("case-opened", "draft-started", "draft-submitted", "letter-received", "item-looked-at", "member-added")


@dataclass
class Rows:
    """The rows of one table that belong to one case, with a mark where each copy differs."""

    table: str
    columns: list[str]
    rows: list[list[Any]] = field(default_factory=list)  # values as the database gives them

    def copies(self, tail: str, changes: dict[str, object]) -> list[tuple[Any, ...]]:
        """The rows under other names; `changes` are columns with a value of their own."""
        made = []
        for row in self.rows:
            values = [each.replace(MARK, tail) if isinstance(each, str) else each for each in row]
            made.append(tuple(changes.get(name, value) for name, value in zip(self.columns, values, strict=True)))
        return made


def fill(*, requests: int, items: int, events: int) -> dict[str, object]:
    """Make the records; how many there are afterwards of each kind."""
    from django.db import connection, transaction

    chance = random.Random(2026)
    with connection.cursor() as cursor:
        patterns = _patterns(cursor)
        officers = _officers()
        words = [_word(chance) for _ in range(4000)]
        with_items = sum(bool(rows.rows) for pattern in patterns for rows in pattern if rows.table == "evidence_item")
        items_a_case = items / requests * len(patterns) / with_items
        for begin in range(0, requests, BATCH):
            numbers = range(begin, min(begin + BATCH, requests))
            with transaction.atomic():
                for pattern in patterns:
                    mine = [n for n in numbers if patterns[n % len(patterns)] is pattern]
                    _copy(cursor, pattern, mine, chance, words=words, items=items_a_case)
                _deal_out(cursor, patterns, numbers, chance, officers=officers)
        _largest_case(cursor, patterns[0])
        _log(cursor, patterns, requests, events=events, officers=officers, chance=chance)
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_index(search_index) VALUES('optimize')")
        cursor.execute("ANALYZE")
    return {"sessions": _sessions(), "cases": _some_cases(), "counts": _counts()}


def _patterns(cursor: Any) -> list[list[Rows]]:
    """Every case there is, as rows with marks."""
    from dedere.node.accounts.models import Officer
    from dedere.node.cases.models import Case

    keep = set(Officer.objects.values_list("identifier", flat=True))
    found = []
    for case in Case.objects.filter(letters__isnull=False).distinct().order_by("pk").values_list("pk", flat=True):
        tables = []
        for table, link in TABLES.items():
            cursor.execute(f'SELECT * FROM {table} WHERE "{link}" = %s', [case])
            columns = [each[0] for each in cursor.description]
            rows = Rows(table, columns)
            for row in cursor.fetchall():
                rows.rows.append([_marked(_plain(value), keep) for value in row])
            if "id" in columns and table != "cases_case":
                place = columns.index("id")
                rows.columns = columns[:place] + columns[place + 1 :]
                rows.rows = [row[:place] + row[place + 1 :] for row in rows.rows]
            tables.append(rows)
        found.append(tables)
    return found


def _plain(value: object) -> object:
    """Bytes that travel are cut short; they are not what lists and pages read."""
    return bytes(value)[:200] if isinstance(value, bytes | memoryview) else value


def _marked(value: object, keep: set[str]) -> object:
    if not isinstance(value, str):
        return value
    return NAMES.sub(lambda found: found[0] if found[0] in keep else found[0][:-TAIL] + MARK, value)


def _tail(number: int) -> str:
    digits = ""
    for _ in range(TAIL):
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits


def _copy(
    cursor: Any, pattern: list[Rows], numbers: list[int], chance: random.Random, *, words: list[str], items: float
) -> None:
    begun = dt.datetime(2022, 1, 3, 8, 0, tzinfo=dt.UTC)
    never = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    for rows in pattern:
        made: list[tuple[Any, ...]] = []
        for number in numbers:
            at = begun + dt.timedelta(minutes=53 * number)
            own = " ".join(chance.choice(words) for _ in range(3))
            changes: dict[str, object] = {}
            if rows.table == "cases_case":
                changes = {
                    "reference": f"NL/{number:06d}",
                    "title": f"The matter of {own} (fictional)",
                    "changed_at": at,
                    "opened_at": at,
                    "clocks_due_at": never,
                }
            elif rows.table == "evidence_item":
                changes = {"created_at": at}
            elif rows.table in {"cases_letter", "exchange_incomingletter"}:
                changes = {"recorded_at": at, "received_at": at}
            elif rows.table == "exchange_outgoingletter":
                changes = {"queued_at": at}
            copies = rows.copies(_tail(number), changes)
            if rows.table == "search_passage":
                place = rows.columns.index("words")
                copies = [(*row[:place], f"{own} {row[place]}", *row[place + 1 :]) for row in copies]
            if rows.table == "evidence_item" and copies:
                copies = _more_items(rows, copies[0], round(items))
            made += copies
        _insert(cursor, rows, made)


def _more_items(rows: Rows, item: tuple[Any, ...], count: int) -> list[tuple[Any, ...]]:
    key, digest, title = (rows.columns.index(name) for name in ("identifier", "sha256", "title"))
    made = []
    for number in range(count):
        row = list(item)
        row[key] = row[key][:14] + _tail(number) + row[key][20:]
        row[digest] = row[digest][:52] + _tail(number) + row[digest][58:]
        row[title] = f"{row[title]} {number}"
        made.append(tuple(row))
    return made


def _largest_case(cursor: Any, pattern: list[Rows]) -> None:
    """One case has many more items than any other: the first."""
    rows = next(each for pattern_rows in [pattern] for each in pattern_rows if each.table == "evidence_item")
    source = rows if rows.rows else None
    if source is None:
        cursor.execute("SELECT * FROM evidence_item LIMIT 1")
        source = Rows("evidence_item", [each[0] for each in cursor.description], [list(cursor.fetchone())])
    first = next(each for each in pattern if each.table == "cases_case")
    case = first.rows[0][first.columns.index("identifier")].replace(MARK, _tail(0))
    item = source.copies(_tail(0), {"case_id": case})[0]
    _insert(cursor, source, _more_items(source, item, 2 * LARGEST_CASE)[LARGEST_CASE:])


def _deal_out(
    cursor: Any, patterns: list[list[Rows]], numbers: range, chance: random.Random, *, officers: list[int]
) -> None:
    since = dt.datetime(2022, 1, 3, 8, 0, tzinfo=dt.UTC)
    members = []
    for number in numbers:
        case = _case_of(patterns, number)
        members += [(since, case, officer) for officer in chance.sample(officers, MEMBERS_OF_A_CASE)]
    cursor.executemany("INSERT INTO cases_member (since, case_id, officer_id) VALUES (%s, %s, %s)", members)


def _case_of(patterns: list[list[Rows]], number: int) -> str:
    rows = next(each for each in patterns[number % len(patterns)] if each.table == "cases_case")
    return str(rows.rows[0][rows.columns.index("identifier")]).replace(MARK, _tail(number))


def _log(
    cursor: Any, patterns: list[list[Rows]], requests: int, *, events: int, officers: list[int], chance: random.Random
) -> None:
    """Events in the log; their leaves are no hashes, and the tree has as many peaks as it must."""
    from dedere.node.audit.models import Frontier
    from dedere.node.audit.queries import count_events

    start = count_events()
    begun = dt.datetime(2022, 1, 3, 8, 0, tzinfo=dt.UTC)
    query = (
        'INSERT INTO audit_event (sequence, at, actor, action, subject, "case", details, leaf) '
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
    )
    for begin in range(0, events, 20_000):
        rows = []
        for number in range(begin, min(begin + 20_000, events)):
            case = _case_of(patterns, chance.randrange(requests))
            at = begun + dt.timedelta(seconds=40 * number)
            actor = f"officer-{chance.choice(officers)}"
            rows.append((start + number, at, actor, chance.choice(ACTIONS), case, case, "{}", "0" * 64))
        cursor.executemany(query, rows)
    size = start + events
    Frontier.objects.update(size=size, peaks=["0" * 64] * size.bit_count())


def _insert(cursor: Any, rows: Rows, made: list[tuple[Any, ...]]) -> None:
    if not made:
        return
    columns = ", ".join(f'"{name}"' for name in rows.columns)
    places = ", ".join(["%s"] * len(rows.columns))
    cursor.executemany(f"INSERT INTO {rows.table} ({columns}) VALUES ({places})", made)


def _officers() -> list[int]:
    """Twenty officers who do everything with cases, and an auditor; answers the keys of the twenty."""
    from dedere.casework.acts import Role
    from dedere.node.accounts.actions import NewOfficer, invite_officer

    everything = (Role.CASE_OFFICER, Role.APPROVER, Role.REGISTRAR)
    made = [
        invite_officer(by=None, new=NewOfficer(f"officer{number}", f"Officer {number} (fictional)", "", everything))
        for number in range(OFFICERS)
    ]
    invite_officer(by=None, new=NewOfficer("auditor", "The auditor (fictional)", "", (Role.AUDITOR,)))
    return [officer.pk for officer in made]


def _sessions() -> dict[str, str]:
    """A session for each officer, as signing in makes it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from dedere.node.accounts.models import Officer

    keys = {}
    for officer in Officer.objects.filter(sign_in_name__startswith="officer") | Officer.objects.filter(
        sign_in_name="auditor"
    ):
        session = SessionStore()
        session[SESSION_KEY] = str(officer.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = officer.get_session_auth_hash()
        session.create()
        keys[officer.sign_in_name] = str(session.session_key)
    return keys


def _some_cases() -> dict[str, list[dict[str, str]]]:
    """For each officer some of their cases, with what lies in them."""
    from dedere.node.accounts.models import Officer
    from dedere.node.cases.models import Case, Letter
    from dedere.node.office import office

    found: dict[str, list[dict[str, str]]] = {}
    for officer in Officer.objects.filter(sign_in_name__startswith="officer"):
        cases = []
        for case in Case.objects.filter(members__officer=officer).order_by("reference")[:200:5]:
            came = Letter.objects.filter(case=case, recipient=office().state).first()
            item = case.items.first()
            cases.append(
                {
                    "id": case.pk,
                    "letter": came.pk if came else "",
                    "item": item.pk if item else "",
                    "word": case.title.split()[3],
                }
            )
        found[officer.sign_in_name] = cases
    return found


def _counts() -> dict[str, int]:
    from dedere.node.audit.queries import count_events
    from dedere.node.cases.models import Case, Letter
    from dedere.node.evidence.models import Item

    return {
        "cases": Case.objects.count(),
        "letters": Letter.objects.count(),
        "items": Item.objects.count(),
        "events": count_events(),
    }


def _word(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4)).capitalize()


def main() -> int:
    """Fill a home that was just made."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--requests", type=int, default=30_000)
    parser.add_argument("--items", type=int, default=500_000)
    parser.add_argument("--events", type=int, default=3_000_000)
    arguments = parser.parse_args()
    set_up_django(arguments.home)
    from support.populated import populate

    populate(arguments.home)
    made = fill(requests=arguments.requests, items=arguments.items, events=arguments.events)
    print(json.dumps(made))
    return 0


if __name__ == "__main__":
    sys.exit(main())
