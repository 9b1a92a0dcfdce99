"""A file that arrives as a request on paper: taken when it only shows something, refused in one sentence otherwise."""

from __future__ import annotations

import io
import struct

import pikepdf
import pytest

from dedere.papers import received
from dedere.papers.pictures import picture_size
from dedere.papers.received import PaperRefusedError, look_over
from dedere.papers.render import render_act
from support.papers import FACTS, act_of


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x02\0\0\0"


def jpeg(width: int, height: int, *, before: bytes = b"") -> bytes:
    return b"\xff\xd8" + before + b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + b"\x03"


def tiff(width: int, height: int, *, order: str = "<", kind: int = 3) -> bytes:
    mark = b"II*\0" if order == "<" else b"MM\0*"
    form = f"{order}HHIHH" if kind == 3 else f"{order}HHII"

    def entry(tag: int, value: int) -> bytes:
        return struct.pack(form, tag, kind, 1, value, *((0,) if kind == 3 else ()))

    other = struct.pack(f"{order}HHII", 259, 3, 1, 1)
    return mark + struct.pack(f"{order}IH", 8, 3) + entry(256, width) + other + entry(257, height)


def pdf(**catalogue: object) -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    for name, value in catalogue.items():
        made.Root[f"/{name}"] = value
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def action(kind: str) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"))


def test_a_document_of_ours_is_taken_with_its_pages() -> None:
    data = render_act(act_of("closure", {"text": "\n\n".join(["A paragraph."] * 80)}), facts=FACTS)

    paper = look_over(io.BytesIO(data))
    assert (paper.media_type, paper.pages, paper.size) == ("application/pdf", 3, len(data))
    assert len(paper.sha256) == 64


def test_a_plain_pdf_is_taken() -> None:
    assert look_over(io.BytesIO(pdf())).pages == 1


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (png(2480, 3508), "image/png"),
        (jpeg(2480, 3508), "image/jpeg"),
        (jpeg(10, 10, before=b"\xff\xe0\x00\x04ab\xff\xff\xd0"), "image/jpeg"),
        (tiff(2480, 3508), "image/tiff"),
        (tiff(2480, 3508, order=">", kind=4), "image/tiff"),
    ],
)
def test_a_scan_is_taken(data: bytes, media_type: str) -> None:
    paper = look_over(io.BytesIO(data))

    assert (paper.media_type, paper.pages) == (media_type, 1)


@pytest.mark.parametrize("picture", [png(10_000, 10_001), jpeg(12_000, 12_000), tiff(20_000, 5_001, kind=4)])
def test_a_picture_of_a_hundred_megapixels_is_refused_by_its_head_alone(picture: bytes) -> None:
    with pytest.raises(PaperRefusedError, match="pixels"):
        look_over(io.BytesIO(picture))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ an executable",
        b"\x89PNG\r\n\x1a\n",
        png(0, 5),
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\xff\xff",
        b"\xff\xd8rubbish",
        jpeg(0, 0),
        b"II*\0\xff\xff\xff\xff",
        tiff(0, 10),
        b"II*\0\x08\0\0\0\0\0",
    ],
)
def test_what_is_neither_pdf_nor_picture_is_refused(data: bytes) -> None:
    with pytest.raises(PaperRefusedError, match="neither a PDF nor"):
        look_over(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JavaScript", "Launch", "SubmitForm", "ImportData", "Rendition", "GoToE"])
def test_a_pdf_that_acts_by_itself_is_refused(kind: str) -> None:
    with pytest.raises(PaperRefusedError, match=f"active part \\({kind}\\)"):
        look_over(io.BytesIO(pdf(OpenAction=action(kind))))


def test_a_script_among_the_names_is_found() -> None:
    names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array()))

    with pytest.raises(PaperRefusedError, match="JavaScript"):
        look_over(io.BytesIO(pdf(Names=names)))


def test_a_script_on_a_page_is_found() -> None:
    made = pikepdf.open(io.BytesIO(pdf()))
    made.pages[0]["/Annots"] = pikepdf.Array(
        [made.make_indirect(pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=action("Launch")))]
    )
    target = io.BytesIO()
    made.save(target)

    with pytest.raises(PaperRefusedError, match="Launch"):
        look_over(target)


def test_a_locked_pdf_is_refused() -> None:
    made = pikepdf.open(io.BytesIO(pdf()))
    target = io.BytesIO()
    made.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))

    with pytest.raises(PaperRefusedError, match="locked with a password"):
        look_over(target)


@pytest.mark.parametrize("cut", [9, 40, 300])
def test_a_damaged_pdf_is_refused(cut: int) -> None:
    with pytest.raises(PaperRefusedError, match="damaged"):
        look_over(io.BytesIO(pdf()[:cut]))


def test_a_pdf_that_claims_no_pages_is_refused() -> None:
    made = pikepdf.open(io.BytesIO(pdf()))
    made.Root.Pages.Count = 100_000
    target = io.BytesIO()
    made.save(target)
    forged = target.getvalue()

    with pytest.raises(PaperRefusedError, match="pages"):
        look_over(io.BytesIO(forged.replace(b"/Count 1 ", b"/Count 0 ")))


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(received, "MAXIMUM_SIZE", 100)

    with pytest.raises(PaperRefusedError, match="MiB"):
        look_over(io.BytesIO(pdf()))


def test_references_into_the_void_and_circles_are_followed_no_further() -> None:
    made = pikepdf.open(io.BytesIO(pdf()))
    circle = made.make_indirect(pikepdf.Dictionary())
    circle["/Self"] = circle
    made.Root["/Circle"] = circle
    target = io.BytesIO()
    made.save(target)

    assert look_over(target).pages == 1


def test_other_bytes_have_no_picture_size() -> None:
    assert picture_size(b"GIF89a") is None


def test_a_part_cannot_hide_among_too_many_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(received, "MOST_OBJECTS", 5)

    with pytest.raises(PaperRefusedError, match="too many parts"):
        look_over(io.BytesIO(pdf()))


def test_a_script_deep_inside_is_found() -> None:
    inner = action("Launch")
    for _ in range(60):
        inner = pikepdf.Dictionary(Next=pikepdf.Array([inner]))

    with pytest.raises(PaperRefusedError, match="Launch"):
        look_over(io.BytesIO(pdf(Deep=inner)))


def test_a_reference_to_nothing_is_passed_over() -> None:
    forged = pdf(Extra=pikepdf.Array([7, 777])).replace(b"[ 7 777 ]", b"[ 9 0 R ]")

    assert b"9 0 R" in forged
    assert look_over(io.BytesIO(forged)).pages == 1


def test_a_kind_that_is_a_reference_is_followed() -> None:
    made = pikepdf.open(io.BytesIO(pdf()))
    made.Root.OpenAction = pikepdf.Dictionary(S=made.make_indirect(pikepdf.Name("/Launch")))
    target = io.BytesIO()
    made.save(target)

    with pytest.raises(PaperRefusedError, match="Launch"):
        look_over(target)
