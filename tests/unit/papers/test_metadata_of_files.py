"""What files say about themselves: all of it is shown, and taken out without touching their content. All fictional."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import docx
import pikepdf
import pypdf
import pytest
from PIL import Image, PngImagePlugin

from dedere.papers.errors import DocumentInputError
from dedere.papers.metadata import metadata_of, without_metadata

NAME = "Dragoljub Vukasinovic"
PLACE = (44.0, 48.0, 12.0)


def jpeg(*, orientation: int = 1, comment: str = "", name: str = NAME) -> bytes:
    image = Image.effect_mandelbrot((40, 30), (-2, -1, 1, 1), 50).convert("RGB")
    exif = image.getexif()
    exif[0x0112] = orientation
    if name:
        exif[0x013B] = name  # artist
        exif.get_ifd(0x8825)[2] = PLACE  # latitude
        exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + name.encode("utf-16-be")  # comment of the user
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=comment.encode(), icc_profile=b"a profile of colours", quality=90)
    return out.getvalue()


def png(name: str = NAME) -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", name)
    told.add_itxt("Description", name)
    out = io.BytesIO()
    Image.effect_mandelbrot((40, 30), (-2, -1, 1, 1), 50).save(out, "PNG", pnginfo=told)
    return out.getvalue()


def pdf(*, signed: bool = False, locked: bool = False) -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Author"] = NAME
        with document.open_metadata() as packet:
            packet["dc:creator"] = [NAME]
        if signed:
            field = document.make_indirect(
                pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="seal", V=pikepdf.Dictionary(Type=pikepdf.Name.Sig))
            )
            document.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
        out = io.BytesIO()
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="u") if locked else False)
    return out.getvalue()


def word(*, picture: bool = False) -> bytes:
    document = docx.Document()
    document.core_properties.author = NAME
    document.core_properties.comments = NAME
    document.add_paragraph("The mill of Dol.")
    if picture:
        document.add_picture(io.BytesIO(jpeg()))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return image.tobytes()


# ---- shown


def test_a_photograph_says_who_took_it_and_where() -> None:
    told = dict(metadata_of(jpeg(comment="by the river"), "image/jpeg"))
    assert told["Artist"] == NAME
    assert "44" in told["GPSLatitude"]
    assert NAME in told["UserComment"]
    assert "by the river" in told["comment"]
    assert "Orientation" not in told


def test_a_drawing_a_document_and_an_office_file_say_their_author() -> None:
    assert dict(metadata_of(png(), "image/png"))["Author"] == NAME
    told = dict(metadata_of(pdf(), "application/pdf"))
    assert told["Author"] == NAME
    assert NAME in told["XMP"]
    assert dict(metadata_of(word(), ""))["creator"] == NAME


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"plain", "text/plain"), (b"%PDF-1.7 broken", "application/pdf"), (b"broken", "image/png"), (b"PK\x03\x04", ""), (b"", "")],
)  # fmt: skip
def test_damaged_and_unknown_files_say_nothing(data: bytes, kind: str) -> None:
    assert metadata_of(data, kind) == ()


# ---- taken out


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_photograph_keeps_its_pixels_colours_and_which_side_is_up(orientation: int) -> None:
    before = jpeg(orientation=orientation, comment=NAME) + b"appended " + NAME.encode()
    after = without_metadata(before)

    assert metadata_of(after, "image/jpeg") == ()
    assert NAME.encode() not in after
    assert pixels(after) == pixels(before)
    with Image.open(io.BytesIO(after)) as image:
        assert image.getexif().get(0x0112, 1) == orientation
        assert image.info["icc_profile"] == b"a profile of colours"


def test_a_photograph_in_several_scans_keeps_them_all() -> None:
    out = io.BytesIO()
    Image.effect_mandelbrot((80, 60), (-2, -1, 1, 1), 50).convert("RGB").save(
        out, "JPEG", progressive=True, comment=NAME.encode()
    )
    after = without_metadata(out.getvalue())
    assert pixels(after) == pixels(out.getvalue())
    assert NAME.encode() not in after


def test_fill_bytes_between_segments_are_passed_over() -> None:
    data = jpeg(comment=NAME)
    filled = data[:2] + b"\xff\xff" + data[2:]
    assert pixels(without_metadata(filled)) == pixels(data)


def test_a_drawing_keeps_its_pixels() -> None:
    after = without_metadata(png())
    assert metadata_of(after, "image/png") == ()
    assert NAME.encode() not in after
    assert pixels(after) == pixels(png())


def test_a_document_loses_its_descriptions_and_nothing_else() -> None:
    after = without_metadata(pdf())
    assert metadata_of(after, "application/pdf") == ()
    assert NAME.encode() not in after
    assert len(pypdf.PdfReader(io.BytesIO(after)).pages) == 1


def test_an_office_file_loses_properties_thumbnail_and_what_its_pictures_say() -> None:
    before = word(picture=True)
    after = without_metadata(before)

    assert metadata_of(after, "") == ()
    assert docx.Document(io.BytesIO(after)).paragraphs[0].text == "The mill of Dol."
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        names = archive.namelist()
        assert not any("thumbnail" in name for name in names)
        assert b"thumbnail" not in archive.read("_rels/.rels")
        for name in names:
            assert NAME.encode() not in archive.read(name), name


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"plain text", "of JPEG, PNG, PDF and office files only"),
        (b"\xff\xd8\xff\xe0", "damaged or locked"),
        (jpeg()[:400], "damaged or locked"),
        (jpeg()[:2] + b"\x00\x00" + jpeg()[4:], "of JPEG, PNG"),
        (png()[:-20], "damaged or locked"),
        (png().replace(b"IDAT", b"IDAU", 1), "damaged or locked"),
        (b"%PDF-1.7 nothing", "damaged or locked"),
        (pdf(locked=True), "damaged or locked"),
        (pdf(signed=True), "is signed"),
        (b"PK\x03\x04", "damaged or locked"),
    ],
)  # fmt: skip
def test_nothing_is_taken_out_of_what_is_damaged_locked_signed_or_unknown(data: bytes, sentence: str) -> None:
    with pytest.raises(DocumentInputError, match=sentence):
        without_metadata(data)


def test_a_drawing_without_an_end_is_damaged() -> None:
    body = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    head = struct.pack(">I", len(body)) + b"IHDR" + body + struct.pack(">I", zlib.crc32(b"IHDR" + body))
    with pytest.raises(DocumentInputError):
        without_metadata(b"\x89PNG\r\n\x1a\n" + head)


def test_a_description_in_utf_8_is_shown_in_its_own_letters() -> None:
    cyrillic = "Вукашиновић"
    data = jpeg(name="x" * len(cyrillic.encode())).replace(b"x" * len(cyrillic.encode()), cyrillic.encode(), 1)
    assert dict(metadata_of(data, "image/jpeg"))["Artist"] == cyrillic
    latin = jpeg(name="Ndèye").replace(b"Nd?ye", "Ndèye".encode("latin-1"))
    assert dict(metadata_of(latin, "image/jpeg"))["Artist"] == "Ndèye"
