"""`dedere paper`: documents off the pages: made from JSON, signed, looked over; an office's templates checked."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

from dedere.base.clock import SystemClock, parse_instant
from dedere.base.errors import FacilityError, InputError
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.facts import Arrangement, DocumentFacts, Office
from dedere.papers.wording import LANGUAGES

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from dedere.papers.document import Document
    from dedere.papers.house import House
    from dedere.papers.particulars import Json

_LARGEST = 64 * 1024 * 1024


def register(parser: argparse.ArgumentParser) -> None:
    """Add the subcommands."""
    commands = parser.add_subparsers(dest="paper_command", metavar="SUBCOMMAND", required=True)
    act = commands.add_parser("act", help="make the document of an act")
    act.add_argument("data", type=Path, metavar="FILE", help="a letter.json, or the act in it")
    sheet = commands.add_parser("sheet", help="make a certificate, a record, a plan, a list")
    sheet.add_argument("kind", choices=[kind.value for kind in SheetKind], metavar="KIND")
    sheet.add_argument("data", type=Path, metavar="FILE", help="its data as JSON")
    for each in (act, sheet):
        _how(each)
    sign = commands.add_parser("sign", help="sign a document with an authority's key (PAdES B-LT)")
    sign.add_argument("pdf", type=Path, metavar="PDF")
    sign.add_argument("--home", type=Path, required=True, help="the node whose key signs: a file or a device")
    sign.add_argument("--officer", required=True, help="the named officer")
    sign.add_argument("--approved", required=True, metavar="SHA256", help="what was approved; anything else is refused")
    sign.add_argument("--language", choices=LANGUAGES, default="en")
    sign.add_argument("-o", "--output", type=Path, required=True)
    check = commands.add_parser("check", help="check an office's own templates")
    check.add_argument("folder", type=Path, metavar="FOLDER")
    look = commands.add_parser("look", help="look over a file that came on paper or came back edited")
    look.add_argument("file", type=Path, metavar="FILE")


def _how(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--output", type=Path, required=True, help="a file that ends in .pdf or .docx")
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    parser.add_argument("--second-language", choices=LANGUAGES, default="")
    parser.add_argument("--arrangement", choices=[each.value for each in Arrangement], default="parallel")
    parser.add_argument("--templates", type=Path, metavar="FOLDER", help="an office's own letterhead and wording")
    parser.add_argument("--state", default="", help="the sender's State, e.g. NL")
    parser.add_argument("--authority", default="", help="the sender's name")
    parser.add_argument("--officer", default="")
    parser.add_argument(
        "--at", metavar="INSTANT", help="the document's date, e.g. 2026-11-24T09:30:00Z; now when left out"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do what the subcommand says."""
    match arguments.paper_command:
        case "check":
            return _check(arguments.folder)
        case "look":
            return _look(arguments.file)
        case "sign":
            return _sign(arguments)
        case _:
            return _make(arguments)


def _make(arguments: argparse.Namespace) -> int:
    from dedere.papers.house import load_house, shipped_house
    from dedere.papers.word import word_file

    house = load_house(arguments.templates) if arguments.templates else shipped_house()
    document = _document(arguments, house)
    if arguments.output.suffix not in (".pdf", ".docx"):
        raise InputError("The output ends in .pdf or .docx.")
    made = word_file(document) if arguments.output.suffix == ".docx" else house.typesetter.typeset(document)
    _write(arguments.output, made)
    return 0


def _document(arguments: argparse.Namespace, house: House) -> Document:
    from dedere.papers.render import act_document, sheet_document
    from dedere.papers.sheet_fields import require_complete

    data = _read_json(arguments.data)
    if arguments.paper_command == "sheet":
        kind = SheetKind(arguments.kind)
        require_complete(kind, data)
        return sheet_document(kind, data, facts=_facts(arguments, {}, house), house=house)
    act = data.get("act")
    letter = data if isinstance(act, dict) else {}
    return act_document(act if isinstance(act, dict) else data, facts=_facts(arguments, letter, house), house=house)


def _facts(arguments: argparse.Namespace, letter: Mapping[str, Json], house: House) -> DocumentFacts:
    """What the command line says, and of a letter what stands in it."""
    at = arguments.at or str(letter.get("sealed_at") or "")
    instant: dt.datetime = parse_instant(at) if at else SystemClock().now().replace(microsecond=0)
    sender, recipient, settings = _state(letter, "sender"), _state(letter, "recipient"), house.settings
    return DocumentFacts(
        letter=str(letter.get("id") or "unsent"),
        case=str(letter.get("case") or ""),
        sender=Office(
            arguments.state or sender,
            arguments.authority or settings.authority.get(arguments.language, ""),
            lines=settings.lines,
        ),
        recipient=Office(recipient, ""),
        officer=arguments.officer,
        sealed_at=instant,
        place=settings.place,
        language=arguments.language,
        second_language=arguments.second_language,
        arrangement=Arrangement(arguments.arrangement),
        signature_room=True,
    )


def _state(letter: Mapping[str, Json], end: str) -> str:
    party = letter.get(end)
    return str(party.get("state", "")) if isinstance(party, dict) else ""


def _sign(arguments: argparse.Namespace) -> int:
    from dedere.node.home import load_home
    from dedere.node.house import validation_material
    from dedere.node.office import Office as NodeOffice
    from dedere.papers.signing import SignatureTerms, sign_document

    node = NodeOffice(load_home(arguments.home))
    terms = SignatureTerms(
        name=arguments.officer,
        authority=node.home.name,
        signed_at=node.clock.now().replace(microsecond=0),
        language=arguments.language,
    )
    signed = sign_document(
        _read(arguments.pdf),
        approved_sha256=arguments.approved.lower(),
        signer=node.authority_signer,
        terms=terms,
        timestamper=node.timestamper,
        material=validation_material(node.home),
    )
    _write(arguments.output, signed)
    return 0


def _check(folder: Path) -> int:
    from dedere.papers.house import check_house

    if not folder.is_dir():
        raise InputError(f"{folder} is no folder.")
    found = check_house(folder)
    for complaint in found:
        print(complaint)
    if not found:
        print("Nothing is wrong with these templates.")
    return 1 if found else 0


def _look(path: Path) -> int:
    from dedere.papers.edited import look_over_edited

    try:
        with path.open("rb") as source:
            looked = look_over_edited(source)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    print(f"{looked.media_type}, {looked.pages} pages, {looked.size} bytes, SHA-256 {looked.sha256}")
    return 0


def _read_json(path: Path) -> dict[str, Json]:
    try:
        data = json.loads(_read(path))
    except ValueError as error:
        raise InputError(f"{path} is not JSON: {error}.") from error
    if not isinstance(data, dict):
        raise InputError(f"{path} holds no JSON object.")
    return data


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{path} is larger than {_LARGEST // 2**20} MiB.")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all; the digest is said, for whoever approves."""
    from dedere.crypto.digests import sha256_hex

    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise FacilityError(f"{path} cannot be written: {error.strerror}.") from error
    print(f"{path}: {len(data)} bytes, SHA-256 {sha256_hex(data)}")
