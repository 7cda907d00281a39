"""The dates of a record: EDTF as far as one event needs it."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.crisis import EventDate
from standoff.crisis.errors import BadValue

DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))


def days(text: str) -> tuple[str, str]:
    date = EventDate.parse(text)
    return date.first.isoformat(), date.last.isoformat()


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020-10-04", "2020-10-04", "2020-10-04"),
        ("2020-10", "2020-10-01", "2020-10-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2020-12", "2020-12-01", "2020-12-31"),
        ("2020", "2020-01-01", "2020-12-31"),
        ("2020-10-XX", "2020-10-01", "2020-10-31"),
        ("2020-XX", "2020-01-01", "2020-12-31"),
        ("2020-XX-XX", "2020-01-01", "2020-12-31"),
        ("2020-10-04/2020-10-06", "2020-10-04", "2020-10-06"),
        ("2020-09/2020-11", "2020-09-01", "2020-11-30"),
        ("2020-10-04?", "2020-10-04", "2020-10-04"),
        ("2020-10-04~", "2020-09-27", "2020-10-11"),
        ("2020-10-04%", "2020-09-27", "2020-10-11"),
        ("2020-10~", "2020-08-31", "2020-12-01"),
        ("2020~", "2018-12-31", "2022-01-01"),
        ("2020-10-04~/2020-10-06", "2020-09-27", "2020-10-06"),
        ("2020-10-04/2020-10-06~", "2020-10-04", "2020-10-13"),
        ("2020-12/2020", "2020-12-01", "2020-12-31"),
        (" 2020-10-04 ", "2020-10-04", "2020-10-04"),
    ],
)
def test_a_date_is_the_days_on_which_it_may_have_happened(text: str, first: str, last: str) -> None:
    assert days(text) == (first, last)
    assert str(EventDate.parse(text)) == text.strip()


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [
        ("2020-10-04", False, False),
        ("2020-10-04~", True, False),
        ("2020-10-04?", False, True),
        ("2020-10-04%", True, True),
        ("2020-10-04?/2020-10-06~", True, True),
    ],
)
def test_marks_are_kept_apart(text: str, approximate: bool, uncertain: bool) -> None:
    date = EventDate.parse(text)
    assert (date.approximate, date.uncertain) == (approximate, uncertain)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("04.10.2020", "write a date as"),
        ("2020-10-32", "no date"),
        ("2021-02-29", "no date"),
        ("2020-13", "no date"),
        ("2020-21", "season"),
        ("2020-10-04T10:00:00", "time"),
        ("2020-10-04/..", "both ends"),
        ("/2020-10-04", "both ends"),
        ("2020-10-06/2020-10-04", "upside down"),
        ("2020-10-04/2020-10-05/2020-10-06", "not a date"),
        ("2020-XX-04", "not a date"),
        ("202X", "not a date"),
        ("-2020", "not a date"),
        ("0000", "no date"),
        ("0001~", "no date"),
        ("9999-12-31~", "no date"),
        ("", "not a date"),
        (True, "expected a date"),
        (None, "expected a date"),
        ([], "expected a date"),
        (datetime.datetime(2020, 10, 4, 12), "expected a date"),
    ],
)
def test_what_is_no_date_of_an_event_says_why(value: object, said: str) -> None:
    with pytest.raises(BadValue) as caught:
        EventDate.parse(value)
    bad = caught.value
    assert said in f"{bad.message} {bad.label} {bad.help}"


def test_a_year_and_a_day_are_read_as_yaml_and_python_give_them() -> None:
    assert EventDate.parse(2020) == EventDate.parse("2020")
    assert EventDate.parse(datetime.date(2020, 10, 4)) == EventDate.parse("2020-10-04")


def test_dates_that_say_the_same_are_equal_however_they_are_written() -> None:
    assert EventDate.parse("2020-10-XX") == EventDate.parse("2020-10")
    assert EventDate.parse("2020-10-04") != EventDate.parse("2020-10-04?")
    assert len({EventDate.parse("2020-10-XX"), EventDate.parse("2020-10")}) == 1


@given(DAYS, DAYS, st.sampled_from(["", "~", "?", "%"]), st.sampled_from(["", "~", "?", "%"]))
def test_the_middle_of_any_interval_lies_in_it(
    one: datetime.date, other: datetime.date, mark: str, again: str
) -> None:
    early, late = sorted((one, other))
    date = EventDate.parse(f"{early}{mark}/{late}{again}")
    assert date.first <= early <= late <= date.last
    assert date.first <= date.middle <= date.last
    assert abs((date.last - date.middle) - (date.middle - date.first)) <= datetime.timedelta(1)
    assert EventDate.parse(str(date)) == date
