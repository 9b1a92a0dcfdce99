"""PAdES: what was approved is what is signed, stays in front of the signature, and says so to every reader."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import re
from typing import TYPE_CHECKING

import pikepdf
import pytest

from dedere.base.errors import DefectError
from dedere.crypto.keys import FileSigner, Purpose
from dedere.papers import signing
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.errors import ApprovalError, DocumentInputError
from dedere.papers.render import render_act, render_sheet
from dedere.papers.signature_field import ROOM_HEIGHT, ROOM_WIDTH
from dedere.papers.signing import SignatureTerms, sign_document
from support import pki
from support.papers import FACTS, act_of, pdf_text

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.crypto.timestamps import Timestamper

KEYS = pki.state("NL")
TERMS = SignatureTerms(
    name="A. de Vries (fictional)", authority="Fictional Central Authority", signed_at=pki.TIME, place="The Hague"
)
ROOMY = dataclasses.replace(FACTS, signature_room=True)


def document(facts: object = ROOMY, text: str = "Done.") -> bytes:
    return render_act(act_of("closure", {"text": text}), facts=facts)  # type: ignore[arg-type]  # always DocumentFacts


def signed(pdf: bytes, *, terms: SignatureTerms = TERMS, timestamper: Timestamper | None = None) -> bytes:
    digest = hashlib.sha256(pdf).hexdigest()
    return sign_document(
        pdf, approved_sha256=digest, signer=KEYS.authority.signer, terms=terms, timestamper=timestamper
    )


def opened(pdf: bytes) -> pikepdf.Pdf:
    """Objects of a PDF live as long as the PDF does: keep what this gives."""
    return pikepdf.open(io.BytesIO(pdf))


def field(made: pikepdf.Pdf) -> pikepdf.Object:
    return made.Root.AcroForm.Fields[0]


def covered(pdf: bytes) -> tuple[bytes, bytes]:
    """What the signature's byte range covers, and the CMS in the gap."""
    ranges = re.search(rb"/ByteRange\s*\[(\d+) (\d+) (\d+) (\d+)\s*\]", pdf)
    assert ranges is not None
    first, length, second, rest = (int(each) for each in ranges.groups())
    gap = pdf[first + length : second].strip(b"<>")
    return pdf[first : first + length] + pdf[second : second + rest], bytes.fromhex(gap.decode())


def test_the_approved_bytes_stay_in_front_of_the_signature() -> None:
    pdf = document()

    assert signed(pdf).startswith(pdf)


def test_the_signature_covers_the_whole_file_but_itself() -> None:
    pdf = signed(document())
    content, cms = covered(pdf)

    assert len(content) == len(pdf) - 2 * len(cms) - 2
    assert hashlib.sha256(content).digest() in cms


def test_the_cms_claims_no_time_of_its_own_and_names_its_certificate() -> None:
    _, cms = covered(signed(document()))

    assert bytes.fromhex("06092a864886f70d010905") not in cms  # signing-time
    assert bytes.fromhex("060b2a864886f70d010910022f") in cms  # signing-certificate-v2
    assert KEYS.authority.der in cms


def test_a_time_stamp_makes_it_level_b_t() -> None:
    _, without = covered(signed(document()))
    _, with_stamp = covered(signed(document(), timestamper=KEYS.timestamper()))

    token = bytes.fromhex("060b2a864886f70d010910020e")
    assert token not in without
    assert token in with_stamp


def test_the_visible_block_lies_in_the_room_that_the_document_left(tmp_path: Path) -> None:
    pdf = signed(document())
    made = opened(pdf)
    box = [float(each) for each in field(made).Rect]

    assert (box[2] - box[0], box[3] - box[1]) == (ROOM_WIDTH, ROOM_HEIGHT)
    assert "Electronic signature" in pdf_text(pdf, tmp_path)
    assert field(made).AP.N.BBox[2] == pytest.approx(ROOM_WIDTH)


def test_the_block_is_on_the_page_of_its_room() -> None:
    pdf = signed(document(text="\n\n".join(["A paragraph."] * 80)))
    made = opened(pdf)

    assert [page.get("/Annots") is not None for page in made.pages] == [False, False, True]


def test_a_document_without_room_gets_a_field_that_is_not_seen() -> None:
    made = opened(signed(document(facts=FACTS)))

    assert [int(each) for each in field(made).Rect] == [0, 0, 0, 0]


