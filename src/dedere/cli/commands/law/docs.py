"""`dedere law docs`: writes docs/law from the data, the schema, the rules' own words, the procedure and the tests."""

from __future__ import annotations

import argparse
import ast
import re
from collections import defaultdict
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.errors import FacilityError
from dedere.base.reference import Status
from dedere.casework.procedure import load_procedure
from dedere.cli.commands.law.diagrams import proceeding_pages
from dedere.cli.commands.law.options import add_command, law_of
from dedere.treaty.model import Provision, Row
from dedere.treaty.register import COLUMNS, PartyRow
from dedere.treaty.schema import CHECK, EVENTS, INSTRUMENT, LABEL, ROW_TABLES, SINGLE_TABLES, TREATY_TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dedere.treaty.law import Law
    from dedere.treaty.model import Instrument
    from dedere.treaty.schema import Key

_MADE = "<!-- Made by `dedere law docs`; change the data or the code, not this file. -->\n"
_GISTS = ("gist", "ask", "what", "question", "name", "rule", "note")
Cited = dict[str, list[str]]


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the subcommand."""
    docs = add_command(commands, "docs", "write the documentation of the law", run=_docs)
    docs.add_argument("folder", type=Path, metavar="FOLDER", help="e.g. docs/law")
    docs.add_argument("--tests", type=Path, default=Path("tests"), help="where tests cite data by their id")


def _docs(arguments: argparse.Namespace) -> int:
    pages = law_pages(law_of(arguments), cited_in(arguments.tests))
    folder: Path = arguments.folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise FacilityError(f"The documentation cannot be written into {folder}.") from error
    print(f"Wrote {len(pages)} pages into {folder}.")
    return 0


def cited_in(folder: Path) -> Cited:
    """The test functions that cite each datum in their text, by datum; nothing without a folder."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        for part in ast.walk(ast.parse(text)):
            if isinstance(part, ast.FunctionDef) and part.name.startswith("test_"):
                source = "\n".join(lines[part.lineno - 1 : part.end_lineno])
                for datum in re.findall(r"\b[a-z]+\d*/[A-Za-z][A-Za-z0-9.-]*[A-Za-z0-9]", source):
                    found[datum].add(f"{path.relative_to(folder).as_posix()}::{part.name}")
    return {datum: sorted(tests) for datum, tests in found.items()}


def law_pages(law: Law, cited: Cited) -> dict[str, str]:
    """Every page by its file name."""
    pages = {f"{each.id}.md": _instrument_page(law, each, cited) for each in law.instruments.values()}
    return {
        "README.md": _index_page(law),
        "schema.md": _schema_page(),
        "unverified.md": _unverified_page(law),
        "open-questions.md": _questions_page(law),
        "interpretations.md": _interpretations_page(),
        **proceeding_pages(load_procedure()),
        **pages,
    }


def _index_page(law: Law) -> str:
    lines = [_MADE, "# The law in Dedere\n"]
    lines.append(
        "The law is data with provenance, and reasoning over it is a pure function. Nothing here is the text of a "
        "treaty; a gist is a paraphrase. `status` says how a datum is known (*read*, *reported*, *recalled*, "
        "*modelled*: inferred from a model treaty, *unsettled*), `confidence` how sure its author was.\n"
    )
    lines.append(
        "Each page goes from the instrument to its provisions, from each provision to the rules that rest on it, and "
        "from each rule to the tests that cite it by its id.\n"
    )
    lines.append("| Instrument | Rows | Not verified |\n| --- | ---: | ---: |")
    for each in law.instruments.values():
        rows = [row for row in law.rows.values() if row.instrument == each.id]
        open_rows = [row for row in rows if row.status is not Status.READ and not row.verified_by]
        lines.append(f"| [{each.short}]({each.id}.md) | {len(rows)} | {len(open_rows)} |")
    lines.append("\n- [proceedings.md](proceedings.md): the proceedings, their states and every step, with diagrams")
    lines.append("- [schema.md](schema.md): tables and keys of the data files")
    lines.append("- [interpretations.md](interpretations.md): how the rules read the law, in the words of the code")
    lines.append("- [open-questions.md](open-questions.md): what the data leave unsettled")
    lines.append("- [unverified.md](unverified.md): everything that nobody has compared with the authentic text")
    return "\n".join(lines) + "\n"


