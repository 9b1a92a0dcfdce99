"""The pages on request files and events files say what the program does: tables from the schema, examples that run.

Run with `DEDERE_WRITE_PAGES=1` to write the tables anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from dedere.treaty.contents import Weight, check_contents
from dedere.treaty.limits_file import parse_events_file
from dedere.treaty.requestfile import parse_request_file
from dedere.treaty.requestfile_links import SECTIONS
from dedere.treaty.requestfile_schema import Field, Shape, fields
from support.clocks import the_law
from support.requests import ON

USE = Path(__file__).parents[3] / "docs" / "use"
REQUESTS, EVENTS = USE / "request-file.md", USE / "events-file.md"
_HOLDS = {
    Shape.TEXT: "text",
    Shape.DAY: "day",
    Shape.FLAG: "true or false",
    Shape.NUMBER: "number",
    Shape.CHOICE: "word",
    Shape.WORDS: "list of words",
    Shape.LINKS: "ids",
    Shape.GROUP: "table",
    Shape.ROWS: "rows",
}


def _field_table() -> str:
    lines = ["| field | holds | meaning |", "| --- | --- | --- |"]
    lines += [f"| `{path}` | {_HOLDS[field.shape]} | {_meaning(field)} |" for path, field in fields().items()]
    return "\n".join(lines)


def _meaning(field: Field) -> str:
    words = f": {', '.join(f'`{choice}`' for choice in field.choices)}" if len(field.choices) > 1 else ""
    return field.description.replace("|", "\\|") + words


def _section_table() -> str:
    lines = ["  | kind | sections |", "  | --- | --- |"]
    lines += [f"  | `{kind}` | {', '.join(f'`{name}`' for name in names)} |" for kind, names in SECTIONS.items()]
    return "\n".join(lines)


def _event_table() -> str:
    groups: dict[str, list[str]] = {}
    for event, group in the_law().vocabulary.events.items():
        groups.setdefault(group, []).append(f"`{event}`")
    lines = ["| group | events |", "| --- | --- |"]
    return "\n".join(lines + [f"| {group} | {', '.join(events)} |" for group, events in groups.items()])


TABLES = [
    (REQUESTS, "sections", _section_table()),
    (REQUESTS, "fields", _field_table()),
    (EVENTS, "events", _event_table()),
]


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"<!-- {name} -->\n(?:\n(?: *\|[^\n]*\n)+)?")


@pytest.mark.parametrize(("page", "name", "table"), TABLES, ids=[name for _, name, _ in TABLES])
def test_a_table_on_a_page_is_the_one_the_program_has(page: Path, name: str, table: str) -> None:
    text = page.read_text(encoding="utf-8")
    written = _pattern(name).sub(lambda _: f"<!-- {name} -->\n\n{table}\n", text, count=1)
    if os.environ.get("DEDERE_WRITE_PAGES"):
        page.write_text(written, encoding="utf-8")

    assert f"<!-- {name} -->" in text
    assert page.read_text(encoding="utf-8") == written


def _example(page: Path) -> bytes:
    (block,) = re.findall(r"^```toml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return str(block).encode()


def test_the_example_on_the_page_can_be_read_and_lacks_what_it_says_it_lacks() -> None:
    request = parse_request_file(_example(REQUESTS), name="page.toml")

    findings = check_contents(the_law(), request, on=ON)

    assert {"request.reference", "measure.search[1].grounds"} <= {
        finding.field for finding in findings if finding.weight is Weight.MISSING
    }


def test_the_events_on_the_page_can_be_read() -> None:
    found = parse_events_file(_example(EVENTS), name="page.toml", law=the_law())

    assert [event.name for event in found.events] == ["arrest.provisional"]
    assert len(found.settings) == len(found.suspensions) == 1


def test_the_limits_on_the_page_are_those_of_the_program() -> None:
    text = REQUESTS.read_text(encoding="utf-8")

    assert "at most 4 MiB, a list at most 1000 rows, a text at most 100 000 characters, a line at most 500" in text
