"""What stands inside a letter, what shows outside, and that the documentation tells the codes as they are."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

from dedere.crypto.age import read_header
from dedere.protocol.codes import registry
from dedere.protocol.container import open_container, size_class, verify_container
from dedere.protocol.content import load_schema
from dedere.protocol.letter import LETTER_MEMBER, Letter, LetterRef, read_letter
from support import exchange, pki
from support.exchange import ACT, NOW, PDF, identifier, part_of, plain_letter

DOCS = Path(__file__).resolve().parents[3] / "docs/protocol"


def everything() -> Letter:
    return plain_letter(
        answers=(LetterRef(identifier("other"), "0" * 64),), parts=(part_of("film"), part_of("sound")), sequence=7
    )


def test_p040_everything_that_binds_a_letter_stands_inside_what_is_signed() -> None:
    opened = open_container(exchange.pack(everything()))

    assert read_letter(opened) == everything()
    assert b"letter.json" in opened.signatures[0].manifest
    assert json.loads(opened.members[LETTER_MEMBER]) == everything().as_json()


def test_p042_the_signature_is_of_the_instant_of_sealing() -> None:
    at = NOW - dt.timedelta(days=3)
    opened = open_container(exchange.pack(plain_letter(sealed_at=at)))

    report = verify_container(opened, trusted=[pki.state("NL").authority.certificate.decode()], at=at)

    assert report.signed_at == at


def test_p043_the_act_is_carried_as_it_is() -> None:
    assert read_letter(open_container(exchange.good_container())).act == ACT


def test_p044_a_parts_facts_and_conditions_are_carried_as_they_are() -> None:
    part = part_of("film", conditions=({"kind": "return", "by": "2027-01-01"},))

    assert read_letter(open_container(exchange.pack(plain_letter(parts=(part,))))).parts == (part,)


def test_p046_it_is_sealed_to_the_hybrid_recipient_alone() -> None:
    header = exchange.good_sealed().split(b"\n---")[0]

    assert header.count(b"-> ") == 1
    assert b"-> mlkem768x25519 " in header


def test_p047_the_outside_shows_nothing_but_a_size_class() -> None:
    short = exchange.good_sealed()
    longer = exchange.seal(exchange.pack(plain_letter(act={**ACT, "body": {"text": "x" * 3000}})))

    assert len(short) == len(longer)
    assert size_class(len(exchange.good_container())) == len(exchange.good_container())
    for word in (b"NL", b"letter.json", b"act.pdf", plain_letter().case.encode(), plain_letter().id.encode(), PDF):
        assert word not in short.split(b"\n---")[0] or len(word) < 3
        assert len(word) < 3 or word not in short


def test_p046_the_header_is_read_by_our_own_rules() -> None:
    import io

    header, _ = read_header(io.BytesIO(exchange.good_sealed()))

    assert exchange.good_sealed().startswith(header)


def test_p090_the_page_of_codes_tells_every_code_as_it_is() -> None:
    page = (DOCS / "codes.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| ([a-z]+) \| (\d+) \| ([a-z]+) \| (yes|no) \| (.+) \|$", page, re.MULTILINE)

    assert rows == [
        (row.code, row.layer.value, str(row.status), row.then.value, "yes" if row.told else "no", row.sentence)
        for row in registry().values()
    ]


def test_p031_the_pages_and_the_schemas_name_the_same_members() -> None:
    schema = load_schema("letter-1")
    properties = schema["properties"]

    assert isinstance(properties, dict)
    assert set(properties) == set(everything().as_json())
