"""A broken data file is refused, and the sentence names file, line, key and what was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dedere.treaty.errors import LawDataError
from dedere.treaty.loading import load_law, overlay_files
from support.lawbook import PRACTICE, TOY, VOCABULARY, act, toy_law

if TYPE_CHECKING:
    from pathlib import Path


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def with_row(row: str) -> str:
    return f"{TOY}\n{row}"


GROUND = """[[ground]]
id = "ground.one"
request = "mla"
force = "may"
effect = "refuse"
title = "One"
gist = "One."
curable_by = ""
alternatives = []
provision = "gen.scope"
status = "read"
confidence = "certain"
"""
LIMIT = """[[limit]]
id = "limit.one"
request = "mla"
gist = "One."
starts_on = "request.received"
ends = "request.executed"
if_passed = "Nothing."
set_by = "instrument"
length = { days = 45 }
provision = "gen.scope"
status = "read"
confidence = "certain"
"""
DUTY = """[[duty]]
id = "duty.one"
request = "mla"
gist = "One."
on_event = "request.received"
owed_by = "both"
provision = "gen.scope"
status = "read"
confidence = "certain"
"""
PROTOCOL = """[[treaty]]
id = "protocol"
abbreviation = "PROT"
title = "Protocol"
adopted = 2005-01-01
since = 2006-01-01
rule = "at once"
provision = "gen.scope"
status = "read"
confidence = "certain"
"""

BROKEN = [
    ("text cut off", TOY.replace('short = "Toy', 'short = "Toy\n'), "short", "expected TOML"),
    ("unknown table", with_row("[[grund]]\nid = 'x'\n"), "[[grund]]", "grund: unknown table or key"),
    ("no instrument", TOY.replace("[instrument]", "[instruments]"), "", "[instrument], found none"),
    ("stray key", with_row("treaty = 1\n"), "", "unknown key"),
    ("unknown key", with_row(GROUND + 'farce = "must"\n'), "farce", "ground.farce: unknown key; expected one of id"),
    ("missing key", with_row(GROUND.replace('effect = "refuse"\n', "")), "[[ground]]", "ground.effect: missing"),
    ("another word", with_row(GROUND.replace('"may"', '"can"')), "force =", "expected one of must, may"),
    ("a list wanted", with_row(GROUND.replace("alternatives = []", 'alternatives = "no"')), "alternatives", "a list, each"),
    ("a list of words", with_row(GROUND.replace("= []", '= ["flee"]')), "alternatives", "expected one of supplement"),
    ("text wanted", with_row(GROUND.replace('title = "One"', "title = 1")), "title = 1", "a text that is not empty, found 1"),
    ("empty text", with_row(GROUND.replace('gist = "One."', 'gist = " "')), 'gist = " "', "a text that is not empty"),
    ("maybe a text", with_row(GROUND.replace('curable_by = ""', "curable_by = 1")), "curable_by", "expected a text, found 1"),
    ("flag wanted", TOY.replace("carries = true", 'carries = "yes"', 1), "carries", "true or false"),
    ("number wanted", TOY.replace("revision = 1", "revision = 0"), "revision", "whole number of at least 1"),
    ("number, not a flag", TOY.replace("revision = 1", "revision = true"), "revision", "whole number of at least 1"),
    ("schema of tomorrow", TOY.replace("schema = 1", "schema = 2"), "schema", "the number 1, the version"),
    ("day wanted", TOY.replace("adopted = 2000-01-01", 'adopted = "then"'), "adopted", "a day such as"),
    ("day, not an hour", TOY.replace("= 2000-01-01", "= 2000-01-01T10:00:00"), "adopted", "a day such as"),
    ("texts wanted", TOY.replace('["en"]', '["en", 1]'), "authentic_languages", "a list of texts"),
    ("quantity", with_row(LIMIT.replace("{ days = 45 }", "{ days = 1, months = 1 }")), "length", "one quantity such as"),
    ("quantity unit", with_row(LIMIT.replace("days", "weeks")), "length", "in hours, days, months, years or persons"),
    ("quantity above nought", with_row(LIMIT.replace("45", "0")), "length", "one quantity"),
    ("candidates", with_row(LIMIT + "candidates = []\n"), "candidates = []", "a list of candidates such as"),
    ("candidates' source", with_row(LIMIT + "candidates = [{ days = 1 }]\n"), "candidates = [{ days", "that each name their source"),
    ("numbers", TOY.replace('[{ instruments = 2, source = "one" }, ', "[2, "), "candidates", "instruments and source"),
    ("no numbers", TOY.replace('candidates = [{ instruments = 2, source = "one" }, { instruments = 3, source = "another" }]', "candidates = 2"), "candidates", "a list of candidates such as"),
    ("duration", TOY.replace("{ years = 3 }", "3"), "duration = 3", "one quantity"),
    ("choice", TOY.replace('"listed"', '"some"'), "crimes =", "one of listed, any"),
    ("id twice", with_row(GROUND + GROUND), "", "an id that is new, found 'ground.one' again"),
    ("no such provision", with_row(GROUND.replace("gen.scope", "gen.nothing")), "", "exists, found 'gen.nothing'"),
    ("no such treaty", with_row(GROUND + 'source_treaty = "other"\n'), "source_treaty", "exists, found 'other'"),
    ("no such assurance", with_row(GROUND.replace('curable_by = ""', 'curable_by = "promise"')), "curable_by", "'promise'"),
    ("no such event to start", with_row(LIMIT.replace("request.received", "full.moon")), "starts_on", "'full.moon'"),
    ("no such event to end", with_row(LIMIT.replace("request.executed", "full.moon")), "ends", "'full.moon'"),
    ("no such event to owe", with_row(DUTY.replace("request.received", "full.moon")), "on_event", "'full.moon'"),
    ("no such notice", TOY.replace('notice = "gen.scope"', 'notice = "gen.no"'), "notice", "'gen.no'"),
    ("no such crime", TOY.replace('as = "GEN"', 'as = "GENE"'), "as =", "'GENE'"),
    ("before history", TOY.replace("= 2000-01-01", "= 1066-10-14"), "adopted", "a day after 1800"),
    ("in force before adopted", TOY.replace('rule = "the', 'since = 1999-01-01\nrule = "the'), "since", "after the adoption"),
    ("protocol twice", with_row(PROTOCOL + PROTOCOL), "", "'treaty.protocol' again"),
    ("protocol of the same name", with_row(PROTOCOL.replace('"protocol"', '"toy"')), "", "'toy' again"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "where", "expected"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_broken_instrument_is_refused_by_line(text: str, where: str, expected: str) -> None:
    with pytest.raises(LawDataError) as caught:
        toy_law(toy=text)
    sentence = str(caught.value)
    assert sentence.startswith("toy.toml, line ")
    assert expected in sentence
    if where:
        start = 0 if where != "[[ground]]" else text.rindex("[[ground]]")
        wanted = line_of(text, where) if not start else text[:start].count("\n") + 1
        assert f"line {wanted}," in sentence or f"line {wanted}:" in sentence


def test_a_table_where_rows_belong_is_refused() -> None:
    with pytest.raises(LawDataError, match=r"ground: expected tables headed \[\[ground\]\]"):
        toy_law(toy=with_row("[ground]\nid = 'x'\n"))


def test_a_long_value_is_shortened_in_the_sentence() -> None:
    with pytest.raises(LawDataError, match=r"found 'x{50,}…"):
        toy_law(toy=TOY.replace('"listed"', f'"{"x" * 80}"'))


def test_toml_that_ends_too_soon_names_the_last_line() -> None:
    with pytest.raises(LawDataError, match=r"toy.toml, line \d+: expected TOML"):
        toy_law(toy=TOY + 'note = "')


def test_the_vocabulary_and_practice_are_checked_too() -> None:
    with pytest.raises(LawDataError, match=r"vocabulary.toml, line 8, events.events: expected each event once"):
        toy_law(vocabulary=VOCABULARY.replace('"request.executed"', '"request.received"'))
    with pytest.raises(LawDataError, match=r"practice.toml, line 11, check.severity"):
        toy_law(practice=PRACTICE.replace('"advises"', '"shouts"'))
    with pytest.raises(LawDataError, match=r"practice.toml, line 2, schema"):
        toy_law(practice=PRACTICE.replace("schema = 1", "schema = 9"))
    with pytest.raises(LawDataError, match=r"unknown table or key"):
        toy_law(practice=PRACTICE + "\n[[chek]]\n")


ROWS = [
    ("unknown treaty", act("signature", "AA", "2001-01-01", treaty="other"), "treaty: expected one of toy"),
    ("unknown State", act("signature", "ZZ", "2001-01-01"), "iso3166: expected the alpha-2 code"),
    ("State of the depositary", act("entry-into-force", "AA", "2001-01-01"), "iso3166: expected nothing"),
    ("unknown action", act("shrug", "AA", "2001-01-01"), "action: expected one of signature"),
    ("no day", act("signature", "AA", "1 May"), "date: expected a day such as"),
    ("day in another form", act("signature", "AA", "2001-W07-3"), "date: expected a day such as"),
    ("no such channel", act("declaration", "AA", "2001-01-01", effect="channel=pigeon"), "expected channel among"),
    ("status", act("signature", "AA", "2001-01-01", status="guessed"), "status: expected one of read"),
    ("confidence", act("signature", "AA", "2001-01-01", confidence="total"), "confidence: expected one of certain"),
    ("source", act("signature", "AA", "2001-01-01", source=""), "source: expected a text"),
    ("effect", act("declaration", "AA", "2001-01-01", effect="magic=yes"), "effect: expected name=values"),
    ("effect without value", act("declaration", "AA", "2001-01-01", effect="annexes"), "effect: expected name=values"),
    ("expires early", act("reservation", "AA", "2001-05-01", expires="2001-04-01"), "expires: expected a day after"),
    ("effect before act", act("ratification", "AA", "2001-05-01", effective="2001-04-01"), "effective: expected"),
    ("before adoption", act("signature", "AA", "1999-01-01"), "date: expected a day after the adoption on 2000-01-01"),
    ("about nothing", act("declaration", "AA", "2001-01-01", about="x"), "about: expected a kind of statement of TOY"),
    (
        "about another kind",
        act("reservation", "AA", "2001-01-01", about="declaration.provisional"),
        "kind of reservation",
    ),
    (
        "no such annex",
        act("notification-annex", "AA", "2001-01-01", effect="annexes=F Z"),
        "annexes among F, found 'Z'",
    ),
    ("no such part", act("provisional-application", "AA", "2001-01-01", effect="parts=X"), "parts among III, IV"),
    ("no such exclusion", act("reservation", "AA", "2001-01-01", effect="excludes=crime:X"), "found 'crime:X'"),
    ("affects nothing", act("renewal", "AA", "2001-01-01"), "affects: expected a statement of the same State"),
    ("affects without need", act("signature", "AA", "2001-01-01", affects="x"), "affects: expected a statement"),
    (
        "conduct from no day",
        act("reservation", "AA", "2001-01-01", effect="conduct-from=May"),
        "conduct-from with a day",
    ),
    (
        "an id that a rule has",
        act("signature", "AA", "2001-01-01", id="gen.scope"),
        "id: expected an id that no rule has",
    ),
    ("leaves unjoined", act("withdrawal", "AA", "2001-01-01"), "expected a consent to be bound before a withdrawal"),
    ("force without a day", act("entry-into-force"), "date: expected the day of entry into force"),
]


@pytest.mark.parametrize(("row", "expected"), [case[1:] for case in ROWS], ids=[case[0] for case in ROWS])
def test_a_broken_act_is_refused_by_line(row: dict[str, str], expected: str) -> None:
    with pytest.raises(LawDataError, match=r"toy.csv, line 2, ") as caught:
        toy_law(row)
    assert expected in str(caught.value)


PAIRS = [
    ("second consent", act("ratification", "AA", "2001-01-01"), act("accession", "AA", "2002-01-01"), "no second consent"),
    ("signing after", act("ratification", "AA", "2001-01-01"), act("signature", "AA", "2002-01-01"), "a signature before"),
    ("two starts", act("entry-into-force", "", "2001-01-01"), act("entry-into-force", "", "2001-02-01"), "already known"),
    ("renews the unrenewable", act("reservation", "AA", "2001-01-01", about="reservation.own", id="r"), act("renewal", "AA", "2002-01-01", affects="r"), "can be renewed"),
    ("renews what has no kind", act("reservation", "AA", "2001-01-01", id="r"), act("renewal", "AA", "2002-01-01", affects="r"), "can be renewed"),
    ("renews another's", act("reservation", "BB", "2001-01-01", about="reservation.presence", id="r"), act("renewal", "AA", "2002-01-01", affects="r"), "of the same State"),
    ("renews too soon", act("reservation", "AA", "2001-01-01", about="reservation.presence", id="r"), act("renewal", "AA", "2000-06-01", affects="r"), "a day after the statement"),
    ("same id", act("signature", "AA", "2001-01-01"), act("signature", "AA", "2001-01-01"), "found 'party.aa.signature.2001-01-01' again"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "expected"), [case[1:] for case in PAIRS], ids=[case[0] for case in PAIRS])
def test_acts_that_cannot_both_be_true_are_refused(
    first: dict[str, str], second: dict[str, str], expected: str
) -> None:
    with pytest.raises(LawDataError, match=r"toy.csv, line 3, ") as caught:
        toy_law(first, second)
    assert expected in str(caught.value)


def test_a_register_of_another_shape_is_refused() -> None:
    with pytest.raises(LawDataError, match=r"toy.csv, line 1, colour: unknown column"):
        toy_law(parties="id,colour\n")
    with pytest.raises(LawDataError, match=r"toy.csv, line 1, treaty: expected a column of this name"):
        toy_law(parties="id\n")
    with pytest.raises(LawDataError, match=r"states.csv, line 4: expected 4 fields as in the heading, found 2"):
        toy_law(states="iso3166,name,article,un_member\nAA,Arcadia,,yes\n\nBB,Brobdingnag\n")
    with pytest.raises(LawDataError, match=r"states.csv, line 1, iso3166: expected a column"):
        toy_law(states="")
    with pytest.raises(LawDataError, match=r"states.csv, line 1, name: expected each column once"):
        toy_law(states="iso3166,name,article,un_member,name\nAA,Arcadia,,yes,Utopia\n")


def test_a_file_that_is_no_csv_is_refused() -> None:
    with pytest.raises(LawDataError, match=r"states.csv, line 2: expected CSV, found a mistake"):
        toy_law(states="iso3166,name,article,un_member\n" + "x" * 200_000)


def test_a_mark_that_spreadsheets_put_first_does_no_harm() -> None:
    text = "\ufeffiso3166,name,article,un_member\nAA,Arcadia,,yes\n"
    assert toy_law(states=text).states["AA"].name == "Arcadia"


def test_an_overlay_says_of_every_row_whether_it_is_made_up(tmp_path: Path) -> None:
    overlay = tmp_path / "acts.csv"
    overlay.write_text("treaty,iso3166,action,date,source,demonstration\ntoy,AA,signature,2001-01-01,x,maybe\n")
    with pytest.raises(LawDataError, match=r"acts.csv, line 2, demonstration: expected yes or no"):
        toy_law(overlays=[overlay])
    overlay.write_text("treaty,iso3166,action,date,source\n")
    with pytest.raises(LawDataError, match=r"acts.csv, line 1, demonstration: expected a column"):
        toy_law(overlays=[overlay])


def test_overlays_are_files_or_folders_that_exist(tmp_path: Path) -> None:
    heading = "treaty,iso3166,action,date,source,demonstration\n"
    (tmp_path / "b.csv").write_text(heading)
    (tmp_path / "a.csv").write_text(heading)
    (tmp_path / "notes.txt").write_text("")
    assert [path.name for path in overlay_files([tmp_path, tmp_path / "missing"])] == ["a.csv", "b.csv"]
    (tmp_path / "acts").write_text(heading)
    for wrong in (tmp_path / "gone.csv", tmp_path / "notes.txt", tmp_path / "acts"):
        with pytest.raises(LawDataError, match=r"expected a CSV file of the register that exists"):
            overlay_files([wrong])


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    overlay = tmp_path / "acts.csv"
    overlay.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LawDataError, match=r"acts.csv: expected a readable file in UTF-8"):
        load_law([overlay])
    (tmp_path / "instruments").mkdir()
    with pytest.raises(LawDataError, match=r"vocabulary.toml: expected a readable file in UTF-8"):
        load_law(data=tmp_path)


@pytest.mark.parametrize("text", ["\x1b[31m", "\x00", "a\u202eb", '"two\nlines"'])
def test_text_that_would_change_what_a_page_shows_is_refused(text: str) -> None:
    with pytest.raises(LawDataError, match=r"toy.csv, line \d: expected fields of one line without control characters"):
        toy_law(act("signature", "AA", "2001-01-01", source=text))


def test_an_overlay_is_read_no_further_than_it_may_be_long(tmp_path: Path) -> None:
    overlay = tmp_path / "acts.csv"
    overlay.write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    with pytest.raises(LawDataError, match=r"acts.csv: expected at most 4194304 bytes"):
        load_law([overlay])


def test_more_acts_than_a_state_can_do_are_refused() -> None:
    many = [act("declaration", "AA", "2001-01-01", id=f"d{number}") for number in range(501)]
    with pytest.raises(LawDataError, match=r"toy.csv, line \d+, iso3166: expected at most 500 acts of one State"):
        toy_law(*many)
