"""The packaged data load whole and fast enough, and say what they are."""

from __future__ import annotations

import re

import pytest

from dedere.base.reference import Status
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.loading import load_law, packaged_data, rows_of
from dedere.treaty.model import Row
from dedere.treaty.register import PartyRow
from dedere.treaty.words import Measure, RequestKind
from support.lawbook import TOY, act, packaged, toy_law


def test_every_instrument_is_there_the_convention_first() -> None:
    assert tuple(packaged().instruments) == ("lhc", "uncac", "untoc", "ets024", "ets030", "ets112")


def test_the_tables_run_over_all_instruments() -> None:
    law = packaged()
    for name in (
        "contents",
        "grounds",
        "limits",
        "thresholds",
        "duties",
        "forms",
        "channels",
        "provisions",
        "assurances",
    ):
        rows = getattr(law, name)
        assert {row.instrument for row in rows} <= set(law.instruments), name
        assert any(row.instrument == "lhc" for row in rows), name
    assert len(law.contents) == 257
    assert len(law.practice) == 75


def test_no_datum_is_named_after_an_article() -> None:
    """A name holds no number but a treaty's own and, where a State made several acts of a kind, which of them it is."""
    law = packaged()
    treaties = "|".join(treaty for treaty in law.treaties if any(map(str.isdigit, treaty)))
    named = [re.sub(rf"{treaties}|declaration\.\d$", "", datum) for datum in law.rows]
    assert [datum for datum in named if any(map(str.isdigit, datum))] == []


def test_every_row_has_a_source_a_status_and_a_place() -> None:
    law = packaged()
    for row in law.rows.values():
        reference = law.reference_of(row)
        assert reference.place
        assert reference.source
        assert reference.datum == row.datum


def test_ids_are_found_from_any_row() -> None:
    law = packaged()
    for instrument in law.instruments.values():
        for row in rows_of(instrument):
            assert law.rows[row.datum] is row


def test_a_working_number_is_marked_and_a_reported_one_is_not() -> None:
    law = packaged()
    assert law.reference("lhc", "ext.scope").place == "LHC Art. 49 (working number)"
    assert law.reference("lhc", "gen.purpose").place == "LHC Art. 1"
    assert law.reference("lhc", "gen.preamble").place == "LHC preamble"


def test_a_protocol_is_cited_by_its_own_name_and_an_amended_article_by_the_convention() -> None:
    law = packaged()
    assert law.reference("ets030", "mla.jit").place == "ETS 182 Art. 20"
    assert law.reference("ets030", "mla.scope.administrative").place.startswith("ETS 30 Art. 1(3)-(4) inserted")


def test_a_row_inferred_from_a_model_names_it_as_its_source() -> None:
    law = packaged()
    row = next(each for each in law.instruments["lhc"].contents if each.model)
    assert law.reference_of(row).source == f"inferred from {row.model}"


def test_names_are_looked_up_in_small_and_capital_letters() -> None:
    law = packaged()
    assert law.state("nl").name == "Netherlands"
    assert law.state("NL").said == "the Netherlands"
    assert law.crime("Genocide") == law.crime("gen") == "GEN"
    assert law.crime("murder") == "murder"
    assert law.crime_name("murder") == "Murder"
    assert law.crime_name("GEN") == "Genocide"
    assert law.instrument("LHC").abbreviation == "LHC"
    assert law.treaty("ETS182").abbreviation == "ETS 182"
    assert law.function("mla") is RequestKind.MLA


def test_unknown_names_are_refused_with_what_there_is() -> None:
    law = packaged()
    with pytest.raises(LawQuestionError, match="no State with the code 'ZZ'"):
        law.state("ZZ")
    with pytest.raises(LawQuestionError, match="knows a crime 'jaywalking'; known are genocide"):
        law.crime("jaywalking")
    with pytest.raises(LawQuestionError, match="no instrument 'rome'; there are lhc"):
        law.instrument("rome")
    with pytest.raises(LawQuestionError, match="no treaty 'rome'"):
        law.treaty("rome")
    with pytest.raises(LawQuestionError, match="no function 'any'; there are mla"):
        law.function("any")
    with pytest.raises(LawQuestionError, match="no provision 'nothing'"):
        law.reference("lhc", "nothing")


def test_a_longer_measure_refines_a_shorter_one_but_not_the_reverse() -> None:
    assert Measure.CONFISCATION_ENFORCEMENT.refines(Measure.CONFISCATION)
    assert Measure.SEARCH.refines(Measure.SEARCH)
    assert not Measure.CONFISCATION.refines(Measure.CONFISCATION_ENFORCEMENT)


def test_every_kind_of_request_has_words_for_a_sentence() -> None:
    assert all(kind.phrase for kind in RequestKind)


def test_another_folder_of_data_is_read_in_place_of_the_packaged_one() -> None:
    law = toy_law(act("ratification", "AA", "2005-01-01"))
    assert tuple(law.instruments) == ("toy",)
    assert law.practice[0].fields == ()
    assert law.reference_of(law.instruments["toy"].functions[2]).source == "inferred from Other Convention Art. 7"


def test_an_instrument_may_have_no_annexes_and_no_parties_file() -> None:
    without = TOY[: TOY.index("[annexes]")] + TOY[TOY.index("[[provision]]") :]
    assert toy_law(toy=without).instruments["toy"].annexes is None


def test_loading_the_files_again_gives_an_equal_law() -> None:
    assert load_law(data=packaged_data()).rows == packaged().rows
    assert load_law() is packaged(), "the packaged law is made once in a process"


def test_a_law_says_in_short_what_it_holds() -> None:
    assert repr(toy_law()) == "<Law: toy; 18 rows>"


def test_rows_are_of_two_kinds_only() -> None:
    kinds = {isinstance(row, PartyRow | Row) for row in packaged().rows.values()}
    assert kinds == {True}
    assert packaged().rows["lhc/instrument"].status is Status.REPORTED
