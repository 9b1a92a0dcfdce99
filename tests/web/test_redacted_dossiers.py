"""Dossiers for somebody outside: what is left out goes in by its digest alone, and the whole still verifies.

Every person and case is fictional.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import InputError
from dedere.casework.errors import UseForbiddenError
from dedere.dossier.report import Verdict
from dedere.dossier.verify import verify_path
from dedere.node.audit.models import Event
from dedere.node.errors import UnknownObjectError
from dedere.node.jobs.exports import pending_exports, run_export
from dedere.node.jobs.models import Export
from dedere.node.jobs.redacting import Redaction, ask_for_redacted_dossier
from support.conditioned import received
from support.offices import Bureau
from support.pages import SignIn, errors_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dedere.dossier.report import VerificationReport

SECRET: Mapping[str, object] = {"id": "c2", "kind": "confidentiality", "text": "Not to be shown outside (fictional)."}
REASON = "protects a source (fictional)"
DEFENCE = {"recipient": "Counsel of the accused (fictional)", "purpose": "this case"}
WHOLE = Redaction(DEFENCE["recipient"], DEFENCE["purpose"], reason="")


def written(bureau: Bureau) -> Path:
    (export,) = pending_exports()
    run_export(export)
    done = Export.objects.get(pk=export)
    assert done.failure == ""
    return bureau.office.home.dossiers / done.folder


def verified(bureau: Bureau, folder: Path) -> VerificationReport:
    return verify_path(folder, at=bureau.clock.now())


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_an_item_is_left_out_on_the_page_and_the_dossier_verifies(bureau: Bureau, signed_in: SignIn) -> None:
    case, item = received(bureau)
    client = signed_in("anna")
    address = f"/evidence/case/{case.pk}/dossier/"
    assert f"{item.title}" in text_of(client.get(address))
    assert address in client.get(f"/cases/{case.pk}/letters/").content.decode()
    form = {**DEFENCE, "items": [item.pk]}
    assert "Say why something is left out" in errors_of(client.post(address, form))

    assert client.post(address, {**form, "reason": REASON}).headers["Location"] == f"/cases/{case.pk}/letters/"

    folder = written(bureau)
    report = verified(bureau, folder)
    assert report.verdict is Verdict.PASSED
    assert [(each.kind, each.id, each.sha256, each.reason) for each in report.left_out] == [
        ("item", item.pk, item.sha256, REASON)
    ]
    assert not (folder / "data" / "evidence").exists()
    assert not (folder / "data" / "ledgers" / f"{item.pk}.jsonl").exists()
    assert b"Counsel of the accused" in (folder / "data" / "dossier.json").read_bytes()
    assert case.title.encode() not in everything(folder)
    assert Event.objects.get(action="dossier-asked").details == {"letters": 0, "items": 1}


def test_a_letter_is_left_out_with_what_tells_of_it(bureau: Bureau) -> None:
    case, item = received(bureau)
    letter = case.letters.get(pk=item.letter)
    redaction = Redaction(
        DEFENCE["recipient"], DEFENCE["purpose"], REASON, letters=frozenset({letter.pk}), items=frozenset({item.pk})
    )
    ask_for_redacted_dossier(by=bureau["anna"], case_id=case.pk, redaction=redaction)

    folder = written(bureau)

    report = verified(bureau, folder)
    failed = [remark for check in report.checks for remark in check.remarks if remark.verdict is Verdict.FAILED]
    assert failed == []
    # The record cannot be computed anew without the letter; everything else passes.
    assert {check.name for check in report.checks if check.verdict is Verdict.INDETERMINATE} == {"record"}
    assert {(each.kind, each.sha256) for each in report.left_out} == {("letter", letter.digest), ("item", item.sha256)}
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
    assert not [name for name in names if letter.pk in name]
    assert item.name.encode() not in everything(folder)
    extract = (folder / "data" / "audit" / "extract.jsonl").read_bytes()
    assert letter.pk.encode() not in extract
    assert item.pk.encode() not in extract


def test_what_a_condition_keeps_from_disclosure_stays_out(bureau: Bureau, signed_in: SignIn) -> None:
    case, item = received(bureau, SECRET)
    client = signed_in("anna")
    address = f"/evidence/case/{case.pk}/dossier/"
    page = client.get(address).content.decode()
    assert "The content is confidential." in page
    assert "checked" in page

    refused = client.post(address, DEFENCE)
    assert item.title in errors_of(refused)
    assert "set by SN in letter" in errors_of(refused)
    with pytest.raises(UseForbiddenError):
        ask_for_redacted_dossier(by=bureau["anna"], case_id=case.pk, redaction=WHOLE)
    assert client.post(address, {**DEFENCE, "items": [item.pk], "reason": REASON}).status_code == 302
    assert verified(bureau, written(bureau)).verdict is Verdict.PASSED


def test_a_condition_that_forbids_when_the_dossier_is_written_stops_the_worker(bureau: Bureau) -> None:
    case, item = received(bureau)
    ask_for_redacted_dossier(by=bureau["anna"], case_id=case.pk, redaction=WHOLE)
    Export.objects.update(purpose="another matter")

    run_export(*pending_exports())

    done = Export.objects.get()
    assert done.failure.startswith(item.title)
    assert done.folder == ""


@pytest.mark.parametrize(
    ("redaction", "sentence"),
    [
        (Redaction("", "this case", ""), "for whom"),
        (Redaction("Counsel", " ", ""), "for which purpose"),
        (Redaction("Counsel", "this case", "why", items=frozenset({"a" * 26})), "no such item"),
        (Redaction("Counsel", "this case", "why", letters=frozenset({"a" * 26})), "no such letter"),
    ],
)
def test_a_dossier_for_nobody_or_without_things_that_are_not_there_is_refused(
    bureau: Bureau, redaction: Redaction, sentence: str
) -> None:
    case, _item = received(bureau)
    with pytest.raises(InputError, match=sentence):
        ask_for_redacted_dossier(by=bureau["anna"], case_id=case.pk, redaction=redaction)
    with pytest.raises(UnknownObjectError):
        ask_for_redacted_dossier(by=bureau["stranger"], case_id=case.pk, redaction=redaction)
    assert not Export.objects.exists()
