"""Backups: moments of a home that runs, on a medium that may fail, and homes made from them again. All fictional."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import shutil
import sqlite3
import tarfile
import threading
from contextlib import closing
from typing import TYPE_CHECKING, BinaryIO

import pytest

from dedere.base.clock import FixedClock
from dedere.base.errors import DedereError, FacilityError, InputError
from dedere.base.identifiers import RandomIdentifiers, SeededIdentifiers
from dedere.cli.main import main
from dedere.crypto.age import HybridIdentity, SealingWriter
from dedere.node.backup import Made, Medium, Restored, make_backup, make_backup_key, rehearse, restore
from dedere.node.backup.recipients import read_backup_key
from dedere.node.home import Home, load_home
from dedere.vault.files import FileStore
from support.disks import file_size_limit
from support.homes import NOW, fresh_home
from support.killing import moments, run_and_kill

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHANCE = SeededIdentifiers("backup")
SECRET = b"Facts of the fictional case of Dol"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a database, a letter, a part that is arriving, and two objects in its vault."""
    home = fresh_home(tmp_path / "nl")
    with closing(sqlite3.connect(home.database)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE story (words TEXT)")
        database.execute("INSERT INTO story VALUES (?)", (SECRET.decode(),))
        database.commit()
    (home.letters / "in").mkdir()
    (home.letters / "in" / "aaaa.age").write_bytes(b"a sealed letter")
    (home.inbox / "bbbb.part").write_bytes(b"half a sealed part")
    (home.folder / "later" / "deep").mkdir(parents=True)
    (home.folder / "later" / "deep" / "file.toml").write_text("what a later version keeps")
    (home.dossiers / "case.zip").write_bytes(b"evidence in plain")
    for number in range(2):
        put_object(home, f"object {number}".encode() * 1000)
    return home


def put_object(home: Home, content: bytes) -> str:
    """An object of the vault, written as the vault writes it; its payload's digest."""
    pending = FileStore(home.vault).begin()
    pending.write(content)
    digest = hashlib.sha256(content).hexdigest()
    pending.commit(digest, f"header of {digest}".encode())
    return digest


@pytest.fixture
def key(home: Home, tmp_path: Path) -> Path:
    path = tmp_path / "backup.key"
    make_backup_key(home, path, identifiers=RandomIdentifiers())
    return path


@pytest.fixture
def medium(tmp_path: Path) -> Medium:
    return Medium(tmp_path / "medium")


def made(home: Home, medium: Medium, *, minutes: int = 0) -> Made:
    clock = FixedClock(NOW + dt.timedelta(minutes=minutes))
    return make_backup(home, medium, clock=clock, identifiers=CHANCE)


def back(medium: Medium, folder: Path, key: Path, moment: str = "") -> Restored:
    return restore(medium, folder, key=key, moment=moment, clock=FixedClock(NOW))


def contents(home: Home) -> dict[str, bytes]:
    """Every file that a backup is for, by its path."""
    left_out = ("run/", "dossiers/", "database", "restored.json", "vault/temporary/", "vault/lock")
    return {
        name: path.read_bytes()
        for path in home.folder.rglob("*")
        if path.is_file() and not (name := str(path.relative_to(home.folder))).startswith(left_out)
    }


def story(home: Home) -> list[str]:
    with closing(sqlite3.connect(home.database)) as database:
        return [row[0] for row in database.execute("SELECT words FROM story")]


# ---- there and back


def test_a_restored_home_is_the_home_byte_for_byte(home: Home, key: Path, medium: Medium, tmp_path: Path) -> None:
    done = made(home, medium)
    assert (done.files, done.new_files, done.complaints) == (6, 6, [])

    restored = back(medium, tmp_path / "again", key)

    assert contents(restored.home) == contents(home)
    assert story(restored.home) == [SECRET.decode()]
    assert not list(restored.home.dossiers.iterdir())
    assert json.loads((restored.home.folder / "restored.json").read_text())["moment"] == done.moment
    for path in restored.home.keys.iterdir():
        assert path.stat().st_mode & 0o077 == 0


def test_a_medium_tells_nothing_in_clear(home: Home, key: Path, medium: Medium) -> None:
    made(home, medium)
    secrets = [SECRET, b"PRIVATE KEY", b"AGE-SECRET-KEY", home.name.encode(), b"evidence in plain"]

    for path in medium.folder.rglob("*"):
        if path.is_file():
            assert not any(secret in path.read_bytes() for secret in secrets), path


def test_the_second_moment_copies_only_what_is_new(home: Home, key: Path, medium: Medium) -> None:
    made(home, medium)
    (home.letters / "in" / "cccc.age").write_bytes(b"another letter")
    with (home.inbox / "bbbb.part").open("ab") as part:
        part.write(b" and the other half")

    again = made(home, medium, minutes=1)

    assert (again.files, again.new_files) == (7, 2)


def test_a_moment_of_the_past_comes_back(home: Home, key: Path, medium: Medium, tmp_path: Path) -> None:
    first = made(home, medium)
    (home.letters / "in" / "cccc.age").write_bytes(b"another letter")
    made(home, medium, minutes=5)

    restored = back(medium, tmp_path / "again", key, moment="20261124T090400Z")

    assert restored.moment == first.moment
    assert not (restored.home.letters / "in" / "cccc.age").exists()
    with pytest.raises(InputError, match="no backup of 20200101"):
        back(medium, tmp_path / "never", key, moment="20200101T000000Z")


def test_while_others_write_the_copy_stands_between_two_writes(
    home: Home, key: Path, medium: Medium, tmp_path: Path
) -> None:
    stop = threading.Event()

    def keep_writing() -> None:
        with closing(sqlite3.connect(home.database, timeout=10)) as database:
            number = 0
            while not stop.is_set():
                with database:
                    database.executemany("INSERT INTO story VALUES (?)", [(f"{number}",), (f"{number}",)])
                number += 1

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        for minute in range(3):
            made(home, medium, minutes=minute)
    finally:
        stop.set()
        writer.join()

    for name in medium.moments():
        words = story(back(medium, tmp_path / name, key, moment=name).home)[1:]
        assert len(words) % 2 == 0
        assert words[::2] == words[1::2]


# ---- forgetting


def test_forgetting_keeps_what_the_kept_moments_speak_of(home: Home, key: Path, medium: Medium, tmp_path: Path) -> None:
    made(home, medium)
    (home.letters / "in" / "aaaa.age").unlink()
    (home.letters / "in" / "cccc.age").write_bytes(b"another letter")
    last = made(home, medium, minutes=1)

    assert medium.forget_all_but(1) == 1

    assert medium.moments() == [last.moment]
    assert contents(back(medium, tmp_path / "again", key).home) == contents(home)
    assert medium.forget_all_but(0) == 0
    assert medium.moments() == [last.moment]


# ---- what goes wrong


def test_without_a_key_there_is_no_backup(home: Home, medium: Medium) -> None:
    with pytest.raises(FacilityError, match="Nobody could open"):
        made(home, medium)
    assert not medium.folder.exists()


def test_a_key_in_the_home_or_over_another_file_is_refused(home: Home, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must not lie in the home"):
        make_backup_key(home, home.folder / "backup.key", identifiers=CHANCE)
    (tmp_path / "there").write_text("something")
    with pytest.raises(InputError, match="exists already"):
        make_backup_key(home, tmp_path / "there", identifiers=CHANCE)


def test_a_recipient_that_is_none_is_named(home: Home, key: Path, medium: Medium) -> None:
    (home.folder / "backup.recipients").write_text("age1nonsense\n")
    with pytest.raises(InputError, match="no recipient"):
        made(home, medium)


def test_another_key_opens_nothing(home: Home, key: Path, medium: Medium, tmp_path: Path) -> None:
    made(home, medium)
    other = fresh_home(tmp_path / "other")
    make_backup_key(other, tmp_path / "other.key", identifiers=RandomIdentifiers())

    with pytest.raises(FacilityError, match="does not open with this key"):
        back(medium, tmp_path / "again", tmp_path / "other.key")
    with pytest.raises(FacilityError, match="cannot be read"):
        back(medium, tmp_path / "again", tmp_path / "no.key")
    assert not (tmp_path / "again").exists()


def test_a_second_key_opens_what_comes_after_it(home: Home, key: Path, medium: Medium, tmp_path: Path) -> None:
    make_backup_key(home, tmp_path / "second.key", identifiers=RandomIdentifiers())
    made(home, medium)
    for number, each in enumerate((key, tmp_path / "second.key")):
        assert back(medium, tmp_path / f"again-{number}", each).files == 6


def test_every_damaged_or_missing_file_of_a_medium_is_named(
    home: Home, key: Path, medium: Medium, tmp_path: Path
) -> None:
    done = made(home, medium)
    for path in [*(medium.folder / "files").rglob("*"), medium.sealed_moment(done.moment)]:
        if path.is_file():
            whole = path.read_bytes()
            for broken in (whole[:-1] + bytes([whole[-1] ^ 1]), whole[: len(whole) // 2], None):
                path.unlink()
                if broken is not None:
                    path.write_bytes(broken)
                with pytest.raises(DedereError) as refusal:
                    back(medium, tmp_path / "again", key)
                assert path.name[:15] in str(refusal.value) or "There is no backup" in str(refusal.value)
                assert not (tmp_path / "again").exists()
                path.write_bytes(whole)


def test_a_payload_that_the_disk_spoiled_is_told_and_the_rest_is_kept(
    home: Home, key: Path, medium: Medium, tmp_path: Path
) -> None:
    spoiled = next((home.vault / "objects").rglob("*.payload"))
    content = spoiled.read_bytes()
    spoiled.chmod(0o600)
    spoiled.write_bytes(bytes([content[0] ^ 1]) + content[1:])

    done = made(home, medium)

    assert [complaint for complaint in done.complaints if str(spoiled) in complaint]
    assert back(medium, tmp_path / "again", key).files == 5


def test_a_medium_that_is_full_half_way_leaves_the_moments_before(
    home: Home, key: Path, medium: Medium, tmp_path: Path
) -> None:
    first = made(home, medium)
    put_object(home, b"x" * 3_000_000)
    with file_size_limit(1_000_000), pytest.raises(FacilityError, match="The backup was not finished"):
        made(home, medium, minutes=1)

    assert medium.moments() == [first.moment]
    assert made(home, medium, minutes=2).new_files == 2
    assert back(medium, tmp_path / "again", key).files == 8


def test_nothing_is_restored_over_what_is_there(home: Home, key: Path, medium: Medium) -> None:
    made(home, medium)
    before = contents(home)
    with pytest.raises(FacilityError, match="nothing is restored over"):
        back(medium, home.folder, key)
    assert contents(home) == before


def test_a_folder_with_other_things_is_no_medium(home: Home, key: Path, tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "letter.txt").write_text("private")
    with pytest.raises(InputError, match="holds other things"):
        made(home, Medium(tmp_path / "papers"))
    (tmp_path / "papers" / "format").write_text("dedere-backup/9")
    with pytest.raises(InputError, match="this version reads"):
        made(home, Medium(tmp_path / "papers"))
    with pytest.raises(InputError, match="holds no backups"):
        back(Medium(tmp_path / "nowhere"), tmp_path / "again", key)


def pack(medium: Medium, name: str, key: Path, **members: bytes) -> None:
    """A moment as somebody else would write it who knows for whom the backups are sealed."""
    (identity,) = read_backup_key(key)
    assert isinstance(identity, HybridIdentity)

    def write(sink: BinaryIO) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for place, content in members.items():
                entry = tarfile.TarInfo(place)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
            if not members:
                entry = tarfile.TarInfo("home/link")
                entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
                archive.addfile(entry)
        sealing = SealingWriter(sink, [identity.recipient], chance=CHANCE)
        sealing.write(packed.getvalue())
        sealing.finish()

    medium.write_moment(name, write, [])


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"home/../../evil": b"x"}, "outside the home"),
        ({"home//etc/evil": b"x"}, "outside the home"),
        ({"moment.json": b'{"format": "dedere-backup/9"}'}, "this version reads"),
        ({}, "is damaged"),
    ],
)
def test_a_forged_moment_writes_nothing_anywhere(
    members: dict[str, bytes], sentence: str, home: Home, key: Path, medium: Medium, tmp_path: Path
) -> None:
    medium.prepare()
    pack(medium, "20261124T100000Z", key, **members)
    with pytest.raises(FacilityError, match=sentence):
        back(medium, tmp_path / "again", key)
    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.rglob("*evil*"))


