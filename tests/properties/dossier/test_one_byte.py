"""One byte altered anywhere in a dossier: the verdict is failed, and the member is named."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedere.cli.main import main
from dedere.dossier.export import write_dossier
from dedere.dossier.report import Verdict
from dedere.dossier.verify import verify_path
from support.dossiers import LONG_AFTER, export

AT = LONG_AFTER


@functools.cache
def dossier() -> Path:
    """A dossier that verifies."""
    folder = Path(tempfile.mkdtemp(prefix="dossier-")) / "dossier"
    write_dossier(folder, export())
    assert verify_path(folder, at=AT).verdict is Verdict.PASSED
    return folder


@functools.cache
def members() -> list[str]:
    """Its members, each with at least one byte."""
    return sorted(path.relative_to(dossier()).as_posix() for path in dossier().rglob("*") if path.is_file())


@settings(max_examples=15, deadline=None)
@given(choice=st.data(), flip=st.integers(1, 255))
def test_one_altered_byte_in_any_member_is_found_and_named(choice: st.DataObject, flip: int) -> None:
    alter_one_byte(choice, flip)


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(choice=st.data(), flip=st.integers(1, 255))
def test_one_altered_byte_in_any_member_is_found_and_named_many_times(choice: st.DataObject, flip: int) -> None:
    alter_one_byte(choice, flip)


def test_one_altered_byte_in_every_member_is_found_and_named_by_a_check() -> None:
    for member in members():
        path = dossier() / member
        whole = path.read_bytes()
        altered = bytearray(whole)
        altered[len(whole) // 2] ^= 1
        path.write_bytes(altered)
        try:
            code, report = said(dossier())
        finally:
            path.write_bytes(whole)
        assert code == 1, member
        broken = {
            finding["member"]: check["name"]
            for check in report["checks"]
            for finding in check["findings"]
            if finding["verdict"] == "failed"
        }
        assert broken.get(member), (member, broken)


def said(path: Path) -> tuple[int, dict[str, Any]]:
    """The command's exit code and report."""
    buffer = io.StringIO()
    with contextlib.redirect_stdout(buffer):
        code = main(["verify", str(path), "--json", "--at", "2041-01-01T00:00:00Z"])
    return code, json.loads(buffer.getvalue())


def alter_one_byte(choice: st.DataObject, flip: int) -> None:
    member = choice.draw(st.sampled_from(members()))
    path = dossier() / member
    whole = path.read_bytes()
    place = choice.draw(st.integers(0, len(whole) - 1))
    altered = bytearray(whole)
    altered[place] ^= flip
    path.write_bytes(altered)
    try:
        report = verify_path(dossier(), at=AT)
    finally:
        path.write_bytes(whole)
    assert report.verdict is Verdict.FAILED
    named = {remark.member for check in report.checks for remark in check.remarks if remark.verdict is Verdict.FAILED}
    # A manifest that was altered accuses itself, and where it still reads, the file that it now describes wrongly.
    assert member in named


@settings(max_examples=6, deadline=None)
@given(choice=st.data())
def test_one_cut_member_is_found_and_named(choice: st.DataObject) -> None:
    member = choice.draw(st.sampled_from(members()))
    path = dossier() / member
    whole = path.read_bytes()
    path.write_bytes(whole[: choice.draw(st.integers(0, len(whole) - 1))])
    try:
        report = verify_path(dossier(), at=AT)
    finally:
        path.write_bytes(whole)
    assert report.verdict is Verdict.FAILED
    assert member in {remark.member for check in report.checks for remark in check.remarks}


@settings(max_examples=20, deadline=None)
@given(choice=st.data(), flip=st.integers(1, 255))
def test_one_altered_byte_in_a_letter_by_itself_is_failed(choice: st.DataObject, flip: int) -> None:
    letter = next(path for path in sorted((dossier() / "data" / "letters").iterdir()))
    card = [path.read_bytes() for path in sorted((dossier() / "data" / "cards").rglob("*.asice"))]
    altered = bytearray(letter.read_bytes())
    altered[choice.draw(st.integers(0, len(altered) - 1))] ^= flip
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "letter.asice"
        copy.write_bytes(altered)
        assert verify_path(copy, at=AT, cards=card).verdict is Verdict.FAILED


@settings(max_examples=6, deadline=None)
@given(choice=st.data(), flip=st.integers(1, 255))
def test_one_altered_byte_of_a_member_inside_a_zip_is_failed(choice: st.DataObject, flip: int) -> None:
    packed = io.BytesIO()
    member = choice.draw(st.sampled_from(members()))
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for each in members():
            data = bytearray((dossier() / each).read_bytes())
            if each == member:
                data[choice.draw(st.integers(0, len(data) - 1))] ^= flip
            archive.writestr(f"dossier/{each}", bytes(data))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dossier.zip"
        path.write_bytes(packed.getvalue())
        assert verify_path(path, at=AT).verdict is Verdict.FAILED


def test_the_command_names_the_member_and_the_check_and_answers_one() -> None:
    path = dossier() / "data" / "record.json"
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"closed", b"opened", 1))
    try:
        code, report = said(dossier())
    finally:
        path.write_bytes(whole)
    assert code == 1
    assert report["verdict"] == "failed"
    failures = [
        (check["name"], finding["member"])
        for check in report["checks"]
        for finding in check["findings"]
        if finding["verdict"] == "failed"
    ]
    assert ("fixity", "data/record.json") in failures
    assert ("record", "data/record.json") in failures
