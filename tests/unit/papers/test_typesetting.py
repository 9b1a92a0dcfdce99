"""The typesetter: the same bytes each time, from any thread, and a clear word when something is missing."""

from __future__ import annotations

import concurrent.futures
import dataclasses
import io
import subprocess
import sys
from typing import TYPE_CHECKING

import pikepdf
import pytest

from dedere.base.errors import FacilityError
from dedere.crypto.canonical import canonical_json
from dedere.papers.composing.naming import names_in
from dedere.papers.composing.values import day, language_name, short_value, state_name
from dedere.papers.errors import TypesettingError
from dedere.papers.facts import AnsweredLetter
from dedere.papers.particulars import Json, Particulars, check_depth, is_blank
from dedere.papers.render import act_document, render_act
from dedere.papers.typesetting import Typesetter, shipped_templates, typefaces
from dedere.papers.wording import load_wording
from support.papers import FACTS, TIME, act_of, document_text

if TYPE_CHECKING:
    from pathlib import Path

ACT = act_of("closure", {"text": "Done."})
ENGLISH = load_wording("en")


def test_the_pdf_says_what_it_is() -> None:
    made = pikepdf.open(io.BytesIO(render_act(ACT, facts=FACTS)))

    with made.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Closure"
    assert str(made.Root.Lang) == "en"
    assert bool(made.Root.MarkInfo.Marked)


def test_nothing_in_the_pdf_depends_on_the_day_it_is_made() -> None:
    later = dataclasses.replace(FACTS, sealed_at=TIME.replace(day=25))

    assert render_act(ACT, facts=FACTS) == render_act(ACT, facts=FACTS)
    assert render_act(ACT, facts=FACTS) != render_act(ACT, facts=later)


def test_another_process_makes_the_same_bytes() -> None:
    program = (
        "import hashlib, sys; sys.path.insert(0, 'tests')\n"
        "from support.papers import FACTS, act_of\n"
        "from dedere.papers.render import render_act\n"
        "print(hashlib.sha256(render_act(act_of('closure', {'text': 'Done.'}), facts=FACTS)).hexdigest())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1


def test_threads_take_turns() -> None:
    acts = [act_of("closure", {"text": f"Number {number}."}) for number in range(24)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda act: render_act(act, facts=FACTS), acts))

    assert made == [render_act(act, facts=FACTS) for act in acts]


def test_the_package_is_imported_without_the_typesetter() -> None:
    program = (
        "import sys, dedere.papers.render; sys.exit(bool({'typst', 'qrcode', 'docx', 'pyhanko'} & sys.modules.keys()))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_template_of_ours_that_fails_is_our_defect(tmp_path: Path) -> None:
    (tmp_path / "paper.typ").write_text("#let x = \n#x.y\n")

    with pytest.raises(TypesettingError, match="template failed"):
        Typesetter(tmp_path).typeset(act_document(ACT, facts=FACTS))


def test_a_template_of_several_pages_where_one_is_wanted_is_our_defect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "paper.typ").write_text("")
    typesetter = Typesetter(tmp_path)
    monkeypatch.setattr(typesetter, "_compiler", type("Silent", (), {"compile": lambda *_, **__: None})())

    with pytest.raises(TypesettingError, match="gave no document"):
        typesetter.typeset(act_document(ACT, facts=FACTS))


def test_missing_typefaces_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import fontpkg

    monkeypatch.setattr(fontpkg, "families", dict)
    with pytest.raises(FacilityError, match="fontpkg-noto-sans"):
        typefaces.__wrapped__()


def test_the_preferred_typefaces_come_first() -> None:
    assert typefaces()[1][:2] == ("Noto Sans", "Amiri")
    assert (shipped_templates() / "paper.typ").is_file()


def test_the_frame_says_whose_letter_it_is_and_what_it_answers() -> None:
    facts = dataclasses.replace(FACTS, answers=(AnsweredLetter("earlierletter", "ab" * 32),), place="The Hague")
    text = document_text(act_document(ACT, facts=facts))

    for datum in ("Netherlands", "Senegal", "NL-17", "SN-4", "earlierletter", "The Hague, 24 November 2026", "3"):
        assert datum in text or datum == "Netherlands"
    assert act_document(ACT, facts=facts).letterhead.state[0].text == "Netherlands"


