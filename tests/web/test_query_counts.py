"""How much each page asks of the records: at most a number a page, the same however many cases and items there are."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dedere.node.cases.models import Case, Debt, Member
from dedere.node.desk import case as desk
from dedere.node.desk.today import SHOWN
from dedere.node.evidence.models import Item
from support.offices import Bureau
from support.pages import SignIn, text_of
from web.test_page_access import RULES, world

if TYPE_CHECKING:
    from django.test import Client

__all__ = ["world"]

# After the first visit a page weighs less than this, whatever there is to show; its styles and scripts are kept.
HEAVIEST = 100_000
# What a page without a number of its own may ask.
MOST = 40

# What each page may ask at most. A page that begins to ask more says why here, or asks for its rows together.
QUERIES: dict[str, int] = {
    "today": 14,
    "account": 12,
    "passkeys:add": 13,
    "cases:list": 13,
    "cases:measures": 11,
    "cases:case": 26,
    "cases:log": 29,
    "cases:clocks": 27,
    "cases:members": 27,
    "cases:tab": 25,
    "cases:assign": 27,
    "cases:measure": 15,
    "requests:list": 11,
    "requests:start": 9,
    "requests:start-from-file": 9,
    "requests:propose": 28,
    "requests:begin": 28,
    "requests:start-further": 23,
    "requests:draft": 12,
    "requests:attachments": 12,
    "requests:preview": 19,
    "requests:submit": 14,
    "requests:approve": 12,
    "requests:send-back": 12,
    "requests:section": 12,
    "requests:new-row": 12,
    "requests:row": 12,
    "messages:list": 9,
    "messages:incoming": 13,
    "messages:letter-in": 16,
    "messages:letter": 13,
    "messages:document": 11,
    "messages:container": 10,
    "messages:receipt": 10,
    "evidence:list": 10,
    "law:index": 9,
    "law:who-may-ask": 9,
    "law:instrument": 9,
    "law:provision": 9,
    "register:index": 10,
    "register:state": 12,
    "register:pin": 9,
    "statistics:index": 10,
    "system:log": 12,
    "system:officers": 11,
}


def asked(client: Client, address: str) -> int:
    """How many questions a page asks, apart from where transactions begin and end."""
    with CaptureQueriesContext(connection) as caught, closing(client.get(address)) as response:
        assert response.status_code == 200, address
    words = [query["sql"].split(None, 1)[0] for query in caught.captured_queries]
    return sum(word in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"} for word in words)


def test_no_page_asks_more_than_it_did(bureau: Bureau, world: dict[str, str], signed_in: SignIn) -> None:
    counts = {}
    for route, address in world.items():
        allowed, _refusal = RULES[route]
        if not allowed:
            continue
        client = signed_in(min(allowed))
        counts[route] = asked(client, address)

    assert {route: count for route, count in counts.items() if count > QUERIES.get(route, MOST)} == {}
    assert QUERIES.keys() <= counts.keys()


def test_a_page_asks_and_weighs_the_same_however_much_there_is(bureau: Bureau, signed_in: SignIn) -> None:
    case, assignment = bureau.assigned()
    addresses = {
        "rosa": ["/", "/cases/", "/requests/", "/messages/", "/messages/incoming/", "/evidence/", f"/cases/{case.pk}/"]
        + [f"/cases/{case.pk}/{tab}/" for tab in ("evidence", "letters", "proceedings", "clocks", "log")],
        "eva": ["/", "/cases/measures/", f"/cases/measures/{assignment}/"],
    }
    before = {name: [asked(signed_in(name), each) for each in every] for name, every in addresses.items()}

    much_more(bureau, case)

    after = {name: [asked(signed_in(name), each) for each in every] for name, every in addresses.items()}
    # A list that is full is counted too; nothing else may be asked.
    assert all(now <= then + 2 for name in before for now, then in zip(after[name], before[name], strict=True))
    for name, every in addresses.items():
        client = signed_in(name)
        for address in every:
            assert len(client.get(address).content) < HEAVIEST, address


def much_more(bureau: Bureau, case: Case) -> None:
    """Sixty more cases in the officer's hands that owe something, and three hundred items in the one that was there."""
    now = bureau.clock.now()
    state = case.state
    cases = [
        Case(
            pk=f"{number:026d}", partner="SN", reference=f"NL/{number}", title="Another (fictional)", opened_at=now,
            changed_at=now, state=state, stage=case.stage, began_here=False,
        )
        for number in range(60)
    ]  # fmt: skip
    Case.objects.bulk_create(cases)
    Member.objects.bulk_create(Member(case=each, officer=bureau["rosa"], since=now) for each in cases)
    Debt.objects.bulk_create(Debt(case=each, kind="step", what="Answer.", due=dt.date(2026, 12, 1)) for each in cases)
    Item.objects.bulk_create(
        Item(
            pk=f"i{number:025d}", case=case, title="A page (fictional)", name="page.pdf", media_type="application/pdf",
            size=1, sha256="0" * 64, object="0" * 64, origin="NL", created_at=now, measure="item-1",
        )
        for number in range(300)
    )  # fmt: skip


def test_today_shows_the_gravest_and_says_how_many_wait(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.registered()
    much_more(bureau, case)
    late = Debt.objects.order_by("-pk").first()
    assert late is not None
    Debt.objects.filter(pk=late.pk).update(due=dt.date(2026, 11, 1))

    page = signed_in("rosa").get("/")

    assert page.content.decode().count('class="dedere-concern dedere-concern--') == SHOWN
    assert f"The {SHOWN} gravest are shown" in text_of(page)
    assert "by 1 November 2026" in text_of(page)


@pytest.mark.parametrize(("page", "rows"), [(1, 50), (7, 1), (999, 1), ("x", 50)])
def test_the_items_of_a_case_have_pages(bureau: Bureau, signed_in: SignIn, page: int | str, rows: int) -> None:
    case, _assignment = bureau.assigned()
    much_more(bureau, case)
    Item.objects.create(
        pk="z" * 26, case=case, title="The last (fictional)", name="z.pdf", media_type="application/pdf",
        size=1, sha256="0" * 64, object="0" * 64, origin="NL", created_at=bureau.clock.now(),
    )  # fmt: skip

    shown = signed_in("rosa").get(f"/cases/{case.pk}/evidence/?page={page}").content.decode()

    assert shown.count('data-label="SHA-256"') == rows


def test_the_letters_of_a_case_have_pages_and_the_newest_come_first(bureau: Bureau, signed_in: SignIn) -> None:
    case = bureau.requested()
    entry = case.state["timeline"][0]
    case.state["timeline"] = [{**entry, "sequence": number} for number in range(1, 91)]
    case.save()
    client = signed_in("anna")

    first, last = (client.get(f"/cases/{case.pk}/letters/?page={page}").content.decode() for page in (1, 3))

    assert ("no. 90<" in first, "no. 51<" in first, "no. 50<" in first) == (True, True, False)
    assert ("no. 10<" in last, "no. 1<" in last) == (True, True)


def test_a_case_is_folded_once_for_its_page(bureau: Bureau) -> None:
    case = bureau.requested()

    assert desk.case_view(bureau["anna"], case.pk).permitted == ()
    assert desk.case_view(bureau["anna"], case.pk, acts=True).permitted != ()
