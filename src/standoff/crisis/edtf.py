"""Dates as a record has them: known to the day, the month or the year, about right, or doubted.

The notation is EDTF (the Extended Date/Time Format of ISO 8601-2:2019), as far as one event needs
it: levels 0 and 1 without times of day, seasons, decades and open ends.

==========================  ======================================================================
`2020-10-04`                on that day
`2020-10`, `2020-10-XX`     on some day of that month
`2020`, `2020-XX`           on some day of that year
`2020-10-04/2020-10-06`     on some day from the one to the other
`2020-10-04?`               on that day, if the source is right: the date is doubted, not widened
`2020-10-04~`               about then: the date is widened (below)
`2020-10-04%`               both
==========================  ======================================================================

How far *about* reaches is not in the standard and is a convention of ours: a date known to the day
by a week, one known to the month by a month (31 days), one known to the year by a year (366 days),
either way. In an interval each end has its own mark.

Notes
-----
`?` does not widen, because it says how far to trust a date and not how far off it may be: whoever
knows that writes an interval.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from pydantic_core import CoreSchema, core_schema

from standoff.crisis.errors import BadValue, shortened

_REACH = {"day": 7, "month": 31, "year": 366}
"""How many days *about* reaches either way, by how exactly the date is known."""

_DATE = re.compile(r"(\d{4})(?:-(\d{2}|XX)(?:-(\d{2}|XX))?)?([~?%]?)")
_SEASON = re.compile(r"\d{4}-(2[1-9]|3\d|4[01])[~?%]?")
_FORMS = (
    "write a date as `2020-10-04`, `2020-10`, `2020` or `2020-10-04/2020-10-06`, and ~ after it "
    "if it is approximate"
)


@dataclass(frozen=True, slots=True)
class EventDate:
    """When something happened, as exactly as that is known.

    Equal when they say the same, however it is written.

    Attributes
    ----------
    first, last
        The first and the last day on which it may have happened, with what `~` adds.
    approximate
        Whether it is marked with `~` or `%`.
    uncertain
        Whether it is marked with `?` or `%`: the source may be wrong.
    text
        The date as written.

    Examples
    --------
    >>> EventDate.parse("2020-10-04~").first
    datetime.date(2020, 9, 27)
    >>> EventDate.parse("2020-10").middle
    datetime.date(2020, 10, 16)
    """

    first: datetime.date
    last: datetime.date
    approximate: bool = False
    uncertain: bool = False
    text: str = field(default="", compare=False)

    @property
    def middle(self) -> datetime.date:
        """The day in the middle: entries of a record are put in order by it."""
        return self.first + (self.last - self.first) // 2

    @property
    def exact(self) -> bool:
        """Whether it is a single day."""
        return self.first == self.last

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, value: object) -> Self:
        """Read a date from EDTF, from a calendar day, or from itself.

        Raises
        ------
        BadValue
            It is none of the accepted forms, or not in the calendar.
        """
        if isinstance(value, cls):
            return value
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return cls(value, value, text=value.isoformat())
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise BadValue("SO058", "expected a date", label="not a date", help=_FORMS)
        text = str(value).strip()
        ends = [_end(part, text) for part in text.split("/")]
        if len(ends) > 2:
            raise _bad(text)
        if len(ends) == 2 and ends[0].begins > ends[1].ends:
            raise BadValue(
                "SO051",
                f"the interval `{shortened(text, 60)}` is upside down",
                label="it ends before it begins",
                help="the earlier date comes first",
            )
        return cls(
            ends[0].first,
            ends[-1].last,
            any(end.mark in "~%" for end in ends if end.mark),
            any(end.mark in "?%" for end in ends if end.mark),
            text,
        )

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: Callable[[Any], CoreSchema]
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: Callable[[CoreSchema], dict[str, Any]]
    ) -> dict[str, Any]:
        return {"type": ["string", "integer"]}


@dataclass(frozen=True, slots=True)
class _End:
    """A date on its own, or one end of an interval: with what a mark adds, and without."""

    first: datetime.date
    last: datetime.date
    begins: datetime.date
    ends: datetime.date
    mark: str


def _end(text: str, whole: str) -> _End:
    match = _DATE.fullmatch(text)
    if match is None:
        raise _bad(whole, text)
    year, month, day, mark = match[1], match[2] or "XX", match[3] or "XX", match[4]
    if month == "XX" and day != "XX":
        raise _bad(whole, text)
    try:
        first, last, kind = _bounds(year, month, day)
        reach = datetime.timedelta(days=_REACH[kind] if mark in ("~", "%") else 0)
        return _End(first - reach, last + reach, first, last, mark)
    except (ValueError, OverflowError):
        if _SEASON.fullmatch(text):
            raise _bad(whole, text) from None
        raise BadValue("SO058", f"there is no date `{text}`", label="not in the calendar") from None


def _bounds(year: str, month: str, day: str) -> tuple[datetime.date, datetime.date, str]:
    """Return the first and the last day of a date, and how exactly it is known."""
    if month == "XX":
        return datetime.date(int(year), 1, 1), datetime.date(int(year), 12, 31), "year"
    if day == "XX":
        first = datetime.date(int(year), int(month), 1)
        later = (first + datetime.timedelta(days=31)).replace(day=1)
        return first, later - datetime.timedelta(days=1), "month"
    exact = datetime.date(int(year), int(month), int(day))
    return exact, exact, "day"


def _bad(whole: str, part: str = "") -> BadValue:
    text = shortened(whole, 60)
    label, advice = "not a date", _FORMS
    if "T" in part:
        advice = "a record knows days and no times of day: leave out the time"
    elif "/" in whole and part in ("", ".."):
        label, advice = "an open end", "an event has a last day: write both ends of the interval"
    elif _SEASON.fullmatch(part):
        label, advice = "a season", "write the months, such as `2020-09/2020-11`"
    return BadValue("SO058", f"`{text}` is not a date", label=label, help=advice)
