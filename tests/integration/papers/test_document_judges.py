"""What others say of our documents: veraPDF of their form, DSS and pdfsig of their signatures."""

from __future__ import annotations

import dataclasses
import hashlib
import subprocess
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from dedere.casework.acts import ActKind
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.facts import Arrangement
from dedere.papers.long_term import ValidationMaterial
from dedere.papers.render import render_act, render_sheet
from dedere.papers.signing import SignatureTerms, sign_document
from dedere.papers.wording import COMPLETE, PARTIAL
from support import pki
from support.issuing import Issuer
from support.judges import ask_java
from support.papers import ENCLOSURE, FACTS, act_of, sample_act
from support.requirement import require_program
from support.sheets import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dedere.crypto.keys import SigningKey

pytestmark = pytest.mark.judge
KEYS = pki.state("NL")
TERMS = SignatureTerms(
    name="A. de Vries (fictional)", authority="Fictional Central Authority", signed_at=pki.TIME, place="The Hague"
)
RICH = dataclasses.replace(FACTS, parts=(ENCLOSURE,), demonstration=True, text_language="en")


def signed(
    pdf: bytes,
    *,
    language: str = "en",
    material: ValidationMaterial | None = None,
    signer: SigningKey = KEYS.authority.signer,
) -> bytes:
    return sign_document(
        pdf,
        approved_sha256=hashlib.sha256(pdf).hexdigest(),
        signer=signer,
        terms=dataclasses.replace(TERMS, language=language),
        timestamper=KEYS.timestamper(),
        material=material,
    )


def test_verapdf_finds_every_document_conformant_before_and_after_signing(tmp_path: Path) -> None:
    roomy = dataclasses.replace(RICH, signature_room=True)
    made: dict[str, bytes] = {}
    for kind in ActKind:
        made[f"act-{kind}"] = render_act(sample_act(kind), facts=roomy)
    for sheet in SheetKind:
        made[f"sheet-{sheet}"] = render_sheet(sheet, SAMPLES[sheet], facts=roomy)
    for arrangement in Arrangement:
        facts = dataclasses.replace(roomy, second_language="ar", arrangement=arrangement)
        made[f"two-{arrangement}"] = render_act(sample_act(ActKind.ACKNOWLEDGEMENT), facts=facts)
    made["no-room"] = render_act(sample_act(ActKind.CLOSURE), facts=RICH)
    made |= {f"signed-{name}": signed(pdf) for name, pdf in made.items()}
    for language in (*COMPLETE, *PARTIAL):
        facts = dataclasses.replace(roomy, language=language)
        made[f"language-{language}"] = render_act(sample_act(ActKind.REQUEST), facts=facts)
        made[f"signed-language-{language}"] = signed(
            made[f"language-{language}"], language=language, material=ValidationMaterial()
        )
    for name, pdf in made.items():
        (tmp_path / f"{name}.pdf").write_bytes(pdf)

    code, lines = ask_java("Conformance", "2a,ua1", *sorted(tmp_path.iterdir()))

    assert [line for line in lines if not line.startswith("conforms")] == []
    assert len(lines) == 2 * len(made)
    assert code == 0


def test_dss_passes_a_store_that_has_no_revocation_because_certificates_are_their_own_issuers(tmp_path: Path) -> None:
    pdf = signed(render_act(sample_act(ActKind.REFUSAL), facts=RICH), material=ValidationMaterial())

    lines = _judged(pdf, tmp_path, trusted=[KEYS.authority.certificate, KEYS.timestamp.certificate])

    # DSS speaks of level LT where somebody else issued a certificate and says that it is not revoked.
    assert lines[0].startswith("PAdES-BASELINE-T TOTAL_PASSED")


def test_dss_finds_level_lt_with_an_issued_certificate_and_its_revocation_list(tmp_path: Path) -> None:
    issuer = Issuer()
    above = issuer.certificate.public_bytes(Encoding.PEM)
    material = ValidationMaterial(revocation_lists=(issuer.revocation_list(),))
    pdf = signed(
        render_act(sample_act(ActKind.REFUSAL), facts=RICH), material=material, signer=issuer.signer(), language="fr"
    )

    lines = _judged(pdf, tmp_path, trusted=[above, KEYS.timestamp.certificate])

    assert lines[0].startswith("PAdES-BASELINE-LT TOTAL_PASSED")


def _judged(pdf: bytes, folder: Path, *, trusted: Sequence[bytes]) -> list[str]:
    (folder / "signed.pdf").write_bytes(pdf)
    paths = [folder / f"trusted-{number}.pem" for number in range(len(trusted))]
    for path, certificate in zip(paths, trusted, strict=True):
        path.write_bytes(certificate)
    return ask_java("Signatures", folder / "signed.pdf", *paths)[1]


def test_dss_validates_the_signature_as_pades_baseline_t(tmp_path: Path) -> None:
    (tmp_path / "signed.pdf").write_bytes(signed(render_act(sample_act(ActKind.REFUSAL), facts=RICH)))
    (tmp_path / "authority.pem").write_bytes(KEYS.authority.certificate)
    (tmp_path / "timestamp.pem").write_bytes(KEYS.timestamp.certificate)

    code, lines = ask_java(
        "Signatures", *(tmp_path / name for name in ("signed.pdf", "authority.pem", "timestamp.pem"))
    )

    assert lines[0].startswith("PAdES-BASELINE-T TOTAL_PASSED")
    assert code == 0


def test_dss_refuses_a_document_changed_after_signing(tmp_path: Path) -> None:
    pdf = signed(render_act(act_of("closure", {"text": "Closed."}), facts=RICH))
    middle = pdf.index(b"/Lang")
    (tmp_path / "changed.pdf").write_bytes(pdf[:middle] + b"/Lamg" + pdf[middle + 5 :])
    (tmp_path / "authority.pem").write_bytes(KEYS.authority.certificate)

    code, lines = ask_java("Signatures", tmp_path / "changed.pdf", tmp_path / "authority.pem")

    assert "TOTAL_FAILED HASH_FAILURE" in lines[0]
    assert code == 1


def test_pdfsig_agrees(tmp_path: Path) -> None:
    program = require_program("pdfsig")
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed(render_act(sample_act(ActKind.ACKNOWLEDGEMENT), facts=RICH)))

    said = subprocess.run([program, path], capture_output=True, check=False, text=True).stdout
    assert "Signature Type: ETSI.CAdES.detached" in said
    assert "Total document signed" in said
    assert "Signature is Valid." in said


def test_pdfsig_agrees_on_level_lt(tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(signed(render_act(sample_act(ActKind.ACKNOWLEDGEMENT), facts=RICH), material=ValidationMaterial()))

    said = subprocess.run([require_program("pdfsig"), path], capture_output=True, check=False, text=True).stdout
    assert "Signature Type: ETSI.CAdES.detached" in said
    assert "Signature is Valid." in said


def test_verapdf_finds_a_document_with_its_data_inside_conformant_too(tmp_path: Path) -> None:
    facts = dataclasses.replace(RICH, embed_data=True, signature_room=True)
    pdf = render_act(sample_act(ActKind.RESULT), facts=facts)
    (tmp_path / "plain.pdf").write_bytes(pdf)
    (tmp_path / "signed.pdf").write_bytes(signed(pdf, material=ValidationMaterial()))

    code, lines = ask_java("Conformance", "3a,ua1", tmp_path / "plain.pdf", tmp_path / "signed.pdf")

    assert [line.split()[0] for line in lines] == ["conforms"] * 4
    assert code == 0
