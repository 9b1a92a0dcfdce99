"""Finding damage: one flipped bit, a missing half, a stranger, a cut; and new keys for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.crypto.errors import NoMatchingIdentityError
from dedere.vault.check import Defect, Scope, Unhurried, check_store
from dedere.vault.errors import StoreError, UnknownObjectError
from dedere.vault.keys import rotate_keys
from dedere.vault.store import FileStore, MemoryStore
from support.vaults import CHANCE, content, identity, keep, read_back

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from dedere.vault.check import CheckReport
    from dedere.vault.ingest import StoredObject


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def stored(store: MemoryStore) -> list[StoredObject]:
    return [keep(store, content(100_000, str(number))) for number in range(3)]


def check(store: MemoryStore, stored: list[StoredObject]) -> CheckReport:
    expected = {each.id: each.payload_size for each in stored}
    return check_store(store, Scope(expected, [identity("vault")]))


def defects(report: CheckReport) -> list[tuple[str, Defect]]:
    return [(problem.object_id, problem.defect) for problem in report.problems]


def test_a_sound_store_is_sound(store: MemoryStore, stored: list[StoredObject]) -> None:
    report = check(store, stored)
    assert report.sound
    assert report.objects == 3
    assert report.bytes_read == sum(each.payload_size for each in stored)
    assert check_store(store).sound


def test_one_flipped_bit_is_found(store: MemoryStore, stored: list[StoredObject]) -> None:
    altered = bytearray(store.payloads[stored[1].id])
    altered[50_000] ^= 1
    store.payloads[stored[1].id] = bytes(altered)
    assert defects(check(store, stored)) == [(stored[1].id, Defect.ALTERED)]


@pytest.mark.parametrize("size", [0, 10, 16, 16 + 65_552, 100_000])
def test_a_cut_is_found(store: MemoryStore, stored: list[StoredObject], size: int) -> None:
    store.payloads[stored[1].id] = store.payloads[stored[1].id][:size]
    report = check(store, stored)
    assert defects(report) == [(stored[1].id, Defect.TRUNCATED)]
    assert f"cut off after {size} of" in report.problems[0].sentence


def test_a_cut_is_told_from_damage_by_its_length_alone(store: MemoryStore, stored: list[StoredObject]) -> None:
    store.payloads[stored[0].id] = store.payloads[stored[0].id][:20]
    store.payloads[stored[1].id] = store.payloads[stored[1].id][: 16 + 65_552]
    found = dict(defects(check_store(store)))
    assert found == {stored[0].id: Defect.TRUNCATED, stored[1].id: Defect.ALTERED}


def test_a_missing_object_is_found(store: MemoryStore, stored: list[StoredObject]) -> None:
    store.destroy(stored[2].id)
    report = check(store, stored)
    assert defects(report) == [(stored[2].id, Defect.MISSING)]
    assert "Header and payload" in report.problems[0].sentence


def test_a_missing_half_is_found(store: MemoryStore, stored: list[StoredObject]) -> None:
    del store.headers[stored[0].id]
    del store.payloads[stored[1].id]
    report = check(store, stored)
    assert dict(defects(report)) == {stored[0].id: Defect.MISSING, stored[1].id: Defect.MISSING}
    assert {problem.sentence for problem in report.problems} == {
        "The object's header is missing.",
        "The object's payload is missing.",
    }


def test_an_orphan_is_found(store: MemoryStore, stored: list[StoredObject]) -> None:
    orphan = keep(store, b"belongs to nobody")
    half = keep(store, b"half of nothing")
    del store.payloads[half.id]
    report = check(store, stored)
    assert dict(defects(report)) == {orphan.id: Defect.ORPHAN, half.id: Defect.ORPHAN}
    assert any("not whole" in problem.sentence for problem in report.problems)


def test_a_damaged_header_is_found_with_and_without_keys(store: MemoryStore, stored: list[StoredObject]) -> None:
    store.headers[stored[0].id] = b"not a header"
    altered = bytearray(store.headers[stored[1].id])
    altered[-10] = ord("A") if altered[-10] != ord("A") else ord("B")
    store.headers[stored[1].id] = bytes(altered)
    assert dict(defects(check(store, stored))) == {
        stored[0].id: Defect.HEADER_DAMAGED,
        stored[1].id: Defect.HEADER_DAMAGED,
    }
    assert dict(defects(check_store(store))) == {stored[0].id: Defect.HEADER_DAMAGED}


class Failing(MemoryStore):
    """A store whose disk fails for payloads."""

    error: Exception = OSError(5, "input/output error")

    def open_payload(self, object_id: str) -> BinaryIO:  # noqa: ARG002 - fails for all
        raise self.error


@pytest.mark.parametrize("error", [OSError(5, "input/output error"), StoreError("The disk failed.")])
def test_a_disk_that_fails_for_one_object_does_not_end_the_check(error: Exception) -> None:
    store = Failing()
    store.error = error
    stored = [keep(store, b"one"), keep(store, b"two")]
    report = check(store, stored)
    assert {defect for _, defect in defects(report)} == {Defect.UNREADABLE}
    assert len(report.problems) == 2


def test_the_check_keeps_to_its_rate(store: MemoryStore, stored: list[StoredObject]) -> None:
    now = [0.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Unhurried(50_000, timer=lambda: now[0], sleep=sleep)
    report = check_store(store, pace=pace)
    assert now[0] == pytest.approx(report.bytes_read / 50_000)
    assert len(slept) == len(stored)
    now[0] += 1000
    pace.spent(10)
    assert len(slept) == len(stored)


def test_progress_is_told_object_by_object(store: MemoryStore, stored: list[StoredObject]) -> None:
    told: list[int] = []
    check_store(store, progress=lambda report: told.append(report.objects))
    assert told == [1, 2, 3]
    assert stored


def test_new_keys_wrap_everything_and_move_nothing(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "vault")
    stored = [keep(store, content(1000, str(number))) for number in range(3)]
    payloads = {path: path.stat().st_mtime_ns for path in (tmp_path / "vault").rglob("*.payload")}
    told: list[int] = []
    report = rotate_keys(
        store,
        identities=[identity("vault"), identity("new vault")],
        recipients=[identity("new vault").recipient],
        chance=CHANCE,
        progress=lambda report: told.append(report.wrapped),
    )
    assert (report.wrapped, report.unopened, told) == (3, [], [1, 2, 3])
    assert payloads == {path: path.stat().st_mtime_ns for path in (tmp_path / "vault").rglob("*.payload")}
    assert read_back(store, stored[0].id, "new vault") == content(1000, "0")
    with pytest.raises(NoMatchingIdentityError):
        read_back(store, stored[0].id)


def test_a_rotation_can_be_run_again_and_names_what_it_cannot_open(
    store: MemoryStore, stored: list[StoredObject]
) -> None:
    foreign = keep(store, b"sealed to somebody else", "stranger")
    half = keep(store, b"without a header")
    del store.headers[half.id]
    both = [identity("vault"), identity("new vault")]
    for _ in range(2):
        report = rotate_keys(store, identities=both, recipients=[identity("new vault").recipient], chance=CHANCE)
        assert report.wrapped == len(stored)
        assert report.unopened == [foreign.id]


def test_a_destroyed_object_can_never_be_opened_again(store: MemoryStore, stored: list[StoredObject]) -> None:
    payload = store.payloads[stored[0].id]
    store.destroy(stored[0].id)
    with pytest.raises(UnknownObjectError):
        read_back(store, stored[0].id)
    store.payloads[stored[0].id] = payload  # a copy of the payload on a backup helps nobody
    with pytest.raises(UnknownObjectError):
        read_back(store, stored[0].id)
