"""`dedere vault` on a node's home: what the records speak of is compared with what is there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dedere.base.identifiers import RandomIdentifiers
from dedere.crypto.age import HybridIdentity
from dedere.node.home import load_home
from dedere.node.keys import read_sealing_identities
from dedere.vault.ingest import ingest_stream
from dedere.vault.store import FileStore
from support.dossiers import stream

# Two items on the record: one that the vault holds, one that it does not.
RECORD = """
import sys
from pathlib import Path
from dedere.cli.commands.node import set_up_django
set_up_django(Path(sys.argv[1]))
import datetime as dt
from dedere.node.cases.models import Case
from dedere.node.evidence.models import Item
now = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
case = Case.objects.create(pk="case", partner="SN", reference="1", title="fictional", opened_at=now, changed_at=now)
for name, held in enumerate(sys.argv[2:]):
    Item.objects.create(
        pk=f"item {name}", case=case, title="x", name="x", media_type="text/plain", size=5, sha256="0" * 64,
        object=held, origin="NL", created_at=now,
    )
"""


def dedere(*words: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from dedere.cli.main import main; sys.exit(main())", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout or done.stderr


def keep(home: Path, data: bytes) -> str:
    recipients = [identity.recipient for identity in read_sealing_identities(load_home(home))]
    return ingest_stream(
        stream(data), store=FileStore(home / "vault"), recipients=recipients[:1], chance=RandomIdentifiers()
    ).id


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vault command") / "home"
    dedere("node", "init", str(folder), "--state", "NL", "--demonstration")
    return folder


def test_a_check_compares_the_records_with_the_vault(home: Path) -> None:
    assert "0 objects" in dedere("vault", "check", str(home))
    held, orphan = keep(home, b"held."), keep(home, b"belongs to no record")
    subprocess.run([sys.executable, "-c", RECORD, str(home), held, "f" * 64], check=True)

    report = json.loads(dedere("vault", "check", str(home), "--json", "--rate", "500", code=1))
    assert {(problem["object"], problem["defect"]) for problem in report["problems"]} == {
        (orphan, "orphan"),
        ("f" * 64, "missing"),
    }
    assert f"missing: {'f' * 64}" in dedere("vault", "check", str(home), code=1)


def test_new_keys_wrap_what_is_held(home: Path) -> None:
    keep(home, b"held.")
    sealing = home / "keys" / "sealing.age"
    newest = HybridIdentity.generate(RandomIdentifiers())
    sealing.write_text(f"{newest.encode()}\n{sealing.read_text()}")
    assert "are wrapped for the newest key" in dedere("vault", "rotate", str(home))
    store = FileStore(home / "vault")
    for presence in store.survey():
        store.replace_header(presence.object_id, b"damaged")
    assert "not opened by any key" in dedere("vault", "rotate", str(home), code=1)


def test_what_a_crash_left_is_swept(home: Path) -> None:
    keep(home, b"held.")  # the vault's folders come with its first object
    (home / "vault" / "temporary" / "incoming-dead").write_bytes(b"half")
    assert "1 left-overs" in dedere("vault", "sweep", str(home))


def test_what_cannot_be_checked_is_said(home: Path, tmp_path: Path) -> None:
    assert "above nothing" in dedere("vault", "check", str(home), "--rate", "0", code=2)
    assert dedere("vault", "check", str(tmp_path), code=1).startswith("dedere: ")
    (home / "database.sqlite3").rename(tmp_path / "elsewhere")
    assert "database cannot be read" in dedere("vault", "check", str(home), code=1)
