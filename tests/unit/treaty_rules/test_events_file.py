"""A file of events: read strictly, with the law's own words, every problem collected."""

from __future__ import annotations

import datetime as dt

import pytest

from dedere.base.finding import Outcome
from dedere.treaty.limits import Counting
from dedere.treaty.limits_file import EventsFile, parse_events_file
from dedere.treaty.quantity import Quantity
from dedere.treaty.requestfile_problems import RequestFileError
from dedere.treaty.words import Unit
from support.clocks import the_law

WHOLE = """
format = "dedere-events/1"
instruments = ["ets024", "lhc"]
kinds = ["extradition"]

[place]
zone = "Europe/Amsterdam"
country = "NL"
extra_holidays = [2026-12-24]
worked_days = ["2026-12-28"]

[treaties]
ets212 = true
ets086 = false

[[event]]
name = "arrest.provisional"
at = 2026-11-02T10:00:00+01:00
subject = "person-1"

[[event]]
name = "documents.received"
at = 2026-11-20

[[event]]
name = "person.consented"
at = "2026-11-04T09:30:00Z"

[[event]]
name = "extradition.requested"
at = "2026-11-05"

[[setting]]
limit = "ets024/limit.provisional-arrest.max"
source = "Act on extradition (fictional)"
length = { days = 20 }
counting = "working"
count_first_day = true
move_to_working_day = true
verified = true

[[suspension]]
limit = "ets024/limit.provisional-arrest.max"
begins = 2026-11-10
until = 2026-11-12
reason = "appeal"
subject = "person-1"
"""


def _read(text: str) -> EventsFile:
    return parse_events_file(text.encode(), name="events.toml", law=the_law())


def test_everything_a_question_about_clocks_needs_is_read() -> None:
    found = _read(WHOLE)

    assert found.instruments == ("ets024", "lhc")
    assert found.kinds == {"extradition"}
    assert found.place.zone == "Europe/Amsterdam"
    assert found.place.extra_holidays == {dt.date(2026, 12, 24)}
    assert found.place.worked_days == {dt.date(2026, 12, 28)}
    assert found.treaties == {"ets212": Outcome.HOLDS, "ets086": Outcome.DOES_NOT_HOLD}
    assert [event.at for event in found.events] == [
        dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC),
        dt.date(2026, 11, 20),
        dt.datetime(2026, 11, 4, 9, 30, tzinfo=dt.UTC),
        dt.date(2026, 11, 5),
    ]
    (setting,) = found.settings
    assert (setting.length, setting.counting) == (Quantity(20, Unit.DAYS), Counting.WORKING)
    assert setting.count_first_day
    assert setting.move_to_working_day
    assert setting.verified
    (suspension,) = found.suspensions
    assert suspension.until == dt.date(2026, 11, 12)


