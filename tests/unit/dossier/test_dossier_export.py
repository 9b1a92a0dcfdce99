"""Writing dossiers: what is in them, what they refuse, and that nothing half stands under their name."""

from __future__ import annotations

import functools
import io
import json
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import bagit
import pikepdf
import pytest

from dedere.base.errors import DefectError, FacilityError, InputError
from dedere.crypto.age import open_sealed
from dedere.crypto.digests import sha256_hex
from dedere.dossier import paper
from dedere.dossier.bag import decode_name, encode_name
from dedere.dossier.contents import EvidenceForm
from dedere.dossier.errors import DossierTargetError
from dedere.dossier.export import NOT_HELD, write_dossier
from dedere.dossier.report import Verdict
from dedere.dossier.verify import verify_path
from dedere.protocol.errors import ContainerRefusedError
from dedere.vault.errors import LedgerError
from support.disks import file_size_limit
from support.dossiers import LONG_AFTER, export, item_of, story, stream
from support.vaults import content, identity

if TYPE_CHECKING:
    from pathlib import Path

    from dedere.dossier.contents import ExportedItem

PLAIN, SEALED = story().parts.values()


def test_the_bag_is_one_that_an_archive_knows(tmp_path: Path) -> None:
    write_dossier(tmp_path / "dossier", export())
    assert bagit.Bag(str(tmp_path / "dossier")).is_valid()


def test_what_was_written_is_counted(tmp_path: Path) -> None:
    told: list[tuple[int, str]] = []
    written = write_dossier(tmp_path / "dossier", export(), progress=lambda count, member: told.append((count, member)))
    files = [path for path in (tmp_path / "dossier").rglob("*") if path.is_file()]
    assert written.files == len(files) == len(told)
    assert written.bytes == sum(path.stat().st_size for path in files) == told[-1][0]
    assert written.seal_digest == sha256_hex((tmp_path / "dossier" / "tagmanifest-sha256.txt").read_bytes())
    assert told[-1][1] == "seal.asice"


def test_evidence_is_plain_or_sealed_as_asked(tmp_path: Path) -> None:
    write_dossier(tmp_path / "dossier", export())
    evidence = tmp_path / "dossier" / "data" / "evidence"
    assert (evidence / f"{PLAIN.id}-ledger of the mill.csv").read_bytes() == content(90_000)
    sealed = (evidence / f"{SEALED.id}-film.mp4.age").read_bytes()
    assert open_sealed(sealed, [identity("vault")]) == content(200_000, "film")


def test_a_part_that_nobody_gave_is_said_to_be_left_out(tmp_path: Path) -> None:
    write_dossier(tmp_path / "dossier", export())
    description = json.loads((tmp_path / "dossier" / "data" / "dossier.json").read_bytes())
    (annex,) = (item for item in description["items"] if item["form"] == "left-out")
    assert annex["left_out"] == NOT_HELD
    assert annex["sha256"] == story().told[0].letter.parts[0].sha256


def test_a_zip_holds_the_same_files_as_a_folder(tmp_path: Path) -> None:
    write_dossier(tmp_path / "dossier", export())
    write_dossier(tmp_path / "dossier.zip", export())
    folder = {path.relative_to(tmp_path).as_posix() for path in (tmp_path / "dossier").rglob("*") if path.is_file()}
    with zipfile.ZipFile(tmp_path / "dossier.zip") as archive:
        assert set(archive.namelist()) == folder
        assert archive.testzip() is None


def test_the_readable_page_escapes_everything_and_loads_nothing(tmp_path: Path) -> None:
    title = "<script>alert(1)</script>"
    write_dossier(tmp_path / "dossier", export(title=title))
    page = (tmp_path / "dossier" / "data" / "index.html").read_text()
    assert title not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert f'href="acts/{story().told[0].letter.id}.pdf"' in page