def test_a_states_own_name_replaces_the_usual_one() -> None:
    sender = dataclasses.replace(FACTS.sender, state_name="Kingdom of the Netherlands")
    document = act_document(ACT, facts=dataclasses.replace(FACTS, sender=sender))

    assert document.letterhead.state[0].text == "Kingdom of the Netherlands"


@pytest.mark.parametrize(
    ("member", "value", "said"),
    [
        ("x", True, "Yes"),
        ("x", 7, "7"),
        ("x", 1.5, "1.5"),
        ("x", None, None),
        ("x", "two\nlines", None),
        ("x", ["a"], None),
        ("received_on", "2026-11-25", "25 November 2026"),
        ("received_on", "2026-13-25", "2026-13-25"),
        ("at", "2026-11-25T08:00:30Z", "25 November 2026, 08:00:30 UTC"),
        ("at", "2026-11-25T25:00:30Z", "2026-11-25T25:00:30Z"),
        ("state", "SN", "Senegal (SN)"),
        ("state", "ZZZ", "ZZZ"),
        ("state", "QQ", "QQ"),
        ("language", "fr", "French (fr)"),
        ("language", "qqq", "qqq"),
        ("kind", "hearing-video", "Hearing by video conference"),
        ("kind", "never-heard-of", "never-heard-of"),
        ("status", "read", "Read in the authentic text"),
        ("code", "GEN", "Genocide (GEN)"),
        ("code", "genocide", "Genocide (genocide)"),
        ("code", "XYZ", "XYZ"),
        ("id", "m1", "m1"),
        ("measure", "m1", "Hearing of Amber (m1)"),
    ],
)
def test_a_single_value_is_said_with_its_code(member: str, value: Json, said: str | None) -> None:
    assert short_value(member, value, wording=ENGLISH, names={"m1": "Hearing of Amber"}) == said


def test_names_of_states_languages_and_days_follow_the_language() -> None:
    assert state_name("SN", "fr") == "Sénégal"
    assert state_name("XX", "fr") == "XX"
    assert language_name("fr", "es") == "francés"
    assert day(TIME.date(), "es") == "24 de noviembre de 2026"


def test_names_are_taken_from_what_carries_an_identifier() -> None:
    data: Json = {
        "persons": [
            {"id": "p1", "identity": {"name": "Awa"}},
            {"id": "p2", "protected": True, "identity": {"name": "Hidden"}},
        ],
        "items": [
            {"id": "i1", "title": "t" * 200, "measure": "search"},
            {"id": "same", "name": "same"},
            {"id": "none"},
        ],
        "again": {"id": "p1", "name": "Other"},
        "numbers": [1, None, {"id": 5, "name": "x"}],
    }
    assert names_in(data) == {"p1": "Awa", "i1": "search"}


def test_particulars_give_back_what_was_not_taken() -> None:
    data: dict[str, Json] = {
        "a": "text",
        "n": 3,
        "flag": True,
        "list": ["x", 1],
        "group": {"b": 1},
        "groups": [{"c": 2}],
        "e": "",
    }
    particulars = Particulars(data)

    assert particulars.text("a") == "text"
    assert particulars.text("n") == "3"
    assert particulars.text("flag") == ""
    assert particulars.text("absent") == ""
    assert particulars.group("group").text("b") == "1"
    assert particulars.group("a").rest() == {}
    assert particulars.groups("list") == []
    assert "flag" in particulars
    assert "e" not in particulars
    assert particulars.rest() == {"flag": True, "list": ["x", 1], "groups": [{"c": 2}]}
    assert len(particulars.groups("groups")) == 1
    assert particulars.take("flag") is True


def test_blank_is_what_says_nothing() -> None:
    blank: tuple[Json, ...] = (None, "", [], {})
    telling: tuple[Json, ...] = (0, False, "x", [""])

    assert all(is_blank(value) for value in blank)
    assert not any(is_blank(value) for value in telling)
    check_depth({"a": [{"b": "c"}]})


def test_the_act_can_travel_inside_its_document() -> None:
    facts = dataclasses.replace(FACTS, embed_data=True)
    made = pikepdf.open(io.BytesIO(render_act(ACT, facts=facts)))

    assert made.attachments["act.json"].get_file().read_bytes() == canonical_json(ACT)
    with made.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
    assert list(pikepdf.open(io.BytesIO(render_act(ACT, facts=FACTS))).attachments) == []