def test_a_reader_that_cannot_see_hears_who_signed() -> None:
    pdf = signed(document(), terms=dataclasses.replace(TERMS, language="fr"))
    made = opened(pdf)
    tree = made.Root.StructTreeRoot
    document_element = tree.K if not isinstance(tree.K, pikepdf.Array) else tree.K[0]
    form = document_element.K[-1]

    said = "Signé électroniquement par A. de Vries (fictional), Fictional Central Authority, 24 novembre 2026"
    assert (str(form.S), str(form.Alt), str(field(made).TU)) == ("/Form", said, said)
    assert int(field(made).StructParent) == int(tree.ParentTreeNextKey) - 1


def test_the_signature_says_who_for_whom_where_and_when() -> None:
    made = opened(signed(document()))
    signature = field(made).V

    assert str(signature.Name) == "A. de Vries (fictional), Fictional Central Authority"
    assert str(signature.Reason) == "Signed on behalf of Fictional Central Authority"
    assert str(signature.Location) == "The Hague"
    assert str(signature.M).startswith("D:20261124093000")
    assert str(signature.SubFilter) == "/ETSI.CAdES.detached"


def test_the_place_may_be_left_out_and_long_names_are_cut_in_the_block_only() -> None:
    terms = dataclasses.replace(TERMS, place="", authority="Authority " * 30)
    made = opened(signed(document(), terms=terms))
    signature = field(made).V

    assert "/Location" not in signature
    assert "Authority " * 30 in str(signature.Name)


def test_a_sheet_is_signed_like_an_act() -> None:
    pdf = render_sheet(SheetKind.SAFE_CONDUCT, {"person": {"name": "Awa (fictional)"}}, facts=ROOMY)

    assert signed(pdf).startswith(pdf)


def test_what_was_changed_after_approval_is_not_signed() -> None:
    approved = hashlib.sha256(document(text="Closed.")).hexdigest()

    with pytest.raises(ApprovalError, match="changed after it was approved"):
        sign_document(document(text="Refused."), approved_sha256=approved, signer=KEYS.authority.signer, terms=TERMS)


def test_a_signed_document_is_not_signed_again() -> None:
    with pytest.raises(DocumentInputError, match="signed already"):
        signed(signed(document()))


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\nrubbish", b"no pdf at all"])
def test_what_is_no_pdf_is_not_signed(pdf: bytes) -> None:
    with pytest.raises(DocumentInputError, match="not a readable PDF"):
        signed(pdf)


def test_a_document_made_elsewhere_is_not_signed() -> None:
    made = pikepdf.new()
    made.add_blank_page()
    target = io.BytesIO()
    made.save(target)

    with pytest.raises(DocumentInputError, match="not made here"):
        signed(target.getvalue())


def test_a_document_over_the_limit_is_not_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "MAXIMUM_SIZE", 10)

    with pytest.raises(DocumentInputError, match="MiB"):
        signed(document())


def test_a_chain_longer_than_the_room_is_refused() -> None:
    other = pki.holder(Purpose.AUTHORITY, "SN")
    chain = FileSigner(KEYS.authority.key, [KEYS.authority.certificate, *[other.certificate] * 60])
    pdf = document()

    with pytest.raises(DocumentInputError, match="too long"):
        sign_document(pdf, approved_sha256=hashlib.sha256(pdf).hexdigest(), signer=chain, terms=TERMS)


def test_a_signature_that_changed_the_document_is_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    # The guard against a fault in a library: it cannot be reached through ours.
    monkeypatch.setattr(signing, "_fill", lambda *_, **__: (b"something else", b""))

    with pytest.raises(DefectError, match="thrown away"):
        signed(document())


def test_a_tagged_document_of_another_program_is_not_signed() -> None:
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.StructTreeRoot = pikepdf.Dictionary(K=pikepdf.Array([pikepdf.Dictionary(S=pikepdf.Name.Document, K=0)]))
    made.Root.StructTreeRoot.ParentTree = pikepdf.Dictionary(Nums=pikepdf.Array())
    target = io.BytesIO()
    made.save(target)

    with pytest.raises(DocumentInputError, match="not made here"):
        signed(target.getvalue())


def test_a_room_on_no_page_is_refused() -> None:
    made = opened(document())
    made.Root.Names.Dests.Names[1][0] = made.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Page))
    target = io.BytesIO()
    made.save(target)

    with pytest.raises(DocumentInputError, match="not made here"):
        signed(target.getvalue())
