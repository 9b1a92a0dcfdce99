"""A printed page and its letter: which letter the code on the page names, and whether both say the same act."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from dedere.base.errors import DedereError
from dedere.dossier.layout import letter_member
from dedere.dossier.reading import FolderMembers, ZipMembers
from dedere.dossier.report import Check, Remark, Subject, Verdict, VerificationReport
from dedere.papers.code import act_digest, parse_document_code
from dedere.protocol.container import open_container
from dedere.protocol.letter import read_letter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dedere.papers.code import DocumentCode
    from dedere.papers.particulars import Json

QUESTION = "Does the printed page say what its letter says?"


def with_printed_page(report: VerificationReport, path: Path, *, code: str) -> VerificationReport:
    """The report on what stands at `path`, a dossier or a letter, with one more check of the code from a page.

    Whether the letter itself is genuine is for the report's other checks.

    Raises:
        DocumentInputError: `code` is none that our documents carry.
    """
    remark = _compared(_letter_bytes(report, path, parse_document_code(code)), parse_document_code(code))
    check = Check(len(report.checks) + 1, "printed page", QUESTION, (remark,), counted=1)
    return replace(report, checks=(*report.checks, check))


def _compared(container: bytes | None, code: DocumentCode) -> Remark:
    if container is None:
        return Remark(Verdict.INDETERMINATE, f"The letter {code.id} that the page names is not here.")
    try:
        letter = read_letter(open_container(container))
    except DedereError as error:
        return Remark(Verdict.FAILED, f"The letter that the page names cannot be read: {error}")
    if letter.id != code.id:
        return Remark(Verdict.FAILED, f"The page names the letter {code.id}; this is {letter.id}.")
    # A letter's act is JSON by its schema; the two layers name the type differently.
    if act_digest(cast("Mapping[str, Json]", letter.act)) != code.digest:
        return Remark(Verdict.FAILED, "The page was printed from another act than the one in its letter.")
    return Remark(Verdict.PASSED, f"The page was printed from the act in the letter {letter.id}.")


def _letter_bytes(report: VerificationReport, path: Path, code: DocumentCode) -> bytes | None:
    if report.subject is not Subject.DOSSIER:
        return path.read_bytes()
    member = letter_member(code.id)
    try:
        if path.is_dir():
            with FolderMembers(path).open(member) as source:
                return source.read()
        with zipfile.ZipFile(path) as archive, ZipMembers(archive).open(member) as source:
            return source.read()
    except (DedereError, OSError, KeyError, zipfile.BadZipFile):
        return None