def _schema_page() -> str:
    lines = [_MADE, "# Schema of the law's data (version 1)\n"]
    lines.append(
        "TOML 1.0 and CSV in UTF-8 under `src/dedere/treaty/data/`. Unknown keys are refused. Ids are stable, topical "
        "and unique within a file; a datum is named `instrument/id` everywhere. Rows of the register "
        "(`parties/*.csv`, and the overlay of a node) are one act each.\n"
    )
    lines.extend(_keys("[instrument]", "the instrument itself", INSTRUMENT))
    for table in SINGLE_TABLES:
        lines.extend(_keys(f"[{table.name}]", table.holds, table.keys))
    for table in (TREATY_TABLE, *ROW_TABLES):
        lines.extend(_keys(f"[[{table.name}]]", table.holds, table.keys))
    lines.extend(_keys("practice.toml [[check]]", "a check that comes from practice", CHECK))
    lines.extend(_keys("vocabulary.toml [[events]]", "a group of events", EVENTS))
    lines.extend(_keys("vocabulary.toml [[label]]", "an ordinary name of conduct", LABEL))
    lines.append("## parties/*.csv and overlays\n\n| Column | Meaning |\n| --- | --- |")
    lines.extend(f"| `{column}` | {meaning} |" for column, meaning in COLUMNS.items())
    lines.append("\nOverlays need `treaty`, `action`, `date`, `source` and `demonstration`; a row with the id of a")
    lines.append("packaged row takes its place.")
    return "\n".join(lines) + "\n"


def _keys(heading: str, holds: str, keys: tuple[Key, ...]) -> Iterator[str]:
    yield f"## {heading}\n\nOne row is {holds}.\n\n| Key | Value | Meaning |\n| --- | --- | --- |"
    for key in keys:
        value = key.reader.what if key.required else f"{key.reader.what}; may be left out"
        yield f"| `{key.name}` | {value} | {key.meaning} |"
    yield ""


def _instrument_page(law: Law, instrument: Instrument, cited: Cited) -> str:
    lines = [_MADE, f"# {instrument.short}\n", f"{instrument.title}.\n"]
    if instrument.note:
        lines.append(f"{instrument.note}\n")
    rules: Mapping[str, list[Row]] = _by_provision(law, instrument)
    for provision in instrument.provisions.values():
        reference = law.reference(instrument.id, provision.id)
        lines.append(f"## {reference.place}: {provision.title}\n")
        lines.append(f"{provision.gist}\n")
        lines.append(f"`{provision.datum}`, {_known(provision)}. Source: {reference.source}.\n")
        for row in rules.get(provision.id, []):
            lines.append(f"- `{row.datum}`: {_gist(row)} ({_known(row)})")
            tests = cited.get(row.datum, [])
            lines.extend(f"  Tests: {test}" for test in tests)
        lines.extend(f"Tests: {test}" for test in cited.get(provision.datum, []))
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _by_provision(law: Law, instrument: Instrument) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in law.rows.values():
        if isinstance(row, Row) and not isinstance(row, Provision) and row.instrument == instrument.id:
            found[row.provision].append(row)
    return found


def _known(row: Row | PartyRow) -> str:
    if row.verified_by:
        return f"verified by {row.verified_by}"
    return "read" if row.status is Status.READ else f"{row.status.value}, confidence {row.confidence.value}"


def _gist(row: Row | PartyRow) -> str:
    found = next((str(getattr(row, name)) for name in _GISTS if getattr(row, name, "")), "")
    return found.rstrip(".")


def _unverified_page(law: Law) -> str:
    lines = [_MADE, "# Not verified\n", "Rows that nobody has compared with the authentic text, by instrument.\n"]
    for each in law.instruments.values():
        rows = [row for row in law.rows.values() if row.instrument == each.id]
        rows = [row for row in rows if row.status is not Status.READ and not row.verified_by and row is not each]
        lines.append(f"## {each.short} ({len(rows)})\n")
        lines.extend(f"- `{row.datum}` ({_known(row)}): {_gist(row)}" for row in rows if isinstance(row, Row))
        acts = sum(isinstance(row, PartyRow) for row in rows)
        lines.append(f"- {acts} acts in the register, copied from the list named in each.\n")
    return "\n".join(lines).rstrip() + "\n"


def _questions_page(law: Law) -> str:
    lines = [_MADE, "# Open questions\n", "What the data leave unsettled; each keeps a finding from being settled.\n"]
    for each in law.instruments.values():
        rows = [row for row in law.rows.values() if row.instrument == each.id and row.status is Status.UNSETTLED]
        if rows:
            lines.append(f"## {each.short}\n")
            lines.extend(f"- `{row.datum}`, {law.reference_of(row).place}: {_gist(row)}" for row in rows)
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _interpretations_page() -> str:
    lines = [_MADE, "# Interpretations\n", "How the rules read the law, in the words of the code that applies it.\n"]
    for entry in sorted(resources.files("dedere.treaty").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".py"):
            module = entry.name.removesuffix(".py")
            lines.extend(f"- `{module}.{name}`: {text}" for name, text in _interpretations(entry.read_text("utf-8")))
    return "\n".join(lines) + "\n"


def _interpretations(source: str) -> Iterator[tuple[str, str]]:
    for part in ast.walk(ast.parse(source)):
        if isinstance(part, ast.Module | ast.FunctionDef | ast.ClassDef):
            found = re.search(r"Interpretation: (.*?)(?:\n\n|\Z)", ast.get_docstring(part) or "", re.DOTALL)
            if found:
                yield getattr(part, "name", "*"), " ".join(found[1].split())
