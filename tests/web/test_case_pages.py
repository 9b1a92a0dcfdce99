"""Cases: the list with its filters, one case with both sides on one line, its parts, its officers, its dossier."""

from __future__ import annotations

import io
import zipfile
from contextlib import closing

import pytest

from dedere.node.cases.models import Case
from dedere.node.exchange.models import Alarm
from dedere.node.jobs.models import Export
from support.offices import CONDITION, Bureau, measure_of
from support.pages import SignIn, addresses_of, errors_of, streamed, text_of


@pytest.fixture
def answered(bureau: Bureau) -> Case:
    """A case in which Senegal registered, accepted and sent evidence under a condition."""
    case = bureau.requested()
    letter = case.letters.get()
    bureau.delivered(letter.pk)
    body = {"own_reference": "SN-2026-0447", "received_on": "2026-11-24"}
    bureau.arrives("acknowledgement", body, case=case, role="registrar")
    bureau.arrives("acceptance", {"measures": [{"measure": measure_of(case)}]}, case=case)
    outcome = {"measure": measure_of(case), "outcome": "executed", "text": "She was heard."}
    bureau.arrives("result", {"measures": [outcome]}, case=case, files={"record.pdf": b"%PDF-1.7 record"})
    case.refresh_from_db()
    return case


def test_an_empty_list_says_how_a_case_comes_to_be(signed_in: SignIn) -> None:
    assert "You have no part in any case yet." in text_of(signed_in("anna").get("/cases/"))


def test_the_list_shows_whose_turn_it_is(answered: Case, signed_in: SignIn) -> None:
    page = text_of(signed_in("anna").get("/cases/"))

    assert "The burning of Dol (fictional)" in page
    assert f"{answered.reference} · SN-2026-0447" in page
    assert "1 case" in page
    assert "Ours" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("text=burning", True),
        ("text=BURNING+dol", True),
        ("text=SN-2026-0447", True),
        ("text=nowhere", False),
        ("partner=SN", True),
        ("partner=FR", False),
        ("direction=out", True),
        ("direction=in", False),
        ("stage=executed", True),
        ("stage=sent", False),
        ("page=notanumber", True),
        ("page=999", True),
        ("stage=%27%3B+drop+table", False),
    ],
)
def test_filters_narrow_the_list(answered: Case, signed_in: SignIn, query: str, found: bool) -> None:  # noqa: FBT001
    page = text_of(signed_in("anna").get(f"/cases/?{query}"))

    assert (answered.reference in page) is found


def test_a_person_is_found_by_name(answered: Case, signed_in: SignIn) -> None:
    from dedere.node.persons.models import Person

    person = Person.objects.filter(case=answered.pk).exclude(name="").first()
    assert person is not None

    assert answered.reference in text_of(signed_in("anna").get("/cases/", {"text": person.name.split()[0]}))


def test_the_list_has_pages_that_keep_the_filter(bureau: Bureau, signed_in: SignIn) -> None:
    for number in range(27):
        case = Case.objects.create(
            pk=f"{number:026d}".replace("0", "a").replace("1", "b").replace("8", "c").replace("9", "d"),
            partner="SN",
            reference=f"NL-SN-{number}",
            title="Many (fictional)",
            opened_at=bureau.clock.now(),
            changed_at=bureau.clock.now(),
        )
        case.members.create(officer=bureau["anna"], since=bureau.clock.now())

    page = signed_in("anna").get("/cases/?partner=SN&page=2")

    assert "27 cases" in text_of(page)
    assert "?partner=SN&amp;page=1" in page.content.decode()
    assert 'aria-current="page"' in page.content.decode()


def test_both_sides_stand_on_one_line_with_their_receipts(answered: Case, signed_in: SignIn) -> None:
    page = text_of(signed_in("anna").get(f"/cases/{answered.pk}/"))

    for words in (
        "Request Netherlands · Anna de Wit (fictional), approved by Bram Bos (fictional)",
        "Registered by their officer",
        "Acknowledgement Senegal · Awa Diop (fictional), approved by Moussa Fall (fictional)",
        "Received by our machine 1 file",
        "We Sign for",
        answered.record_digest,
        "Custody receipt",
        "Not possible now, and why",
    ):
        assert words in page


def test_an_alarm_stands_on_the_case(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    Alarm.objects.create(
        cause="delivery:x", kind="delivery", case=case.pk, sentence="SN does not answer.", raised_at=bureau.clock.now()
    )

    assert "SN does not answer." in text_of(signed_in("anna").get(f"/cases/{case.pk}/"))


def test_a_letter_that_waits_for_an_earlier_one_is_shown(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    letters = Case.objects.get(pk=case.pk).letters
    bureau.arrives(
        "acknowledgement", {"own_reference": "SN-1", "received_on": "2026-11-24"}, case=case, role="registrar"
    )
    case.refresh_from_db()
    state = dict(case.state)
    late = {
        "letter": letters.order_by("pk")[0].pk,
        "kind": "progress",
        "sealed_at": "2026-11-24T09:30:00Z",
        "sender": "SN",
    }
    state["waiting"] = [{**late, "sequence": 2}]
    Case.objects.filter(pk=case.pk).update(state=state)

    assert "Waits for an earlier letter" in text_of(signed_in("anna").get(f"/cases/{case.pk}/"))


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("proceedings", "Mutual legal assistance"),
        ("persons", "Protected"),
        ("evidence", "record.pdf (fictional)"),
        ("conditions", str(CONDITION["text"])),
        ("letters", "Write a dossier"),
        ("members", "For everybody else the case does not exist."),
        ("log", "Letter received"),
    ],
)
def test_each_part_of_a_case_has_its_page(answered: Case, signed_in: SignIn, tab: str, words: str) -> None:
    page = signed_in("anna").get(f"/cases/{answered.pk}/{tab}/")

    assert page.status_code == 200
    assert words in text_of(page)
    assert 'aria-current="page"' in page.content.decode()