def test_only_evidence_that_runs_nothing_is_linked(tmp_path: Path) -> None:
    page_of: dict[bytes, str] = {}
    for data in (b"plain words", b"<html><script>alert(1)</script>"):
        item = spoiled(size=len(data), sha256=sha256_hex(data), open=functools.partial(stream, data))
        write_dossier(tmp_path / data[:5].hex(), export(items=(item,)))
        page_of[data] = (tmp_path / data[:5].hex() / "data" / "index.html").read_text()
    linked, named = page_of.values()
    assert f'href="evidence/{PLAIN.id}-ledger%20of%20the%20mill.csv"' in linked
    assert 'href="evidence/' not in named
    assert f"data/evidence/{PLAIN.id}-ledger of the mill.csv" in named


def test_the_printed_index_lists_letters_items_and_cards(tmp_path: Path) -> None:
    write_dossier(tmp_path / "dossier", export())
    with pikepdf.open(tmp_path / "dossier" / "data" / "index.pdf") as printed:
        assert len(printed.pages) >= 1
    assert (tmp_path / "dossier" / "data" / "index.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_an_index_that_cannot_be_printed_is_left_away(tmp_path: Path) -> None:
    write_dossier(tmp_path / "dossier", export(purpose="A character without a typeface: \U00012000"))
    assert not (tmp_path / "dossier" / "data" / "index.pdf").exists()
    assert bagit.Bag(str(tmp_path / "dossier")).is_valid()


def test_a_long_dossier_is_printed_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "LONGEST", 3)
    write_dossier(tmp_path / "dossier", export())
    assert (tmp_path / "dossier" / "data" / "index.pdf").exists()


def test_a_name_that_exists_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "dossier").mkdir()
    with pytest.raises(DossierTargetError, match="new name"):
        write_dossier(tmp_path / "dossier", export())
    with pytest.raises(DossierTargetError, match="folder that exists"):
        write_dossier(tmp_path / "absent" / "dossier", export())


@pytest.mark.parametrize("name", ["dossier", "dossier.zip"])
def test_what_a_crash_left_is_written_over(tmp_path: Path, name: str) -> None:
    partial = tmp_path / f"{name}.partial"
    if name == "dossier":
        (partial / "data").mkdir(parents=True)
    else:
        partial.write_bytes(b"half")
    write_dossier(tmp_path / name, export())
    assert not partial.exists()


def spoiled(**changes: object) -> ExportedItem:
    return replace(item_of(PLAIN), **changes)  # type: ignore[arg-type] # the caller names fields of an item


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (spoiled(open=functools.partial(stream, b"something else")), "not what its record says"),
        (spoiled(open=None), "is not given"),
        (spoiled(left_out="a reason"), "is not given"),
        (spoiled(form=EvidenceForm.LEFT_OUT, open=None), "without a reason"),
        (spoiled(ledger=story().ledgers[SEALED.id]), "another item's"),
    ],
)
@pytest.mark.parametrize("name", ["dossier", "dossier.zip"])
def test_an_item_that_contradicts_itself_is_refused_and_nothing_is_left(
    tmp_path: Path, item: ExportedItem, sentence: str, name: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        write_dossier(tmp_path / name, export(items=(item,)))
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_that_does_not_hold_is_refused(tmp_path: Path) -> None:
    first, second = story().ledgers[PLAIN.id]
    with pytest.raises(LedgerError):
        write_dossier(tmp_path / "dossier", export(items=(spoiled(ledger=(second, first)),)))


def test_letters_of_another_case_and_altered_letters_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not the one that was to be exported"):
        write_dossier(tmp_path / "dossier", export(case="another case"))
    altered = bytearray(story().told[0].container)
    altered[-2000] ^= 1
    letter = replace(export().letters[0], read=functools.partial(bytes, altered))
    with pytest.raises(ContainerRefusedError):
        write_dossier(tmp_path / "dossier", export(letters=(letter,)))


def test_a_record_that_the_exporter_does_not_share_is_refused(tmp_path: Path) -> None:
    written = write_dossier(tmp_path / "first", export())
    write_dossier(tmp_path / "second", export(record_digest=written.record_digest))
    with pytest.raises(DefectError, match="not the one the exporter holds"):
        write_dossier(tmp_path / "third", export(record_digest="0" * 64))


@pytest.mark.parametrize("name", ["dossier", "dossier.zip"])
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    with file_size_limit(100_000), pytest.raises(FacilityError, match="cannot be written"):
        write_dossier(tmp_path / name, export())
    assert list(tmp_path.iterdir()) == []


def test_evidence_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, _count: int | None = -1, /) -> bytes:
            raise OSError(5, "input/output error")

    with pytest.raises(FacilityError, match="cannot be read"):
        write_dossier(tmp_path / "dossier", export(items=(spoiled(open=Broken),)))
    assert list(tmp_path.iterdir()) == []


