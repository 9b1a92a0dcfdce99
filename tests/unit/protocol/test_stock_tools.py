"""A letter opened and checked by tools that know nothing of us."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from support import exchange, pki
from support.requirement import require_program

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.judge
def test_p001_unzip_and_openssl_open_and_verify_a_letter(tmp_path: Path) -> None:
    unzip, openssl = require_program("unzip"), require_program("openssl")
    (tmp_path / "letter.asice").write_bytes(exchange.good_container())
    (tmp_path / "authority.pem").write_bytes(pki.state("NL").authority.certificate)

    tested = subprocess.run([unzip, "-t", "letter.asice"], cwd=tmp_path, capture_output=True, check=False)
    subprocess.run([unzip, "-q", "letter.asice"], cwd=tmp_path, capture_output=True, check=True)
    words = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "META-INF/signature001.p7s"]
    words += ["-content", "META-INF/ASiCManifest001.xml", "-certfile", "authority.pem", "-CAfile", "authority.pem"]
    words += ["-purpose", "any", "-no_check_time", "-partial_chain", "-out", "manifest.xml"]
    verified = subprocess.run([openssl, *words], cwd=tmp_path, capture_output=True, check=False)

    assert tested.returncode == 0, tested.stdout
    assert verified.returncode == 0, verified.stderr
    manifest = ET.parse(tmp_path / "manifest.xml")
    named = [each.get("URI") for each in manifest.iter("{http://uri.etsi.org/02918/v1.2.1#}DataObjectReference")]
    assert named == ["act.pdf", "letter.json"]
    assert (tmp_path / "act.pdf").read_bytes() == exchange.PDF


@pytest.mark.judge
def test_p001_openssl_refuses_a_manifest_of_another_letter(tmp_path: Path) -> None:
    openssl = require_program("openssl")
    one, two = (exchange.pack(exchange.plain_letter(id=exchange.identifier(word))) for word in ("one", "two"))
    from dedere.protocol.container import open_container

    (tmp_path / "signature.p7s").write_bytes(open_container(one).signatures[0].signature)
    (tmp_path / "manifest.xml").write_bytes(open_container(two).signatures[0].manifest)
    (tmp_path / "authority.pem").write_bytes(pki.state("NL").authority.certificate)
    words = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "signature.p7s", "-content", "manifest.xml"]
    words += ["-certfile", "authority.pem", "-CAfile", "authority.pem", "-purpose", "any", "-no_check_time"]

    refused = subprocess.run([openssl, *words], cwd=tmp_path, capture_output=True, check=False)

    assert refused.returncode != 0