@pytest.mark.parametrize("tab", ["proceedings", "persons", "evidence", "conditions", "letters"])
def test_a_case_of_which_nothing_has_left_says_so(bureau: Bureau, signed_in: SignIn, tab: str) -> None:
    case = bureau.drafted().case

    page = signed_in("anna").get(f"/cases/{case.pk}/{tab}/")

    assert "dedere-empty" in page.content.decode()


def test_a_part_that_no_case_has_is_not_there(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()

    assert signed_in("anna").get(f"/cases/{case.pk}/secrets/").status_code == 404


def test_conditions_stand_on_every_page_of_the_case(answered: Case, signed_in: SignIn) -> None:
    client = signed_in("anna")

    for tab in ("", "proceedings/", "persons/", "evidence/", "letters/", "log/"):
        assert str(CONDITION["text"]) in text_of(client.get(f"/cases/{answered.pk}/{tab}"))


def test_a_protected_person_is_an_alias_and_nothing_else(answered: Case, signed_in: SignIn) -> None:
    from dedere.node.persons.models import Person

    protected = Person.objects.filter(case=answered.pk, protected=True).get()

    page = text_of(signed_in("anna").get(f"/persons/{answered.pk}/{protected.pk}/"))

    assert protected.alias in page
    assert "The identity of this person is sealed." in page


def test_a_person_of_no_case_is_not_there(answered: Case, signed_in: SignIn) -> None:
    assert signed_in("anna").get(f"/persons/{answered.pk}/{'a' * 26}/").status_code == 404


def test_a_colleague_is_given_part_in_the_case(bureau: Bureau, answered: Case, signed_in: SignIn) -> None:
    client = signed_in("anna")
    assert signed_in("stranger").get(f"/cases/{answered.pk}/").status_code == 404

    client = signed_in("anna")
    response = client.post(f"/cases/{answered.pk}/members/", {"officer": bureau["stranger"].identifier})

    assert response.status_code == 302
    assert "now has part in the case" in text_of(client.get(f"/cases/{answered.pk}/members/"))
    assert signed_in("stranger").get(f"/cases/{answered.pk}/").status_code == 200


def test_nobody_is_added_by_guessing(answered: Case, signed_in: SignIn) -> None:
    response = signed_in("anna").post(f"/cases/{answered.pk}/members/", {"officer": "a" * 26})

    assert response.status_code == 422
    assert "Officer to add" in errors_of(response)


def test_an_officer_who_left_meanwhile_is_refused(bureau: Bureau, answered: Case, signed_in: SignIn) -> None:
    from dedere.node.accounts import queries

    client = signed_in("anna")
    leaving = bureau["stranger"]
    address = f"/cases/{answered.pk}/members/"
    assert leaving.name in text_of(client.get(address))
    assert queries.officers(bureau["anna"])
    leaving.is_active = False
    leaving.save()

    assert client.post(address, {"officer": leaving.identifier}).status_code == 422


def test_a_dossier_is_asked_for_and_saved(bureau: Bureau, answered: Case, signed_in: SignIn) -> None:
    client = signed_in("anna")
    address = f"/cases/{answered.pk}/letters/"

    assert client.post(f"/cases/{answered.pk}/dossier/").headers["Location"] == address
    assert "Being written" in text_of(client.get(address))

    export = Export.objects.get()
    folder = bureau.office.home.dossiers / "dossier-of-dol"
    (folder / "data").mkdir(parents=True)
    (folder / "bagit.txt").write_text("BagIt-Version: 1.0\n", encoding="utf-8")
    (folder / "data" / "letter.asice").write_bytes(b"letter")
    Export.objects.filter(pk=export.pk).update(finished_at=bureau.clock.now(), folder=folder.name)

    saved = f"/cases/{answered.pk}/dossier/{export.pk}/"
    assert saved in addresses_of(client.get(address))
    with closing(client.get(saved)) as response:
        assert _zip_of(streamed(response)) == {
            "dossier-of-dol/bagit.txt": b"BagIt-Version: 1.0\n",
            "dossier-of-dol/data/letter.asice": b"letter",
        }


def test_a_dossier_that_failed_says_why(bureau: Bureau, answered: Case, signed_in: SignIn) -> None:
    client = signed_in("anna")
    client.post(f"/cases/{answered.pk}/dossier/")
    Export.objects.update(finished_at=bureau.clock.now(), failure="The disk is full.")

    assert "The disk is full." in text_of(client.get(f"/cases/{answered.pk}/letters/"))
    assert client.get(f"/cases/{answered.pk}/dossier/{Export.objects.get().pk}/").status_code == 404


def test_a_stranger_asks_for_no_dossier(answered: Case, signed_in: SignIn) -> None:
    assert signed_in("stranger").post(f"/cases/{answered.pk}/dossier/").status_code == 404
    assert not Export.objects.exists()


def _zip_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}
