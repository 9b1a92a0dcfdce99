"""A node that practises: it answers by rules over real sockets, and its pages say so. All fictional."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

import pytest

from dedere.base.errors import FacilityError
from dedere.casework.request import RequestDraft
from dedere.cli.demonstration.homes import run_dedere
from support.nodes import Node, running, until
from support.requests import assistance, request_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.network


def test_the_partner_answers_a_request_to_its_end_and_says_what_it_is(tmp_path: Path) -> None:
    serve = {"SN": ("--practice", "--temper", "helpful", "--pace", "0.01")}
    with running(tmp_path, "NL", "SN", serve=serve) as (office, partner):
        request = RequestDraft(request_of(assistance("records", "lhc"))).as_json()
        begun = office.start("mla", request, partner="SN", title="Records of the mill (fictional)")
        case, here = begun["case"], begun["proceeding"]
        answered = until(lambda: _answered(office, case), "the partner to answer every measure")
        assert answered["proceedings"][0]["status"] == "executed"
        said_by = {entry["officer"] for entry in answered["timeline"] if entry["sender"] == "SN"}
        assert said_by == {"Practice desk (a program, fictional)"}
        assert {entry["approved_by"] for entry in answered["timeline"] if entry["sender"] == "SN"} == {
            "Practice approval (a program, fictional)"
        }
        assert not [entry for entry in answered["timeline"] if entry["status"] == "refused"]
        assert office.status(case, here) == "executed"
        with urllib.request.urlopen(f"{partner.office.home.pages.url}/sign-in/") as page:
            assert "Practice partner." in page.read().decode()
        with urllib.request.urlopen(f"{office.office.home.pages.url}/sign-in/") as page:
            assert "Practice partner." not in page.read().decode()


def _answered(office: Node, case: str) -> dict[str, object] | None:
    seen = office.case(case)
    questions = seen["proceedings"][0]["questions"]
    for question in questions:
        if question["asked_by"] == "SN" and not question["answered_in"] and not question["dropped"]:
            answer = {"question": question["id"], "text": "As in the request (fictional)."}
            office.act(case, seen["proceedings"][0]["id"], "answers", answers=[answer])
    waiting = [each["id"] for each in seen["proceedings"][0]["conditions"] if each["status"] == "proposed"]
    if waiting:
        replies = [{"condition": name, "accepted": True} for name in waiting]
        office.act(case, seen["proceedings"][0]["id"], "conditions-reply", replies=replies)
    return seen if seen["proceedings"][0]["status"] == "executed" else None


def test_only_a_demonstration_home_practises(tmp_path: Path) -> None:
    home = str(tmp_path / "nl")
    run_dedere("node", "init", home, "--state", "NL", "--pages-port", "18000", "--gateway-port", "18443")
    with pytest.raises(FacilityError, match="Only a demonstration home"):
        run_dedere("node", "serve", home, "--practice")
    with pytest.raises(FacilityError, match="helpful, slow, pedantic, refusing"):
        run_dedere("node", "serve", home, "--practice", "--temper", "moody")