def test_long_names_are_shortened(tmp_path: Path) -> None:
    write_dossier(tmp_path / "dossier", export(items=(spoiled(name="../" + "x" * 300 + ".csv"),)))
    (file,) = (tmp_path / "dossier" / "data" / "evidence").iterdir()
    assert file.name.endswith("….csv")
    assert len(file.name.removeprefix(f"{PLAIN.id}-")) <= 120


def test_without_an_audit_log_or_items_a_dossier_is_still_one(tmp_path: Path) -> None:
    written = write_dossier(tmp_path / "dossier", export(items=(), audit=None))
    assert not (tmp_path / "dossier" / "data" / "audit").exists()
    assert written.record_digest


def test_a_redacted_dossier_keeps_digests_and_no_record(tmp_path: Path) -> None:
    whole = export()
    secret = whole.letters[3]
    letters = tuple(replace(each, left_out="protects a witness") if each is secret else each for each in whole.letters)
    items = tuple(item_of(part, EvidenceForm.LEFT_OUT) for part in story().parts.values())
    write_dossier(tmp_path / "dossier", replace(whole, letters=letters, items=items))
    everything = b"".join(path.read_bytes() for path in (tmp_path / "dossier").rglob("*") if path.is_file())
    assert secret.digest.encode() in everything
    assert b"and a film" not in everything
    assert not (tmp_path / "dossier" / "data" / "record.json").exists()
    assert not (tmp_path / "dossier" / "data" / "evidence").exists()


def test_attestations_are_written_once(tmp_path: Path) -> None:
    container = story().told[0].container
    items = tuple(replace(item, attestations=(container,)) for item in export().items)
    write_dossier(tmp_path / "dossier", export(items=items))
    (attestation,) = (tmp_path / "dossier" / "data" / "attestations").iterdir()
    assert attestation.name == f"{sha256_hex(container)}.asice"


def test_names_in_manifests_are_escaped_as_the_bag_wants() -> None:
    for name in ("plain", "100%", "a\nb", "a\rb", "%0A"):
        assert decode_name(encode_name(name)) == name
        assert "\n" not in encode_name(name)


@pytest.mark.parametrize("name", ["dossier", "dossier.zip"])
def test_many_items_and_large_ones_among_them_stand_in_their_order(tmp_path: Path, name: str) -> None:
    sizes = [10, 5_000_000, *[1000] * 20, 4_200_000]
    items = []
    for number, size in enumerate(sizes):
        data = content(size, f"item {number}")
        items.append(
            spoiled(
                id=f"item-{number:02}",
                name=f"{number}.bin",
                size=size,
                sha256=sha256_hex(data),
                object=sha256_hex(data),
                open=functools.partial(stream, data),
                ledger=(),
                letter="",
                part="",
            )
        )
    written = write_dossier(tmp_path / name, export(items=iter(items)))
    report = verify_path(tmp_path / name, at=LONG_AFTER)
    assert report.verdict is Verdict.PASSED, [check for check in report.checks if check.verdict is not Verdict.PASSED]
    assert written.bytes > sum(sizes)
    if name == "dossier":
        description = json.loads((tmp_path / name / "data" / "dossier.json").read_bytes())
        ours = [item["id"] for item in description["items"] if item["id"].startswith("item-")]
        assert ours == [item.id for item in items]
