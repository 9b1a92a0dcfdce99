"""The European Union's DSS says of our containers what we say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.protocol.container import open_container, pack_container
from support import exchange, pki
from support.exchange import plain_letter
from support.judges import ask_java

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.judge
KEYS = pki.state("NL")


def judged(folder: Path, container: bytes) -> tuple[int, list[str]]:
    files = {
        "letter.asice": container,
        "authority.pem": KEYS.authority.certificate,
        "timestamp.pem": KEYS.timestamp.certificate,
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return ask_java("Signatures", *(folder / name for name in files))


def test_p001_dss_calls_a_letter_a_valid_asic_e_container_with_a_stamped_signature(tmp_path: Path) -> None:
    code, lines = judged(tmp_path, exchange.pack(plain_letter("NL", "SN")))
    assert lines[0].startswith("ASiC-E/CAdES-BASELINE-T TOTAL_PASSED")
    assert code == 0


def test_p024_dss_refuses_a_letter_with_another_act_under_the_same_signature(tmp_path: Path) -> None:
    container = exchange.pack(plain_letter("NL", "SN"))
    assert open_container(container).members["act.pdf"] == exchange.PDF
    changed = container.replace(exchange.PDF, exchange.PDF.replace(b"fictional", b"Fictional"))
    code, lines = judged(tmp_path, changed)
    assert not lines or "TOTAL_PASSED" not in lines[0]
    assert code == 1


def test_dss_does_not_take_the_gateway_key_for_the_authority(tmp_path: Path) -> None:
    receipt = pack_container({"receipt.json": b"{}"}, signer=KEYS.gateway.signer, signed_at=pki.TIME)
    code, lines = judged(tmp_path, receipt)
    assert lines[0].startswith("ASiC-E/CAdES-BASELINE-B INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND")
    assert code == 0
