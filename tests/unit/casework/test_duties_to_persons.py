"""What a role brings about by law, read off the treaties' data with its provenance."""

from __future__ import annotations

import datetime as dt

from dedere.casework.persons.roles import duties_to
from dedere.treaty.loading import load_law

DAY = dt.date(2026, 11, 24)


def _data(*roles: str, instruments: tuple[str, ...] = ("lhc",)) -> set[str]:
    return {duty.datum for duty in duties_to(load_law(), roles, instruments=instruments, on=DAY)}


def test_each_role_brings_its_duties_about() -> None:
    assert "lhc/duty.suspect.consular" in _data("suspect")
    assert "lhc/duty.ext.fair-treatment" in _data("accused")
    assert {"lhc/duty.victims", "lhc/duty.protect-witness"} <= _data("victim")
    assert "lhc/duty.transfer.inform-person" in _data("convicted")
    assert "lhc/duty.protect-witness" in _data("witness")


def test_two_roles_bring_one_duty_about_once() -> None:
    found = duties_to(load_law(), ["victim", "witness"], instruments=("lhc",), on=DAY)

    assert len({duty.datum for duty in found}) == len(found)
    assert all(duty.reference for duty in found)


def test_a_role_without_duties_or_unknown_here_brings_none_about() -> None:
    assert _data("third-party", "a role of another State") == set()
