"""An office's own letterhead and wording: used when sound, refused with file and line when not, harmless in any case."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest

from dedere.papers import house_checks
from dedere.papers.composing.sheets import SheetKind
from dedere.papers.errors import TemplateError
from dedere.papers.house import check_house, load_house, shipped_house
from dedere.papers.house_trial import try_letterhead
from dedere.papers.render import render_act, render_sheet
from dedere.papers.typesetting import shipped_templates
from support.papers import FACTS, act_of, pdf_text

GOOD = """#let letterhead(head, line-of) = block(below: 2em, width: 100%, {
  text(size: 1.3em, line-of(head.authority))
  line-of(head.state)
  for l in head.lines { linebreak(); line-of(l) }
  image("crest.svg", width: 1cm, alt: "Crest")
})
"""
CREST = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'
ACT = act_of("closure", {"text": "Done."})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "templates"
    (made / "wording").mkdir(parents=True)
    (made / "letterhead.typ").write_text(GOOD)
    (made / "crest.svg").write_text(CREST)
    return made


def complaints(folder: Path) -> list[str]:
    return [str(complaint) for complaint in check_house(folder)]


def test_a_sound_letterhead_is_used(folder: Path, tmp_path: Path) -> None:
    house = load_house(folder)

    text = pdf_text(render_act(ACT, facts=FACTS, house=house), tmp_path)
    assert text.index("Fictional Central Authority") < text.index("Netherlands")
    assert render_act(ACT, facts=FACTS, house=house) != render_act(ACT, facts=FACTS)


def test_changed_wording_is_used_for_acts_and_sheets(folder: Path, tmp_path: Path) -> None:
    (folder / "wording" / "en.toml").write_text('[frame]\nto = "For the attention of"\n')
    house = load_house(folder)

    assert "For the attention of" in pdf_text(render_act(ACT, facts=FACTS, house=house), tmp_path)
    sheet = render_sheet(SheetKind.SAFE_CONDUCT, {"text": "x"}, facts=FACTS, house=house)
    assert "For the attention of" in pdf_text(sheet, tmp_path)
    assert house.wording("fr") is shipped_house().wording("fr")


def test_an_absent_folder_is_the_shipped_house(tmp_path: Path) -> None:
    assert load_house(tmp_path / "nothing") is shipped_house()


def test_a_folder_with_wording_only_keeps_the_shipped_letterhead(folder: Path, tmp_path: Path) -> None:
    (folder / "letterhead.typ").unlink()

    text = pdf_text(render_act(ACT, facts=FACTS, house=load_house(folder)), tmp_path)
    assert text.index("Netherlands") < text.index("Fictional Central Authority")


def test_a_file_changed_after_the_check_changes_nothing(folder: Path) -> None:
    house = load_house(folder)
    before = render_act(ACT, facts=FACTS, house=house)
    (folder / "letterhead.typ").write_text("#let letterhead(head, line-of) = [Changed]")

    assert render_act(ACT, facts=FACTS, house=house) == before


def test_every_complaint_stands_in_one_refusal(folder: Path) -> None:
    (folder / "letterhead.typ").write_text('#let letterhead(head, line-of) = read("/etc/passwd")\n')
    (folder / "wording" / "en.toml").write_text('[frame]\nnothing = "x"\n')

    with pytest.raises(TemplateError, match=r"wording/en\.toml, line 2.*letterhead\.typ, line 1, uses 'read'"):
        load_house(folder)


def test_a_missing_field_is_named_with_its_line(folder: Path) -> None:
    (folder / "letterhead.typ").write_text(
        "#let letterhead(head, line-of) = {\n  line-of(head.state)\n  line-of(head.minister)\n}\n"
    )

    assert complaints(folder) == ['letterhead.typ, line 3, does not work: dictionary does not contain key "minister".']


def test_a_field_left_out_is_named(folder: Path) -> None:
    (folder / "letterhead.typ").write_text("#let letterhead(head, line-of) = [#line-of(head.state)]\n")

    assert complaints(folder) == [
        "letterhead.typ does not print head.authority through line-of.",
        "letterhead.typ does not print head.lines through line-of.",
    ]


@pytest.mark.parametrize(
    ("source", "line"),
    [("#let letterhead(head, line-of) = {\n line-of(head.state\n}\n", 2), ("#let other() = []\n", 0)],
)
def test_a_template_that_does_not_compile_is_refused(folder: Path, source: str, line: int) -> None:
    (folder / "letterhead.typ").write_text(source)

    (complaint,) = check_house(folder)
    assert (complaint.file, complaint.line) == ("letterhead.typ", line)
    assert "does not work" in complaint.sentence


@pytest.mark.parametrize(
    "code",
    [
        '#import "paper.typ": *',
        '#include "paper.typ"',
        '#read("paper.typ")',
        '#eval("1")',
        '#plugin("x.wasm")',
        "#sys.inputs",
        '#std.at("x")',
        '#dictionary(std).at("ev" + "al")("1")',
        '#json("x")',
        "#while true {}",
        "#range(1000000000)",
        "#context query(heading)",
        '#set document(title: "forged")',
        '#raw(lang: none, "x")',
        "x@y",
    ],
)
def test_what_reads_fetches_runs_or_forges_is_refused_with_its_line(folder: Path, code: str) -> None:
    (folder / "letterhead.typ").write_text(f"{GOOD}{code}\n")

    found = check_house(folder)
    assert found
    assert {complaint.line for complaint in found} == {GOOD.count("\n") + 1}
    assert all("which a letterhead may not" in complaint.sentence for complaint in found)


def test_a_template_that_never_ends_is_stopped(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(house_checks, "_SECONDS", 2)
    (folder / "letterhead.typ").write_text(
        '#let f(n) = { let a = ""; for i in n * 1000000000 * "a" { a = a + "x" }; a }\n#let letterhead(head, line-of) = [#f(2)]\n'
    )

    (complaint,) = check_house(folder)
    assert complaint.sentence.startswith(("does not end within", "needs too much"))


def test_a_template_that_takes_all_memory_is_stopped(folder: Path) -> None:
    (folder / "letterhead.typ").write_text('#let letterhead(head, line-of) = [#(40000000000 * "abcdefgh")]\n')

    (complaint,) = check_house(folder)
    assert complaint.file == "letterhead.typ"


def test_a_template_too_large_is_refused(folder: Path) -> None:
    (folder / "letterhead.typ").write_text(" " * (house_checks.MAXIMUM_TEMPLATE + 1))

    assert complaints(folder) == ["letterhead.typ is larger than 64 KiB."]


def test_links_and_strange_files_are_refused(folder: Path) -> None:
    (folder / "notes.doc").write_text("x")
    (folder / "other").mkdir()
    (folder / "crest.png").symlink_to("/etc/passwd")

    assert complaints(folder) == [
        "crest.png is a link; put the file itself into the folder.",
        "notes.doc is not expected here: only office.toml, letterhead.typ, pictures and the folder wording.",
        "other is not expected here: only office.toml, letterhead.typ, pictures and the folder wording.",
    ]


def test_a_letterhead_that_is_a_link_is_refused(folder: Path) -> None:
    (folder / "letterhead.typ").rename(folder.parent / "real.typ")
    (folder / "letterhead.typ").symlink_to(folder.parent / "real.typ")

    assert complaints(folder) == ["letterhead.typ is a link; put the file itself into the folder."]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            '[frame]\nbanner = "Real"\n',
            "wording/en.toml, line 2, changes frame.banner, which is the same in every office.",
        ),
        (
            '[provenance]\nverified = "x"\n',
            "wording/en.toml, line 2, changes provenance.verified, which is the same in every office.",
        ),
        ('\n[frame]\n\n"nothing" = "x"\n', "wording/en.toml, line 4, changes frame.nothing, which does not exist."),
        (
            '[frame]\npage_of = "{page}"\n',
            "wording/en.toml, line 2, has other places in frame.page_of than expected ({page}, {pages}).",
        ),
        ('[frame]\nto = "{who}"\n', "wording/en.toml, line 2, has other places in frame.to than expected (none)."),
        (
            '[frame]\nto = "Хэнд"\n',
            "wording/en.toml, line 2, has frame.to in another script than that of the language en.",
        ),
        ("[frame\n", "wording/en.toml, line 1, is not readable as TOML."),
        ('[word.code]\nGEN = "{x}"\n', "wording/en.toml has other places in word.code.GEN than expected (none)."),
    ],
)
def test_wording_is_checked_with_its_line(folder: Path, text: str, complaint: str) -> None:
    (folder / "wording" / "en.toml").write_text(text)

    assert complaints(folder) == [complaint]


def test_wording_of_an_unknown_language_is_refused(folder: Path) -> None:
    (folder / "wording" / "xx.toml").write_text("")
    (folder / "wording" / "en.txt").write_text("")

    assert [complaint.split(" is ")[0] for complaint in complaints(folder)] == ["wording/en.txt", "wording/xx.toml"]


def test_wording_in_the_languages_own_script_is_accepted(folder: Path) -> None:
    (folder / "wording" / "mn.toml").write_text('[frame]\nto = "Хүлээн авагч"\n')
    (folder / "wording" / "ar.toml").write_text('[frame]\nto = "إلى السيد"\n')
    (folder / "wording" / "en.toml").write_text('[frame]\nto = "—"\n')

    assert complaints(folder) == []


def test_pictures_are_bounded_and_inert(folder: Path) -> None:
    (folder / "big.png").write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 9000, 9000))
    (folder / "broken.jpg").write_bytes(b"\xff\xd8")
    (folder / "heavy.png").write_bytes(bytes(house_checks.MAXIMUM_PICTURE + 1))
    (folder / "script.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>')
    (folder / "linked.svg").write_text('<svg><image href="http://example.org/x.png"/></svg>')

    assert complaints(folder) == [
        "big.png has 81,000,000 pixels; a letterhead takes 4,000,000.",
        "broken.jpg is not a readable PNG or JPEG picture.",
        "heavy.png is larger than 2 MiB.",
        "linked.svg is a drawing with scripts, entities or links to other files.",
        "script.svg is a drawing with scripts, entities or links to other files.",
    ]


def test_the_trial_says_what_is_shown_and_where_it_fails(folder: Path) -> None:
    shutil.copy(shipped_templates() / "letterhead_check.typ", folder)
    shown = try_letterhead(folder)
    (folder / "letterhead.typ").write_text("#let letterhead(head, line-of) = {\n  head.minister\n}\n")

    assert shown == {"shown": ["authority", "state", "lines"]}
    assert try_letterhead(folder)["line"] == 2
