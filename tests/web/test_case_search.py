"""Finding cases by any word of their letters, in any script, only among one's own; and searches that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.node.cases.actions import drafts
from dedere.node.search.actions import VIEWS_AT_MOST, forget_passage, index_passage
from dedere.node.search.models import Passage, SavedView
from support.offices import Bureau
from support.pages import SignIn, text_of

if TYPE_CHECKING:
    from django.test import Client

    from dedere.node.cases.models import Case


@pytest.fixture
def case(bureau: Bureau) -> Case:
    return bureau.requested()


def rows(client: Client, query: str) -> int:
    return client.get("/cases/", {"text": query}).content.decode().count('data-label="Stage"')


def test_a_word_from_the_facts_of_a_letter_finds_its_case(case: Case, signed_in: SignIn) -> None:
    words = Passage.objects.get(case=case.pk).words.split()
    client = signed_in("anna")

    assert len(words) > 50
    for word in (words[0], words[len(words) // 2], words[-1]):
        assert rows(client, word) == 1
    assert rows(client, words[3][:4]) == 1
    assert rows(client, f"{words[0]} nowheretobefound") == 0


def test_an_incoming_letter_is_found_too_in_any_script(bureau: Bureau, case: Case, signed_in: SignIn) -> None:
    bureau.delivered(case.letters.get().pk)
    bureau.arrives(
        "acknowledgement", {"own_reference": "Дело الشاهد 9", "received_on": "2026-11-24"}, case=case, role="registrar"
    )
    client = signed_in("anna")

    for word in ("ДЕЛО", "شاهد", "9"):
        assert rows(client, word) == 1


def test_a_stranger_finds_nothing_of_it(case: Case, signed_in: SignIn) -> None:
    word = Passage.objects.get(case=case.pk).words.split()[0]
    assert rows(signed_in("stranger"), word) == 0


@pytest.mark.parametrize(
    "text", ['"', "' OR 1=1 --", "a* NOT b", "NEAR(", "^x", "{", "col:x", "%", "\u0000", "-" * 300]
)
def test_signs_of_the_index_are_no_orders(case: Case, signed_in: SignIn, text: str) -> None:
    assert signed_in("anna").get("/cases/", {"text": text}).status_code == 200


def test_what_is_replaced_or_forgotten_is_no_longer_found(case: Case, signed_in: SignIn) -> None:
    client = signed_in("anna")
    index_passage(source="draft:x", case=case.pk, content={"facts": "Zanzibar"})
    assert rows(client, "zanzibar") == 1
    index_passage(source="draft:x", case=case.pk, content={"facts": "Antananarivo"})
    assert (rows(client, "zanzibar"), rows(client, "antananarivo")) == (0, 1)
    forget_passage(source="draft:x")
    assert rows(client, "antananarivo") == 0


def test_a_search_is_kept_opened_and_removed(case: Case, signed_in: SignIn) -> None:
    client = signed_in("anna")
    query = "text=Dol&partner=SN&page=7&other=x"

    kept = client.post("/cases/views/keep/", {"name": " Dol  in Senegal ", "query": query}, follow=True)

    assert "The search is kept." in text_of(kept)
    assert "Dol in Senegal" in text_of(client.get("/cases/"))
    assert SavedView.objects.get().query == "text=Dol&partner=SN"
    assert 'href="/cases/?text=Dol&amp;partner=SN"' in client.get("/cases/").content.decode()
    client.post("/cases/views/remove/", {"name": "Dol in Senegal"})
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name_and_something_that_narrows(case: Case, signed_in: SignIn) -> None:
    client = signed_in("anna")
    for data, sentence in (
        ({"name": "", "query": "text=x"}, "Give the view a name."),
        ({"name": "All", "query": ""}, "Narrow the list first"),
        ({"name": "All", "query": "other=x"}, "Narrow the list first"),
    ):
        assert sentence in text_of(client.post("/cases/views/keep/", data, follow=True))
    assert not SavedView.objects.exists()


def test_views_are_ones_own_and_not_without_end(bureau: Bureau, case: Case, signed_in: SignIn) -> None:
    client = signed_in("bram")
    client.post("/cases/views/keep/", {"name": "Mine", "query": "text=x"})
    client = signed_in("anna")
    assert "Mine" not in text_of(client.get("/cases/"))
    client.post("/cases/views/remove/", {"name": "Mine"})
    assert SavedView.objects.count() == 1
    for number in range(VIEWS_AT_MOST):
        client.post("/cases/views/keep/", {"name": f"View {number}", "query": "text=x"})
    assert "remove one first" in text_of(
        client.post("/cases/views/keep/", {"name": "One more", "query": "text=x"}, follow=True)
    )
    client.post("/cases/views/keep/", {"name": "View 1", "query": "text=y"})
    assert SavedView.objects.get(name="View 1").query == "text=y"


def test_a_draft_is_found_while_it_is_one(bureau: Bureau, signed_in: SignIn) -> None:
    draft = bureau.drafted()
    source = f"draft:{draft.pk}"
    client = signed_in("anna")
    word = Passage.objects.get(source=source).words.split()[0]
    assert rows(client, word) == 1

    drafts.save_body(
        by=bureau["anna"], draft_id=draft.pk, body={**draft.body, "note": "Ouagadougou"}, version=draft.version
    )
    assert rows(client, "ouagadougou") == 1
    drafts.discard_draft(by=bureau["anna"], draft_id=draft.pk)
    assert rows(client, "ouagadougou") == 0


def test_a_draft_that_left_is_found_as_its_letter(case: Case, signed_in: SignIn) -> None:
    assert [each.partition(":")[0] for each in Passage.objects.values_list("source", flat=True)] == ["letter"]
