"""The matrix finds for every pair what the explained basis finds for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from dedere.base.finding import Outcome
from dedere.treaty.basis import legal_basis
from dedere.treaty.errors import LawQuestionError
from dedere.treaty.matrix import matrices, matrix
from dedere.treaty.words import RequestKind
from support.lawbook import act, ask, packaged, settled, toy_law


def test_all_members_of_the_united_nations_make_the_pairs() -> None:
    found = matrix(packaged(), ask())
    assert len(found.states) == 193
    assert sum(1 for _ in found.pairs()) == 193 * 192
    assert sum(found.counts().values()) == 193 * 192


@pytest.mark.parametrize("crime", ["genocide", "torture", "laundering", "murder"])
@pytest.mark.parametrize("function", [RequestKind.MLA, RequestKind.EXTRADITION, RequestKind.TRANSFER])
def test_a_cell_is_what_the_explained_basis_finds(crime: str, function: RequestKind) -> None:
    law = packaged()
    question = ask(function=function, crimes=(crime,), conduct=(dt.date(2003, 1, 1), dt.date(2003, 2, 1)))
    found = matrix(law, question, states=("NL", "SN", "LV", "FR", "CD", "DE", "KE", "US", "XK", "KP", "SO"))
    for requesting, requested, cell in found.pairs():
        report = legal_basis(law, replace(question, requesting=requesting, requested=requested))
        expected = (report.outcome, report.best.instrument, report.best.finding.demonstration)
        assert (cell.outcome, cell.instrument, cell.demonstration) == expected, (requesting, requested)


def test_statements_of_one_side_make_the_two_orders_differ() -> None:
    row = act("reservation", "BB", "2007-01-01", about="reservation.own", effect="excludes=function:mla")
    bound = [act("ratification", state, "2003-01-01") for state in ("AA", "BB", "CC")]
    law = toy_law(*bound, row, toy=settled())
    found = matrix(law, ask("AA", "BB", on=dt.date(2008, 1, 1)))
    assert found.cell("AA", "BB").outcome is Outcome.DOES_NOT_HOLD
    assert found.cell("BB", "AA").outcome is Outcome.HOLDS
    assert found.cell("AA", "CC").outcome is Outcome.HOLDS


def test_a_state_alone_or_unknown_is_refused() -> None:
    with pytest.raises(LawQuestionError, match="at least two States"):
        matrix(packaged(), ask(), states=("NL", "nl"))
    with pytest.raises(LawQuestionError, match="no State"):
        matrix(packaged(), ask(), states=("NL", "ZZ"))


def test_one_matrix_for_every_listed_crime_is_each_matrix_by_itself() -> None:
    law = toy_law(
        act("ratification", "AA", "2003-01-01"),
        act("ratification", "BB", "2003-01-01"),
        act("notification-annex", "AA", "2003-01-01", effect="annexes=F"),
        toy=settled(),
    )
    question = ask("AA", "BB", crimes=(), on=dt.date(2008, 1, 1))
    found = matrices(law, question)
    assert set(found) == {"genocide", "torture"}
    for word, each in found.items():
        assert list(each.pairs()) == list(matrix(law, replace(question, crimes=(word,))).pairs())


def test_conduct_that_may_fall_under_an_annexed_crime_tells_states_apart() -> None:
    law = toy_law(
        act("ratification", "AA", "2003-01-01"),
        act("ratification", "BB", "2003-01-01"),
        act("ratification", "CC", "2003-01-01"),
        act("notification-annex", "AA", "2003-01-01", effect="annexes=F"),
        act("notification-annex", "BB", "2003-01-01", effect="annexes=F"),
        toy=settled(),
    )
    found = matrix(law, ask("AA", "BB", crimes=("torment",), on=dt.date(2008, 1, 1), facts={"severe-pain": True}))
    assert found.cell("AA", "BB").outcome is Outcome.HOLDS
    assert found.cell("AA", "CC").outcome is Outcome.DOES_NOT_HOLD
