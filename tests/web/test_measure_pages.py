"""Measures: given to an executing authority, seen by it alone, reported on once."""

from __future__ import annotations

from dedere.node.cases.models import Assignment
from support.offices import Bureau, measure_of, proceeding_of
from support.pages import SignIn, addresses_of, errors_of, text_of


def test_a_measure_is_given_to_an_officer_of_an_executing_authority(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.accepted()
    client = signed_in("rosa")
    address = f"/cases/{case.pk}/assign/{proceeding_of(case)}/{measure_of(case)}/"
    assert address in addresses_of(client.get(f"/cases/{case.pk}/proceedings/"))
    page = client.get(address)
    assert "Eva Evers" in text_of(page)
    assert "nothing else of the case" in text_of(page)

    sent = {
        "officer": bureau["eva"].identifier,
        "authority": "Rotterdam District Court",
        "instructions": "Hear her alone.",
        "due_day": "1",
        "due_month": "12",
        "due_year": "2026",
    }
    response = client.post(address, sent)

    assert response.headers["Location"] == f"/cases/{case.pk}/proceedings/"
    given = Assignment.objects.get()
    assert (given.officer, str(given.due)) == (bureau["eva"], "2026-12-01")
    again = client.post(address, sent)
    assert "given to an executing authority before" in errors_of(again)
    assert "Rotterdam District Court" in text_of(client.get(f"/cases/{case.pk}/proceedings/"))


def test_a_measure_is_given_to_nobody_by_guessing(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.accepted()
    client = signed_in("rosa")
    address = f"/cases/{case.pk}/assign/{proceeding_of(case)}/{measure_of(case)}/"

    assert "Officer of the executing authority" in errors_of(client.post(address, {"officer": "a" * 26}))
    unknown = f"/cases/{case.pk}/assign/{proceeding_of(case)}/no-such-measure/"
    sent = {"officer": bureau["eva"].identifier, "authority": "Court"}
    assert "The request has no such measure." in errors_of(client.post(unknown, sent))
    assert not Assignment.objects.exists()


def test_the_executing_authority_sees_its_measure_and_reports(bureau: Bureau, signed_in: SignIn) -> None:
    case, assignment = bureau.assigned()
    client = signed_in("eva")
    listed = client.get("/cases/measures/")
    assert "Hearing by video conference" in text_of(listed)
    assert "To be carried out" in text_of(listed)
    address = f"/cases/measures/{assignment}/"
    page = client.get(address)
    assert "Hear her alone." in text_of(page)
    assert not [link for link in addresses_of(page) if link.startswith(f"/cases/{case.pk}")]

    assert "This field is required." in errors_of(client.post(address, {"report": " "}))
    response = client.post(address, {"report": "She was heard on 24 November."})

    assert response.headers["Location"] == address
    after = text_of(client.get(address))
    assert "She was heard on 24 November." in after
    assert "Report the result" not in after
    assert "Add an item" not in after
    assert "made before" in errors_of(client.post(address, {"report": "Twice."})) or "before" in errors_of(
        client.post(address, {"report": "Twice."})
    )
    assert "Reported" in text_of(client.get("/cases/measures/"))


def test_a_colleague_of_the_case_reads_and_does_not_report(bureau: Bureau, signed_in: SignIn) -> None:
    case, assignment = bureau.assigned()
    client = signed_in("rosa")
    address = f"/cases/measures/{assignment}/"

    page = client.get(address)
    assert f"/cases/{case.pk}/proceedings/" in addresses_of(page)

    response = client.post(address, {"report": "I was not there."})
    assert response.status_code == 422
    assert "Only the officer to whom the measure was given reports on it." in errors_of(response)


def test_no_measure_says_so(signed_in: SignIn) -> None:
    assert "No measure is given to you now." in text_of(signed_in("eva").get("/cases/measures/"))
