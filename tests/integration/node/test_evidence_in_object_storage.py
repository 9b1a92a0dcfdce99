"""A node whose evidence lies in object storage, by a setting of its home. All of it is fictional."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import FacilityError, InputError
from dedere.cli.commands.vault import expected_objects
from dedere.dossier.report import Verdict
from dedere.dossier.verify import verify_path
from dedere.node.evidence import actions as evidence
from dedere.node.evidence import queries
from dedere.node.home import load_home, write_home
from dedere.node.jobs.actions import ask_for_dossier
from dedere.node.jobs.exports import run_export
from dedere.node.jobs.models import Export
from dedere.node.office import using
from dedere.node.policies import StorePlace
from dedere.node.settings_reader import SettingsReader
from dedere.vault.check import Scope, check_store
from dedere.vault.files import FileStore
from dedere.vault.store import S3Store
from support.conditioned import received
from support.object_storage import storage
from support.offices import Bureau

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def stored_away(bureau: Bureau) -> Iterator[Bureau]:
    """The office, its home saying that evidence lies in a bucket."""
    with storage() as (address, bucket):
        home = bureau.office.home
        (home.keys / "storage").write_text("testing:testing\n", encoding="utf-8")
        place = StorePlace(f"s3://{bucket}/nl", address, "us-east-1", "file:keys/storage")
        write_home(dataclasses.replace(home, store=place))
        office = dataclasses.replace(bureau.office, home=load_home(home.folder))
        with using(office):
            yield dataclasses.replace(bureau, office=office)


@pytest.mark.network
def test_evidence_comes_in_is_read_checked_and_exported(stored_away: Bureau) -> None:
    bureau = stored_away
    case, item = received(bureau)
    store = bureau.office.store
    assert isinstance(store, S3Store)
    assert store.holds(item.object)
    assert list(FileStore(bureau.office.home.vault).survey()) == []
    evidence.note_look(by=bureau["anna"], item_id=item.pk, reason="to read it")
    _row, content = queries.open_granted(bureau["anna"], item.pk)
    with content:
        content.seek(9)
        assert content.read(10) == b"the record"
    assert check_store(store, Scope(expected_objects(), bureau.office.sealing_identities)).sound
    run_export(ask_for_dossier(by=bureau["anna"], case_id=case.pk).pk)
    folder = bureau.office.home.dossiers / Export.objects.get().folder
    assert verify_path(folder, at=bureau.clock.now()).verdict is Verdict.PASSED


@pytest.mark.parametrize("secret", ["no colon", ":key", "name:"])
def test_credentials_of_another_form_are_refused(bureau: Bureau, secret: str) -> None:
    home = bureau.office.home
    (home.keys / "storage").write_text(secret, encoding="utf-8")
    place = StorePlace("s3://bucket", credentials="file:keys/storage")
    office = dataclasses.replace(bureau.office, home=dataclasses.replace(home, store=place))
    with pytest.raises(FacilityError, match="NAME:KEY"):
        _ = office.store


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("s3://bucket", "store must be a table"),
        ({"address": 3}, "address must be a text"),
        ({"adress": "s3://bucket"}, "unknown setting 'adress'"),
        ({"address": "https://bucket"}, "written s3://BUCKET/PREFIX"),
        ({"address": "s3://bucket/../other"}, "written s3://BUCKET/PREFIX"),
        ({"endpoint": "https://s3.example.org"}, "written s3://BUCKET/PREFIX"),
        ({"address": "s3://bucket", "endpoint": "s3.example.org"}, "The endpoint of object storage is written"),
        ({"address": "s3://bucket", "credentials": "name:key"}, "begins with file: or credential:"),
    ],
)
def test_a_place_in_another_form_is_refused(table: object, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        SettingsReader({"store": table}, "home.toml").store_place()


def test_without_the_setting_evidence_lies_in_the_home(bureau: Bureau) -> None:
    assert SettingsReader({}, "home.toml").store_place() == StorePlace()
    assert isinstance(bureau.office.store, FileStore)