@pytest.mark.parametrize(
    "spoil", [lambda content: content[:50] + b"no database" * 500, lambda content: content[: len(content) // 2]]
)
def test_a_database_that_was_damaged_before_its_backup_is_told(
    spoil: Callable[[bytes], bytes], home: Home, key: Path, medium: Medium, tmp_path: Path
) -> None:
    made(home, medium)
    with closing(sqlite3.connect(home.database)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    members = {
        f"home/{path.relative_to(home.folder)}": path.read_bytes()
        for path in [home.settings_file, *home.cards.iterdir(), *home.keys.iterdir()]
    }
    members |= {"manifest.jsonl": b"", "home/database.sqlite3": spoil(home.database.read_bytes())}
    pack(medium, "20261124T100000Z", key, **members)
    with pytest.raises(FacilityError, match="database in the backup"):
        back(medium, tmp_path / "again", key)


def test_an_empty_folder_may_wait_for_the_home(home: Home, key: Path, medium: Medium, tmp_path: Path) -> None:
    made(home, medium)
    (tmp_path / "again").mkdir()
    assert back(medium, tmp_path / "again", key).files == 6


def test_two_backups_at_once_do_not_meet(home: Home, key: Path, medium: Medium) -> None:
    made(home, medium)
    with medium.locked(), pytest.raises(FacilityError, match="Another backup"):
        made(home, medium, minutes=1)


def test_a_database_that_does_not_answer_is_told(home: Home, key: Path, medium: Medium) -> None:
    home.database.write_bytes(b"no database at all" * 100)
    with pytest.raises(FacilityError, match="cannot be read"):
        made(home, medium)
    assert medium.moments() == []


def test_a_lost_memory_of_what_was_copied_costs_only_time(home: Home, key: Path, medium: Medium) -> None:
    made(home, medium)
    (home.run / "backup-seen.sqlite3").write_bytes(b"spoiled" * 1000)
    again = made(home, medium, minutes=1)
    assert (again.files, again.new_files) == (6, 0)


BACKUP = """
import sys
from pathlib import Path
from dedere.base.clock import SystemClock
from dedere.base.identifiers import RandomIdentifiers
from dedere.node.backup import Medium, make_backup
from dedere.node.home import load_home
print("ready", flush=True)
make_backup(load_home(Path(sys.argv[1])), Medium(Path(sys.argv[2])), clock=SystemClock(), identifiers=RandomIdentifiers())
"""


def test_killed_at_any_moment_the_next_backup_is_whole(home: Home, key: Path, medium: Medium, tmp_path: Path) -> None:
    for number in range(200):
        (home.letters / "in" / f"{number}.age").write_bytes(f"letter {number}".encode() * 2000)
    made(home, medium)
    for number, after in enumerate(moments("backup", count=12, longest=0.5)):
        shutil.rmtree(medium.folder / "files", ignore_errors=True)
        (medium.folder / "files").mkdir()
        run_and_kill(BACKUP, str(home.folder), str(medium.folder), after=after, cwd=tmp_path)
        last = made(home, medium, minutes=number + 1)
        restored = back(medium, tmp_path / f"again-{number}", key, moment=last.moment)
        assert contents(restored.home) == contents(home)
        shutil.rmtree(restored.home.folder)


# ---- the command


def test_the_command_makes_lists_rehearses_and_restores(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, medium, again = str(tmp_path / "b.key"), str(tmp_path / "medium"), tmp_path / "again"
    assert main(["backup", "key", str(home.folder), key]) == 0
    assert main(["backup", "make", str(home.folder), medium, "--keep", "3"]) == 0
    assert "6 sealed files, 6 of them new" in capsys.readouterr().out
    assert main(["backup", "make", str(home.folder), medium, "--keep", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new_files"] == 0
    assert main(["backup", "list", medium]) == 0
    assert capsys.readouterr().out.startswith("20")
    assert main(["backup", "rehearse", medium, "--key", key, "--place", str(tmp_path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["files"] == 6
    assert report["complaints"] == []
    assert main(["backup", "rehearse", medium, "--key", key]) == 0
    assert "Nothing is wrong with it." in capsys.readouterr().out
    assert main(["backup", "restore", medium, str(again), "--key", key]) == 0
    assert "Compare the fingerprint" in capsys.readouterr().out
    assert story(load_home(again)) == [SECRET.decode()]


def test_the_command_says_what_is_wrong(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "make", str(home.folder), str(tmp_path / "medium"), "--keep", "0"]) == 2
    assert "Keep at least one" in capsys.readouterr().err
    key = str(tmp_path / "b.key")
    main(["backup", "key", str(home.folder), key])
    spoiled = next((home.vault / "objects").rglob("*.payload"))
    spoiled.chmod(0o600)
    spoiled.write_bytes(b"spoiled")
    assert main(["backup", "make", str(home.folder), str(tmp_path / "medium")]) == 1
    assert "is not what it should be" in capsys.readouterr().err
    (home.cards / "0001.card.asice").unlink()
    main(["backup", "make", str(home.folder), str(tmp_path / "second")])
    assert main(["backup", "rehearse", str(tmp_path / "second"), "--key", key]) == 1
    assert "no card" in capsys.readouterr().err


def test_a_rehearsal_leaves_nothing_behind(home: Home, key: Path, medium: Medium, tmp_path: Path) -> None:
    made(home, medium)
    before = sorted(tmp_path.iterdir())
    done = rehearse(medium, key=key, clock=FixedClock(NOW), place=tmp_path)
    assert sorted(tmp_path.iterdir()) == before
    assert done.seconds > 0
