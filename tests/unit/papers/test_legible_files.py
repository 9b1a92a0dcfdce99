"""What the leak guard reads in files that are to leave: wherever a name can stand in one. All names are fictional."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pikepdf
import pypdf
import pytest
from PIL import Image
from pypdf.annotations import Text

from dedere.papers import legible
from dedere.papers.legible import LARGEST, Legible, look_through, read_legible
from dedere.papers.render import render_act
from support.papers import FACTS, act_of

NAME = "Вукашиновић"
LATIN = "Vukasinovic"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP = "application/zip"


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", ".").replace("--", "/"), content)
    return out.getvalue()


def word(fill: Callable[[Any], object]) -> bytes:
    document = docx.Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf(fill: Callable[[pypdf.PdfWriter], object]) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    fill(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(**info: str) -> bytes:
    image, out = Image.new("RGB", (8, 8)), io.BytesIO()
    exif = image.getexif()
    exif[0x010E] = info.get("description", "")
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


# ---- text in every dress


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (NAME.encode(), "text/plain"),
        (NAME.encode("utf-16"), "text/plain"),
        (NAME.encode("utf-16-be"), "application/octet-stream"),
        (NAME.encode("iso-8859-5"), "text/plain"),
        (f"<p>{NAME[:4]}<b>{NAME[4:]}</b></p>".encode(), "text/html"),
        ("".join(f"&#{ord(each)};" for each in NAME).encode(), "text/html"),
        ("".join(f"&#x{ord(each):x};" for each in NAME).encode(), "application/xml"),
        (json.dumps({"who": NAME}).encode(), "application/json"),
        (json.dumps({"who": NAME}, ensure_ascii=False).encode(), "application/json"),
        (word(lambda d: d.add_paragraph(NAME)), DOCX),
        (word(lambda d: [d.add_paragraph().add_run(part) for part in (NAME[:3], NAME[3:])]), DOCX),
        (word(lambda d: d.sections[0].header.paragraphs[0].add_run(NAME)), DOCX),
        (word(lambda d: d.add_table(1, 1).cell(0, 0).add_paragraph(NAME)), DOCX),
        (word(lambda d: setattr(d.core_properties, "author", NAME)), DOCX),
        (word(lambda d: d.add_heading(NAME)), DOCX),
        (zipped(word__xml=f"<a><v title='{NAME}'/></a>".encode()), ZIP),
        (zipped(word__xml="".join(f"&#{ord(each)};" for each in NAME).encode()), ZIP),
        (zipped(data__json=json.dumps([NAME]).encode()), ZIP),
        (zipped(notes__txt=NAME.encode("cp1251")), ZIP),
        (zipped(deep__bin=NAME.encode("utf-16-le")), ZIP),
        (zipped(**{f"{NAME}__txt": b"x"}), ZIP),
        (pdf(lambda w: w.add_metadata({"/Author": NAME})), "application/pdf"),
        (pdf(lambda w: w.add_annotation(0, Text(rect=(0, 0, 9, 9), text=NAME))), "application/pdf"),
        (pdf(lambda w: w.add_attachment(f"{NAME}.txt", b"x")), "application/pdf"),
        (pdf(lambda w: w.add_attachment("a.txt", NAME.encode())), "application/pdf"),
    ],
)  # fmt: skip
def test_the_name_is_read_wherever_it_stands(data: bytes, kind: str) -> None:
    joined = look_through(data, kind).text
    assert NAME in joined or NAME in joined.replace("\n", "")


def test_the_text_of_our_own_documents_is_read() -> None:
    made = render_act(act_of("closure", {"text": f"Heard: {LATIN}, {NAME}."}), facts=FACTS)
    found = look_through(made, "application/pdf").text
    assert LATIN in found
    assert NAME in found


def test_a_picture_is_read_by_what_it_says_and_left_to_a_person() -> None:
    found = look_through(picture(description=LATIN), "image/jpeg")
    assert LATIN in found.text
    assert any("look at it yourself" in each for each in found.unread)


def test_a_picture_within_a_file_is_read_too() -> None:
    found = look_through(zipped(media__jpg=picture(description=LATIN)), ZIP)
    assert LATIN in found.text
    assert "The file carries a picture: look at it yourself." in found.unread


# ---- what cannot be read is said


@pytest.mark.parametrize(
    ("data", "kind", "sentence"),
    [
        (b"\x00\x01\x02film", "video/mp4", "cannot read this kind of file"),
        (b"{\\rtf1 text}", "text/rtf", "cannot read this kind of file"),
        (b"no PDF", "application/pdf", "damaged"),
        (b"PK\x03\x04broken", DOCX, "damaged, or locked"),
        (zipped(inner__bin=b"more"), ZIP, "carries another file"),
        (pdf(lambda _w: None), "application/pdf", "pages without text"),
        (pdf(lambda w: w.add_attachment("a.txt", b"x")), "application/pdf", "carries another file"),
        (pdf(lambda w: w.encrypt("secret")), "application/pdf", "locked"),
    ],
)  # fmt: skip
def test_what_nobody_but_a_person_can_judge_is_said(data: bytes, kind: str, sentence: str) -> None:
    assert any(sentence in each for each in look_through(data, kind).unread)


def test_a_pdf_that_only_opens_without_a_word_is_read() -> None:
    def owned(writer: pypdf.PdfWriter) -> None:
        writer.add_metadata({"/Title": LATIN})
        writer.encrypt("", "owner")

    assert LATIN in look_through(pdf(owned), "application/pdf").text


def test_a_folder_in_an_archive_is_its_name_alone() -> None:
    assert look_through(zipped(**{f"{LATIN}--": b""}), ZIP) == Legible(f"{LATIN}/")


def test_fields_of_a_form_are_read() -> None:
    with pikepdf.new() as document:
        document.add_blank_page()
        field = document.make_indirect(
            pikepdf.Dictionary(
                FT=pikepdf.Name.Tx, T="name", V=LATIN, Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget
            )
        )
        document.Root.AcroForm = pikepdf.Dictionary(Fields=[field])
        out = io.BytesIO()
        document.save(out)
    assert LATIN in look_through(out.getvalue(), "application/pdf").text


def test_an_archive_of_too_many_or_too_large_members_is_not_unpacked() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"{number}.xml", bytes(60 * 1024 * 1024))
    assert "more than the guard unpacks" in look_through(bomb.getvalue(), ZIP).unread[0]
    many = zipped(**{f"n{number}__txt": b"" for number in range(legible._MOST_MEMBERS + 1)})
    assert "more than the guard unpacks" in look_through(many, ZIP).unread[0]


def test_more_text_than_is_read_is_said() -> None:
    found = look_through(b"a" * (legible._MOST_TEXT + 1), "text/plain")
    assert len(found.text) == legible._MOST_TEXT
    assert found.unread == ("The file has more text than the guard reads.",)


# ---- in a process of its own


def test_a_file_is_read_in_a_process_of_its_own() -> None:
    assert read_legible(io.BytesIO(NAME.encode()), "text/plain") == Legible(NAME)
    found = read_legible(io.BytesIO(zipped(inner__bin=b"more")), ZIP)
    assert found.unread == ("The file carries another file: look at it yourself.",)


def test_a_process_that_fails_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")  # a reader that dies, as on a hostile file
    found = read_legible(io.BytesIO(LATIN.encode()), "text/plain")
    assert LATIN in found.text
    assert found.unread == ("The file could not be read; it may be damaged.",)


def test_a_file_too_large_is_read_at_both_ends() -> None:
    class Long(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return (LATIN + "\n").encode() + bytes(size - len(LATIN) - 1)

    found = read_legible(Long(), "text/plain")  # type: ignore[arg-type] # reading is all that is done with it
    assert LATIN in found.text
    assert found.unread == ("The file is too large to be read whole.",)
    assert LARGEST < 2**28


def test_the_process_is_bounded_and_answers_in_json() -> None:
    words = [sys.executable, "-m", "dedere.papers.legible", "text/plain"]
    done = subprocess.run(words, input=NAME.encode(), capture_output=True, check=True)
    assert json.loads(done.stdout) == {"text": NAME, "unread": []}
