"""What holds for every page: no inline script or style, nothing cached, errors that stay polite, names of any length."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import RequestFactory

import dedere.web
from dedere.base.errors import DefectError, FacilityError, InputError, MessageError, PermissionRefusedError
from dedere.node.cases.models import Case
from dedere.node.errors import UnknownObjectError
from dedere.web.components import faults
from dedere.web.components.middleware import OfficeErrors
from support.offices import Bureau
from support.pages import SignIn, text_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.test import Client

TEMPLATES = sorted((Path(dedere.web.__file__).parent / "templates").rglob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_template_has_inline_script_style_or_unescaped_text(template: Path) -> None:
    text = template.read_text(encoding="utf-8")

    assert not re.search(r"\son[a-z]+=", text), "an event handler"
    assert not re.search(r"\sstyle=", text), "an inline style"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "an inline script"
    assert "|safe" not in text
    assert "autoescape off" not in text
    assert "javascript:" not in text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_form_that_posts_is_protected(template: Path) -> None:
    text = template.read_text(encoding="utf-8")

    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL):
        assert "{% csrf_token %}" in form


def test_pages_are_kept_nowhere_and_run_only_our_own_scripts(bureau: Bureau, signed_in: SignIn) -> None:
    response = signed_in("anna").get("/")

    assert response.headers["Cache-Control"] == "no-store"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_form_without_its_token_is_refused_kindly(bureau: Bureau) -> None:
    from django.test import Client as PlainClient

    client = PlainClient(enforce_csrf_checks=True)
    client.force_login(bureau["anna"])

    response = client.post("/requests/new/", {"partner": "SN", "title": "A mill", "kind": "mla"})

    assert response.status_code == 403
    assert "The form has expired" in text_of(response)


def test_hostile_names_are_text_on_every_page(bureau: Bureau, signed_in: SignIn) -> None:
    hostile = "<script>alert(1)</script>\"'&{{ 1 }}"
    draft = bureau.drafted()
    Case.objects.update(title=hostile)
    client = signed_in("anna")

    for address in ("/cases/", f"/cases/{draft.case_id}/", f"/requests/{draft.pk}/", "/requests/"):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_names_of_any_length_and_script_are_shown_whole(bureau: Bureau, signed_in: SignIn) -> None:
    title = ("Rindfleischetikettierungsüberwachungsaufgaben" * 6)[:250] + " الزاوية 事件"
    bureau.drafted()
    Case.objects.update(title=title)

    page = signed_in("anna").get("/cases/").content.decode()

    assert title in page
    assert 'dir="auto"' in page


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (UnknownObjectError(), 404, "There is nothing here"),
        (PermissionRefusedError("Only a custodian may do this."), 403, "Only a custodian may do this."),
        (InputError("A State is written with two letters."), 400, "A State is written with two letters."),
        (FacilityError("The disk is full."), 503, "Nothing was lost."),
    ],
)
def test_an_error_of_ours_becomes_a_page(
    bureau: Bureau, rf: RequestFactory, error: Exception, status: int, words: str
) -> None:
    response = OfficeErrors(_nothing).process_exception(_request(rf, bureau), error)

    assert response is not None
    assert response.status_code == status
    assert words in text_of(response)


@pytest.mark.parametrize("error", [DefectError("Ours."), MessageError("Theirs."), ValueError("Python's.")])
def test_a_fault_is_left_to_be_logged(bureau: Bureau, rf: RequestFactory, error: Exception) -> None:
    assert OfficeErrors(_nothing).process_exception(_request(rf, bureau), error) is None


def test_the_frameworks_own_refusals_have_our_pages(bureau: Bureau, rf: RequestFactory) -> None:
    request = _request(rf, bureau)

    for view, status in ((faults.bad_request, 400), (faults.forbidden, 403), (faults.not_found, 404)):
        assert view(request, Exception()).status_code == status


def test_the_page_for_a_fault_asks_nothing_of_what_may_be_broken(rf: RequestFactory) -> None:
    response = faults.fault(rf.get("/"))

    assert response.status_code == 500
    assert "This is our fault, not yours." in text_of(response)


def test_an_address_that_is_none_is_not_there(bureau: Bureau, client: Client) -> None:
    assert client.get("/no/such/page/").status_code == 404


def _nothing(request: HttpRequest) -> HttpResponse:
    raise AssertionError(request)


def _request(rf: RequestFactory, bureau: Bureau) -> HttpRequest:
    request = rf.get("/")
    request.user = bureau["anna"]
    request.session = {}  # type: ignore[assignment] # only messages would look, and there are none
    from django.contrib.messages.storage.cookie import CookieStorage

    request._messages = CookieStorage(request)  # type: ignore[attr-defined] # what the middleware does
    return request