def test_a_short_file_is_enough() -> None:
    found = _read(
        'format = "dedere-events/1"\ninstruments = ["lhc"]\nplace = { zone = "Africa/Dakar" }\n'
        '[[event]]\nname = "request.received"\nat = 2026-11-02\n[[suspension]]\n'
        'limit = "lhc/limit.execution"\nbegins = 2026-11-03\nreason = "flood"\n[[setting]]\n'
        'limit = "lhc/limit.execution"\nsource = "practice of the office"\n'
    )

    assert found.suspensions[0].until is None
    assert found.settings[0].length is None


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("dedere-events/1", "dedere-events/9", "format"),
        ('["ets024", "lhc"]', '["ets999"]', "instruments"),
        ('["ets024", "lhc"]', "[]", "instruments"),
        ('["ets024", "lhc"]', '"lhc"', "instruments"),
        ('["extradition"]', '["wish"]', "kinds"),
        ("Europe/Amsterdam", "Europe/Atlantis", "place.zone"),
        ('zone = "Europe/Amsterdam"', "zone = 5", "place.zone"),
        ('country = "NL"', "country = true", "place.country"),
        ("[2026-12-24]", "[2026-12-24T00:00:00]", "place.extra_holidays"),
        ("[2026-12-24]", "5", "place.extra_holidays"),
        ('["2026-12-28"]', '["2026-02-30"]', "place.worked_days"),
        ("ets212 = true", 'ets212 = "yes"', "treaties"),
        ("ets212 = true", "ets999 = true", "treaties"),
        ("arrest.provisional", "arrest.imagined", "event[1].name"),
        ("at = 2026-11-02T10:00:00+01:00", "at = 2026-11-02T10:00:00", "event[1].at"),
        ("at = 2026-11-02T10:00:00+01:00", 'at = "yesterday"', "event[1].at"),
        ("at = 2026-11-02T10:00:00+01:00", "at = 5", "event[1].at"),
        ("at = 2026-11-02T10:00:00+01:00", "at = 0001-01-01", "event[1].at"),
        ("at = 2026-11-02T10:00:00+01:00", "at = 0001-01-01T00:00:00+14:00", "event[1].at"),
        ("at = 2026-11-02T10:00:00+01:00", "at = 9999-12-31T23:59:59Z", "event[1].at"),
        ("at = 2026-11-02T10:00:00+01:00", 'at = "20261102"', "event[1].at"),
        ('subject = "person-1"\n\n', 'subject = "\\u001b[31m"\n\n', "event[1].subject"),
        ("{ days = 20 }", "{ days = 36526 }", "setting[1].length"),
        ("{ days = 20 }", "{ hours = 999999999999 }", "setting[1].length"),
        ("at = 2026-11-02T10:00:00+01:00", "", "event[1].at"),
        ('name = "documents.received"', "", "event[2].name"),
        (
            'limit = "ets024/limit.provisional-arrest.max"\nsource',
            'limit = "ets024/limit.none"\nsource',
            "setting[1].limit",
        ),
        ("{ days = 20 }", "{ persons = 3 }", "setting[1].length"),
        ("{ days = 20 }", "{ days = 0 }", "setting[1].length"),
        ("{ days = 20 }", "{ days = 1, months = 1 }", "setting[1].length"),
        ("{ days = 20 }", "20", "setting[1].length"),
        ('"working"', '"moonlight"', "setting[1].counting"),
        ("count_first_day = true", "count_first_day = 1", "setting[1].count_first_day"),
        ("begins = 2026-11-10\n", "", "suspension[1].begins"),
        ("until = 2026-11-12", "until = 2026-11-09", "suspension[1].until"),
        ("until = 2026-11-12", "until = 5", "suspension[1].until"),
        ('reason = "appeal"', 'cause = "appeal"', "suspension[1]"),
    ],
)
def test_a_broken_value_is_named_by_its_path(old: str, new: str, path: str) -> None:
    assert old in WHOLE
    with pytest.raises(RequestFileError) as caught:
        _read(WHOLE.replace(old, new, 1))

    assert path in {problem.path for problem in caught.value.problems}


def test_all_problems_of_a_file_are_collected() -> None:
    with pytest.raises(RequestFileError) as caught:
        _read("format = 1\nplace = 3\ntreaties = 3\nevent = 3\nsurprise = 1\n[[setting]]\n")

    paths = {problem.path for problem in caught.value.problems}
    assert paths >= {"", "format", "instruments", "place", "place.zone", "treaties", "event", "setting[1].limit"}


def test_a_file_without_events_is_refused() -> None:
    with pytest.raises(RequestFileError, match="event: expected at least one"):
        _read('format = "dedere-events/1"\ninstruments = ["lhc"]\nplace = { zone = "Africa/Dakar" }\n')


def test_more_events_than_a_case_can_have_are_refused() -> None:
    many = '[[event]]\nname = "request.received"\nat = 2026-11-02\n' * 501

    with pytest.raises(RequestFileError, match=r"events\.toml cannot be read as a file of events, 1 problem: event: "):
        _read(WHOLE.replace("[[setting]]", f"{many}[[setting]]", 1))


def test_what_is_no_table_at_all_is_said_to_be_no_file_of_events() -> None:
    with pytest.raises(RequestFileError, match=r"cannot be read as a file of events, 1 problem: Not TOML"):
        _read("[")
