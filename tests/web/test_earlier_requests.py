"""A new request begins with what an earlier one of the officer's cases says; what belongs to that one stays behind."""

from __future__ import annotations

import pytest

from dedere.base.errors import InputError
from dedere.node.cases.models import Draft
from dedere.node.desk.drafts import earlier_requests, tables_of_earlier
from dedere.node.errors import UnknownObjectError
from support.offices import Bureau, proceeding_of
from support.pages import SignIn, errors_of


def begun(bureau: Bureau, signed_in: SignIn, earlier: str, *, kind: str = "mla", name: str = "anna") -> str:
    sent = {"partner": "SN", "title": "The mill of Dol (fictional)", "kind": kind, "earlier": earlier}
    return errors_of(signed_in(name).post("/requests/new/", sent))


def test_a_request_begins_with_what_an_earlier_one_says(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    earlier = case.drafts.get()

    assert begun(bureau, signed_in, earlier.pk) == ""

    new = Draft.objects.exclude(pk=earlier.pk).get()
    was, now = (each.body["request"]["request"] for each in (earlier, new))
    assert new.case_id != case.pk
    assert now["facts"] == was["facts"]
    assert now["requested_state"] == "SN"
    assert was.keys() - now.keys() <= {
        "reference", "dated", "title", "addressee", "annexes", "deadline", "urgent", "informal_contacts", "related",
        "considered", "left_out",
    }  # fmt: skip
    assert not {"reference", "annexes", "deadline"} & now.keys()
    assert "attachments" not in str(new.body)
    assert signed_in("anna").get(f"/requests/{new.pk}/").status_code == 200


def test_another_kind_of_request_takes_nothing_over(bureau: Bureau, signed_in: SignIn) -> None:
    earlier = bureau.requested().drafts.get()

    assert "asks for something else" in begun(bureau, signed_in, earlier.pk, kind="extradition")
    assert Draft.objects.count() == 1


def test_a_strangers_request_is_not_offered_and_cannot_be_guessed(bureau: Bureau, signed_in: SignIn) -> None:
    earlier = bureau.requested().drafts.get()

    assert "Select a valid choice" in begun(bureau, signed_in, earlier.pk, name="stranger")
    assert earlier_requests(bureau["stranger"]) == ()
    with pytest.raises(UnknownObjectError):
        tables_of_earlier(bureau["stranger"], earlier.pk)
    assert Draft.objects.count() == 1


def test_only_requests_are_begun_with(bureau: Bureau) -> None:
    case = bureau.registered()
    body = {"measures": [{"measure": "item-1", "authority": "Rotterdam District Court (fictional)"}]}
    answer = bureau.proposed(case, "acceptance", body, by="rosa")
    discarded = bureau.drafted()
    Draft.objects.filter(pk=discarded.pk).update(state=Draft.State.DISCARDED)

    assert proceeding_of(case)
    assert earlier_requests(bureau["rosa"]) == earlier_requests(bureau["anna"]) == ()
    with pytest.raises(InputError, match="no request"):
        tables_of_earlier(bureau["rosa"], answer.pk)
