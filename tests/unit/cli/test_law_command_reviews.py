"""`dedere law review` and `confirm`: signed, shown, seconded, withdrawn, exported, and refused. All names are invented."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from dedere.base.identifiers import SeededIdentifiers
from dedere.cli.main import main
from dedere.crypto.keys import load_private_key, wrap_private_key
from support import pki
from support.lawhome import make_home

if TYPE_CHECKING:
    from pathlib import Path

CITE = ["--cite", "Trb. 2024, 39, Article 99 (invented)"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home")


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["law", *words]) == code
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *words: str, code: int = 2) -> str:
    assert main(["law", *words]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1, "one sentence"
    return captured.err


def confirm(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> dict[str, object]:
    text = said(capsys, "confirm", *words, "--home", str(home), "--json")
    found: dict[str, object] = json.loads(text)
    return found


def stored(home: Path) -> list[str]:
    folder = home / "reviews"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*")) if folder.exists() else []


def test_the_worklist_says_what_carries_most(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "review", "--top", "2")
    assert "data are not verified; these carry most (2 shown)." in text
    assert "- lhc/entry-into-force: " in text
    found = json.loads(said(capsys, "review", "--instrument", "untoc", "--json"))
    assert found["open"] >= len(found["work"]) == 20
    assert "no instrument 'rome'" in refused(capsys, "review", "--instrument", "rome")


def test_a_confirmed_datum_is_cited_as_verified_until_it_is_withdrawn(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    text = said(capsys, "confirm", "lhc/ext.scope", "--by", "A. Jansen", *CITE, "--home", str(home))
    assert "lhc/ext.scope, confirmed by A. Jansen." in text
    assert "Now cited as: LHC Art. 49; verified by A. Jansen" in text.replace("\n", " ")
    shown = said(capsys, "show", "lhc/ext.scope", "--home", str(home))
    assert "[LHC Art. 49; verified by A. Jansen" in shown
    review = json.loads(said(capsys, "review", "--records", "--json", "--home", str(home)))["reviews"][0]["review"][
        "id"
    ]
    withdrawn = said(
        capsys, "confirm", "--withdraw", review, "--by", "A. Jansen", "--note", "Misread.", "--home", str(home)
    )
    assert "withdrawn by A. Jansen" in withdrawn
    assert "(working number); modelled, confidence high, not verified" in said(
        capsys, "show", "lhc/ext.scope", "--home", str(home)
    )


def test_a_number_waits_for_a_second_person(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    words = ["lhc/entry-into-force", "--value", "3", "--by", "A. Jansen", "--note", "Compared twice.", *CITE]
    text = said(capsys, "confirm", *words, "--home", str(home))
    assert "It counts once a second person agrees: dedere law confirm --second" in text.replace("\n", " ")
    assert "unsettled, confidence low, not verified" in text.replace("\n", " ")
    records = said(capsys, "review", "--records", "--home", str(home)).replace("\n", " ")
    assert "lhc/entry-into-force, instruments = 3: corrected" in records
    assert "waits for a second person" in records
    assert "Compared twice." in records
    review = json.loads(said(capsys, "review", "--records", "--json", "--home", str(home)))["reviews"][0]["review"][
        "id"
    ]
    assert "must be another than A. Jansen" in refused(
        capsys, "confirm", "--second", review, "--by", "A. Jansen", "--home", str(home)
    )
    text = said(capsys, "confirm", "--second", review, "--by", "B. Diop", "--home", str(home))
    assert "seconded by B. Diop" in text
    assert "; second: B. Diop" in said(capsys, "review", "--records", "--home", str(home)).replace("\n", " ")


def test_an_act_that_does_not_exist_is_gone_from_the_register(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    words = ["lhc/party.fr.reservation", "--result", "does-not-exist", "--by", "A. Jansen", *CITE]
    assert "does-not-exist by A. Jansen." in said(capsys, "confirm", *words, "--home", str(home))
    assert "no datum" in refused(capsys, "show", "lhc/party.fr.reservation", "--home", str(home))


def test_reviews_that_count_are_exported_as_a_patch(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    found = confirm(capsys, home, "lhc/temporal", "--value", "covered", "--by", "A. Jansen", *CITE)
    assert found["weight"] == "counts"
    text = said(capsys, "review", "--export", "--home", str(home))
    assert '+conduct_before = "covered"' in text


def test_without_reviews_there_is_nothing_to_show(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert said(capsys, "review", "--records", "--home", str(home)) == "No reviews are recorded.\n"
    assert said(capsys, "review", "--export", "--home", str(home)) == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["lhc/no-such-datum", "--value", "3", *CITE], "There is no datum 'lhc/no-such-datum'"),
        (["lhc/entry-into-force", "--value", "three", *CITE], "expected a whole number of at least 1, found 'three'"),
        (["lhc/entry-into-force", "--value", "3"], "A review needs the place in the authentic text"),
        (["lhc/ext.scope", "--field", "colour", "--value", "red", *CITE], "has no 'colour' to review"),
        (["lhc/temporal", "--result", "does-not-exist", *CITE], "cannot be absent"),
        (["lhc/party.lv.ratification", "--value", "2001-01-01", *CITE], "expected a day after the adoption"),
        (["--second", "nobody"], "There is no review 'nobody'"),
        (["--withdraw", "nobody"], "There is no review 'nobody'"),
        ([], "There is no datum '' to review"),
        (["lhc/instrument", *CITE], "There is no datum 'lhc/instrument' to review"),
        (["lhc/entry-into-force", "--value", "[" * 5000, *CITE], "expected a whole number"),
    ],
)
def test_what_cannot_be_recorded_is_one_sentence_and_changes_nothing(
    capsys: pytest.CaptureFixture[str], home: Path, words: list[str], sentence: str
) -> None:
    assert sentence in refused(capsys, "confirm", *words, "--by", "A. Jansen", "--home", str(home))
    assert stored(home) == []


def test_a_hand_edited_review_is_refused_everywhere_in_one_sentence(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    confirm(capsys, home, "lhc/ext.scope", "--value", "50", "--by", "A. Jansen", *CITE)
    record = next((home / "reviews").glob("*/review.json"))
    record.write_bytes(record.read_bytes().replace(b'"50"', b'"51"'))
    before = stored(home)
    basis = ["basis", "NL", "SN", "--for", "mla", "--crime", "genocide", "--on", "2026-11-24"]
    again = ["confirm", "lhc/temporal", "--value", "covered", "--by", "A. Jansen", *CITE]
    for words in (basis, ["show", "lhc"], ["review", "--records"], again):
        assert "was changed after it was signed" in refused(capsys, *words, "--home", str(home))
    assert stored(home) == before


def test_a_review_signed_with_another_key_is_refused(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    confirm(capsys, home, "lhc/ext.scope", "--by", "A. Jansen", *CITE)
    certificate = home / "keys" / "authority.pem"
    certificate.write_bytes(pki.state("SN").authority.certificate)
    assert "signed with a key that is not the authority's" in refused(capsys, "show", "lhc", "--home", str(home))
    certificate.unlink()
    assert "no certificate of the authority" in refused(capsys, "show", "lhc", "--home", str(home))


def test_a_home_is_needed_and_must_exist_and_must_have_a_key(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEDERE_HOME", raising=False)
    words = ["confirm", "lhc/ext.scope", "--by", "A. Jansen", *CITE]
    assert "Name the node's home with --home" in refused(capsys, *words)
    assert "There is no node's home at" in refused(capsys, *words, "--home", str(home / "nowhere"))
    (home / "keys" / "authority.key").unlink()
    assert "has no authority key to sign" in refused(capsys, *words, "--home", str(home))
    assert stored(home) == []


def test_whose_name_it_is_is_said_to_be_asserted(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    asserted = "Names are as given with --by: each record is signed with the authority's key"
    text = said(capsys, "confirm", "lhc/ext.scope", "--by", "A. Jansen", *CITE, "--home", str(home))
    assert asserted in text.replace("\n", " ")
    assert asserted in said(capsys, "review", "--records", "--home", str(home)).replace("\n", " ")
    assert (
        confirm(capsys, home, "lhc/temporal", "--value", "covered", "--by", "A. Jansen", *CITE)["names"] == "asserted"
    )
    assert json.loads(said(capsys, "review", "--records", "--json", "--home", str(home)))["names"] == "asserted"


def test_a_review_that_was_removed_is_missed_by_every_command(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    review = confirm(capsys, home, "lhc/ext.scope", "--by", "A. Jansen", *CITE)["review"]
    assert isinstance(review, dict)
    withdrawal = confirm(capsys, home, "--withdraw", review["id"], "--by", "A. Jansen")["review"]
    assert isinstance(withdrawal, dict)
    shutil.rmtree(home / "reviews" / str(withdrawal["id"]))
    before = stored(home)
    basis = ["basis", "NL", "SN", "--for", "mla", "--crime", "genocide", "--on", "2026-11-24"]
    again = ["confirm", "lhc/temporal", "--value", "covered", "--by", "A. Jansen", *CITE]
    for words in (basis, ["show", "lhc/ext.scope"], ["review", "--records"], again):
        assert f"The review {withdrawal['id']} is on the signed list" in refused(capsys, *words, "--home", str(home))
    (home / "reviews" / "index.json").unlink()
    assert "the signed list of all reviews, is gone" in refused(capsys, "show", "lhc", "--home", str(home))
    assert stored(home) == [name for name in before if name != "index.json"]


def test_the_worklist_can_be_read_whole_and_for_another_pair(capsys: pytest.CaptureFixture[str]) -> None:
    every = json.loads(said(capsys, "review", "--top", "0", "--instrument", "ets112", "--json"))
    assert every["open"] == len(every["work"])
    assert "There is no State with the code 'ZZ'" in refused(capsys, "review", "--between", "NL", "ZZ")


def test_a_wrapped_key_signs_with_the_passphrase_that_the_home_names(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = home / "keys" / "authority.key"
    key.write_bytes(wrap_private_key(load_private_key(key.read_bytes()), "secret", chance=SeededIdentifiers("wrap")))
    words = ["confirm", "lhc/ext.scope", "--by", "A. Jansen", *CITE, "--home", str(home)]
    assert "names no passphrase" in refused(capsys, *words)
    settings = home / "home.toml"
    settings.write_text('[keys]\npassphrase = "file:elsewhere/secret"\n')
    assert "cannot be read from file:elsewhere/secret" in refused(capsys, *words, code=1)
    (home / "elsewhere").mkdir()
    (home / "elsewhere" / "secret").write_text("another\n")
    assert "the passphrase is wrong" in refused(capsys, *words)
    assert stored(home) == []
    (home / "elsewhere" / "secret").write_text("secret\n")
    assert "confirmed by A. Jansen." in said(capsys, *words)
    settings.write_text('[keys]\npassphrase = "credential:secret"\n')
    again = ["confirm", "lhc/temporal", "--value", "covered", *words[2:]]
    assert "cannot be read from credential:secret" in refused(capsys, *again, code=1)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(home / "elsewhere"))
    assert "corrected by A. Jansen." in said(capsys, *again)
