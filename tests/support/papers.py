"""Fictional acts of every kind, the facts of their letters, and readers of what a document says."""

from __future__ import annotations

import datetime as dt
import functools
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.casework.procedure import load_procedure
from dedere.papers.document import (
    BigCode,
    Block,
    Document,
    Edition,
    Fields,
    Heading,
    Items,
    Line,
    Notice,
    Paragraph,
    Signature,
    SignatureRoom,
    Table,
)
from dedere.papers.facts import DocumentFacts, Enclosure, Office
from dedere.papers.particulars import Json, is_list
from dedere.treaty.requestfile_schema import schema
from support.requirement import require_program

if TYPE_CHECKING:
    from dedere.casework.acts import ActKind
    from dedere.casework.shapes import Field, Shape

TIME = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)
LETTER = "abcdefghijklmnopqrstuvwx23"
FACTS = DocumentFacts(
    letter=LETTER,
    case="caseabcdefghijklmnopqrst22",
    sender=Office("NL", "Fictional Central Authority", lines=("1 Example Street, The Hague",), reference="NL-17"),
    recipient=Office("SN", "Autorité centrale fictive", reference="SN-4"),
    officer="A. de Vries (fictional)",
    sealed_at=TIME,
    sequence=3,
)
ENCLOSURE = Enclosure(
    id="part-1",
    name="film of the valley.avi",
    media_type="video/x-msvideo",
    size=1_234_567,
    sha256="ab" * 32,
    conditions=({"id": "c9", "kind": "use-limitation", "text": "Only in this case."},),
)


def act_of(kind: str, body: Mapping[str, Json]) -> dict[str, Json]:
    """An act as a letter carries it."""
    officer: dict[str, Json] = {
        "name": "A. de Vries (fictional)",
        "role": "case-officer",
        "approved_by": {"name": "B. Jansen (fictional)", "role": "approver"},
    }
    return {"version": "dedere-act/1", "kind": kind, "proceeding": "p1", "officer": officer, "body": dict(body)}


def sample_act(kind: ActKind) -> dict[str, Json]:
    """An act of a kind in which every field of its body is filled with something recognisable."""
    shape = load_procedure().acts[kind].body
    body = _object_of(shape)
    if kind.value == "request":
        body["opens"], body["request"] = "mla", sample_request()
    return act_of(kind.value, body)


@functools.cache
def sample_request() -> dict[str, Json]:
    """A request file in which every field is filled."""
    made = _from_schema(schema(), name="", inside="", number=1)
    return made if isinstance(made, dict) else {}


def _object_of(shape: Shape) -> dict[str, Json]:
    return {field.name: _field_of(field, shape.name) for field in shape.fields}


def _field_of(field: Field, inside: str) -> Json:
    if field.many:
        return [_one(field, inside, number) for number in (1, 2)]
    return _one(field, inside, 1)


def _one(field: Field, inside: str, number: int) -> Json:
    if field.choices:
        return field.choices[min(number, len(field.choices)) - 1]
    where = f"{inside} {field.name} {number}"
    simple: dict[str, Json] = {
        "id": f"{field.name[:1]}{number}x",
        "line": f"Line of {where}",
        "text": f"First paragraph of {where}.\n\nSecond paragraph of {where}.",
        "date": f"2027-0{number}-15",
        "instant": f"2027-0{number}-15T08:00:00Z",
        "yes-no": number == 1,
        "count": 40 + number,
        "state": "SN",
        "digest": f"{number}c" * 32,
        "any": f"Anything of {where}",
        "object": {"anything": f"Object of {where}"},
    }
    if field.type in simple:
        return simple[field.type]
    return _object_of(load_procedure().shapes[field.type])


def _from_schema(node: Mapping[str, object], *, name: str, inside: str, number: int) -> Json:
    choices = node.get("enum", [node["const"]] if "const" in node else None)
    if isinstance(choices, list):
        return str(choices[0])
    properties, items = node.get("properties"), node.get("items")
    if isinstance(properties, Mapping):
        return {key: _from_schema(inner, name=key, inside=name, number=number) for key, inner in properties.items()}
    if isinstance(items, Mapping):
        return [_from_schema(items, name=name, inside=inside, number=each) for each in (1, 2)]
    kind = node.get("type")
    if kind in {"boolean", "integer"}:
        return number == 1 if kind == "boolean" else 40 + number
    return _text_from_schema(node, name=name, inside=inside, number=number)


def _text_from_schema(node: Mapping[str, object], *, name: str, inside: str, number: int) -> str:
    if node.get("format") == "date":
        return f"2025-0{number}-17"
    pattern = str(node.get("pattern", ""))
    if pattern.startswith("^[A-Z]"):
        return "SN" if "{2}" in pattern else "A"
    if pattern.startswith("^[a-z]{2,3}"):
        return "fr"
    if pattern:
        return f"{name or inside}-{number}".replace("_", "-")
    return f"Words about {inside} {name} {number}."


def leaves(value: Json, name: str = "") -> Iterator[tuple[str, Json]]:
    """Every single value in data with the member it stands in."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from leaves(member, key)
    elif is_list(value):
        for member in value:
            yield from leaves(member, name)
    elif value is not None:
        yield name, value


def document_text(document: Document) -> str:
    """Everything a document says, in reading order, footnotes after the line they belong to."""
    return "\n".join(text for edition in document.editions for text in edition_texts(edition))


def edition_texts(edition: Edition) -> Iterator[str]:
    """The texts of one edition in reading order."""
    for line in edition.addressee:
        yield from _line_texts(line)
    yield from _block_texts(edition.reference)
    yield edition.title
    yield edition.banner
    for block in edition.blocks:
        yield from _block_texts(block)


def _block_texts(block: Block) -> Iterator[str]:
    match block:
        case Heading() | Paragraph() | Notice():
            yield from _line_texts(block.text)
        case Fields() | Signature():
            yield from _rows_texts(block.rows)
        case Table():
            yield from _rows_texts((block.heading, *block.rows))
        case Items():
            yield from _rows_texts((block.items,))
        case SignatureRoom():
            yield block.heading
        case BigCode():
            yield from (block.label, *block.groups)


def _rows_texts(rows: Iterable[tuple[Line, ...]]) -> Iterator[str]:
    for row in rows:
        for line in row:
            yield from _line_texts(line)


def _line_texts(line: Line) -> Iterator[str]:
    yield "".join(run.text for run in line)
    for run in line:
        yield from run.notes


def pdf_text(pdf: bytes, folder: Path, *, as_written: bool = False) -> str:
    """What `pdftotext` reads from a PDF: as the page lies before the eye, or in the order of its content stream."""
    program = require_program("pdftotext")
    path = folder / "read.pdf"
    path.write_bytes(pdf)
    order = ["-raw"] if as_written else []
    done = subprocess.run([program, "-enc", "UTF-8", *order, path, "-"], capture_output=True, check=True)
    return done.stdout.decode()


def squeezed(text: str) -> str:
    """A text without white space, direction marks and differences of spelling: for comparing across line breaks."""
    kept = (each for each in unicodedata.normalize("NFKC", text) if not each.isspace())
    return "".join(each for each in kept if unicodedata.category(each) != "Cf")
