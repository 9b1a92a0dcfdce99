"""The place of a signature inside a PDF: its field, its visible block, its entry in the structure for readers.

PDF/UA-1 asks that a form field be nested in a *Form* element with a description; PDF/A-2 that it have an appearance.
Nothing of the approved document is changed: everything here goes into an incremental update behind it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from dedere.papers.errors import DocumentInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_OURS = "The document to sign was not made here: it lacks the structure that our documents have."

# pyHanko's objects of a PDF are dictionaries and arrays without types; `Pdf` is one of them, or its writer.
Pdf: TypeAlias = Any

ROOM = "signature-room"
ROOM_WIDTH = 453
ROOM_HEIGHT = 62
# From the top of the room's heading, where its destination points, down to the top of the room itself.
_BELOW_HEADING = 26
_LEFT = 62


@dataclass(frozen=True, slots=True)
class Room:
    """Where the visible block goes: page (from 0) and rectangle in points. No rectangle means an invisible field."""

    page: int
    box: tuple[int, int, int, int] | None


def is_ours(writer: Pdf) -> bool:
    """Whether the PDF has the structure that our typesetter writes, which a signature's field is nested in."""
    try:
        structure: Pdf = writer.root["/StructTreeRoot"]
        return "/Nums" in structure["/ParentTree"] and isinstance(structure["/K"][0]["/K"], list)
    except (KeyError, TypeError):
        return False


def find_room(writer: Pdf) -> Room:
    """The room that the document left for a signature; an invisible field on the first page when it left none."""
    for name, target in _destinations(writer):
        if name == ROOM:
            top = round(float(target[3])) - _BELOW_HEADING
            box = (_LEFT, top - ROOM_HEIGHT, _LEFT + ROOM_WIDTH, top)
            return Room(page=_page_number(writer, target.raw_get(0)), box=box)
    return Room(page=0, box=None)


def describe_field(writer: Pdf, field_reference: Pdf, *, page: int, description: str) -> None:
    """Nest the field in the document's structure as a *Form* element with `description` as its text."""
    generic = _generic()
    name = generic.pdf_name
    structure = writer.root["/StructTreeRoot"]
    parent_reference = structure["/K"].raw_get(0)
    parent = parent_reference.get_object()
    page_reference, _ = writer.find_page_for_modification(page)
    field = field_reference.get_object()
    element = generic.DictionaryObject(
        {
            name("/Type"): name("/StructElem"),
            name("/S"): name("/Form"),
            name("/P"): parent_reference,
            name("/Pg"): page_reference,
            name("/Alt"): generic.TextStringObject(description),
            name("/K"): generic.DictionaryObject(
                {name("/Type"): name("/OBJR"), name("/Obj"): field_reference, name("/Pg"): page_reference}
            ),
        }
    )
    element_reference = writer.add_object(element)
    children = parent["/K"]
    children.append(element_reference)
    writer.update_container(children)
    key = int(structure["/ParentTreeNextKey"])
    field[name("/StructParent")] = generic.NumberObject(key)
    field[name("/TU")] = generic.TextStringObject(description)
    _add_to_parent_tree(writer, structure, key=key, element=element_reference)
    structure[name("/ParentTreeNextKey")] = generic.NumberObject(key + 1)
    writer.update_container(structure)


def show_block(writer: Pdf, field_reference: Pdf, *, block: bytes) -> None:
    """Show the first page of the PDF `block` as the field's appearance."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    generic = _generic()
    page = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(block)), page_ix=0)
    field = field_reference.get_object()
    field[generic.pdf_name("/AP")] = generic.DictionaryObject({generic.pdf_name("/N"): page})
    writer.mark_update(field_reference)


def _add_to_parent_tree(writer: Pdf, structure: Pdf, *, key: int, element: Pdf) -> None:
    numbers = structure["/ParentTree"]["/Nums"]
    numbers.extend([_generic().NumberObject(key), element])
    writer.update_container(numbers)


def _generic() -> Pdf:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 - a second to import; only signing needs it

    return generic


def _destinations(writer: Pdf) -> Iterator[tuple[str, Pdf]]:
    try:
        names: Pdf = writer.root["/Names"]["/Dests"]["/Names"]
    except KeyError:
        return
    for place in range(0, len(names) - 1, 2):
        yield str(names[place]), names[place + 1]


def _page_number(writer: Pdf, wanted: Pdf) -> int:
    for number in range(int(writer.root["/Pages"]["/Count"])):
        reference, _ = writer.find_page_for_modification(number)
        if reference.reference == wanted.reference:
            return number
    raise DocumentInputError(NOT_OURS)
